// What customers find while nobody is there, what becomes of it, and how it goes on when somebody is.
import { sound, still } from "./axe.ts";
import { handoff, type Row } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import { afterHours, always, hours, never, rules } from "./pages/rules.ts";
import { inside } from "./pages/shop.ts";

const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** opening is a week that is closed now and opens in two days at 09:00 in Berlin, and when that is. */
function opening(): { week: object[]; at: Date } {
  const soon = new Date(Date.now() + 2 * 86_400_000);
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(soon);
  const noon = new Date(`${date}T12:00:00Z`);
  // At noon of that day the clock in Berlin is so many hours ahead.
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "2-digit", hourCycle: "h23" });
  const ahead = Number(shown.format(noon)) - 12;
  return {
    week: [{ day: weekdays[noon.getUTCDay()]!, spans: [{ from: "09:00", to: "10:00" }] }],
    at: new Date(noon.getTime() - (3 + ahead) * 3_600_000),
  };
}

const in_ = (zone: string, at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en", { timeZone: zone, ...options }).format(at);

test("10 After hours: the next opening in the visitor's zone, and a form whose ticket an agent finds", async ({
  shop,
  desk,
  as,
}) => {
  const { week, at } = opening();
  await hours(as("olga"), { week });
  await rules(as("olga"), {
    after_hours: { ...afterHours, texts: { en: "Nobody is at the desk. We are back {next_opening}." } },
  });
  const zone = "America/New_York";
  const day = in_(zone, at, { weekday: "long" });
  const hana = await shop({ ...still, timezoneId: zone });
  await hana.openChat();
  await expect(hana.chat.getByRole("heading", { level: 1, name: "We are closed right now" })).toBeVisible();
  const when = new RegExp(`We are back (on ${day}|tomorrow) at 0?3:00.AM, your time`);
  await expect(hana.chat.getByRole("heading", { level: 2, name: when })).toBeVisible();
  await sound(await inside(hana), "closed");

  // What was written comes along, and the desk's words name the same time.
  await hana.topic.fill("The tent has a hole");
  await hana.button("Leave a message").click();
  await expect(hana.chat.getByText(new RegExp(`Nobody is at the desk\\. We are back .*at 03:00`))).toBeVisible();
  await expect(hana.chat.getByLabel("Your message")).toHaveValue("The tent has a hole");
  await sound(await inside(hana), "leave a message");
  const { data } = await as("ida").get<{ data: Row[] }>("/v1/sessions?status=waiting");
  const session = data[0]!.id;
  expect(data[0]!.after_hours).toMatchObject({ reason: "closed", next_opening: at.toISOString() });

  // Until he decides, the chat is kept: agents see it, and until when.
  const ida = await desk("ida", { status: "away" });
  await ida.group("Queue").click();
  const until = in_("Europe/Berlin", at, { weekday: "short" });
  await expect(ida.row("The tent has a hole")).toContainText(new RegExp(`Kept after hours.*until ${until} 0?9:00`));
  await ida.look("Queue", "The tent has a hole");
  await expect(ida.page.getByText(new RegExp(`^kept until ${until} 0?9:00`))).toBeVisible();
  await expect(ida.thread).toContainText("Nobody is there: kept until the opening");
  await sound(ida.page, "a chat that is kept");

  await hana.button("Keep the chat and come back").click();
  await expect(hana.chat.getByText("Your chat is kept until then")).toBeVisible();
  await sound(await inside(hana), "a kept chat");
  await hana.button("Leave a message").click();
  await hana.chat.getByLabel("Your email").fill("hana@example.com");
  await hana.button("Send message").click();
  await expect(hana.chat.getByRole("heading", { name: "Your message is with us" })).toBeVisible();
  await expect(hana.chat.getByText(/We answer to hana@example\.com when we are back/)).toBeVisible();
  await sound(await inside(hana), "a message was left");

  await expect(ida.thread).toContainText(/left a message for .?hana@example\.com.?: “.?The tent has a hole.?”/);
  await expect(ida.thread).toContainText("The chat was ended: outside of opening hours");
  await expect(ida.panel.getByRole("button", { name: /^Messages left/ })).toBeVisible();
  await expect(ida.panel.getByRole("link", { name: "hana@example.com" })).toBeVisible();
  await expect(ida.panel).toContainText("The tent has a hole");
  await sound(ida.page, "a ticket in the panel");
  expect((await as("ida").get(`/v1/sessions/${session}`)).end).toMatchObject({ reason: "after_hours" });

  // In a later chat the record leads back to this one.
  await hours(as("olga"), { name: "Always", week: always });
  await hana.button("Done").click();
  await hana.topic.fill("Me again");
  await hana.button("Talk to a person").click();
  await expect(hana.place(1)).toBeVisible();
  await ida.look("Queue", "Me again");
  await expect(ida.panel.getByRole("link", { name: "Open the chat" })).toHaveAttribute("href", `/app/chats/${session}`);
});

test("10 After hours: on a holiday it says so, and the opening makes the chat and the widget live without a reload", async ({
  shop,
  desk,
  as,
}) => {
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(Date.now());
  const schedule = await hours(as("olga"), {
    week: always,
    days: [{ date: today, name: "Feast of tents", closed: true }],
  });
  const hana = await shop();
  const liv = await shop();
  await liv.openChat();
  await expect(liv.chat.getByRole("heading", { level: 1, name: "We are closed right now" })).toBeVisible();
  await hana.openChat();
  await hana.topic.fill("The tent has a hole");
  await hana.button("Leave a message").click();
  await expect(hana.chat.getByText(/holiday today/)).toBeVisible();
  const { data } = await as("ida").get<{ data: Row[] }>("/v1/sessions?status=waiting");
  expect(data[0]!.after_hours).toMatchObject({ reason: "holiday" });
  await hana.button("Keep the chat and come back").click();
  await hana.say("Still true");

  await as("olga").patch(`/v1/schedules/${schedule}`, { days: [] });
  await expect(hana.place(1)).toBeVisible();
  await expect(liv.button("Talk to a person")).toBeVisible();
  const ida = await desk("ida", { status: "away" });
  await ida.take("Still true");
  await expect(ida.thread).toContainText("Open again: in the queue");
  await expect(hana.thread).toContainText("Ida joined");
  expect(await ida.said()).toEqual(expect.arrayContaining(["The tent has a hole", "Still true"]));
});

test("10 After hours: a chat that is not kept ends with the message, and nobody there counts as closed", async ({
  shop,
  as,
  bot,
}) => {
  await rules(as("olga"), {
    after_hours: { ...afterHours, keep: false, ask: false, no_agents: true, texts: { en: "All out." } },
  });
  const hana = await shop();
  await hana.ask("Hello?");
  await expect(hana.thread).toContainText("All out.");
  await expect(hana.button("Start a new chat")).toBeVisible();
  const made = await bot.post("/v1/handoffs", handoff());
  expect(made).toMatchObject({ status: "ended", after_hours: { reason: "no_agents", text: "All out.", ask: null } });
});

test("10 After hours: who waits for too long may leave a message, and goes on waiting if he likes", async ({
  shop,
  desk,
  as,
}) => {
  await rules(as("olga"), { max_wait: 1, when_too_long: { do: "message", queue: null } });
  const hana = await shop(still);
  await hana.ask("The tent has a hole");
  await expect(hana.button("Leave a message")).toBeVisible();
  await sound(await inside(hana), "a long wait");
  await hana.button("Leave a message").click();
  await hana.button("Back to the queue").click();
  await expect(hana.place(1)).toBeVisible();
  const ida = await desk("ida", { status: "away" });
  await ida.look("Queue", "The tent has a hole");
  await expect(ida.thread).toContainText("Waits for a long time: may leave a message");
  await hana.button("Leave a message").click();
  await hana.chat.getByLabel("Your email").fill("hana@example.com");
  await hana.button("Send message").click();
  await expect(hana.chat.getByText("We answer to hana@example.com as soon as somebody is free.")).toBeVisible();
  await expect(ida.thread).toContainText(/left a message for .?hana@example\.com/);
});

test("10 After hours: who says nothing is warned, may stay, and can go on after the end", async ({ talk, as }) => {
  await rules(as("olga"), { idle_warning: 2, idle_close: 4 });
  const { ida, hana } = await talk();
  await ida.say("Which tent is it?");
  const warning = hana.chat.getByText(/^This chat ends at .* unless you write\.$/);
  await expect(warning).toBeVisible();
  await expect(ida.thread).toContainText("The customer was warned");
  await hana.button("I am still here").click();
  await expect(warning).toHaveCount(0);
  await expect(ida.thread).toContainText("I am still here");
  await ida.say("Good. Which one?");
  await expect(hana.chat.getByText(/^Closed after \d+ seconds without messages\.$/)).toBeVisible({ timeout: 20_000 });
  await sound(await inside(hana), "ended by silence");
  await hana.button("Continue").click();
  await expect(hana.place(1)).toBeVisible();
});

test("10 After hours: those who wait at closing time are told and kept", async ({ shop, as }) => {
  const schedule = await hours(as("olga"), { week: always });
  await rules(as("olga"), { closing: "tell", after_hours: { ...afterHours, texts: { en: "That was it for today." } } });
  const hana = await shop();
  await hana.ask("The tent has a hole");
  await expect(hana.place(1)).toBeVisible();
  await as("olga").patch(`/v1/schedules/${schedule}`, { week: never });
  await expect(hana.chat.getByText("That was it for today.").first()).toBeVisible();
  await expect(hana.place(1)).toHaveCount(0);
});
