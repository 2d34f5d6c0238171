// What a list of chats has in common, in words, from the conditions of its call.
import { isolate } from "../../../shared/format.ts";
import { language, t } from "../../../shared/i18n.ts";
import { clock, dayIn, plus, span, weekday } from "./days.ts";
import { channelName, outcomeName, partName, priorityName, statusName, termName, type Term } from "./words.ts";

/** The names of what stands in conditions by its id. */
export interface Names {
  queue: (id: string) => string;
  agent: (id: string) => string;
  bot: (id: string) => string;
}

/** Lists of the moment that no call gives: who waits for too long, and who waits without those kept for an opening. */
export const lateList = "now=late";
export const waitingList = "now=waiting";

const marks: Record<string, Term> = {
  answered: "answered",
  replied: "first_response",
  abandoned: "abandoned",
  overflowed: "overflowed",
  after_hours: "after_hours",
  reopened: "reopened",
  transferred: "transferred",
  rated: "rating",
  promised: "promised",
  promise_kept: "promise_kept",
  with_bot: "bot_time",
};

const statusOf = (value: string): string => {
  if (value === "pending,waiting,active") return termName("active");
  return value === "pending,waiting" ? t("figures.waiting_now") : statusName(value);
};

const words: Record<string, (value: string, names: Names, all: URLSearchParams) => string> = {
  now: (value) => (value === "late" ? t("figures.late") : t("figures.waiting_now")),
  status: (value) => statusOf(value),
  is: (value) => (marks[value] ? termName(marks[value]) : value),
  priority: (value) => priorityName(value),
  outcome: (value) => outcomeName(value),
  channel: (value) => channelName(value),
  reason: (value) => partName("reason", value, value),
  tag: (value) => partName("tag", value, value),
  rating: (value) => t("figures.stars", { n: Number(value) }),
  bot: (value, names) => partName("bot", value, isolate(names.bot(value))),
  agent: (value, names) => isolate(names.agent(value)),
  handled_by: (value, names) => isolate(names.agent(value)),
  was_offered: (value, names) => t("figures.was_offered", { agent: isolate(names.agent(value)) }),
  passed_by: (value, names) => t("figures.passed_by", { agent: isolate(names.agent(value)) }),
  overflowed_from: (value, names) => t("figures.overflowed_from", { queue: isolate(names.queue(value)) }),
  weekday: (value, _, all) =>
    t("figures.at_hour", { day: weekday(Number(value), language(), "long"), hour: clock(Number(all.get("hour"))) }),
  queue: (value, names) => value.split(",").map(names.queue).map(isolate).join(", "),
};

/** titleOf names a list. */
export function titleOf(list: string, names: Names): string {
  const all = new URLSearchParams(list);
  const parts = Object.keys(words).flatMap((name) => {
    const value = all.get(name);
    return value ? [words[name]!(value, names, all)] : [];
  });
  return parts.length > 0 ? parts.join(" · ") : termName("sessions");
}

/** periodOf is the days that a list is about; empty when it is about all times. */
export function periodOf(list: string, zone: string): string {
  const all = new URLSearchParams(list);
  const [from, to] = [Date.parse(all.get("from") ?? ""), Date.parse(all.get("to") ?? "")];
  if (Number.isNaN(from) || Number.isNaN(to)) return "";
  const last = dayIn(zone, to);
  // The end is the first moment that does not belong to it: midnight of the day after.
  const end = dayIn(zone, to - 1) < last ? plus(last, -1) : last;
  return span(dayIn(zone, from), end, language());
}
