// Who waits, for how long, and what becomes of it: what customers are told, and what agents see.
import type { Page } from "@playwright/test";
import { sound, still } from "./axe.ts";
import { handoff, type Row } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import type { Shop } from "./pages/shop.ts";
import { rules } from "./pages/rules.ts";
import type { Name } from "./team.ts";

test("4 Queue: three customers and one agent with room for one: places and estimates that move", async ({
  desk,
  shop,
  as,
}) => {
  const ida = await desk("ida");
  await expect(ida.group("Mine")).toBeVisible();
  await as("ida").put("/v1/me", { capacity: 1 });
  const [ann, bo, cleo, dora] = [await shop(), await shop(), await shop(), await shop()];
  const asks = async (customer: Shop, words: string, place: 1 | 2 | 3) => {
    await customer.ask(words);
    await expect(customer.place(place)).toBeVisible();
    const { data } = await as("ida").get<{ data: Row[] }>("/v1/sessions?status=waiting,pending&limit=1");
    return data[0]!.id;
  };
  await asks(ann, "I am ann", 1);
  await asks(bo, "I am bo", 2);
  const cleos = await asks(cleo, "I am cleo", 3);
  await expect(cleo.chat.getByText(/About \d+ to \d+ minutes to go\./).first()).toBeVisible();

  await ida.offers.getByRole("button", { name: /^Accept/ }).click();
  await expect(bo.place(1)).toBeVisible();
  await expect(cleo.place(2)).toBeVisible();

  const doras = await asks(dora, "I am dora", 3);
  await cleo.button("Leave the queue").click();
  await cleo.button("Leave").click();
  await expect(dora.place(2)).toBeVisible();
  expect((await as("ida").get(`/v1/sessions/${cleos}`)).end).toMatchObject({ by: "customer", reason: "abandoned" });

  await as("ida").patch(`/v1/sessions/${doras}`, { priority: "urgent" });
  await expect(dora.place(1)).toBeVisible();
  await expect(bo.place(2)).toBeVisible();

  // The agent who looks at it sees place and wait, whatever customers are told.
  await ida.look("Queue", "I am bo");
  await expect(ida.page.getByText(/^place 2/)).toBeVisible();
  await rules(as("olga"), { show: "nothing" });
  await bo.page.reload();
  await expect(bo.chat.getByText("We are looking for somebody for you.").first()).toBeVisible();
  await expect(bo.place(2)).toHaveCount(0);
  await rules(as("olga"), { show: "words" });
  await bo.page.reload();
  await expect(bo.chat.getByText(/in a moment|a few minutes|a while|looking for somebody/).first()).toBeVisible();
  await expect(ida.page.getByText(/^place 2/)).toBeVisible();
});

test("14 Assignment: three agents get chats in turn", async ({ desk, bot, as }) => {
  await rules(as("olga"), { strategy: "round_robin" });
  const names: Name[] = ["ida", "jonas", "sam"];
  for (const name of names) await expect((await desk(name)).group("Mine")).toBeVisible();
  const got: string[] = [];
  for (let n = 0; n < 6; n++) {
    const { id } = await bot.post("/v1/handoffs", handoff());
    const offeredTo = async () => {
      const { offer } = await as("olga").get<{ offer: { agent: { id: string; name: string } } | null }>(
        `/v1/sessions/${id}`,
      );
      return offer?.agent.name ?? "";
    };
    await expect.poll(offeredTo).not.toBe("");
    const name = await offeredTo();
    got.push(name);
    const first = name.split(" ")[0]!.toLowerCase() as Name;
    await as(first).post(`/v1/sessions/${id}/accept`);
  }
  expect(new Set(got.slice(0, 3)).size, "each of the three gets one").toBe(3);
  expect(got.slice(3), "and then they do again, in the same order").toEqual(got.slice(0, 3));
});

test("14 Assignment: who does not answer in time loses the chat, which goes to a colleague", async ({
  desk,
  shop,
  as,
}) => {
  await rules(as("olga"), { first_reply: 3 });
  const hana = await shop();
  await hana.ask("The tent has a hole");
  const ida = await desk("ida", { status: "away" });
  await ida.take("The tent has a hole");
  await expect(hana.thread).toContainText("Ida joined");
  // Nothing is said.
  await expect(ida.composer).toHaveCount(0, { timeout: 20_000 });
  await expect(ida.thread).toContainText("Taken back: no first answer. Back in the queue");
  await expect(hana.place(1)).toBeVisible();
  const jonas = await desk("jonas", { status: "away" });
  await jonas.take("The tent has a hole");
  await jonas.say("I am sorry. Which tent?");
  await expect(hana.thread).toContainText("Which tent?");
  // Who answered keeps it.
  await hana.say("The green one");
  await expect(jonas.thread).toContainText("The green one");
  await expect(jonas.composer).toBeVisible();
});

test("14 Timers turn warm and hot, the late are counted, and a sound calls at four fifths of the time", async ({
  desk,
  bot,
  as,
}) => {
  const ida = await desk("ida", { ...still, status: "away" });
  await expect(ida.group("Mine")).toBeVisible();
  const { id } = await bot.post("/v1/handoffs", handoff({ routing: { priority: "urgent" } }));
  await as("ida").post(`/v1/sessions/${id}/takeover`);
  await as("ida").say(id, "Hello, I am looking.");
  await bot.post(`/v1/sessions/${id}/messages`, { client_id: crypto.randomUUID(), text: "And?", as: "customer" });
  for (let n = 0; n < 9; n++)
    await bot.post(
      "/v1/handoffs",
      handoff({ subject: `Waiting ${n}`, customer: { external_id: `w${n}`, name: `Waiter ${n}` }, routing: { priority: "urgent" } }), // prettier-ignore
    );

  // The clock of the browser is moved; the server has no part in it.
  const { page } = ida;
  await page.clock.install();
  await page.reload();
  await ida.group("Mine").click();
  const row = ida.row("Hana Sato");
  await expect(row).toBeVisible();
  const heat = (of: Page) => of.locator("[data-session] .gauge").first();
  await expect(heat(page)).toHaveClass(/cool/);
  await page.clock.fastForward("01:02");
  await expect(heat(page)).toHaveClass(/warm/);
  await expect(row.locator("time.warm")).toBeVisible();
  expect(await ida.heard()).not.toContain("late");
  await page.clock.fastForward("00:36");
  await expect.poll(() => ida.heard(), "a sound at 80 %").toContain("late");
  await page.clock.fastForward("00:30");
  await expect(heat(page)).toHaveClass(/hot/);
  await expect(row.locator("time.hot")).toBeVisible();
  await ida.group("Queue").click();
  await expect(page.getByText("9 late", { exact: true })).toBeVisible();
  await sound(page, "a queue in which many are late");
});
