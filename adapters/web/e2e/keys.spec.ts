// The keyboard alone, larger letters, narrow and mirrored windows, less movement, and writing by composition.
import type { Frame, Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { handoff } from "./calls.ts";
import { inside } from "./pages/shop.ts";

/** reach goes to something as somebody does who has no mouse. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const there = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await there()); presses++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
}

test("20 Access: from the bot to the rating with the keyboard only, in both windows", async ({ desk, tarn }) => {
  const ida = await desk("ida");
  const hana = await tarn();
  const press = async (key: string) => ida.page.keyboard.press(key);

  await reach(hana.page, hana.page.getByRole("button", { name: "Ask Tarn's bot" }));
  await hana.page.keyboard.press("Enter");
  await reach(hana.page, hana.page.getByRole("button", { name: "A person, please" }));
  await hana.page.keyboard.press("Enter");
  await expect(hana.place(1)).toBeVisible();

  await expect(ida.offers.getByRole("article")).toBeVisible();
  await press("Shift+A");
  await expect(ida.composer).toBeVisible();
  await expect(hana.thread).toContainText("Ida joined");
  await reach(ida.page, ida.composer);
  await ida.page.keyboard.type("Hello, what is it?");
  await press("Enter");
  await expect(hana.thread).toContainText("Hello, what is it?");
  await reach(hana.page, hana.composer);
  await hana.page.keyboard.type("My parcel");
  await hana.page.keyboard.press("Enter");
  await expect(ida.thread).toContainText("My parcel");

  await press("Escape");
  await press("e");
  await expect(ida.dialog("End chat").getByRole("radio", { name: /^Solved/ })).toBeChecked();
  await press("2");
  await expect(ida.dialog("End chat").getByRole("radio", { name: /^Not solved/ })).toBeChecked();
  await press("Enter");
  await expect(ida.dialog("End chat")).toBeHidden();
  await reach(ida.page, ida.button("End now"));
  await press("Enter");
  await expect(hana.thread).toContainText("Ida ended the chat.");

  await reach(hana.page, hana.button("Rate this chat"));
  await hana.page.keyboard.press("Enter");
  await reach(hana.page, hana.chat.getByRole("radio", { name: "1 Bad" }));
  for (let more = 0; more < 3; more++) await hana.page.keyboard.press("ArrowRight");
  await expect(hana.chat.getByRole("radio", { name: "4 Good" })).toBeChecked();
  await reach(hana.page, hana.button("Send rating"));
  await hana.page.keyboard.press("Enter");
  await expect(hana.chat.getByRole("heading", { name: "Thank you" })).toBeVisible();
  await hana.page.keyboard.press("Escape");
  await expect(hana.launcher).toBeFocused();
});

/** What a window has lost: controls that are beyond its edges, where nothing scrolls, and a page that is too wide. */
function lost(window: Page | Frame): Promise<string[]> {
  return window.evaluate(() => {
    const scrolls = (element: Element | null): boolean =>
      element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const beyond = [...document.querySelectorAll("button, a, input, textarea, select, [role=tab]")].filter(
      (element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return element.checkVisibility() && width > 2 && (left < -1 || right > innerWidth + 1) && !scrolls(element);
      },
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in ${clientWidth}`] : [];
    return [...wide, ...beyond.map((element) => element.outerHTML)];
  });
}

const windows = {
  "of 320 pixels": { width: 320, height: 568 },
};

for (const [what, viewport] of Object.entries(windows)) {
  test(`20 Access: nothing is lost in a window ${what}`, async ({ desk, shop, bot, as }) => {
    const turn = (window: Page | Frame) =>
      window.evaluate(
        (dir) => document.documentElement.setAttribute("dir", dir),
        what.includes("mirrored") ? "rtl" : "ltr",
      );
    const { id } = await bot.post("/v1/handoffs", handoff());
    await as("olga").post(`/v1/sessions/${id}/takeover`);
    const { page, composer } = await desk("olga", { viewport, status: "away", path: `/app/chats/${id}` });
    await expect(composer).toBeVisible();
    await turn(page);
    expect.soft(await lost(page), "chat").toEqual([]);
    await page.getByRole("button", { name: /^End/ }).first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect.soft(await lost(page), "end of the chat").toEqual([]);
    for (const path of ["/app/", "/app/team", "/app/keys", "/app/replies", "/app/profile", "/app/setup"]) {
      await page.goto(new URL(path, page.url()).href);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
      await turn(page);
      expect.soft(await lost(page), path).toEqual([]);
    }

    const hana = await shop({ viewport });
    await hana.openChat();
    const chat = await inside(hana);
    await turn(chat);
    expect.soft(await lost(chat), "first screen of the widget").toEqual([]);
    await hana.topic.fill("The tent has a hole");
    await hana.button("Talk to a person").click();
    await expect(hana.place(1)).toBeVisible();
    expect.soft(await lost(chat), "queue of the widget").toEqual([]);
    expect.soft(await lost(hana.page), "page with the widget").toEqual([]);
  });
}

test("20 Access: Enter while a word is being composed does not send it", async ({ talk }) => {
  const { ida, hana } = await talk();
  const sides = [
    { page: ida.page, window: ida.page, side: ida, other: hana },
    { page: hana.page, window: await inside(hana), side: hana, other: ida },
  ];
  for (const { page, window, side, other } of sides) {
    const input = await page.context().newCDPSession(window);
    await side.composer.focus();
    await input.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    await page.keyboard.press("Enter");
    await expect(side.composer).toHaveValue(/にほん/);
    await input.send("Input.insertText", { text: "日本" });
    await expect(side.composer).toHaveValue(/日本/);
    expect(await side.said()).not.toContain("にほん");
    await side.composer.fill("日本");
    await page.keyboard.press("Enter");
    await expect(other.thread).toContainText("日本");
    expect(await other.said()).not.toContain("にほん");
    await side.composer.fill("");
  }
});
