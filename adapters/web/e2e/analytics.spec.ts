// What the page of analytics says of ten chats that the test knows all about, and of the moment.
import { expect, test } from "./fixtures.ts";
import { Visitor, type Calls } from "./calls.ts";
import { Figures } from "./pages/figures.ts";
import { tales, tell, type Tale, type Told } from "./tales.ts";
import type { Name } from "./team.ts";

const count = (is: (tale: Tale) => boolean) => tales.filter(is).length;
const stars = tales.flatMap((tale) => tale.stars ?? []);

/** What the page must say, computed from the tales. */
const want = {
  handled: count((tale) => tale.agent !== undefined && !tale.open),
  ended: count((tale) => !tale.open),
  left: count((tale) => tale.agent === undefined),
  rating: stars.reduce((a, b) => a + b, 0) / stars.length,
  satisfied: stars.filter((n) => n >= 4).length / stars.length,
};

const half = (values: number[]) => values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
const percent = (share: number) => `${(Math.round(share * 1000) / 10).toString()}%`;

/** replies gives how many seconds each customer waited for the first word of an agent, by the logs of the chats. */
async function replies(sam: Calls, told: Told[]): Promise<number[]> {
  const waits = told
    .filter((tale) => tale.agent && !tale.open)
    .map(async ({ id }) => {
      const events = (await sam.events(id)).map(({ event }) => event);
      const said = events.find(({ type, data }) => type === "message.posted" && data.author?.role === "agent")!;
      return (Date.parse(said.at) - Date.parse(events[0]!.at)) / 1000;
    });
  return Promise.all(waits);
}

test("16 Analytics: ten chats come to the figures that a table of them comes to", async ({ desk, bot, server, as }) => {
  const told = await tell(server, bot, as);
  const { page } = await desk("sam", { status: "away", path: "/app/analytics?tab=trends&range=7" });
  const figures = new Figures(page);

  // The figures at the head.
  await expect(figures.key("Chats handled")).toHaveText(String(want.handled));
  await expect(figures.key("Left the queue")).toHaveText(percent(want.left / want.ended));
  await expect(figures.about("Left the queue")).toContainText(`${want.left} of ${want.ended} ended`);
  await expect(figures.key("Rating")).toHaveText(want.rating.toFixed(2));
  const shown = parseFloat((await figures.key("First reply").textContent())!);
  expect(Math.abs(shown - half(await replies(as("sam"), told)))).toBeLessThan(0.11);
  await expect(figures.about("Chats handled")).toContainText("on the 7 days before");

  // Days: the last of them is today, which is not over.
  const days = await figures.rows("Chats per day");
  expect(days).toHaveLength(7);
  expect(days.at(-1)).toEqual([expect.stringMatching(/not over/), String(want.handled), String(want.left)]);
  expect(days.slice(0, -1).every(([, handled, left]) => handled === "0" && left === "0")).toBe(true);
  const messages = (await figures.rows("Messages per day")).at(-1)!;
  const talked = count((tale) => tale.agent !== undefined);
  expect(messages.slice(1)).toEqual([String(talked), String(talked), "0"]);

  // What the chats have in common.
  const by = (part: (tale: Tale) => string) => {
    const all: Record<string, number> = {};
    for (const tale of tales) all[part(tale)] = (all[part(tale)] ?? 0) + 1;
    return all;
  };
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  expect(await figures.bars("By priority")).toEqual(by(({ priority }) => capital(priority)));
  expect(await figures.bars("By channel")).toEqual(
    by(({ channel = "web" }) => (channel === "whatsapp" ? "WhatsApp" : capital(channel))),
  );
  expect(await figures.bars("By status")).toEqual(by(({ open }) => (open ? "With an agent" : "Ended")));

  // Who did most.
  const top = await figures.rows("Top agents");
  const of = (agent: Name) => tales.filter((tale) => tale.agent === agent && !tale.open);
  const mean = (some: readonly Tale[]) => {
    const given = some.flatMap((tale) => tale.stars ?? []);
    return (given.reduce((a, b) => a + b, 0) / given.length).toFixed(2);
  };
  expect(top.map(([name, chats, , rating]) => [name, chats, rating])).toEqual([
    ["Ida Nyberg", String(of("ida").length), mean(of("ida"))],
    ["Jonas Brandt", String(of("jonas").length), mean(of("jonas"))],
  ]);

  // Files add up to the same.
  const sum = (rows: Record<string, string>[], column: string) =>
    rows.reduce((total, row) => total + Number(row[column]), 0);
  const daily = await figures.table("Chats per day");
  expect([sum(daily, "answered"), sum(daily, "abandoned"), sum(daily, "ended")]).toEqual([
    want.handled,
    want.left,
    want.ended,
  ]);
  expect(sum(await figures.table("By priority"), "sessions")).toBe(tales.length);
  expect(sum(await figures.table("When people ask for a human"), "sessions")).toBe(tales.length);
  const all = await page.getByRole("link", { name: "All chats (CSV)" }).getAttribute("href");
  expect((await figures.file(all!)).map(({ session }) => session).sort()).toEqual(told.map(({ id }) => id).sort());

  // Of one queue, in which all of them were, they come to the same; and without the period before nothing is compared.
  await page.getByLabel("Queue", { exact: true }).selectOption({ label: "general" });
  await expect(page).toHaveURL(/queue=que_/);
  await page.getByRole("checkbox", { name: "Compare with the period before" }).uncheck();
  await expect(figures.about("Chats handled")).not.toContainText("before");
  await expect(figures.key("Chats handled")).toHaveText(String(want.handled));
});

test("16 Analytics: agents, queues and ratings say the same, and keep their order in the address", async ({
  desk,
  bot,
  server,
  as,
}) => {
  await tell(server, bot, as);
  const { page } = await desk("sam", { status: "away", path: "/app/analytics?tab=agents&range=today" });
  const figures = new Figures(page);
  const names = async () =>
    (await figures.rows("Agents")).map(([name]) => name).filter((name) => /Ida|Jonas/.test(name!));

  expect(await names()).toEqual(["Ida Nyberg", "Jonas Brandt"]);
  await page.getByRole("button", { name: "Rating", exact: true }).first().click();
  await expect(page).toHaveURL(/sort=rating/);
  const mean = (agent: Name) => {
    const given = tales.flatMap((tale) => (tale.agent === agent && tale.stars) || []);
    return given.reduce((a, b) => a + b, 0) / given.length;
  };
  const order = [...(["ida", "jonas"] as const)].sort((a, b) => mean(a) - mean(b));
  const full = { ida: "Ida Nyberg", jonas: "Jonas Brandt" };
  await expect.poll(names).toEqual(order.map((name) => full[name]));
  await page.reload();
  await figures.block("Agents").getByRole("cell").first().waitFor();
  expect(await names()).toEqual(order.map((name) => full[name]));

  await figures.tab("Queues").click();
  await expect(page).toHaveURL(/tab=queues/);
  const [queue] = await figures.rows("Queues");
  expect(queue!.slice(0, 2)).toEqual(["general", String(tales.length)]);
  expect(queue!.slice(8, 10)).toEqual([String(want.left), percent(want.left / want.ended)]);

  await figures.tab("Ratings").click();
  await expect(figures.key("Satisfied")).toHaveText(percent(want.satisfied));
  expect(await figures.bars("Stars")).toEqual(
    Object.fromEntries(
      [5, 4, 3, 2, 1].map((n) => [`${n} star${n === 1 ? "" : "s"}`, count((tale) => tale.stars === n)]),
    ),
  );
  const comments = figures.block("Comments");
  await expect(comments.getByRole("listitem")).toHaveCount(stars.length);
  await expect(comments).toContainText("Quick and kind");
});

test("16 Analytics: a figure opens its chats, a chat opens in the inbox, and Back leads to the list", async ({
  desk,
  bot,
  server,
  as,
}) => {
  const told = await tell(server, bot, as);
  const { page } = await desk("sam", { status: "away", path: "/app/analytics?tab=trends&range=7" });
  const figures = new Figures(page);
  await figures.key("Left the queue").getByRole("link").click();
  await expect(page.getByRole("dialog", { name: "Left the queue" }).getByRole("listitem")).toHaveCount(want.left);
  await page.keyboard.press("Escape");
  await expect(figures.dialog).toBeHidden();

  await figures.block("By priority").getByRole("link", { name: "1", exact: true }).first().click();
  const list = page.getByRole("dialog", { name: "Urgent" });
  await list.getByRole("link", { name: /Hana/ }).click();
  await expect(page).toHaveURL(new RegExp(`/app/chats/${told[0]!.id}$`));
  await expect(page.getByRole("log", { name: /^Chat with/ })).toContainText("How can I help?");
  await page.goBack();
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await list.getByRole("button", { name: "Close" }).click();

  // A day of a chart opens by the keyboard.
  await figures.chart("Chats per day").focus();
  await page.keyboard.press("End");
  await expect(figures.readOf("Chats per day")).toContainText(
    `Chats handled ${want.handled}, Left the queue ${want.left}`,
  );
  await page.keyboard.press("ArrowLeft");
  await expect(figures.readOf("Chats per day")).toContainText("Chats handled 0, Left the queue 0");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Chats" }).getByRole("listitem")).toHaveCount(tales.length);
});

test("16 Analytics: the view of the moment moves when a customer queues, is taken and leaves", async ({
  desk,
  server,
  as,
}) => {
  for (const name of ["ida", "jonas"] as const) await as(name).put("/v1/me", { status: "away" });
  const { page } = await desk("sam", { status: "away", path: "/app/analytics" });
  const figures = new Figures(page);
  await expect(figures.key("Waiting now")).toHaveText("0");
  const calls: string[] = [];
  page.on("request", (request) => calls.push(request.url()));

  const hana = await Visitor.arrive(server.url, "Hana Sato");
  const id = await hana.ask("The tent has a hole");
  await expect(figures.key("Waiting now")).toHaveText("1");
  await expect(figures.key("Longest wait")).toHaveText(/^\d+\u00a0s$/);
  await expect(figures.block("Waiting by queue").getByRole("row", { name: /general/ })).toContainText("1");
  const kai = await Visitor.arrive(server.url, "Kai");
  const second = await kai.ask("Where is my order?");
  await expect(figures.key("Waiting now")).toHaveText("2");
  await figures.key("Waiting now").getByRole("link").click();
  const list = page.getByRole("dialog", { name: "Waiting now" });
  await expect(list.getByRole("listitem")).toHaveText([/Hana Sato/, /Kai/]);
  await list.getByRole("button", { name: "Close" }).click();

  await as("ida").post(`/v1/sessions/${id}/takeover`);
  await expect(figures.key("Waiting now")).toHaveText("1");
  await expect(figures.key("Chats with agents")).toHaveText("1");
  await expect(figures.block(/^Agents$/).getByRole("row", { name: /Ida Nyberg/ })).toContainText("Hana Sato");
  await kai.post(`/v1/sessions/${second}/end`);
  await expect(figures.key("Waiting now")).toHaveText("0");
  expect(calls.filter((url) => url.includes("/v1/analytics") || url.includes("/v1/sessions"))).toEqual([]);
});

test("16 Analytics: what figures mean is what the server says of them", async ({ desk, as }) => {
  const { page } = await desk("sam", { status: "away", path: "/app/analytics?tab=trends" });
  await page.getByRole("button", { name: "What the figures mean" }).click();
  const { data } = await as("sam").get<{ data: { name: string; definition: string }[] }>("/v1/analytics/definitions");
  const list = page.getByRole("dialog").locator("dl > div");
  await expect(list).toHaveCount(data.length);
  const shown = await list.evaluateAll((all) =>
    all.map((one) => ({
      name: one.querySelector("dt")!.textContent,
      definition: one.querySelector("dd")!.textContent,
    })),
  );
  expect(shown).toEqual(data.map(({ name, definition }) => ({ name, definition })));
});

test("16 Analytics: agents have no entry, and a page that says why", async ({ desk }) => {
  const { page } = await desk("ida", { status: "away", path: "/app/analytics" });
  await expect(page.getByText("This page is for people with another role.")).toBeVisible();
  const rail = page.getByRole("navigation", { name: "Main" });
  await expect(rail.getByRole("link", { name: "Team" })).toBeVisible();
  await expect(rail.getByRole("link", { name: "Analytics" })).toHaveCount(0);
});
