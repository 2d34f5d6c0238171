// The customer's side: what the chat on a page of somebody else does.
import { expect, test } from "./fixtures.ts";
import type { Row } from "./calls.ts";
import { Shop } from "./pages/shop.ts";

/** The session that a customer has just asked for. */
async function newest(get: <T>(path: string) => Promise<T>): Promise<Row> {
  const { data } = await get<{ data: Row[] }>("/v1/sessions?status=waiting,pending,active&limit=1");
  return data[0]!;
}

test("4 Queue: places are told, and move when somebody is taken, leaves or is more urgent", async ({ shop, as }) => {
  const ida = as("ida");
  const [ann, bo, cleo] = [await shop(), await shop(), await shop()];
  const sessions: Record<string, string> = {};
  for (const [at, [name, customer]] of Object.entries({ ann, bo, cleo }).entries()) {
    await customer.ask(`I am ${name}`);
    await expect(customer.place((at + 1) as 1)).toBeVisible();
    sessions[name] = (await newest((path) => ida.get(path))).id;
  }

  await ida.patch(`/v1/sessions/${sessions.cleo}`, { priority: "urgent" });
  await expect(cleo.place(1)).toBeVisible();
  await expect(ann.place(2)).toBeVisible();
  await expect(bo.place(3)).toBeVisible();

  await ida.post(`/v1/sessions/${sessions.cleo}/takeover`);
  await expect(cleo.thread).toContainText("Ida joined");
  await expect(ann.place(1)).toBeVisible();
  await expect(bo.place(2)).toBeVisible();

  await ann.button("Leave the queue").click();
  await ann.button("Leave").click();
  await expect(bo.place(1)).toBeVisible();
  await expect(ann.button("Talk to a person")).toBeVisible();
  expect((await ida.get(`/v1/sessions/${sessions.ann}`)).end).toMatchObject({ by: "customer", reason: "abandoned" });
});

test("9 Widget resume: in the queue, in the chat, in a second tab and on the next page", async ({ shop, as }) => {
  const ida = as("ida");
  const first = await shop();
  await first.ask("Where is my parcel?");
  const { id } = await newest((path) => ida.get(path));
  await expect(first.place(1)).toBeVisible();

  await first.page.reload();
  await expect(first.place(1)).toBeVisible();
  expect(await first.said()).toEqual(["Where is my parcel?"]);

  await ida.post(`/v1/sessions/${id}/takeover`);
  await ida.say(id, "Hello, I am looking.");
  await expect(first.thread).toContainText("Hello, I am looking.");
  await first.say("Thank you");
  await expect(first.chat.getByText("Sent", { exact: true })).toBeVisible();
  await first.page.reload();
  await expect(first.thread).toContainText("Thank you");

  const second = await Shop.open(await first.page.context().newPage(), first.page.url());
  await expect(second.thread).toContainText("Thank you");
  await second.say("Said in the second tab");
  await expect(first.thread).toContainText("Said in the second tab");
  await first.say("Said in the first tab");
  await expect(second.thread).toContainText("Said in the first tab");

  await first.page.getByRole("link", { name: "Second page" }).click();
  await expect(first.page).toHaveURL(/\/second$/);
  await expect(first.launcher).toHaveAccessibleName("Close chat");
  await expect(first.thread).toContainText("Said in the first tab");
  const said = [
    "Where is my parcel?",
    "Hello, I am looking.",
    "Thank you",
    "Said in the second tab",
    "Said in the first tab",
  ];
  expect(await first.said()).toEqual(said);
  expect(await second.said()).toEqual(said);
  const posted = (await ida.events(id)).filter(({ event }) => event.type === "message.posted");
  expect(posted.map(({ event }) => event.data.text)).toEqual(said);

  await first.page.bringToFront();
  await first.button("Close chat").click();
  await expect(first.launcher).toBeFocused();
  await first.page.reload();
  await expect(first.launcher).toHaveAccessibleName("Open chat");
});
