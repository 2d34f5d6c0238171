// A schedule as forms have it, and as the server takes it.
import type { Day, Holiday, Schedule } from "./calls.ts";
import { inOrder, weekdays, type Week } from "./week.ts";

/** weekOf gives the seven days of a schedule. */
export function weekOf(schedule: Pick<Schedule, "week">): Week {
  const spansOn = (day: string) => schedule.week.find((one) => one.day === day)?.spans ?? [];
  return Object.fromEntries(weekdays.map((day) => [day, inOrder(spansOn(day).map((span) => ({ ...span })))])) as Week;
}

/** weekToSend is a week as the server takes it: all days, so that the place of each is known when one is refused. */
export const weekToSend = (week: Week): Schedule["week"] => weekdays.map((day) => ({ day, spans: week[day] }));

export const holidayOf = ({ date, name = "", spans }: Day): Holiday => ({ date, name, spans: spans ?? [] });

export const dayToSend = ({ date, name, spans }: Holiday): Day =>
  spans.length > 0 ? { date, name, spans } : { date, name, closed: true };
