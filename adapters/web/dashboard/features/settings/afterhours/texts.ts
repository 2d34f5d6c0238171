// The languages of what is said after hours, and what stands in for the next opening.
import type { Moment } from "../almanac.ts";
import { clock } from "../week.ts";

/** Stands in a text for when the queue opens next, as the customer's clock will show it. */
export const placeholder = "{next_opening}";

/** Those in which there is always something to say: a script words it when nobody wrote it. */
export const ownLanguages: readonly string[] = ["en", "de"];

const others = [
  "ar",
  "cs",
  "da",
  "el",
  "es",
  "fi",
  "fr",
  "he",
  "hu",
  "it",
  "ja",
  "ko",
  "nb",
  "nl",
  "pl",
  "pt",
  "ro",
  "ru",
  "sk",
  "sv",
  "tr",
  "uk",
  "vi",
  "zh",
];

export const languagesToAdd = (there: readonly string[]): string[] => others.filter((tag) => !there.includes(tag));

/** When the queue opens next, as the server puts it into a text: in German, or in English. It reads after "We are back". */
export function nextOpeningIn(language: string, { date, days, minute }: Moment): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  const part = (locale: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(at);
  if (language.startsWith("de")) {
    const time = `${clock(minute)} Uhr`;
    if (days < 2) return `${days === 0 ? "heute" : "morgen"} um ${time}`;
    return `am ${part("de", { weekday: "long" })}, ${part("de", { day: "numeric", month: "long" })}, um ${time}`;
  }
  if (days < 2) return `${days === 0 ? "today" : "tomorrow"} at ${clock(minute)}`;
  return `on ${part("en-GB", { weekday: "long" })} ${part("en-GB", { day: "numeric", month: "long" })} at ${clock(minute)}`;
}

/** filled puts the next opening into a text. */
export const filled = (text: string, opening: string): string => text.replaceAll(placeholder, opening);
