// The hours of a week as they are written and drawn. Times are minutes of their day; a span that ends on the next day
// ends beyond 24 hours. The server's rules are those of core/hours: an end that is not after its beginning is on the next day.

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** A span as it is written: times such as 09:30, empty while somebody types. */
export interface Span {
  from: string;
  to: string;
}

export type Week = Record<Weekday, Span[]>;

export const minutesOfDay = 24 * 60;
export const mostSpans = 12;
const step = 15;
const shortest = 15;

/** parseClock reads 09:30; null for what is no time. */
export function parseClock(text: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

/** clock writes a minute, also one of the next day. */
export function clock(minute: number): string {
  const of = ((minute % minutesOfDay) + minutesOfDay) % minutesOfDay;
  return `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`;
}

export interface Range {
  from: number;
  /** After from; beyond 24 hours on the next day. */
  to: number;
}

/** rangeOf reads a span; null while one of its times is missing. */
export function rangeOf({ from, to }: Span): Range | null {
  const [begins, ends] = [parseClock(from), parseClock(to)];
  if (begins === null || ends === null) return null;
  return { from: begins, to: ends > begins ? ends : ends + minutesOfDay };
}

/** overnight says whether a span ends on the next day, later than its midnight. */
export const overnight = (span: Span): boolean => (rangeOf(span)?.to ?? 0) > minutesOfDay;

/** What is drawn in the bar of a day: a span of this day, or the rest of a night that began on the day before. */
export interface Block extends Range {
  day: Weekday;
  /** Its place among the spans of that day. */
  at: number;
  /** It goes on beyond this bar. */
  goesOn: boolean;
  /** It is the rest of a night. */
  rest: boolean;
}

/** blocksOf gives what is drawn in the bar of a day. */
export function blocksOf(week: Week, day: Weekday): Block[] {
  const before = weekdays.at(weekdays.indexOf(day) - 1)!;
  const rests = ranges(week[before])
    .filter(({ to }) => to > minutesOfDay)
    .map(({ to, at }) => ({ day: before, at, from: 0, to: to - minutesOfDay, goesOn: false, rest: true }));
  const own = ranges(week[day]).map(({ from, to, at }) => {
    return { day, at, from, to: Math.min(to, minutesOfDay), goesOn: to > minutesOfDay, rest: false };
  });
  return [...rests, ...own];
}

const ranges = (spans: readonly Span[]): (Range & { at: number })[] =>
  spans.flatMap((span, at) => {
    const range = rangeOf(span);
    return range ? [{ ...range, at }] : [];
  });

export type Grip = "from" | "to" | "all";

/**
 * dragged gives the spans of a day after one was taken at a grip and moved by some minutes from where it was. Times fall
 * on quarters of an hour, and a span stops at its neighbours.
 */
export function dragged(spans: readonly Span[], at: number, grip: Grip, by: number): Span[] {
  const was = rangeOf(spans[at]!);
  if (!was) return [...spans];
  const others = ranges(spans).filter((other) => other.at !== at);
  const floor = Math.max(0, ...others.filter(({ to }) => to <= was.from).map(({ to }) => to));
  const next = Math.min(...others.filter(({ from }) => from >= was.to).map(({ from }) => from));
  const ceiling = Number.isFinite(next)
    ? next
    : Math.max(minutesOfDay, was.to > minutesOfDay ? was.from + minutesOfDay : 0);
  const now = { ...was };
  if (grip === "from") now.from = clamp(snap(was.from + by), floor, was.to - shortest);
  else if (grip === "to") now.to = clamp(snap(was.to + by), was.from + shortest, ceiling);
  else {
    const length = was.to - was.from;
    now.from = clamp(snap(was.from + by), floor, Math.max(floor, Math.min(ceiling - length, minutesOfDay - step)));
    now.to = now.from + length;
  }
  return spans.map((span, i) => (i === at ? { from: clock(now.from), to: clock(now.to) } : span));
}

/** drawn gives the spans of a day with one that was drawn between two minutes of free time, and its place; or null. */
export function drawn(spans: readonly Span[], a: number, b: number): { spans: Span[]; at: number } | null {
  const [low, high] = [Math.max(0, snap(Math.min(a, b))), Math.min(minutesOfDay, snap(Math.max(a, b)))];
  const taken = ranges(spans).some(({ from, to }) => low < to && from < high);
  if (high - low < shortest || taken || spans.length >= mostSpans) return null;
  return { spans: [...spans, { from: clock(low), to: clock(high) }], at: spans.length };
}

/** added gives the spans of a day with one more: a working day, or what fits best after the others. */
export function added(spans: readonly Span[]): Span[] {
  const known = ranges(spans).sort((a, b) => a.from - b.from);
  if (known.length === 0) return [...spans, { from: "09:00", to: "17:00" }];
  const last = known.at(-1)!;
  const begins = last.to + 60;
  if (begins + 60 <= minutesOfDay)
    return [...spans, { from: clock(begins), to: clock(Math.min(begins + 240, minutesOfDay)) }];
  const first = known[0]!.from;
  if (first >= 60) return [...spans, { from: clock(Math.max(0, first - 300)), to: clock(Math.max(60, first - 60)) }];
  return [...spans, { from: "", to: "" }];
}

/** copied gives a week in which other days have the hours of one. */
export function copied(week: Week, from: Weekday, to: readonly Weekday[]): Week {
  const now = { ...week };
  for (const day of to) now[day] = week[from].map((span) => ({ ...span }));
  return now;
}

/** inOrder gives spans from the first on; those that are no times yet stay at the end. */
export const inOrder = (spans: readonly Span[]): Span[] =>
  [...spans].sort((a, b) => (rangeOf(a)?.from ?? Infinity) - (rangeOf(b)?.from ?? Infinity));

/** What is wrong with a span. */
export type Fault = "missing" | "overlap" | "next_day";

/** faultsIn finds what the server would refuse in a day; `tomorrow` are the spans of the next one. */
export function faultsIn(spans: readonly Span[], tomorrow: readonly Span[] = []): Map<number, Fault> {
  const faults = new Map<number, Fault>();
  for (const [at, span] of spans.entries()) if (!rangeOf(span)) faults.set(at, "missing");
  const known = ranges(spans).sort((a, b) => a.from - b.from || a.to - b.to);
  for (const [i, { from, at }] of known.entries()) {
    const before = known[i - 1];
    if (before && from < before.to) faults.set(at, "overlap");
  }
  const first = Math.min(...ranges(tomorrow).map(({ from }) => from));
  for (const { to, at } of known) if (to - minutesOfDay > first && !faults.has(at)) faults.set(at, "next_day");
  return faults;
}

/** faultsOfWeek is faultsIn for each day, of days with faults only. */
export function faultsOfWeek(week: Week): Map<Weekday, Map<number, Fault>> {
  const all = new Map<Weekday, Map<number, Fault>>();
  for (const [i, day] of weekdays.entries()) {
    const faults = faultsIn(week[day], week[weekdays[(i + 1) % weekdays.length]!]);
    if (faults.size > 0) all.set(day, faults);
  }
  return all;
}

const snap = (minute: number): number => Math.round(minute / step) * step;
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));
