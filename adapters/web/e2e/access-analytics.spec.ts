// For people who use the page of analytics by other means than eye and mouse: its tabs and what opens over them, as axe sees
// them, light and dark.
import { expect, test } from "./fixtures.ts";
import { sound, still } from "./axe.ts";
import { Visitor } from "./calls.ts";
import { Figures } from "./pages/figures.ts";
import { tell } from "./tales.ts";

// Screens are read many times here, and what a trace keeps of each would take longer than the reading.
test.use({ trace: "off" });

test("20 Access: the page of analytics has no faults on any of its tabs", async ({ desk, bot, server, as }) => {
  test.slow(); // axe reads ten screens twice, and the longest of them has four hundred parts
  const { page } = await desk("sam", { ...still, status: "away", path: "/app/analytics?tab=trends&range=7" });
  const figures = new Figures(page);
  await expect(figures.block("Chats per day")).toContainText("No chats yet in this range");
  await sound(page, "trends, without chats");
  await tell(server, bot, as);
  const hana = await Visitor.arrive(server.url, "Hana Sato");
  await hana.ask("The tent has a hole");
  await page.reload();
  for (const tab of ["Now", "Trends", "Agents", "Queues", "Ratings"] as const) {
    await figures.tab(tab).click();
    await expect(page.getByRole("tabpanel")).toBeVisible();
    await page.waitForLoadState("networkidle");
    await sound(page, `the tab ${tab}`);
  }
  await figures.tab("Trends").click();
  await figures.block("Chats per day").locator("summary").click();
  await figures.block("When people ask for a human").locator("summary").click();
  await page.getByRole("radio", { name: "Custom" }).check({ force: true });
  await page.getByLabel("From").fill("2031-01-01");
  await expect(page.getByText("The first day is after the last.")).toBeVisible();
  await sound(page, "trends, with tables and days that are wrong");
  await figures.key("Chats handled").getByRole("link").click();
  await expect(figures.dialog.getByRole("listitem").first()).toBeVisible();
  await sound(page, "the chats behind a figure");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "First reply" }).first().click();
  await expect(figures.dialog.locator("dt").first()).toBeVisible();
  await sound(page, "what the figures mean");
});
