// Values as people read them. Locales are BCP 47 names; times are milliseconds.

/** duration is short: "43 s", "2:12", "1 h", "3 d". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s}\u00a0s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  return s < 86_400 ? `${Math.floor(s / 3600)}\u00a0h` : `${Math.floor(s / 86_400)}\u00a0d`;
}

/** fullDuration is in words: "2 minutes, 12 seconds". */
export function fullDuration(seconds: number, locale: string): string {
  const s = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(s / 86_400), "day"],
    [Math.floor(s / 3600) % 24, "hour"],
    [Math.floor(s / 60) % 60, "minute"],
    [s % 60, "second"],
  ] as const;
  const first = parts.findIndex(([n]) => n > 0);
  const told = parts.slice(first < 0 ? 3 : first).slice(0, 2);
  return told
    .filter(([n], i) => n > 0 || i === 0)
    .map(([n, unit]) => number(locale, { style: "unit", unit, unitDisplay: "long" }).format(n))
    .join(", ");
}

/** time is the time of day. */
export const time = (at: number, locale: string, timeZone?: string): string =>
  date(locale, { hour: "2-digit", minute: "2-digit", timeZone }).format(at);

/** fullTime is day and time, for titles and screen readers. */
export const fullTime = (at: number, locale: string): string =>
  date(locale, { dateStyle: "full", timeStyle: "short" }).format(at);

/** day is "today" or "yesterday" in the words of the locale, else the date. */
export function day(at: number, now: number, locale: string): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0 || days === 1) return capital(relative(locale).format(-days, "day"), locale);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return date(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: sameYear ? undefined : "numeric",
  }).format(at);
}

/** ago says how long something is past: "4 minutes ago". */
export function ago(at: number, now: number, locale: string): string {
  const s = Math.max(0, Math.round((now - at) / 1000));
  if (s < 60) return relative(locale).format(0, "second");
  if (s < 3600) return relative(locale).format(-Math.floor(s / 60), "minute");
  if (s < 86_400) return relative(locale).format(-Math.floor(s / 3600), "hour");
  return relative(locale).format(-Math.floor(s / 86_400), "day");
}

/** localTime is the time of day in a time zone, or null when there is no such zone. */
export function localTime(timeZone: string, now: number, locale: string): string | null {
  try {
    return time(now, locale, timeZone);
  } catch {
    return null;
  }
}

/** bytes is the size of a file: "184 kB". */
export function bytes(n: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = n < 1000 ? 0 : n < 1e6 ? 1 : n < 1e9 ? 2 : 3;
  const shown = n / 1000 ** step;
  return number(locale, {
    style: "unit",
    unit: units[step],
    maximumFractionDigits: shown < 10 && step > 1 ? 1 : 0,
  }).format(shown);
}

/** initials are the first characters, as readers see them, of a name's first and last word. */
export function initials(name: string): string {
  const words = plain(name)
    .split(/[\s.@_-]+/u)
    .filter((word) => /[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(word));
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends.map((word) => firstCharacter(word).toLocaleUpperCase()).join("") || "?";
}

/** firstName is how a tab or a greeting calls somebody. A name in one piece stays whole. */
export const firstName = (name: string): string => plain(name).trim().split(/\s+/u)[0] ?? "";

/**
 * isolate keeps a text from changing the direction of what stands around it, where markup cannot: in titles and
 * notifications. Characters that turn the text around them are taken out.
 */
export const isolate = (text: string): string => `\u2068${plain(text)}\u2069`;

/** plain takes out characters that have no look of their own but change that of others. */
export const plain = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/gu, "");

/** cutTo keeps the first characters, as readers see them. */
export function cutTo(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const kept = [...segments(text, characters + 1)];
  return kept.length <= characters ? text : `${kept.slice(0, characters).join("")}…`;
}

function* segments(text: string, most: number): Generator<string> {
  for (const { segment } of graphemes().segment(text)) {
    if (most-- === 0) return;
    yield segment;
  }
}

const firstCharacter = (word: string): string => segments(word, 1).next().value ?? "";

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const capital = (text: string, locale: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** kept makes a formatter once for each set of options: making one takes longer than a hundred uses. */
function kept<O, F>(make: (locale: string, options: O) => F): (locale: string, options: O) => F {
  const made = new Map<string, F>();
  return (locale, options) => {
    const key = locale + JSON.stringify(options);
    let formatter = made.get(key);
    if (!formatter) made.set(key, (formatter = make(locale, options)));
    return formatter;
  };
}

const date = kept((locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options));
const number = kept((locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const relativeKept = kept(
  (locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options),
);
const relative = (locale: string): Intl.RelativeTimeFormat => relativeKept(locale, { numeric: "auto" });
const graphemesKept = kept((locale, options: Intl.SegmenterOptions) => new Intl.Segmenter(locale, options));
const graphemes = (): Intl.Segmenter => graphemesKept("und", { granularity: "grapheme" });
