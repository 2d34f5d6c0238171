// A chat in the hands of several: transfer, and who comes first.
import { handoff, type Row } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import { refusals } from "./watch.ts";

test("6 Transfer: the colleague is asked with a note, joins, and the first agent can only read", async ({
  talk,
  desk,
  bot,
  as,
}) => {
  const { ida, hana } = await talk();
  // Sam has no room for another chat.
  await as("sam").put("/v1/me", { capacity: 1 });
  const full = await bot.post("/v1/handoffs", handoff());
  await as("sam").post(`/v1/sessions/${full.id}/takeover`);
  await desk("sam");
  const jonas = await desk("jonas");
  await expect(jonas.group("Mine")).toBeVisible();

  await ida.thread.focus();
  await ida.page.keyboard.press("t");
  const dialog = ida.dialog("Transfer");
  const sam = dialog.getByRole("option", { name: /Sam Super/ });
  await expect(sam).toContainText("1 of 1, full");
  await expect(sam).toHaveAttribute("aria-disabled", "true");
  await sam.click({ force: true });
  await expect(sam).toHaveAttribute("aria-selected", "false");
  await dialog.getByRole("option", { name: /Jonas Brandt/ }).click();
  await dialog.getByRole("textbox", { name: /note/i }).fill("She travels tomorrow");
  await dialog.getByRole("button", { name: /^Transfer/ }).click();
  await expect(dialog).toBeHidden();

  const offer = jonas.offers.getByRole("article");
  await expect(offer).toHaveCount(1);
  await expect(offer).toContainText(/Ida Nyberg.* passes a chat to you/);
  await expect(jonas.page).toHaveTitle(/^\(1\) /);
  expect(await jonas.heard()).toContain("offer");
  await expect(ida.composer).toBeVisible();
  await offer.getByRole("button", { name: /^Accept/ }).click();
  await expect(jonas.composer).toBeVisible();
  await expect(jonas.thread).toContainText("She travels tomorrow");
  await expect(ida.composer).toBeHidden();
  await expect(hana.thread).toContainText("Jonas");
  await jonas.say("Hello, I am Jonas");
  await expect(hana.thread).toContainText("Hello, I am Jonas");
  await expect(ida.thread).toContainText("Hello, I am Jonas");
  expect(hana.frames.raw.join("\n")).not.toContain("She travels tomorrow");
  // One line says who passes the customer on, and one who has come.
  await expect(hana.thread.locator(".event").filter({ hasText: "Jonas" })).toHaveCount(1);
  await expect(hana.thread.getByText("Ida is passing you on.")).toHaveCount(1);
});

test("12 Collision: two look at one chat, both take it, one has it and the other is told", async ({
  desk,
  shop,
  as,
  watch,
}) => {
  watch.allow(refusals(409));
  const ida = await desk("ida", { status: "away" });
  const jonas = await desk("jonas", { status: "away" });
  const hana = await shop();
  await hana.ask("Two people for one tent");
  await ida.look("Queue", "Two people for one tent");
  await jonas.look("Queue", "Two people for one tent");
  await expect(
    ida.page
      .getByText(/Jonas.* (is|are) (also )?(here|looking)/i)
      .or(ida.page.getByTitle(/Jonas/))
      .first(),
  ).toBeVisible();

  await Promise.all([ida.page.keyboard.press("c"), jonas.page.keyboard.press("c")]);
  const composers = async () => Number(await ida.composer.isVisible()) + Number(await jonas.composer.isVisible());
  await expect.poll(composers).toBe(1);
  const [winner, loser] = (await ida.composer.isVisible()) ? [ida, jonas] : [jonas, ida];
  await expect(loser.page.getByText(/has this chat|took this chat|has it/i).first()).toBeVisible();
  await winner.say("I have you");
  await expect(hana.thread).toContainText("I have you");

  // Taken away while a reply was being written: it can be kept as a note, and is not sent.
  await winner.composer.fill("What I was about to say");
  const { id } = await as(winner === ida ? "jonas" : "ida").get<Row>("/v1/me");
  const session = winner.page.url().split("/").at(-1)!;
  await as("sam").post(`/v1/sessions/${session}/assign`, { agent_id: id, force: true });
  const guard = winner.page.getByRole("alert").filter({ hasText: "has this chat now" });
  await expect(guard).toContainText("What I was about to say");
  await expect(winner.composer).toBeHidden();
  await guard.getByRole("button", { name: "Keep as note" }).click();
  await expect(loser.thread).toContainText("What I was about to say");
  await expect(guard).toBeHidden();
  expect(hana.frames.raw.join("\n")).not.toContain("What I was about to say");
});
