// The days of a schedule that are not like the others, as a form has them: each under a name of its own, which is the date
// that it has on the server, so that a date can be changed.
import type { Day, Holiday, Schedule } from "../calls.ts";
import { dayToSend, holidayOf } from "../schedule.ts";
import { faultsIn } from "../week.ts";

export interface DaysValue {
  days: Record<string, Holiday>;
}

export const valueOf = ({ days }: Pick<Schedule, "days">): DaysValue => ({
  days: Object.fromEntries(days.map((day) => [day.date, holidayOf(day)])),
});

export const toSend = ({ days }: DaysValue): Day[] => Object.values(days).map(dayToSend);

/** A day of a year's list, with the name that the form has it under. */
export interface Listed extends Holiday {
  key: string;
  /** It comes every year. */
  yearly: boolean;
}

export const isYearly = (date: string): boolean => date.length === 5;

/** inYear gives the days of a year in their order, those of every year among them. */
export function inYear({ days }: DaysValue, year: number): Listed[] {
  return Object.entries(days)
    .map(([key, day]) => ({ key, ...day, yearly: isYearly(day.date) }))
    .filter(({ date, yearly }) => yearly || date.startsWith(`${year}-`))
    .sort((a, b) => (a.date.slice(-5) < b.date.slice(-5) ? -1 : 1));
}

/** What is wrong with a day that is about to be kept. */
export type DayFault = "date_missing" | "date_taken" | "spans";

/** faultOf finds what the server would refuse; `others` are the dates that are taken. */
export function faultOf({ date, spans }: Holiday, others: readonly string[]): DayFault | null {
  if (!/^(\d{4}-)?\d\d-\d\d$/.test(date)) return "date_missing";
  if (others.includes(date)) return "date_taken";
  return faultsIn(spans).size > 0 ? "spans" : null;
}
