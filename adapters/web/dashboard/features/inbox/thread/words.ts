// What happened in a chat, in words. A line that a later one tells better has none.
import { t, language, type MessageKey } from "../../../../shared/i18n.ts";
import { fullDuration, isolate, time } from "../../../../shared/format.ts";
import type { ActorRef, EndReason, EventData, Ref } from "../../../../shared/protocol.ts";
import type { Item, LineItem } from "../../../../shared/thread.ts";
import { priorityWord } from "../../../words.ts";

type LineType = LineItem["event"]["type"];
type Told<T extends LineType> = (data: EventData[T], by: ActorRef, told: Context) => string | null;

interface Context {
  /** The id of whoever reads. */
  me: string;
  /** How long the customer had waited when this happened, in seconds. */
  waited: number;
  /** Somebody of us had the chat when this happened. */
  owned: boolean;
}

/** The words for each line of a thread, by the line's key. Lines without words are left out. */
export function lineWords(items: readonly Item[], me: string): Map<string, string> {
  const words = new Map<string, string>();
  const last = items.findLast(settles);
  let since = 0;
  let owned = false;
  let before = "";
  for (const item of items) {
    if (item.kind === "seam" || (item.kind === "line" && restarts(item))) since = item.at;
    if (item.kind !== "line") {
      before = "";
      continue;
    }
    const { type } = item.event;
    const answered = type === "session.offered" && item !== last;
    const text = answered ? null : tell(item, { me, waited: (item.at - since) / 1000, owned });
    if (text && text === words.get(before)) words.delete(before);
    if (text) words.set(item.key, text);
    before = text ? item.key : before;
    if (joins.has(type)) owned = true;
    if (returns.has(type)) owned = false;
  }
  return words;
}

/** Whether the customer's wait begins anew: an offer to leave a message, say, changes nothing about it. */
const restarts = ({ event }: LineItem): boolean =>
  returns.has(event.type) && !(event.type === "session.waiting" && event.data.reason === "long_wait");
const returns = new Set<LineType>(["session.waiting", "session.transferred"]);
const joins = new Set<LineType>(["session.accepted", "session.assigned"]);
const outcomes = new Set<LineType>([
  "session.offered",
  "session.accepted",
  "session.declined",
  "session.expired",
  "session.assigned",
  "session.transferred",
  "session.ended",
]);
const settles = (item: Item): boolean => item.kind === "line" && outcomes.has(item.event.type);

/** Why a chat waits, again or in another way. */
const waitKeys: Record<NonNullable<EventData["session.waiting"]["reason"]>, MessageKey> = {
  agent_gone: "inbox.line_back",
  no_reply: "inbox.line_no_reply",
  after_hours: "inbox.line_after_hours",
  opened: "inbox.line_opened",
  long_wait: "inbox.line_long_wait",
};

const tellers: { [T in LineType]: Told<T> } = {
  "session.waiting": ({ reason }) => (reason ? t((waitKeys[reason] ?? "inbox.line_back") as "inbox.line_back") : null),
  "session.warned": ({ closes_at }) => t("inbox.line_warned", { time: time(Date.parse(closes_at), language()) }),
  "ticket.made": ({ email, text }) => t("inbox.line_ticket", { email: isolate(email), text: isolate(text) }),
  "session.offered": ({ agent, from }, _, { me }) => {
    if (agent.id === me)
      return from ? t("inbox.line_offered_you_by", { from: named(from) }) : t("inbox.line_offered_you");
    return from
      ? t("inbox.line_offered_by", { from: named(from), to: named(agent) })
      : t("inbox.line_offered", { to: named(agent) });
  },
  "session.accepted": ({ agent }, _, told) => joined(agent, told),
  "session.declined": ({ agent, reason }, _, { me }) => {
    const words = agent.id === me ? t("inbox.line_declined_you") : t("inbox.line_declined", { name: named(agent) });
    return reason ? `${words}: ${isolate(reason)}` : words;
  },
  "session.expired": ({ agent, withdrawn }, _, { me }) => {
    if (withdrawn) return t("inbox.line_withdrawn", { name: named(agent) });
    return agent.id === me ? t("inbox.line_missed_you") : t("inbox.line_missed", { name: named(agent) });
  },
  "session.assigned": ({ agent, forced }, by, told) => {
    const words = agent.id === by.id && !told.owned ? joined(agent, told) : assigned(agent, by, told.me);
    return forced ? t("inbox.line_forced", { what: words }) : words;
  },
  "session.transferred": ({ from, to, queue, too_long }, by, { me }) => {
    if (too_long && queue) return t("inbox.line_overflow", { to: named(queue) });
    const giver = from ?? by;
    const target = named(queue ?? to ?? {});
    return giver.id === me
      ? t("inbox.line_transferred_you", { to: target })
      : t("inbox.line_transferred", { from: named(giver), to: target });
  },
  "session.priority": ({ priority }, by, { me }) => {
    const word = priorityWord(priority);
    return by.id === me
      ? t("inbox.line_priority_you", { priority: word })
      : t("inbox.line_priority", { name: named(by), priority: word });
  },
  "session.updated": ({ subject, customer }, by, { me }) => {
    const name = named(by);
    if (subject !== undefined)
      return by.id === me
        ? t("inbox.line_subject_you", { subject: isolate(subject) })
        : t("inbox.line_subject", { name, subject: isolate(subject) });
    if (customer) return by.id === me ? t("inbox.line_contact_you") : t("inbox.line_contact", { name });
    return null;
  },
  "session.ended": ({ by: side, reason, summary }, by, { me }) => {
    // The end may follow from what somebody did, such as leaving a message.
    const words = ended(reason, side === "system" ? { role: "system" } : by, me);
    return summary ? `${words}. ${isolate(summary)}` : words;
  },
  "session.rated": ({ score, comment }) =>
    comment ? t("inbox.line_rated_comment", { score, comment: isolate(comment) }) : t("inbox.line_rated", { score }),
  "tag.added": ({ tag }, by, { me }) =>
    by.id === me
      ? t("inbox.line_tag_you", { tag: isolate(tag) })
      : t("inbox.line_tag", { name: named(by), tag: isolate(tag) }),
  "tag.removed": ({ tag }, by, { me }) =>
    by.id === me
      ? t("inbox.line_untag_you", { tag: isolate(tag) })
      : t("inbox.line_untag", { name: named(by), tag: isolate(tag) }),
};

function tell({ event }: LineItem, told: Context): string | null {
  return (tellers[event.type] as Told<LineType>)(event.data, event.actor, told);
}

function joined(agent: Ref, { me, waited }: Context): string {
  const after = fullDuration(waited, language());
  return agent.id === me
    ? t("inbox.line_joined_you", { after })
    : t("inbox.line_joined", { name: named(agent), after });
}

function assigned(agent: Ref, by: ActorRef, me: string): string {
  if (agent.id === by.id)
    return agent.id === me ? t("inbox.line_took_you") : t("inbox.line_took", { name: named(agent) });
  if (by.id === me) return t("inbox.line_assigned_you", { to: named(agent) });
  return t("inbox.line_assigned", { name: named(by), to: agent.id === me ? t("inbox.you_object") : named(agent) });
}

function ended(reason: EndReason, by: ActorRef, me: string): string {
  const outcome = endWord(reason);
  if (by.role === "customer") return t("inbox.line_ended_customer", { outcome });
  if (by.role === "system") return t("inbox.line_ended_system", { outcome });
  return by.id === me ? t("inbox.line_ended_you", { outcome }) : t("inbox.line_ended", { name: named(by), outcome });
}

/** Whoever did something, by name; a bot or the system by what it is. */
export function named(who: { name?: string; role?: string }): string {
  if (who.name) return isolate(who.name);
  if (who.role === "bot") return t("inbox.bot");
  return who.role === "customer" ? t("inbox.customer") : t("inbox.system");
}

const endKeys: Record<EndReason, MessageKey> = {
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

/** How a chat ended, as the end of a sentence: "solved", "the customer left". */
export const endWord = (reason: EndReason): string => t((endKeys[reason] ?? "inbox.end_error") as "inbox.end_resolved");
