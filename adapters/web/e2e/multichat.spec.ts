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

  const open = async (n: number) => {
    await ida.page.keyboard.press("Escape");
    await ida.page.keyboard.press("Escape");
    await ida.page.keyboard.press(String(n));
    await expect(ida.composer).toBeVisible();
    return ida.page.url().split("/").at(-1)!;
  };
  const first = await open(1);
  await ida.composer.fill("draft of the first");
  await ida.page.keyboard.press("Alt+ArrowDown");
  await expect(ida.page).not.toHaveURL(new RegExp(first));
  await expect(ida.composer).toHaveValue("");
  const second = ida.page.url().split("/").at(-1)!;
  await ida.say("only for the second");
  await ida.page.keyboard.press("Alt+ArrowUp");
  await expect(ida.composer).toHaveValue("draft of the first");

  const texts = async (session: string) => (await bot.events(session)).map(({ event }) => event.data.text);
  await expect.poll(() => texts(second)).toContain("only for the second");
  expect(await texts(first)).not.toContain("only for the second");

  // Another customer writes: his chat is marked until it is looked at.
  const other = sessions.find(({ id }) => id !== first && id !== second)!;
  await bot.say(other.id, "are you still there?");
  const name = String(
    (other["customer"] as { name: string } | undefined)?.name ?? names[sessions.indexOf(other)],
  ).split(" ")[0]!;
  await expect(ida.row(name)).toContainText("are you still there?");
  await ida.tab(name).click();
  await expect(ida.thread).toContainText("are you still there?");
  await expect(ida.thread.getByText("New", { exact: true })).toBeVisible();

  await ida.page.reload();
  await expect(ida.strip.getByRole("link")).toHaveCount(4);
  await ida.page.goto(ida.page.url().replace(/[^/]+$/, first));
  await expect(ida.composer).toHaveValue("draft of the first");
});
