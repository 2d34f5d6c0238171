// What the figures are called.
import { language, t, type MessageKey } from "../../../shared/i18n.ts";
import type { EndReason, Priority, Status } from "../../../shared/protocol.ts";
import { priorityWord, reasonWord } from "../../words.ts";
import type { By, CountName } from "./types.ts";

/** The figures that have a definition, in the order in which they are explained. */
export const defined = [
  "period",
  "sessions",
  "active",
  "ended",
  "answered",
  "abandoned",
  "overflowed",
  "after_hours",
  "reopened",
  "transferred",
  "wait",
  "first_response",
  "duration",
  "handle",
  "bot_time",
  "promised",
  "promise_kept",
  "promises",
  "quantiles",
  "rating",
  "satisfied",
  "messages",
  "chat_messages",
  "waiting",
  "average_waiting",
  "chats",
  "agent_first_response",
  "agent_handle",
  "worked",
  "states",
  "occupancy",
  "offered",
  "heatmap",
  "decisions",
] as const;
export type Term = (typeof defined)[number];

/** The name of a figure. */
export const termName = (term: Term): string => t(`figures.name_${term}`);
/** What a figure is. */
export const termMeans = (term: Term): string => t(`figures.def_${term}`);

const known = new Set<string>(defined);
/** isTerm says whether we have words for a figure in the language of the page. */
export const isTerm = (id: string): id is Term => known.has(id);

/** The name of a count. */
export const countName = (name: CountName): string => termName(name);

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

/** A priority as a label. */
export const priorityName = (priority: string): string => capital(priorityWord(priority as Priority));

const statuses: Record<Status, MessageKey> = {
  pending: "figures.status_pending",
  waiting: "figures.status_waiting",
  active: "figures.status_active",
  ended: "figures.status_ended",
};

export const statusName = (status: string): string =>
  t((statuses[status as Status] ?? statuses.ended) as "common.close");

const outcomes: Record<EndReason, MessageKey> = {
  resolved: "inbox.end_resolved",
  unsolved: "inbox.end_unsolved",
  spam: "inbox.end_spam",
  duplicate: "inbox.end_duplicate",
  customer_left: "inbox.end_customer_left",
  abandoned: "inbox.end_abandoned",
  no_answer: "inbox.end_no_answer",
  no_agent: "inbox.end_no_agent",
  after_hours: "inbox.end_after_hours",
  bot: "inbox.end_bot",
  error: "inbox.end_error",
};

/** How a chat ended, as a label. */
export const outcomeName = (outcome: string): string =>
  outcome in outcomes ? capital(t(outcomes[outcome as EndReason] as "common.close")) : outcome;

const programs: Record<string, string> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  messenger: "Messenger",
  instagram: "Instagram",
  sms: "SMS",
  api: "API",
};

export const channelName = (channel: string): string => programs[channel] ?? capital(channel);

/** The parts of a division, as labels. */
export function partName(by: By, key: string, name: string): string {
  if (key === "none") return t(`figures.none_${by === "bot" || by === "reason" || by === "tag" ? by : "other"}`);
  switch (by) {
    case "priority":
      return priorityName(key);
    case "status":
      return statusName(key);
    case "channel":
      return channelName(key);
    case "reason":
      return reasonWord(key) || key;
    case "outcome":
      return outcomeName(key);
    case "tag":
      return `#${name}`;
    default:
      return name;
  }
}

const hooks: Record<string, MessageKey> = {
  assign: "figures.hook_assign",
  prioritise: "figures.hook_prioritise",
  after_hours: "figures.hook_after_hours",
  overflow: "figures.hook_overflow",
  tag: "figures.hook_tag",
  reply: "figures.hook_reply",
  on_event: "figures.hook_on_event",
};

/** What a script is asked. */
export const hookName = (hook: string): string => (hooks[hook] ? t(hooks[hook] as "common.close") : hook);
