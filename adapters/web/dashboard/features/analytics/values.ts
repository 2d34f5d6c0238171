// Figures as people read them, and how they changed.
import { language, t } from "../../../shared/i18n.ts";

export type Kind = "count" | "average" | "seconds" | "stars" | "share";

/** What stands where there is no figure. */
export const none = "–";

const number = (value: number, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(language(), options).format(value);

/** seconds is how long something took: "0.4 s", "38 s", "7:42", "1.5 h". */
export function seconds(value: number): string {
  const unit = (of: number, digits: number, name: string) =>
    `${number(of, { maximumFractionDigits: digits })}\u00a0${name}`;
  if (value < 9.95) return unit(value, 1, "s");
  const whole = Math.round(value);
  if (whole < 60) return unit(whole, 0, "s");
  if (whole < 3600) return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  const hours = value / 3600;
  return hours < 48 ? unit(hours, 1, "h") : unit(hours, 0, "h");
}

const writers: Record<Kind, (value: number) => string> = {
  count: (value) => number(value),
  average: (value) => number(value, { maximumFractionDigits: 2 }),
  seconds,
  stars: (value) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  share: (value) => number(value, { style: "percent", maximumFractionDigits: 1 }),
};

/** write shows a figure of a kind; a dash when there is none. */
export const write = (kind: Kind, value: number | null | undefined): string =>
  value === null || value === undefined ? none : writers[kind](value);

/** share is a part of a whole, null of nothing. */
export const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/**
 * change says how a figure differs from the one before: counts in percent of it, the others by how much. It is null when
 * one of them is not there.
 */
export function change(kind: Kind, now: number | null | undefined, before: number | null | undefined): string | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const by = now - before;
  if (kind === "count") return before === 0 ? signed(by, writers.count) : signed(by / before, percent);
  if (kind === "share") return t("figures.points", { n: signed(by * 100, tenth) });
  return signed(by, writers[kind]);
}

const percent = (value: number): string => number(value, { style: "percent", maximumFractionDigits: 0 });
const tenth = (value: number): string => number(value, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** A difference with its sign; one that rounds to nothing has none. */
function signed(by: number, writer: (value: number) => string): string {
  const text = writer(Math.abs(by));
  if (text === writer(0)) return `±${text}`;
  return `${by < 0 ? "−" : "+"}${text}`;
}
