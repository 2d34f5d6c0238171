// The page of scripts for people who use it by other means than eye and mouse.
import { expect, test } from "./fixtures.ts";
import { sound } from "./axe.ts";
import { handoff } from "./calls.ts";
import { Bench, offered, to } from "./pages/bench.ts";

// Screens are read many times here, and what a trace keeps of each would take longer than the reading.
test.use({ trace: "off", options: { "offers.expire_after": "5m" } });

test("20 Access: into the editor and out of it with the keyboard only", async ({ desk }) => {
  const { page } = await desk("olga", { status: "away", path: "/app/scripts/least_busy" });
  const bench = new Bench(page);
  await expect(bench.editor).toBeVisible();
  const inside = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? "");
  for (let presses = 0; presses < 40 && !(await inside()).includes("cm-content"); presses++)
    await page.keyboard.press("Tab");
  expect(await inside()).toContain("cm-content");
  await expect(bench.editor).toHaveAccessibleDescription(/press Escape, then Tab/);

  // Letters are letters here, and Tab indents.
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type("c j g ");
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  expect(await bench.text()).toMatch(/^ {2}c j g -- title/);
  await expect(page).toHaveURL(/least_busy$/);

  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect.poll(inside).not.toContain("cm-content");
  await page.keyboard.press("Shift+Tab");
  await expect.poll(inside).toContain("cm-content");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`20 Access: the page of scripts has no faults, ${colorScheme}`, async ({ desk, bot, as }) => {
    const { id } = await bot.post("/v1/handoffs", handoff({ tags: ["vip"] }));
    await desk("ida");
    await offered(as("olga"), id);
    const olga = await desk("olga", { status: "away", path: "/app/scripts", reducedMotion: "reduce", colorScheme });
    const { page } = olga;
    const bench = new Bench(page);
    const close = async () => {
      await page.keyboard.press("Escape");
      await expect(bench.dialog).toBeHidden();
    };
    await expect(bench.script("least_busy")).toBeVisible();
    await sound(page, "no script is open");
    await bench.button("New script").click();
    await expect(bench.dialog).toBeVisible();
    await sound(page, "new script");
    await close();
    await bench.make("vip");
    await expect(page.locator(".cm-line").first()).toBeVisible();
    await bench.button(/^Dry run/).click();
    await expect(bench.side.getByRole("heading", { name: /^No opinion|^Goes to/ })).toBeVisible();
    await sound(page, "a dry run");
    await bench.write("function assign(session, agents)\n  return agnts[1].id\nend\n\nfunction tag(\n");
    await expect(bench.problems).toBeVisible();
    await sound(page, "problems");
    await bench.write(to("Ida Nyberg", "Ida takes it"));
    await expect(bench.problems).toBeHidden();
    await bench.button(/^Publish v1$/).click();
    await expect(bench.dialog).toBeVisible();
    await sound(page, "publish");
    await bench.dialog.getByRole("textbox", { name: /^Why/ }).fill("Ida");
    await bench.dialog.getByRole("button", { name: /^Publish/ }).click();
    await expect(page.getByText("v1 is live")).toBeVisible();
    await bench.write(to("Jonas Brandt", "Jonas takes it"));
    await bench.saved();
    await page.keyboard.press("ControlOrMeta+Shift+D");
    await expect(page.locator(".cm-deletedChunk")).toBeVisible();
    await sound(page, "compared, in one");
    await page.getByRole("radio", { name: "Side by side" }).check({ force: true });
    await expect(page.locator(".cm-mergeView")).toBeVisible();
    await sound(page, "compared, side by side");
    await page.keyboard.press("ControlOrMeta+Shift+D");
    await bench.tab("Trial");
    await sound(page, "a trial to start");
    await bench.button("Start shadow").click();
    await expect(bench.side.getByRole("heading", { name: "A shadow runs" })).toBeVisible();
    await sound(page, "a trial that runs");
    await bench.tab("Errors");
    await sound(page, "errors");
    await bench.tab("Docs");
    await bench.side.getByRole("searchbox").fill("session");
    await sound(page, "docs");

    await olga.turn(`/app/chats/${id}`);
    await olga.panel.getByRole("button", { name: "Why this agent?" }).click();
    await expect(olga.panel).toContainText(/Ida Nyberg.? got this chat\./);
    await sound(page, "why this agent");
    await page.getByRole("button", { name: /^Me\b/ }).click();
    await page.getByRole("button", { name: "Why did I get nothing?" }).click();
    await expect(bench.dialog).toContainText("got this chat");
    await sound(page, "why I got nothing");
  });
}
