// The customer's side: what the chat on a page of somebody else does.
import { expect, test } from "./fixtures.ts";
import type { Row } from "./calls.ts";
import { listen, tones } from "./ears.ts";
import { inside, Shop } from "./pages/shop.ts";

/** The session that a customer has just asked for. */
async function newest(get: <T>(path: string) => Promise<T>): Promise<Row> {
  const { data } = await get<{ data: Row[] }>("/v1/sessions?status=waiting,pending,active&limit=1");
  return data[0]!;
}

test("A person who is asked for before the server knows the visitor comes to one visitor", async ({ shop, as }) => {
  const hana = await shop();
  let made = 0;
  await hana.page.route("**/v1/visitors", async (route) => {
    made++;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await hana.ask("In a hurry");
  await expect(hana.place(1)).toBeVisible();
  expect(made).toBe(1);
  const { id } = await newest((path) => as("ida").get(path));
  await as("ida").post(`/v1/sessions/${id}/takeover`);
  await as("ida").say(id, "So am I");
  await expect(hana.thread).toContainText("So am I");
});

test("A sound for new messages is off at first, and rings when it is on and the visitor looks elsewhere", async ({
  shop,
  as,
}) => {
  const hana = await shop();
  await listen(hana.page);
  await hana.page.reload();
  await hana.ask("Where is my parcel?");
  const { id } = await newest((path) => as("ida").get(path));
  await as("ida").post(`/v1/sessions/${id}/takeover`);
  const away = async (says: string) => {
    await hana.page.getByRole("heading", { name: "Parcels" }).click();
    await as("ida").say(id, says);
    await expect(hana.thread).toContainText(says);
  };
  await away("Not heard");
  const window = await inside(hana);
  expect(await tones(window)).toEqual([]);

  await hana.button("Menu").click();
  await expect(hana.sound).not.toBeChecked();
  await hana.sound.check();
  await expect.poll(() => tones(window), "turning it on can be heard").toHaveLength(1);
  await hana.page.keyboard.press("Escape");
  await expect(hana.sound).toBeHidden();
  await expect(hana.launcher).toHaveAccessibleName("Close chat");
  await away("Heard");
  await expect.poll(() => tones(window)).toHaveLength(2);
  await hana.composer.click();
  await as("ida").say(id, "Seen at once");
  await expect(hana.thread).toContainText("Seen at once");
  expect(await tones(window)).toHaveLength(2);

  await hana.page.reload();
  await hana.button("Menu").click();
  await expect(hana.sound).toBeChecked();
  await hana.sound.uncheck();
  await away("Quiet again");
  expect(await tones(await inside(hana))).toEqual([]);
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
