// What people write stays text, in both windows.
import type { BrowserContext, Frame, Page } from "@playwright/test";
import { handoff, type Calls } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import { groups, payloads } from "./payloads.ts";

/** hears gives the numbers of the texts that were run in a context, as they come. */
async function hears(context: BrowserContext): Promise<number[]> {
  const run: number[] = [];
  await context.exposeBinding("ran", (_, number: number) => void run.push(number));
  return run;
}

/** grown says what a page has grown out of texts: elements that we never make, and attributes that run something. */
const grown = (place: Page | Frame) =>
  place.evaluate(() => {
    const runs = (element: Element) =>
      [...element.attributes].some(
        ({ name, value }) => name.startsWith("on") || /^\s*(javascript|data:text|vbscript):/i.test(value),
      );
    const strange =
      "main script, main style, main iframe, main object, main embed, main marquee, main video, main audio, main math";
    return [...document.querySelectorAll("*")]
      .filter((element) => element.matches(strange) || runs(element))
      .map((element) => element.outerHTML.slice(0, 200));
  });

/** fill puts texts into every field of a chat that a bot can fill, and gives the chat's id. */
async function fill(bot: Calls, texts: readonly string[], end: string, more: object = {}): Promise<string> {
  const all = texts.join(" ");
  const { id } = await bot.post(
    "/v1/handoffs",
    handoff({
      customer: {
        external_id: `${end} ${all}`.slice(0, 500),
        name: all,
        email: all,
        phone: all,
        attributes: { [all]: all },
      },
      subject: all,
      reason: { code: "other", text: all },
      summary: all,
      tried: texts,
      intent: { name: texts[0], score: 0.5 },
      note_to_agent: all,
      tags: texts.filter((tag) => tag.length <= 64 && !/[,|]/.test(tag)),
      context: Object.fromEntries(texts.map((each) => [each, each])),
      transcript: [
        ...texts.map((each, at) => ({
          author: { role: ["customer", "bot", "agent"][at % 3], name: each },
          text: each,
        })),
        { author: { role: "customer" }, text: end },
      ],
      ...more,
    }),
  );
  return id;
}

test("I08 three hundred texts that would run a script run none, in any field of both windows", async ({
  bot,
  as,
  desk,
  shop,
}) => {
  test.setTimeout(120_000);
  const chats: Record<string, string> = {};
  for (const [at, group] of groups(payloads, 450).entries()) {
    const id = await fill(bot, group, `end ${at}`);
    chats[id] = `end ${at}`;
    for (const each of group) await as("ida").post(`/v1/sessions/${id}/notes`, { text: each });
    const names = group.map((each) => `${each.replaceAll("/", "")}.txt`);
    const files = await Promise.all(names.map((name) => bot.upload(id, name, Buffer.from("a"), "text/plain")));
    for (let from = 0; from < files.length; from += 5) {
      await bot.say(id, group[0]!, { attachments: files.slice(from, from + 5).map((file) => file.id) });
    }
  }
  for (const [at, each] of payloads.entries()) {
    await as("sam").post("/v1/quick-replies", {
      scope: "team",
      shortcut: `x${at}`,
      title: each.slice(0, 190),
      text: each,
    });
  }
  await as("sam").put("/v1/me", { name: payloads[32] });

  // The policy that would stop a script is off: the texts alone must not run. This shows that we would hear of it.
  const ida = await desk("ida", { bypassCSP: true });
  const run = await hears(ida.page.context());
  await ida.page.reload();
  await ida.page.evaluate(() =>
    document.createElement("div").insertAdjacentHTML("beforeend", "<img src onerror=ran(-1)>"),
  );
  await expect.poll(() => run).toEqual([-1]);

  await expect(ida.offers.getByRole("article")).not.toHaveCount(0);
  for (const [id, end] of Object.entries(chats)) {
    await ida.turn(`/app/chats/${id}`);
    await expect(ida.thread.or(ida.page.getByRole("button", { name: /with the bot, show$/ }))).not.toHaveCount(0);
    const fold = ida.page.getByRole("button", { name: /with the bot, show$/ });
    await expect(fold).toBeVisible();
    await fold.click();
    await expect(ida.thread).toContainText(end);
    expect(await grown(ida.page), end).toEqual([]);
  }
  await ida.button("Session").click();
  await ida.button("Show as JSON").click();
  await ida.page.keyboard.press("a");
  await expect(ida.dialog("Assign chat")).toContainText("onerror");
  expect(await grown(ida.page)).toEqual([]);
  await ida.page.keyboard.press("Escape");
  await ida.turn("/app/replies");
  await expect(ida.page.getByRole("row")).toHaveCount(payloads.length + 1);
  expect(await grown(ida.page)).toEqual([]);
  await ida.turn("/app/team");
  await expect(ida.page.getByRole("table")).toContainText("onerror");
  expect(await grown(ida.page)).toEqual([]);
  expect(run).toEqual([-1]);

  const hana = await shop({ bypassCSP: true });
  const ranThere = await hears(hana.page.context());
  await hana.page.reload();
  const customer = await hana.page.evaluate(() =>
    (window as unknown as { Baton: { visitor(): Promise<string> } }).Baton.visitor(),
  );
  const session = await fill(bot, payloads.slice(0, 8), "the end", {
    customer: { id: customer },
    context: {},
    tried: [],
    transcript: [
      ...payloads.map((each, at) => ({ author: { role: ["customer", "bot"][at % 2], name: each }, text: each })),
      { author: { role: "customer" }, text: "the end" },
    ],
  });
  await as("sam").post(`/v1/sessions/${session}/takeover`);
  await expect(hana.thread).toContainText("the end");
  const older = hana.button("Show earlier messages");
  while (await older.isVisible()) {
    const before = (await hana.said()).length;
    await older.click();
    await expect.poll(async () => (await hana.said()).length).toBeGreaterThan(before);
  }
  const frame = hana.page.frames().find((one) => one.url().includes("/widget/"))!;
  expect(await grown(frame)).toEqual([]);
  expect(new Set(await hana.said())).toEqual(new Set([...payloads.map(shown), "the end"]));
  expect(ranThere).toEqual([]);
});

/** shown is how a text is seen: without the signs that make it bold or code. */
const shown = (each: string) => each.replace(/^[*`](.*)[*`]$/s, "$1");

test("I09 links lead to pages and mail only", async ({ talk, as, bot }) => {
  const { ida, hana, session } = await talk();
  const bad = [
    "javascript:ran(1)",
    "JaVaScRiPt:ran(1)",
    "java\tscript:ran(1)",
    "[a](javascript:ran(1))",
    "vbscript:ran(1)",
    "data:text/html,<script>ran(1)</script>",
    "file:///etc/passwd",
    "blob:null/1",
    "https:javascript:ran(1)",
  ];
  for (const each of bad) {
    await hana.say(each);
    await as("ida").say(session, each);
  }
  await ida.say("See https://tarn.example/orders?a=1&b=2, or write to mailto:help@tarn.example.");
  await expect(hana.thread).toContainText("or write to");
  await expect(ida.thread).toContainText(bad.at(-1)!);
  for (const thread of [ida.thread, hana.thread]) {
    const links = await thread.getByRole("link").evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
    expect(links.filter((href) => !href.includes("/v1/"))).toEqual([
      "https://tarn.example/orders?a=1&b=2",
      "mailto:help@tarn.example",
    ]);
    for (const link of await thread.getByRole("link").all()) await expect(link).toHaveAttribute("rel", /noopener/);
  }

  // What a bot says of the page and of the customer is shown as it is, and leads nowhere either.
  const facts = { page: "javascript:ran(1)", order: "data:text/html,x", site: "https://tarn.example/" };
  const { id } = await bot.post("/v1/handoffs", handoff({ context: facts }));
  await ida.turn(`/app/chats/${id}`);
  await expect(ida.panel).toContainText("javascript:ran(1)");
  const hrefs = await ida.panel.getByRole("link").evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  expect(hrefs.filter((href) => !/^(https?:|mailto:|\/app\/)/.test(href))).toEqual([]);
});

test("I06 what turns the direction of text turns only the text that it is in", async ({ talk, bot }) => {
  const { ida, hana } = await talk();
  const turned = "\u202Egpj.exe\u202D \u2067abc";
  await hana.say(turned);
  await ida.say(turned);
  await expect(hana.thread.getByText("gpj.exe")).toHaveCount(2);
  await expect(ida.thread.getByText("gpj.exe")).toHaveCount(2);
  // Names come without such signs.
  const { id } = await bot.post(
    "/v1/handoffs",
    handoff({ customer: { external_id: "1", name: "\u202EAnn\u200B Lee\u2066" }, subject: "\u202Eabc\u202C def" }),
  );
  await ida.turn(`/app/chats/${id}`);
  await expect(ida.page.getByRole("heading", { level: 2, name: "abc def" })).toBeVisible();
  await expect(ida.panel.getByRole("heading", { name: "Ann Lee" })).toBeVisible();
  await ida.page.goBack();
  await expect(ida.thread.getByText("gpj.exe")).toHaveCount(2);

  const frame = hana.page.frames().find((one) => one.url().includes("/widget/"))!;
  for (const place of [ida.page, frame]) expect(await loose(place)).toEqual([]);
});

/**
 * loose gives what stands in one line with a text that turns the direction: words of ours that share no more than a
 * line with it would be turned too, unless the text is isolated or a block by itself.
 */
const loose = (place: Page | Frame) =>
  place.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const said = walker.currentNode.textContent ?? "";
      if (!said.includes("\u202E")) continue;
      let holder = walker.currentNode.parentElement!;
      const isolates = (element: Element) => {
        const { unicodeBidi, display } = getComputedStyle(element);
        return /isolate|plaintext/.test(unicodeBidi) || display !== "inline";
      };
      while (!isolates(holder)) holder = holder.parentElement!;
      const isolated = said.indexOf("\u2068") >= 0 && said.indexOf("\u2068") < said.indexOf("\u202E");
      if (!isolated && holder.textContent!.trim() !== said.trim()) found.push(holder.textContent!);
    }
    return found;
  });
