// What an admin sets for the whole desk, and what customers see of it at once.
import { sound, still } from "./axe.ts";
import type { Row } from "./calls.ts";
import { expect, test } from "./fixtures.ts";
import { hours, never, Rules } from "./pages/rules.ts";
import { refusals } from "./watch.ts";

test("17 Settings: hours, a holiday, limits and the text of after hours, seen in an open widget without a reload", async ({
  desk,
  shop,
  as,
}) => {
  const olga = await desk("olga", { status: "away" });
  const { page } = olga;
  const hana = await shop();
  await hana.openChat();
  await expect(hana.button("Talk to a person")).toBeVisible();

  await page.keyboard.press("g");
  await page.keyboard.press(",");
  const settings = new Rules(page);
  await expect(page.getByRole("heading", { level: 2, name: "Business hours" })).toBeVisible();
  await settings.button("New schedule").click();
  await settings.dialog.getByRole("textbox", { name: /^Name/ }).fill("Office");
  await settings.dialog.getByRole("button", { name: "Make schedule" }).click();
  await expect(page.getByRole("heading", { level: 3, name: "Office" })).toBeVisible();

  // Monday is dragged, Tuesday typed, and the week is copied.
  const bar = page.getByRole("group", { name: "Monday" }).locator(".bar");
  await bar.scrollIntoViewIfNeeded();
  const { x, y, width } = (await bar.boundingBox())!;
  await page.mouse.move(x + (width * 17) / 24 - 3, y + 10);
  await page.mouse.down();
  await page.mouse.move(x + (width * 19) / 24 - 3, y + 10, { steps: 4 });
  await page.mouse.up();
  await expect(settings.field("Monday 1: closes")).toHaveValue("19:00");
  await settings.field("Tuesday 1: opens").fill("18:00");
  await expect(page.getByRole("group", { name: "Tuesday" })).toContainText("until Wednesday");
  await expect(page.getByRole("group", { name: "Tuesday" })).toContainText("Reaches into the hours of the next day.");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(settings.field("Tuesday 1: opens")).toBeFocused();
  await expect(settings.bar).toContainText("2 changes");
  await settings.button("More for Monday").click();
  await page.getByRole("menuitem", { name: "Copy to Monday to Friday" }).click();
  await expect(settings.field("Friday 1: closes")).toHaveValue("19:00");
  await expect(settings.bar).toContainText("5 changes");

  // Who leaves is asked, and stays, also by the browser's Back.
  await page.getByRole("link", { name: "Holidays" }).click();
  await expect(settings.dialog).toContainText("5 changes are not saved.");
  await settings.dialog.getByRole("button", { name: "Stay here" }).click();
  await page.goBack();
  await settings.dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(settings.field("Friday 1: closes")).toHaveValue("19:00");
  await settings.save();

  // Every day is closed, for the queue of the widget, and the widget says so.
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]) {
    await settings.button(`More for ${day}`).click();
    await page.getByRole("menuitem", { name: "Closed all day" }).click();
  }
  await expect(page.getByText("Once saved: closed now, and does not open.")).toBeVisible();
  await page.getByRole("checkbox", { name: "general" }).check();
  await settings.save();
  await expect(page.getByText("Closed now, and does not open.")).toBeVisible();
  await expect(hana.chat.getByRole("heading", { level: 1, name: "We are closed right now" })).toBeVisible();

  await settings.open("After hours");
  await settings.field("Text, English").fill("The desk sleeps. Back ");
  await settings.button("Insert next opening").click();
  await expect(settings.field("Text, English")).toHaveValue("The desk sleeps. Back {next_opening}");
  await page.getByRole("tab", { name: "German" }).click();
  await settings.field("Text, German").fill("Der Schalter schläft.");
  await expect(page.getByRole("figure").getByText("Der Schalter schläft.")).toBeVisible();
  await expect(settings.bar).toContainText("2 changes");
  await settings.save();
  await hana.topic.fill("Anybody?");
  await hana.button("Leave a message").click();
  await expect(hana.chat.getByText("The desk sleeps. Back")).toBeVisible();

  await settings.open("Holidays");
  await page.getByRole("link", { name: /^Office/ }).click();
  await settings.button("Add day").click();
  await settings.dialog.getByRole("textbox", { name: "Date" }).fill("2026-12-24");
  await settings.dialog.getByRole("textbox", { name: /^Name/ }).fill("Christmas Eve");
  await settings.dialog.getByRole("radio", { name: /^Open at other times/ }).check();
  await settings.dialog.getByLabel("Christmas Eve 1: closes").fill("12:00");
  await settings.dialog.getByRole("checkbox", { name: /^Every year/ }).check();
  await settings.dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("row", { name: /Christmas Eve/ })).toContainText("every year");
  await settings.save();
  const { data: schedules } = await as("olga").get<{ data: Row[] }>("/v1/schedules");
  expect(schedules.find(({ name }) => name === "Office")!.days).toEqual([
    { date: "12-24", name: "Christmas Eve", spans: [{ from: "09:00", to: "12:00" }] },
  ]);

  await settings.open("Queues");
  await settings.field("Longest wait").fill("10");
  await settings.field("Then").selectOption("The customer may leave a message");
  await settings.field("First answer within").fill("90");
  await settings.field("First answer within: unit").selectOption("seconds");
  await expect(page.getByText(/says nothing within 1 minute, 30 seconds loses the chat/)).toBeVisible();
  await settings.field("End after").fill("5");
  await expect(page.getByText("Nobody is cut off unwarned")).toBeVisible();
  await settings.field("Warn after").fill("20");
  await page.getByRole("radio", { name: /^Words without figures/ }).check();
  await settings.save();
  const { data: queues } = await as("olga").get<{ data: Row[] }>("/v1/queues");
  expect(queues.find(({ name }) => name === "general")).toMatchObject({
    max_wait: 600,
    when_too_long: { do: "message", queue: null },
    first_reply: 90,
    idle_warning: 1200,
    idle_close: 300,
    show: "words",
  });
});

test("17 Settings: a file of holidays says what it added and where it is broken, and a time can be asked about", async ({
  desk,
  as,
  watch,
}) => {
  watch.allow(refusals(409, 422));
  await hours(as("olga"), { week: [{ day: "thu", spans: [{ from: "09:00", to: "18:00" }] }] });
  const { page } = await desk("olga", { status: "away", path: "/app/settings/holidays" });
  const settings = new Rules(page);
  const calendar = (...events: string[]) => ({
    name: "days.ics",
    mimeType: "text/calendar",
    buffer: Buffer.from(["BEGIN:VCALENDAR", ...events, "END:VCALENDAR", ""].join("\r\n")),
  });
  const bring = async (file: ReturnType<typeof calendar>) => {
    await settings.dialog.getByLabel("Calendar file").setInputFiles(file);
    await settings.dialog.getByRole("button", { name: "Import", exact: true }).click();
  };
  await settings.button("Import .ics").click();
  await bring(calendar("BEGIN:VEVENT", "DTSTART:soon", "END:VEVENT"));
  await expect(settings.dialog).toContainText(/Line 3: .*soon.* is no date/i);
  await bring(
    calendar(
      ...["BEGIN:VEVENT", "DTSTART;VALUE=DATE:20261224", "SUMMARY:Christmas Eve", "END:VEVENT"],
      ...["BEGIN:VEVENT", "DTSTART:20261201T100000Z", "DTEND:20261201T110000Z", "SUMMARY:Meeting", "END:VEVENT"],
    ),
  );
  await expect(page.getByRole("dialog", { name: "1 day was added" })).toContainText(/Christmas Eve.*Line 6:.*Meeting/s);
  await settings.dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Christmas Eve/ })).toContainText("Closed");

  await settings.open("Business hours");
  await settings.field("Date").fill("2026-12-24");
  await settings.field("Time").fill("10:00");
  await settings.field("Queue").selectOption("general");
  await settings.field("Priority").selectOption("urgent");
  await settings.field("Language").fill("de");
  await settings.button("Ask").click();
  await expect(
    page.getByText(/is closed, Christmas Eve, until .*An urgent chat in de would come after hours/),
  ).toBeVisible();

  // Somebody else was quicker: what was written stays, and the next try is on what he made of it.
  const { data } = await as("olga").get<{ data: Row[] }>("/v1/schedules");
  const office = data.find(({ name }) => name === "Office")!;
  await settings.field("Name").fill("Bureau");
  await as("olga").patch(`/v1/schedules/${office.id}`, { time_zone: "Europe/Paris" });
  await page.keyboard.press("ControlOrMeta+s");
  await expect(settings.bar).toContainText(/Somebody else changed Office meanwhile/);
  await expect(settings.field("Time zone")).toHaveValue("Europe/Paris");
  await settings.save();
  await expect(page.getByRole("heading", { level: 3, name: "Bureau" })).toBeVisible();

  // What cannot be removed says why; what can is gone.
  await expect(settings.button("Remove schedule")).toBeDisabled();
  await page.getByRole("link", { name: /^Always open/ }).click();
  await settings.button("Remove schedule").click();
  await settings.dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("link", { name: /^Always open/ })).toHaveCount(0);
});

test("17 Settings: an agent has no such page, and the API refuses him", async ({ desk, as, watch }) => {
  watch.allow(refusals(403));
  const { page } = await desk("ida", { status: "away", path: "/app/settings/queues" });
  await expect(page.getByText("This page is for people with another role.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Settings/ })).toHaveCount(0);
  const { data } = await as("ida").get<{ data: Row[] }>("/v1/queues");
  await expect(as("ida").patch(`/v1/queues/${data[0]!.id}`, { max_wait: 60 })).rejects.toMatchObject({ status: 403 });
  await expect(as("ida").post("/v1/schedules", { name: "Mine", week: never })).rejects.toMatchObject({ status: 403 });
  await expect(as("ida").put("/v1/settings", { name: "Mine" })).rejects.toMatchObject({ status: 403 });
});

test("20 Access: the pages of settings have no faults", async ({ desk, as }) => {
  test.slow();
  await hours(as("olga"), {
    week: [
      { day: "mon", spans: [{ from: "09:00", to: "12:00" }] },
      { day: "sat", spans: [{ from: "22:00", to: "06:00" }] },
    ],
    days: [{ date: "12-24", name: "Christmas Eve", spans: [{ from: "09:00", to: "12:00" }] }],
  });
  const { page } = await desk("olga", { ...still, status: "away", path: "/app/settings" });
  const settings = new Rules(page);
  await settings.field("Monday 1: closes").fill("08:00");
  await settings.field("Tuesday 1: opens").or(settings.button("Add hours to Tuesday")).first().click();
  await expect(settings.bar).toBeVisible();
  await sound(page, "business hours, changed");
  await page.getByRole("link", { name: "Holidays" }).click();
  await expect(settings.dialog).toBeVisible();
  await sound(page, "leave?");
  await settings.dialog.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("row", { name: /Christmas Eve/ })).toBeVisible();
  await sound(page, "holidays");
  await settings.button(/^Edit/).click();
  await sound(page, "a holiday");
  await page.keyboard.press("Escape");
  await settings.button("Import .ics").click();
  await sound(page, "import");
  await page.keyboard.press("Escape");
  await settings.open("After hours");
  await sound(page, "after hours");
  await settings.open("Queues");
  await settings.field("Longest wait").fill("5");
  await settings.field("End after").fill("5");
  await sound(page, "queues, with a fault");
  await settings.button("Discard").click();
  await settings.button("New queue").click();
  await sound(page, "new queue");
});
