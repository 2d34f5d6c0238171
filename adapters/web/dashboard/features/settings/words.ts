// Times, days and durations as the pages of settings say them.
import { fullDuration, time } from "../../../shared/format.ts";
import { language, t } from "../../../shared/i18n.ts";
import { addDays, wallClock, type Condition, type Moment } from "./almanac.ts";
import type { Probe } from "./calls.ts";
import { weekdays, type Fault, type Weekday } from "./week.ts";

const sunday = Date.UTC(2024, 0, 7);
const dayMs = 86_400_000;

/** The name of a day of the week. */
export function dayName(day: Weekday, weekday: "long" | "short" = "long"): string {
  const at = sunday + (weekdays.indexOf(day) + 1) * dayMs;
  return new Intl.DateTimeFormat(language(), { weekday, timeZone: "UTC" }).format(at);
}

/** A date of the calendar, such as 24 December 2026, with its weekday unless it comes every year. */
export function dateName(date: string): string {
  const yearly = date.length === 5;
  const at = Date.parse(`${yearly ? `2024-${date}` : date}T00:00:00Z`);
  if (Number.isNaN(at)) return date;
  const options: Intl.DateTimeFormatOptions = yearly
    ? { day: "numeric", month: "long" }
    : { weekday: "short", day: "numeric", month: "long", year: "numeric" };
  return new Intl.DateTimeFormat(language(), { ...options, timeZone: "UTC" }).format(at);
}

/** A time of the day by a wall clock. */
export const clockName = (minute: number, locale = language()): string => time(minute * 60_000, locale, "UTC");

/** When something will be by the wall clock: "today at 18:00", "Monday at 09:00". */
export function momentName({ days, minute, date }: Moment): string {
  const at = clockName(minute);
  if (days === 0) return t("options.when_today", { time: at });
  if (days === 1) return t("options.when_tomorrow", { time: at });
  const options: Intl.DateTimeFormatOptions = days < 7 ? {} : { day: "numeric", month: "long" };
  const day = new Intl.DateTimeFormat(language(), { weekday: "long", ...options, timeZone: "UTC" });
  return t("options.when_day", { day: day.format(Date.parse(`${date}T00:00:00Z`)), time: at });
}

/** momentOf says how a wall clock in a zone shows a time, from now on. */
export function momentOf(zone: string, at: number, now: number): Moment {
  const today = wallClock(zone, now).date;
  const { date, minute } = wallClock(zone, at);
  let days = 0;
  while (days < 400 && addDays(today, days) < date) days++;
  return { days, minute, date };
}

/** What a schedule says now, in one line: whether it is open, and how long that holds. */
export function stateLine(
  schedule: { open: boolean; next_change: string | null; time_zone: string },
  now: number,
): string {
  const { open, next_change, time_zone } = schedule;
  if (next_change === null) return open ? t("options.state_open_always") : t("options.state_closed_always");
  const at = Date.parse(next_change);
  const left = fullDuration(Math.max(60, Math.round((at - now) / 60_000) * 60), language());
  const when = momentName(momentOf(time_zone, at, now));
  return open ? t("options.state_open", { left, when }) : t("options.state_closed", { left, when });
}

/** What would hold now by what is written and not saved yet. */
export function draftLine({ open, until }: Condition): string {
  if (until === null) return open ? t("options.draft_open_always") : t("options.draft_closed_always");
  const when = momentName(until);
  return open ? t("options.draft_open", { when }) : t("options.draft_closed", { when });
}

/** What holds at a time that was asked for, and what would become of a chat; the server says the same in English. */
export function probeLines(answer: Probe, zone: string): string {
  const day = answer.holiday === null ? "" : t("options.probe_holiday", { holiday: answer.holiday });
  return [probeLine(answer, zone), day, chatLine(answer)].filter(Boolean).join(" ");
}

function chatLine({ goes, kept }: Probe): string {
  if (goes === null) return "";
  if (goes === "line") return t("options.probe_in_line");
  return kept === true ? t("options.probe_kept") : t("options.probe_ends");
}

function probeLine({ at, open, next_change }: Probe, zone: string): string {
  if (next_change === null) return open ? t("options.probe_open") : t("options.probe_closed");
  const asked = Date.parse(at);
  const { date, minute, days } = momentOf(zone, Date.parse(next_change), asked);
  const when = days === 0 ? clockName(minute) : t("options.when_day", { day: dateName(date), time: clockName(minute) });
  return open ? t("options.probe_open_until", { when }) : t("options.probe_closed_until", { when });
}

const faults: Record<Fault, () => string> = {
  missing: () => t("options.fault_missing"),
  overlap: () => t("options.fault_overlap"),
  next_day: () => t("options.fault_next_day"),
};

export const faultWords = (fault: Fault): string => faults[fault]();

/** A duration in words, such as "2 minutes". */
export const durationName = (seconds: number): string => fullDuration(seconds, language());

/** The name of a language in the language of the page. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
