// From the bot to a person, and to the end of the talk.
import { tones } from "./ears.ts";
import { expect, test } from "./fixtures.ts";

test("1 Handoff: the bot of a page brings in a person, who sees why", async ({ desk, tarn }) => {
  const ida = await desk("ida");
  // Browsers let a page be heard once somebody has touched it.
  await ida.group("Mine").click();
  const hana = await tarn();
  await hana.askForPerson();
  const toBot = await hana.toBot.allTextContents();

  await expect(hana.place(1)).toBeVisible();
  await expect(ida.offers.getByRole("article")).toHaveCount(1);
  await expect(ida.page).toHaveTitle(/^\(1\) /);
  // One sound, of three tones, again and again until somebody answers.
  await expect.poll(async () => (await tones(ida.page)).slice(0, 3)).toEqual([659, 880, 1175]);
  expect(new Set(await ida.heard())).toEqual(new Set(["offer"]));
  // None of them is lost, not even the first one, for which the browser has to get ready.
  await expect.poll(async () => (await tones(ida.page)).length - 3 * (await ida.heard()).length).toBe(0);
  await expect(ida.offers.getByRole("article")).toContainText(/Why.*person/);

  await ida.group("Queue").click();
  await expect(ida.group("Queue")).toHaveAccessibleName("Queue 1");
  // The row says what for, and not how the bot took its leave.
  await expect(ida.row("Customer")).toContainText(/48213/);
  await ida.row("Customer").getByRole("link").click();
  const seam = ida.page.getByRole("group", { name: "Bot handed over" });
  for (const [term, words] of [
    ["Why", /person/i],
    ["Wants", /48213|parcel/i],
    ["Tried", /\w/],
  ] as const) {
    await expect(seam.getByRole("term").filter({ hasText: term })).toBeVisible();
    await expect(seam).toContainText(words);
  }
  await ida.page.keyboard.press("c");
  await expect(ida.composer).toBeVisible();
  await expect(ida.offers).toBeHidden();
  await expect(hana.thread).toContainText("Ida joined and can see everything above.");
  await expect(hana.place(1)).toBeHidden();

  const fold = ida.page.getByRole("button", { name: /messages with the bot, show/ });
  if (await fold.isVisible()) await fold.click();
  const seen = await ida.said();
  expect(seen.length).toBeGreaterThanOrEqual(6);
  for (const line of ["Where is order 48213?", "I asked both neighbours, nothing is there", "Yes please"]) {
    expect(seen).toContain(line);
    expect(toBot.join("\n")).toContain(line);
  }
  expect(await hana.said()).toEqual(seen);
});

test("8 End and rate: an outcome, five seconds to undo, a rating, and a new chat", async ({ desk, shop, as }) => {
  const ida = await desk("ida", { status: "away" });
  const hana = await shop();
  await hana.ask("The tent has a hole");
  await ida.take("The tent has a hole");
  await ida.say("I send you a new one");
  await expect(hana.thread).toContainText("I send you a new one");
  const session = ida.page.url().split("/").at(-1)!;

  // Undone in time, the chat goes on.
  await ida.thread.focus();
  await ida.page.keyboard.press("e");
  await ida
    .dialog("End chat")
    .getByRole("radio", { name: /^Not solved/ })
    .isVisible();
  await ida.page.keyboard.press("2");
  await expect(ida.dialog("End chat").getByRole("radio", { name: /^Not solved/ })).toBeChecked();
  await ida.page.keyboard.press("Enter");
  await ida.button("Undo").first().click();
  await expect(ida.composer).toBeVisible();
  await expect(ida.button("Undo")).toHaveCount(0);
  expect((await as("ida").get(`/v1/sessions/${session}`)).status).toBe("active");

  await ida.thread.focus();
  await ida.page.keyboard.press("e");
  await ida.page.keyboard.press("1");
  await ida.page.keyboard.press("Enter");
  await expect(hana.thread).toContainText("Ida ended the chat.");
  await expect(ida.page.getByText(/^Ended by .?you.? .*, solved\.$/)).toBeVisible();
  await expect(ida.composer).toBeHidden();
  await expect(hana.composer).toBeHidden();

  await hana.button("Rate this chat").click();
  await hana.chat.getByRole("radio", { name: "4 Good" }).check();
  await hana.chat.getByRole("textbox", { name: "Anything to add?" }).fill("Quick and kind");
  await hana.button("Send rating").click();
  await expect(hana.chat.getByRole("heading", { name: "Thank you" })).toBeVisible();
  await expect(ida.thread).toContainText(/The customer rated the chat 4 of 5: “.?Quick and kind.?”/);
  expect((await as("ida").get(`/v1/sessions/${session}`)).rating).toEqual({ score: 4, comment: "Quick and kind" });

  await hana.button("Start a new chat").click();
  await hana.topic.fill("One more thing");
  await hana.button("Talk to a person").click();
  await expect(hana.place(1)).toBeVisible();
  await ida.group("Queue").click();
  await expect(ida.row("One more thing")).toBeVisible();
});
