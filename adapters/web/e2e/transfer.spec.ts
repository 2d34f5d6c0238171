// A chat in the hands of several: transfer, and who comes first.
import { expect, test } from "./fixtures.ts";
import { refusals } from "./watch.ts";

test("6 Transfer: the colleague is asked with a note, joins, and the first agent can only read", async ({
  talk,
  desk,
}) => {
  const { ida, hana } = await talk();
  const jonas = await desk("jonas");
  await expect(jonas.group("Mine")).toBeVisible();

  await ida.thread.focus();
  await ida.page.keyboard.press("t");
  const dialog = ida.dialog("Transfer");
  await dialog.getByRole("option", { name: /Jonas Brandt/ }).click();
  await dialog.getByRole("textbox", { name: /note/i }).fill("She travels tomorrow");
  await dialog.getByRole("button", { name: /^Transfer/ }).click();
  await expect(dialog).toBeHidden();

  const offer = jonas.offers.getByRole("article");
  await expect(offer).toHaveCount(1);
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
});

test("12 Collision: two look at one chat, both take it, one has it and the other is told", async ({
  desk,
  shop,
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
});
