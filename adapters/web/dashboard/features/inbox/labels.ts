// Names that programs gave, as people read them.
import { time } from "../../../shared/format.ts";
import { language, t } from "../../../shared/i18n.ts";
import type { Customer, Session, Wait } from "../../../shared/protocol.ts";

/** A key of a bot's context or a channel as a label: "order_id" gives "Order id". */
export function label(key: string): string {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_\-.]+/g, " ")
    .trim();
  const lower = words === words.toUpperCase() && words.length <= 4 ? words : words.toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

const channels: Record<string, string> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  messenger: "Messenger",
  instagram: "Instagram",
  sms: "SMS",
  api: "API",
};

/** The name of a channel in a sentence: "web", "WhatsApp". */
export const channelName = (channel: string): string => channels[channel] ?? channel;

/** The letter that stands for a channel. */
export const channelLetter = (channel: string): string => [...channelName(channel)][0]?.toUpperCase() ?? "";

/** What to call the customer of a session. */
export const customerName = ({ customer }: { customer: Customer }): string =>
  customer.name || customer.email || customer.phone || t("inbox.customer");

/** What a chat is about, in one line: its subject, or the first sentence of what is known. */
export function headline({ subject, summary, reason, last, customer }: Session): string {
  const known =
    subject || firstSentence(summary) || firstSentence(reason?.text ?? "") || firstSentence(last?.text ?? "");
  return known || customerName({ customer });
}

function firstSentence(text: string): string {
  const line = text.trim().split(/\n/u)[0] ?? "";
  return /^.*?[.!?。？！](?=\s|$)/u.exec(line)?.[0].replace(/[.。]$/u, "") ?? line;
}

/** Until when a chat is kept after hours, in few words: "Mon 09:00"; empty when nobody knows. */
export function keptUntil({ after_hours }: Session, now: number): string {
  const at = Date.parse(after_hours?.next_opening ?? "");
  if (Number.isNaN(at)) return "";
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  const day = at - now < 6 * 86_400_000 ? { weekday: "short" } : { day: "numeric", month: "short" };
  if (today) return time(at, language());
  return `${new Intl.DateTimeFormat(language(), day as Intl.DateTimeFormatOptions).format(at)} ${time(at, language())}`;
}

/** What the customer of a chat in the queue is told of his wait, in minutes; empty when it is not known. */
export function waitTold(wait: Wait | null): string {
  if (!wait) return "";
  const [low, high] = [wait.low, wait.high].map((seconds) => Math.max(1, Math.round(seconds / 60))) as [number, number];
  return low < high ? t("inbox.wait_range", { low, high }) : t("inbox.wait_about", { n: high });
}
