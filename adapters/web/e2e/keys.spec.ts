// The keyboard alone, larger letters, narrow and mirrored windows, less movement, and writing by composition.
import type { Frame, Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { handoff, type Row } from "./calls.ts";
import { Desk } from "./pages/desk.ts";
import { inside } from "./pages/shop.ts";
import { cookie } from "./team.ts";

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

/**
 * What a window has lost: controls beyond its edges or cut away by something around them, where nobody can scroll to them,
 * and a page that is too wide. What is there for screen readers only is tiny, and passed over.
 */
function lost(window: Page | Frame): Promise<string[]> {
  return window.evaluate(() => {
    const flow = (element: Element) => getComputedStyle(element);
    const reaches = (element: Element): boolean => {
      const box = element.getBoundingClientRect();
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX, overflowY } = flow(around);
        const edge = around.getBoundingClientRect();
        const besides = box.right <= edge.left || box.left >= edge.right;
        const above = box.bottom <= edge.top || box.top >= edge.bottom;
        // Whoever scrolls this far sees it where the scroller itself is.
        if (/auto|scroll/.test(besides ? overflowX : above ? overflowY : "")) return reaches(around);
        if (besides && /hidden|clip/.test(overflowX)) return false;
        if (above && /hidden|clip/.test(overflowY)) return false;
        if (flow(around).position === "fixed") break;
      }
      return box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
    };
    const cut = (element: Element) => {
      const { left, right } = element.getBoundingClientRect();
      const scrolls = (one: Element | null): boolean =>
        one !== null && (/auto|scroll/.test(flow(one).overflowX) || scrolls(one.parentElement));
      return (left < -1 || right > innerWidth + 1) && !scrolls(element);
    };
    const controls = [...document.querySelectorAll("button, a, input, textarea, select, [role=tab]")].filter(
      (one) => one.checkVisibility() && one.getBoundingClientRect().width > 2 && !one.closest(".skip"),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    const wide = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in ${clientWidth}`] : [];
    return [...wide, ...controls.filter((one) => cut(one) || !reaches(one)).map((one) => one.outerHTML)];
  });
}

test("20 Access: what looks for lost controls finds them", async ({ page }) => {
  await page.setContent(`
    <button style="position: absolute; left: -300px">beyond the edge</button>
    <div style="overflow: hidden; height: 20px"><button style="margin-top: 60px">cut away</button></div>
    <div style="overflow: auto; height: 20px"><button style="margin-top: 60px">can be scrolled to</button></div>
    <button>here</button>`);
  const words = (all: string[]) => all.map((html) => />([^<]+)</.exec(html)?.[1] ?? html);
  expect(words(await lost(page))).toEqual(["beyond the edge", "cut away"]);
  await page.setContent(`<button>here</button><p style="width: 2000px">wide</p>`);
  expect(await lost(page)).toEqual([expect.stringMatching(/^the page is 20\d\d wide/)]);
});

const narrow = { width: 320, height: 568 };

const windows = {
  "of 320 pixels": { viewport: narrow, dir: "ltr" },
  "of 320 pixels that is mirrored": { viewport: narrow, dir: "rtl" },
  // A window of 1440 by 900 at twice the size of everything.
  "at 200 % zoom": { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2, dir: "ltr" },
  "that is mirrored": { viewport: { width: 1440, height: 900 }, dir: "rtl" },
} as const;

for (const [what, { dir, ...size }] of Object.entries(windows)) {
  test(`20 Access: nothing is lost in a window ${what}`, async ({ desk, shop, bot, as }) => {
    // Languages that run from right to left set the direction as the page starts.
    const turn = (window: Page | Frame) =>
      window.evaluate((to) => document.documentElement.setAttribute("dir", to), dir);
    const { id } = await bot.post("/v1/handoffs", handoff());
    await as("olga").post(`/v1/sessions/${id}/takeover`);
    await bot.post("/v1/handoffs", handoff({ customer: { external_id: "liv", name: "Liv Lin" } }));
    const { page, composer } = await desk("olga", { ...size, status: "away", path: `/app/chats/${id}` });
    const whole = async (where: string) => expect.soft(await lost(page), where).toEqual([]);
    const over = async (where: string, open: Locator) => {
      await open.click();
      const shown = page.getByRole("dialog").or(page.getByRole("menu"));
      await expect(shown.first()).toBeVisible();
      await whole(where);
      await page.keyboard.press("Escape");
      await expect(shown).toHaveCount(0);
    };
    await expect(composer).toBeVisible();
    await turn(page);
    await whole("chat");
    await over("end of the chat", page.getByRole("button", { name: /^End/ }).first());
    await over("more", page.getByRole("button", { name: "More", exact: true }));
    await page.getByRole("log").first().focus();
    await page.keyboard.press("t");
    await expect(page.getByRole("dialog")).toBeVisible();
    await whole("transfer");
    await page.keyboard.press("Escape");
    await composer.fill("/");
    await whole("quick replies");
    await composer.fill("");
    const settings = ["hours", "holidays", "after-hours", "queues"].map((one) => `/app/settings/${one}`);
    for (const path of ["/app/team", "/app/keys", "/app/replies", "/app/profile", "/app/setup", ...settings, "/app/"]) {
      await page.goto(new URL(path, page.url()).href);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
      if (settings.includes(path)) await expect(page.getByRole("heading", { level: 3 }).first()).toBeVisible();
      await turn(page);
      await whole(path);
    }
    await over("filter", page.getByRole("button", { name: "Filter" }));
    await over("availability", page.getByRole("button", { name: /^Me\b/ }));

    const hana = await shop(size);
    await hana.openChat();
    const chat = await inside(hana);
    await turn(chat);
    const kept = async (where: string) => expect.soft(await lost(chat), `widget: ${where}`).toEqual([]);
    await kept("first screen");
    await hana.topic.fill("The tent has a hole");
    await hana.button("Talk to a person").click();
    await expect(hana.place(2)).toBeVisible();
    await kept("queue");
    expect.soft(await lost(hana.page), "page with the widget").toEqual([]);
    const { data } = await as("olga").get<{ data: Row[] }>("/v1/sessions?status=waiting,pending");
    const session = data.find(({ subject }) => subject === "The tent has a hole")!.id;
    await as("olga").post(`/v1/sessions/${session}/takeover`);
    await as("olga").say(session, "Averylongwordwithoutanyspaces".repeat(8));
    await expect(hana.thread).toContainText("Averylongword");
    await kept("chat");
    await hana.button("Menu").click();
    await expect(hana.sound).toBeVisible();
    await kept("menu");
    await hana.page.keyboard.press("Escape");
    await as("olga").post(`/v1/sessions/${session}/end`, { reason: "resolved" });
    await hana.button("Rate this chat").click();
    await kept("rating");
  });
}

/** moving has every window of a page note what moves in it. */
const moving = (page: Page) =>
  page.addInitScript(() => {
    const seen = new Set<string>();
    Object.assign(window, { moved: () => [...seen] });
    const look = () => {
      for (const { effect, playState } of document.getAnimations()) {
        const { target } = effect as KeyframeEffect;
        const { duration } = effect!.getComputedTiming();
        if (playState === "running" && Number(duration) > 0) seen.add(target?.className.toString() ?? "");
      }
      requestAnimationFrame(look);
    };
    look();
  });

const moved = (window: Page | Frame) => window.evaluate(() => (window as unknown as { moved(): string[] }).moved());

for (const reducedMotion of ["reduce", "no-preference"] as const) {
  const title = reducedMotion === "reduce" ? "nothing moves where people want no movement" : "and else it does";
  test(`20 Access: ${title}`, async ({ browse, server, team, shop, as }) => {
    const office = await browse("ida", { reducedMotion });
    await office.addCookies([cookie(team.people.ida, server.url)]);
    await as("ida").put("/v1/me", { status: "available" });
    const page = await office.newPage();
    await moving(page);
    const ida = await Desk.open(page, `${server.url}/app/`);
    await expect(ida.group("Mine")).toBeVisible();
    const hana = await shop({ reducedMotion });
    await moving(hana.page);
    await hana.page.reload();
    await hana.ask("The tent has a hole");

    await ida.offers.getByRole("button", { name: /^Accept/ }).click();
    await expect(ida.composer).toBeVisible();
    // That somebody types is told for four seconds: a slow machine may miss them.
    await expect(async () => {
      await hana.composer.pressSequentially("Hello?");
      await expect(ida.thread).toContainText("is typing", { timeout: 3_000 });
    }).toPass();
    await hana.composer.press("Enter");
    await expect(async () => {
      await ida.composer.pressSequentially("Yes");
      await expect(hana.thread).toContainText("Ida is typing", { timeout: 3_000 });
    }).toPass();
    await ida.composer.press("Enter");
    await ida.page.getByRole("button", { name: "More", exact: true }).click();
    await ida.page.keyboard.press("Escape");
    await ida.button("End chat").click();
    await ida.page.keyboard.press("Enter");
    await expect(ida.button("Undo").first()).toBeVisible();

    const [desk, chat, host] = [await moved(page), await moved(await inside(hana)), await moved(hana.page)];
    if (reducedMotion === "reduce") expect([desk, chat, host]).toEqual([[], [], []]);
    else expect([desk.length > 3, chat.length > 0]).toEqual([true, true]);
  });
}

test("20 Access: who turned single keys off can talk to the computer without anything happening", async ({ talk }) => {
  const { ida } = await talk();
  const { page } = ida;
  const settings = async (on: boolean) => {
    await page.getByRole("button", { name: /^Me\b/ }).click();
    await page.getByRole("link", { name: "Profile" }).click();
    await page.getByRole("checkbox", { name: /^Single keys/ }).setChecked(on);
    await page.goBack();
    await expect(ida.composer).toBeVisible();
  };
  const dialogs = page.getByRole("dialog").or(page.getByRole("menu"));
  await settings(false);
  const url = page.url();
  for (const where of [ida.thread, page.getByRole("button", { name: "More", exact: true })]) {
    await where.focus();
    for (const key of ["e", "t", "a", "p", "c", "n", "r", "m", "u", "j", "1", "/", "?", "#", "i", "Shift+C", "g", "p"])
      await page.keyboard.press(key);
    await expect(dialogs).toHaveCount(0);
    await expect(where).toBeFocused();
  }
  await expect(ida.panel).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveCount(0);
  expect(page.url()).toBe(url);
  // Keys with Ctrl or Alt, and Esc, go on.
  await page.keyboard.press("Control+i");
  await expect(page.getByRole("textbox", { name: /^Note/ })).toBeFocused();
  await page.keyboard.press("Control+i");
  await page.reload();
  await ida.thread.focus();
  await page.keyboard.press("e");
  await expect(dialogs).toHaveCount(0);

  await settings(true);
  await ida.thread.focus();
  await page.keyboard.press("e");
  await expect(ida.dialog("End chat")).toBeVisible();
});

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
