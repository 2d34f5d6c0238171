// Times to come, as the visitor's own clock shows them.
import { language, t } from "../../shared/i18n.ts";

const format = (at: number, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(language(), options).format(at);

export const clockTime = (at: number): string => format(at, { hour: "2-digit", minute: "2-digit" });

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** when says a time to come: "today at 18:00", "tomorrow at 08:00", "on Monday at 09:00", with the date from a week on. */
export function when(at: number, now: number): string {
  const days = Math.round((midnight(at) - midnight(now)) / 86_400_000);
  const time = clockTime(at);
  if (days < 1) return t("afterwards.today", { time });
  if (days === 1) return t("afterwards.tomorrow", { time });
  const date: Intl.DateTimeFormatOptions = days < 7 ? {} : { day: "numeric", month: "long" };
  return t("afterwards.on_day", { day: format(at, { weekday: "long", ...date }), time });
}

/** lasted is a length of time in its largest whole unit: "30 minutes". */
export function lasted(seconds: number, locale: string): string {
  const [unit, length] =
    seconds < 60 ? (["second", 1] as const) : seconds < 3600 ? (["minute", 60] as const) : (["hour", 3600] as const);
  const count = Math.round(seconds / length);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);
}
