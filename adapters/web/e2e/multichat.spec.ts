// An agent with several chats at once.
import { expect, test } from "./fixtures.ts";
import { handoff, type Row } from "./calls.ts";

test("7 Multi-chat: four chats, drafts that stay with theirs, and messages that land where they were written", async ({
  desk,
  bot,
  as,
}) => {
  const names = ["Hana Sato", "Liv Lin", "Noor Tanaka", "Tomas Berg"];
  const sessions: Row[] = [];
  for (const name of names) {
    const made = await bot.post(
      "/v1/handoffs",
      handoff({ customer: { external_id: name, name }, subject: `About ${name}` }),
    );
    await as("ida").post(`/v1/sessions/${made.id}/takeover`);
    sessions.push(made);
  }
  const ida = await desk("ida", { status: "away" });
  await expect(ida.strip.getByRole("link")).toHaveCount(4);

  const at = () => ida.page.url().split("/").at(-1)!;
  const open = async (n: number) => {
    await ida.thread.or(ida.strip).first().focus();
    await ida.page.keyboard.press(String(n));
    await expect(ida.strip.locator("[aria-current=page]")).toHaveText(new RegExp(`^\\s*${n}`));
    await expect(ida.composer).toBeVisible();
    return at();
  };
  await ida.tab("Hana").click();
  const ids: string[] = [];
  for (const n of [1, 2, 3, 4]) ids.push(await open(n));
  expect(new Set(ids).size).toBe(4);
  const texts = async (session: string) => (await bot.events(session)).map(({ event }) => event.data.text);

  // Alt with arrows goes round, and each chat has its own draft.
  await ida.page.keyboard.press("Alt+ArrowDown");
  await expect.poll(at).toBe(ids[0]);
  await ida.composer.fill("draft of the first");
  await ida.page.keyboard.press("Alt+ArrowDown");
  await expect.poll(at).toBe(ids[1]);
  await expect(ida.composer).toHaveValue("");
  await ida.composer.fill("draft of the second");
  await ida.page.keyboard.press("Alt+ArrowDown");
  await expect.poll(at).toBe(ids[2]);
  await ida.say("only for the third");
  await ida.page.keyboard.press("Alt+ArrowUp");
  await expect(ida.composer).toHaveValue("draft of the second");
  await ida.page.keyboard.press("Alt+ArrowUp");
  await expect(ida.composer).toHaveValue("draft of the first");

  await expect.poll(() => texts(ids[2]!)).toContain("only for the third");
  for (const other of [ids[0]!, ids[1]!, ids[3]!]) expect(await texts(other)).not.toContain("only for the third");

  // Another customer writes: his chat counts what is new until it is looked at, and a line divides it from the old.
  const other = sessions.find(({ id }) => id === ids[3])!;
  const name = names[sessions.indexOf(other)]!.split(" ")[0]!;
  await bot.say(other.id, "are you still there?", { as: "customer" });
  await bot.say(other.id, "hello?", { as: "customer" });
  await expect(ida.row(name)).toContainText("2 unread messages");
  await expect(ida.tab(name)).toContainText("unread");
  await expect(ida.tab(names[sessions.findIndex(({ id }) => id === ids[1])]!.split(" ")[0]!)).not.toContainText(
    "unread",
  );
  await ida.tab(name).click();
  await expect(ida.thread).toContainText("hello?");
  const divider = ida.thread.getByText("New", { exact: true });
  await expect(divider).toHaveCount(1);
  const whole = (await ida.thread.innerText()).replace(/\s+/g, " ");
  expect(whole).toMatch(/I want to talk to a person\..*New.*are you still there\?.*hello\?/);
  expect(whole).not.toMatch(/are you still there\?.* New /);
  await expect(ida.row(name)).not.toContainText("unread");
  // Only what the server knows as read is no longer new when she comes back.
  await expect.poll(async () => (await as("ida").get<{ unread: number }>(`/v1/sessions/${other.id}`)).unread).toBe(0);
  await ida.page.keyboard.press("Alt+ArrowUp");
  await expect(ida.thread).not.toContainText("hello?"); // she has left it before she comes back
  await ida.tab(name).click();
  await expect(ida.thread).toContainText("hello?");
  await expect(divider).toHaveCount(0);

  // A reload keeps the tabs in their order, the chat that is open, and the drafts.
  const order = await ida.strip.getByRole("link").allInnerTexts();
  const named = (all: string[]) => all.map((text) => /\p{L}{2,}/u.exec(text)![0]);
  await ida.page.reload();
  await expect(ida.strip.getByRole("link")).toHaveCount(4);
  expect(named(await ida.strip.getByRole("link").allInnerTexts())).toEqual(named(order));
  expect(at()).toBe(ids[3]);
  await open(1);
  await expect(ida.composer).toHaveValue("draft of the first");
  await open(2);
  await expect(ida.composer).toHaveValue("draft of the second");
});
