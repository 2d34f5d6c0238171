// Days as the server writes them, "2026-10-29", and what people read.

const length = 86_400_000;

/** dayIn is the day that it is in a time zone. */
export function dayIn(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
  return parts.slice(0, 10);
}

/** plus is the day so many days later, or earlier. */
export const plus = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * length).toISOString().slice(0, 10);

/** daysIn counts the days of a period, both ends included. */
export const daysIn = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / length) + 1;

/** isDay says whether a text is a day that exists. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && plusNothing(text) === text;

function plusNothing(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? "" : new Date(at).toISOString().slice(0, 10);
}

// A day is midnight in UTC here, and nothing but its date is shown.
const written = (day: string, locale: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(Date.parse(day));

/** shortDay stands under a chart: "20 Oct". */
export const shortDay = (day: string, locale: string): string =>
  written(day, locale, { day: "numeric", month: "short" });

/** longDay is in full: "Tue, 20 Oct 2026". */
export const longDay = (day: string, locale: string): string =>
  written(day, locale, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

/** span is a period: "20 Oct – 29 Oct 2026", or one day. */
export function span(from: string, to: string, locale: string): string {
  if (from === to) return longDay(from, locale);
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(locale, options).formatRange(Date.parse(from), Date.parse(to));
}

/** weekday is the name of a day of the week, 0 for Monday. */
export const weekday = (at: number, locale: string, width: "short" | "long" = "short"): string =>
  written(plus("2024-01-01", at), locale, { weekday: width }); // a Monday

/** clock is an hour of the day as its beginning: "9:00". */
export const clock = (hour: number): string => `${hour}:00`;
