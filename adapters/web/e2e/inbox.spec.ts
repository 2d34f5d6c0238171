// Smaller things of the inbox: views that are kept, emojis, who has left, and refusals in another language.
import { sound } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { handoff } from "./calls.ts";
import { refusals } from "./watch.ts";

test("A filter is kept as a view beside the groups, five at most, and is there after a reload", async ({
  desk,
  bot,
}) => {
  for (const [name, priority] of [
    ["Hana Sato", "urgent"],
    ["Liv Lin", "high"],
    ["Noor Tanaka", "normal"],
  ])
    await bot.post("/v1/handoffs", handoff({ customer: { external_id: name, name }, routing: { priority } }));
  const ida = await desk("ida", { status: "away" });
  const { page } = ida;
  const rows = page.getByRole("region", { name: "Chats" }).getByRole("listitem");
  const filter = page.getByRole("dialog", { name: "Filter" });
  const narrow = async (...priorities: string[]) => {
    await page.getByRole("button", { name: /^Filter/ }).click();
    for (const one of ["Urgent", "High", "Normal", "Low"])
      await filter.getByRole("checkbox", { name: one }).setChecked(priorities.includes(one));
  };
  const view = (name: string) => page.getByRole("tab", { name: new RegExp(`^${name} \\d+$`) });

  await ida.group("Queue").click();
  await expect(rows).toHaveCount(3);
  await narrow("Urgent", "High");
  await filter.getByRole("textbox", { name: "Name of the view" }).fill("Pressing");
  await filter.getByRole("button", { name: "Save view" }).click();
  await expect(filter).toBeHidden();
  await expect(view("Pressing")).toHaveAccessibleName("Pressing 2");
  await expect(view("Pressing")).toHaveAttribute("aria-selected", "true");
  await expect(rows).toHaveCount(2);

  // A group shows all of its chats again, and a view counts on.
  await ida.group("Queue").click();
  await expect(rows).toHaveCount(3);
  await bot.post(
    "/v1/handoffs",
    handoff({ customer: { external_id: "t", name: "Tomas Berg" }, routing: { priority: "high" } }),
  );
  await expect(view("Pressing")).toHaveAccessibleName("Pressing 3");
  await ida.group("Mine").click();
  await view("Pressing").click();
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: "Noor" })).toHaveCount(0);

  for (const one of ["Urgent", "High", "Normal", "Low"]) {
    await narrow(one);
    await filter.getByRole("textbox", { name: "Name of the view" }).press("Enter");
    await expect(view(one)).toBeVisible();
  }
  await narrow("Normal", "Low");
  await expect(filter).toContainText("Five views are saved.");
  await expect(filter.getByRole("textbox")).toHaveCount(0);
  await page.keyboard.press("Escape");

  await page.reload();
  for (const one of ["Pressing", "Urgent", "High", "Normal", "Low"]) await expect(view(one)).toBeVisible();
  await view("Low").click();
  await expect(page.getByText("No chats match.")).toBeVisible();
  await page.getByRole("button", { name: /^Filter/ }).click();
  await filter.getByRole("button", { name: "Delete the view Low" }).click();
  await expect(view("Low")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await ida.button("Undo").click();
  await expect(view("Low")).toBeVisible();
});

test("An emoji is found behind a colon by keys alone, and reaches the customer", async ({ talk }) => {
  const { ida, hana } = await talk();
  await ida.composer.focus();
  await ida.page.keyboard.type("Here it comes :par");
  await expect(ida.page.getByRole("option").first()).toContainText("🎉");
  await ida.page.keyboard.press("ArrowDown");
  await expect(ida.page.getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await ida.page.keyboard.press("ArrowUp");
  await ida.page.keyboard.press("Enter");
  await expect(ida.composer).toHaveValue("Here it comes 🎉");
  await ida.page.keyboard.press("Enter");
  await expect(hana.thread).toContainText("Here it comes 🎉");

  await ida.page.keyboard.type("At 10:30, ok :-)");
  await expect(ida.page.getByRole("listbox")).toHaveCount(0);
  await ida.page.keyboard.press("Enter");
  await expect(hana.thread).toContainText("At 10:30, ok :-)");
});

test("An agent sees that the customer has left the page, and that he is back", async ({ talk, desk }) => {
  const { ida, hana, session } = await talk();
  const left = /closed the page or lost the connection just now\. What you write waits/;
  const url = hana.page.url();
  await expect(ida.page.getByText(left)).toHaveCount(0);

  // Going to another page is no leaving.
  await hana.page.getByRole("link", { name: "Second page" }).click();
  await hana.say("Still here");
  await expect(ida.thread).toContainText("Still here");

  await hana.page.goto("about:blank");
  await expect(ida.page.getByText(left)).toBeVisible({ timeout: 30_000 });
  await sound(ida.page, "a chat whose customer has left");
  const sam = await desk("sam", { status: "away", path: `/app/chats/${session}` });
  await expect(sam.page.getByText(left)).toBeVisible();
  await ida.say("I found it");
  await hana.page.goto(url);
  await hana.launcher.click();
  await expect(hana.thread).toContainText("I found it");
  await expect(ida.page.getByText(left)).toHaveCount(0);
  await expect(sam.page.getByText(left)).toHaveCount(0);
});

test("A refusal is told in the language of the page, with the server's words only where they say more", async ({
  desk,
  bot,
  as,
  watch,
}) => {
  watch.allow(refusals(409, 422));
  const { id } = await bot.post("/v1/handoffs", handoff());
  await as("olga").post(`/v1/sessions/${id}/takeover`);
  const { page } = await desk("olga", { locale: "de-DE", status: "away", path: `/app/chats/${id}` });
  const errors = page.getByRole("status").filter({ has: page.getByText(/Chat|Sie|steht/) });

  // The window does not know yet that a colleague has ended the chat.
  await page.route(/\/v1\/sessions\/[^/]+\/notes/, (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({ status: 409, code: "session_ended", detail: "this chat has ended" }),
    }),
  );
  await expect(page.getByRole("button", { name: /^Chat beenden/ })).toBeVisible();
  await page.keyboard.press("Control+i");
  await page.getByRole("textbox", { name: /^Notiz/ }).fill("Andere Tür");
  await page.keyboard.press("Control+Enter");
  await expect(errors.getByText("Dieser Chat ist beendet.")).toBeVisible();
  await expect(page.getByText(/this chat has ended/i)).toHaveCount(0);

  await page.goto(new URL("/app/replies", page.url()).href);
  await as("olga").post("/v1/quick-replies", { scope: "personal", shortcut: "hi", text: "Hallo" });
  await page.getByRole("button", { name: "Neuer Textbaustein" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: /^Kürzel/ }).fill("hi");
  await dialog.getByRole("textbox", { name: /^Text/ }).fill("Hallo");
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(dialog).toContainText(/Nicht angenommen: |Das geht nicht, so wie es gerade steht\./);
});
