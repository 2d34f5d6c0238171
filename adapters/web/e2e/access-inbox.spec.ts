// The inbox as axe sees it, light and dark, with everything open that can be opened over it.
import type { Page } from "@playwright/test";
import { sound, still } from "./axe.ts";
import type { Calls, Row } from "./calls.ts";
import { handoff } from "./calls.ts";
import { picture } from "./files.ts";
import { expect, test } from "./fixtures.ts";
import { cut } from "./watch.ts";

// Screens are read many times here, and what a trace keeps of each would take longer than the reading.
test.use({ trace: "off" });

/** A shop with a bot: Hana was here before and is here again, and somebody waits. */
async function fill(bot: Calls, olga: Calls): Promise<Row> {
  const customer = { external_id: "hana", name: "Hana Sato", email: "hana.sato@example.com", phone: "+47 412 00 118" };
  const before = await bot.post("/v1/handoffs", handoff({ customer, subject: "Wrong colour" }));
  await olga.post(`/v1/sessions/${before.id}/takeover`);
  await olga.say(before.id, "It is on its way.");
  await olga.post(`/v1/sessions/${before.id}/end`, { reason: "resolved" });

  const now = await bot.post("/v1/handoffs", handoff({ customer, routing: { priority: "high" }, tags: ["delivery"] }));
  await olga.post(`/v1/sessions/${now.id}/takeover`);
  const door = picture("door.png");
  const file = await olga.upload(now.id, door.name, door.buffer, door.mimeType);
  await olga.say(now.id, "Is this *your* door? https://example.com", { attachments: [file.id] });
  await olga.post(`/v1/sessions/${now.id}/notes`, { text: "Courier photo shows a different door" });
  await bot.say(now.id, "No, mine is green", { as: "customer" });
  await bot.post(
    "/v1/handoffs",
    handoff({ customer: { external_id: "liv", name: "Liv Lin" }, subject: "Charged twice" }),
  );
  await olga.post("/v1/quick-replies", {
    scope: "team",
    shortcut: "trace",
    title: "Trace",
    text: "Hi {{first_name}}, {{day}}",
  });
  return now;
}

/** Opens something, has it read, and closes it again. */
const over =
  (page: Page) =>
  async (what: string, open: () => Promise<void>, shown = page.getByRole("dialog")) => {
    await open();
    await expect(shown.first(), what).toBeVisible();
    await sound(page, what);
    await page.keyboard.press("Escape");
    await expect(shown, `${what}, closed`).toHaveCount(0);
  };

test("20 Access: the inbox has no faults, with its dialogs, menus and drawers", async ({ desk, bot, as }) => {
  test.slow();
  const empty = await desk("olga", { ...still, status: "away" });
  await expect(empty.page.getByText(/^No open chats\./)).toBeVisible();
  await sound(empty.page, "inbox without chats");
  await empty.page.close();

  const { id } = await fill(bot, as("olga"));
  const olga = await desk("olga", { ...still, status: "away" });
  const { page, composer } = olga;
  const opened = over(page);
  const menu = page.getByRole("menu");
  const key = async (stroke: string) => {
    await olga.thread.focus();
    await page.keyboard.press(stroke);
  };
  await expect(olga.group("Mine")).toHaveAccessibleName("Mine 1");
  await sound(page, "inbox, no chat open");
  await page.getByRole("button", { name: "Search chats" }).click();
  await page.getByRole("searchbox", { name: "Search chats" }).fill("nobody");
  await expect(page.getByText("No chats match.")).toBeVisible();
  await sound(page, "inbox, search without a result");
  await page.keyboard.press("Escape");
  await opened("availability", () => page.getByRole("button", { name: /^Me\b/ }).click());

  await olga.group("All").click();
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("dialog", { name: "Filter" }).getByRole("checkbox", { name: "High" }).check();
  await sound(page, "filter");
  await page.getByRole("textbox", { name: "Name of the view" }).press("Enter");
  await expect(olga.page.getByRole("tab", { name: "High 1" })).toHaveAttribute("aria-selected", "true");
  await sound(page, "a saved view");
  await olga.group("All").click();
  await opened("menu of a row", () => olga.row("Hana").getByRole("link").click({ button: "right" }), menu);

  await olga.row("Hana").getByRole("link").click();
  await expect(composer).toBeVisible();
  await expect(olga.thread.getByRole("img", { name: "Picture: door.png" })).toBeVisible();
  await sound(page, "a chat of mine");
  await opened("more", () => page.getByRole("button", { name: "More", exact: true }).click(), menu);
  await opened("priority", () => key("p"), menu);
  await opened("transfer", () => key("t"));
  await opened("end", () => key("e"));
  await opened("keys", () => key("?"));
  const said = olga.thread.getByRole("article").filter({ hasText: "Is this your door?" });
  await opened("menu of a message", () => said.locator(".bubble").click({ button: "right" }), menu);
  await said.locator(".bubble").click({ button: "right" });
  await opened("make a quick reply", () => page.getByRole("menuitem", { name: "Make quick reply" }).click());
  await opened("a picture", () =>
    olga.thread
      .getByRole("button", { name: /door\.png/ })
      .first()
      .click(),
  );

  const list = page.getByRole("listbox");
  const suggested = (what: string, text: string) => opened(what, () => composer.fill(text), list);
  await suggested("quick replies to choose", "/");
  await suggested("emojis to choose", "Thank you :tha");
  await composer.fill("/trace");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Fill in/)).toBeVisible();
  await page.getByRole("button", { name: "Attach files" }).waitFor();
  await page.locator("input[type=file]").setInputFiles([picture("mine.png"), { ...picture("a.exe"), mimeType: "" }]);
  await expect(page.getByRole("list", { name: "Files to send" })).toContainText("cannot be sent");
  await sound(page, "a quick reply with a gap, and files");
  await composer.fill("");
  await page.keyboard.press("Control+i");
  await page.getByRole("textbox", { name: /^Note/ }).fill("@id");
  await expect(list).toBeVisible();
  await sound(page, "a note that names a colleague");
  await page.getByRole("textbox", { name: /^Note/ }).fill("");
  await page.keyboard.press("Escape");

  await olga.panel.getByRole("button", { name: "Change contact" }).click();
  await expect(olga.panel.getByRole("textbox", { name: "Email" })).toBeVisible();
  await olga.panel.getByRole("button", { name: "Add tag" }).click();
  for (const part of ["Session", "Earlier chats"]) {
    await olga.panel.getByRole("button", { name: new RegExp(`^${part}`) }).click();
  }
  await expect(olga.panel.getByRole("button", { name: /^Wrong colour/ })).toBeVisible();
  await sound(page, "everything in the customer panel");
  await opened("an earlier chat", () => olga.panel.getByRole("button", { name: /^Wrong colour/ }).click());

  await olga.look("Queue", "Liv");
  await sound(page, "a chat that waits");
  await opened("assign", () => key("a"));
  await as("olga").put("/v1/me", { capacity: 1 });
  await expect(page.getByRole("button", { name: /1 of 1/ })).toBeAttached();
  await opened("take when full", () => key("c"));

  await page.goto(new URL(`/app/chats/${id}`, page.url()).href);
  await expect(composer).toBeVisible();
  await key("e");
  await expect(olga.dialog("End chat")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(olga.button("Undo").first()).toBeVisible();
  await sound(page, "a chat that is about to end");
  await olga.button("End now").click();
  await expect(olga.button("Reopen")).toBeVisible();
  await sound(page, "an ended chat");
});

test("20 Access: what comes by itself has no faults, nor the inbox on a phone", async ({ desk, bot, as, watch }) => {
  watch.allow(cut);
  const { id } = await fill(bot, as("olga"));
  await as("olga").put("/v1/me", { capacity: 8 });
  const olga = await desk("olga", { ...still, path: `/app/chats/${id}` });
  const { page, composer } = olga;
  await expect(olga.offers.getByRole("article")).toBeVisible();
  await sound(page, "an offer");
  await composer.fill("Your door");
  await as("sam").post(`/v1/sessions/${id}/assign`, { agent_id: (await as("jonas").get("/v1/me")).id, force: true });
  await expect(page.getByRole("alert").filter({ hasText: "has this chat now" })).toBeVisible();
  await sound(page, "a chat that changed hands");
  await page.context().setOffline(true);
  await expect(page.getByText(/^You are offline/).first()).toBeVisible();
  await sound(page, "offline");
  await page.context().setOffline(false);
  await expect(page.getByText(/^You are offline/)).toHaveCount(0);

  await olga.button("Decline").click();
  await expect(olga.offers).toBeHidden();

  await page.setViewportSize({ width: 390, height: 844 });
  await sound(page, "a chat on a phone");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Show customer panel" }).click();
  await expect(olga.panel).toBeVisible();
  await sound(page, "the customer panel over a chat");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Back to the list" }).click();
  await olga.group("Team").click();
  await expect(olga.row("Hana").first()).toBeVisible();
  await sound(page, "the list on a phone");
});
