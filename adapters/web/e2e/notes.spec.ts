// Words that are prepared, and words that only the team reads.
import { expect, test } from "./fixtures.ts";

test("5 Quick replies and notes: a reply by its shortcut with the name filled, and a note that stays in the team", async ({
  talk,
  as,
}) => {
  await as("sam").post("/v1/quick-replies", {
    scope: "team",
    shortcut: "tr",
    title: "Tracking",
    text: "Hello, I open a trace with the depot.",
  });
  const { ida, hana } = await talk();
  await ida.composer.fill("/tr");
  await expect(ida.page.getByRole("option", { name: /Tracking/ })).toBeVisible();
  await ida.page.keyboard.press("Enter");
  await expect(ida.composer).toHaveValue("Hello, I open a trace with the depot.");
  await ida.composer.press("Enter");
  await expect(hana.thread).toContainText("I open a trace with the depot.");

  await ida.page.keyboard.press("Control+i");
  const note = ida.page.getByRole("textbox", { name: /note/i });
  await note.fill("Courier photo shows a different door");
  await note.press("Control+Enter");
  await expect(ida.thread).toContainText("Courier photo shows a different door");
  await ida.page
    .getByRole("radio", { name: "Reply" })
    .or(ida.button("Reply"))
    .or(ida.page.getByRole("tab", { name: "Reply" }))
    .first()
    .click();
  await ida.say("One moment please");
  await expect(hana.thread).toContainText("One moment please");
  expect(hana.frames.raw.join("\n")).not.toContain("different door");
});
