// What holds by a schedule at a time, for a preview while somebody writes it. It reads the wall clock of the schedule's
// zone and says times as that clock will show them; the server alone decides what holds.
import { minutesOfDay, rangeOf, weekdays, type Range, type Week } from "./week.ts";
import type { Holiday } from "./calls.ts";

/** A time by the wall clock: days from today on, and a minute of that day. */
export interface Moment {
  days: number;
  minute: number;
  /** The date, as YYYY-MM-DD. */
  date: string;
}

export interface Condition {
  open: boolean;
  /** When that changes; null when it does not within a year. */
  until: Moment | null;
  /** The name of a day that is not like the others, today. */
  holiday: string;
}

const daysAhead = 370;
const dayMs = 86_400_000;

/** What a clock on a wall of a zone shows. */
export function wallClock(zone: string, at: number): { date: string; minute: number } {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)!.value;
  return { date: `${of("year")}-${of("month")}-${of("day")}`, minute: Number(of("hour")) * 60 + Number(of("minute")) };
}

/** addDays gives the date so many days later. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** weekdayOf gives the day of the week of a date. */
export const weekdayOf = (date: string): (typeof weekdays)[number] =>
  weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7]!;

/** holidayOn gives what is said of a date: of two that meet, the one with a year counts. */
export function holidayOn(days: readonly Holiday[], date: string): Holiday | undefined {
  return days.find((day) => day.date === date) ?? days.find((day) => day.date === date.slice(5));
}

/** conditionAt says what holds by a week and its days at a time. */
export function conditionAt(week: Week, days: readonly Holiday[], zone: string, at: number): Condition {
  const { date, minute } = wallClock(zone, at);
  const spans = joined(spansAround(week, days, date));
  const now = spans.find(({ from, to }) => from <= minute && minute < to);
  const next = spans.find(({ from }) => from > minute);
  const until = now ? (now.to >= daysAhead * minutesOfDay ? null : now.to) : (next?.from ?? null);
  return {
    open: now !== undefined,
    until: until === null ? null : momentOf(date, until),
    holiday: holidayOn(days, date)?.name ?? "",
  };
}

/** nextOpening gives when it opens next after a time; when it is open, after the next closing. */
export function nextOpening(week: Week, days: readonly Holiday[], zone: string, at: number): Moment | null {
  const { date, minute } = wallClock(zone, at);
  const next = joined(spansAround(week, days, date)).find(({ from }) => from > minute);
  return next ? momentOf(date, next.from) : null;
}

const momentOf = (today: string, minutes: number): Moment => {
  const days = Math.floor(minutes / minutesOfDay);
  return { days, minute: minutes - days * minutesOfDay, date: addDays(today, days) };
};

/** The spans from yesterday on, in minutes from the beginning of today. */
function spansAround(week: Week, days: readonly Holiday[], today: string): Range[] {
  const all: Range[] = [];
  for (let day = -1; day <= daysAhead; day++) {
    const date = addDays(today, day);
    const own = holidayOn(days, date);
    const cut = holidayOn(days, addDays(date, 1)) !== undefined; // a night ends where a day of its own begins
    for (const span of own ? own.spans : week[weekdayOf(date)]) {
      const range = rangeOf(span);
      if (!range) continue;
      const to = cut ? Math.min(range.to, minutesOfDay) : range.to;
      all.push({ from: range.from + day * minutesOfDay, to: to + day * minutesOfDay });
    }
  }
  return all.sort((a, b) => a.from - b.from);
}

/** joined makes one of spans that touch. */
function joined(spans: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const { from, to } of spans) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}

/** atWallClock gives when a clock on a wall of a zone shows a date and a time; null for what is no time. */
export function atWallClock(zone: string, date: string, time: string): number | null {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wanted)) return null;
  // What the wall shows at a guess says how far the guess is off; a second look gets past a change of the clock.
  let at = wanted;
  for (let look = 0; look < 2; look++) {
    const shown = wallClock(zone, at);
    at += wanted - (Date.parse(`${shown.date}T00:00:00Z`) + shown.minute * 60_000);
  }
  return at;
}
