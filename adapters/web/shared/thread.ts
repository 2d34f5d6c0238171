// A talk as it is read: the log of a session and what is on its way into it, made into the items of a thread. Nothing
// here draws anything.
import type { Pending, PendingState } from "./outbox.ts";
import type {
  ActorRef,
  Attachment,
  EventRow,
  EventType,
  Posted,
  Receipt,
  Requested,
  SessionEvent,
} from "./protocol.ts";

/** Log is the part of a session's log that was read: everything after seq `from`, up to `have`. */
export class Log {
  rows: EventRow[] = [];
  from: number;

  constructor(after: number) {
    this.from = after;
  }

  /** The seq of the last event. */
  get have(): number {
    return this.rows.at(-1)?.seq ?? this.from;
  }

  /** Whether nothing older is missing. */
  get complete(): boolean {
    return this.from === 0 || this.rows[0]?.prev === 0;
  }

  /** append adds the events that follow; what is known already is passed over. */
  append(rows: readonly EventRow[]): void {
    for (const row of rows) if (row.seq > this.have) this.rows.push(row);
  }

  /** prepend adds the events after a seq, up to the first one that is known. */
  prepend(after: number, rows: readonly EventRow[]): void {
    this.rows.unshift(...rows.filter((row) => row.seq <= this.from));
    this.from = after;
  }
}

/** On which side of the thread a message stands, as seen by its reader. */
export type Voice = "own" | "customer" | "agent" | "bot" | "system";

export interface ReceiptView {
  state: "sending" | "sent" | "delivered" | "read";
  /** When that happened, if we saw it happen. */
  at: number | null;
}

export interface DayItem {
  kind: "day";
  key: string;
  at: number;
}

export interface MessageItem {
  kind: "message";
  key: string;
  /** null while the server does not have it. */
  seq: number | null;
  at: number;
  author: ActorRef;
  side: Voice;
  text: string;
  attachments: readonly Attachment[];
  /** It is from before the handoff. */
  history: boolean;
  /** Only staff see it. */
  whisper: boolean;
  /** Whether it begins, and ends, what its author said within a few minutes. */
  first: boolean;
  last: boolean;
  state: "posted" | PendingState;
  clientId: string | null;
  error: { code: string; detail: string } | null;
  /** Stands under the last message of one's own. */
  receipt: ReceiptView | null;
}

export interface NoteItem {
  kind: "note";
  key: string;
  seq: number;
  at: number;
  author: ActorRef;
  text: string;
}

/** Something that happened and is no talk. */
export interface LineItem {
  kind: "line";
  key: string;
  seq: number;
  at: number;
  event: SessionEvent<Exclude<EventType, "message.posted" | "note.added" | "session.requested">>;
}

/** Where the bot ends and the person begins. */
export interface SeamItem {
  kind: "seam";
  key: string;
  seq: number;
  at: number;
  requested: Requested;
}

/** Stands before the first message that was new when the chat was opened. */
export interface UnreadItem {
  kind: "unread";
  key: "unread";
}

export type Item = DayItem | MessageItem | NoteItem | LineItem | SeamItem | UnreadItem;

export interface ThreadView {
  rows: readonly EventRow[];
  pending: readonly Pending[];
  /** Who reads: an agent by id, or the customer. */
  reader: { agent: string; name?: string } | "customer";
  /** How far the other side has got. */
  theirs: Receipt;
  /** When the other side's marks moved, as far as we saw it. */
  theirsAt?: { delivered?: number; read?: number };
  /** What comes after this seq was new when the chat was opened; null for nothing. */
  unreadFrom: number | null;
}

const runMs = 3 * 60_000;

/**
 * makeItems makes the thread of a talk. Items that did not change are those of the thread before, so that a view only
 * draws what is new.
 */
export function makeItems(view: ThreadView, before: readonly Item[] = []): Item[] {
  const items: Item[] = view.rows.map((row) => itemOf(row, view));
  const posted = new Set(items.map((item) => item.kind === "message" && item.side === "own" && item.clientId));
  for (const message of view.pending) if (!posted.has(message.client_id)) items.push(pendingItem(message, view));
  markRuns(items);
  markReceipt(items, view);
  return reuse(withDays(withUnread(items, view.unreadFrom)), before);
}

/** splitSeam cuts a thread into the talk with the bot, the seam, and what came after. */
export function splitSeam(items: readonly Item[]): { bot: Item[]; seam: SeamItem | null; after: Item[] } {
  const at = items.findIndex((item) => item.kind === "seam");
  if (at < 0) return { bot: [], seam: null, after: [...items] };
  return { bot: items.slice(0, at), seam: items[at] as SeamItem, after: items.slice(at + 1) };
}

function itemOf({ seq, event }: EventRow, view: ThreadView): Item {
  const at = Date.parse(event.at);
  switch (event.type) {
    case "message.posted":
      return messageItem(seq, at, event.data, view);
    case "note.added":
      return { kind: "note", key: event.data.id, seq, at, author: event.actor, text: event.data.text };
    case "session.requested":
      return { kind: "seam", key: "seam", seq, at, requested: event.data };
  }
  return { kind: "line", key: `e${seq}`, seq, at, event };
}

function messageItem(seq: number, at: number, posted: Posted, view: ThreadView): MessageItem {
  const clientId = posted.client_id ?? null;
  const side = voiceOf(posted.author, view);
  return {
    kind: "message",
    key: side === "own" && clientId ? clientId : posted.id,
    seq,
    at,
    author: posted.author,
    side,
    text: posted.text,
    attachments: posted.attachments,
    history: posted.history ?? false,
    whisper: posted.whisper ?? false,
    first: true,
    last: true,
    state: "posted",
    clientId,
    error: null,
    receipt: null,
  };
}

function pendingItem(message: Pending, view: ThreadView): MessageItem {
  const reader = view.reader;
  return {
    kind: "message",
    key: message.client_id,
    seq: null,
    at: message.at,
    author: reader === "customer" ? { role: "customer" } : { role: "agent", id: reader.agent, name: reader.name },
    side: "own",
    text: message.text,
    attachments: message.attachments,
    history: false,
    whisper: false,
    first: true,
    last: true,
    state: message.state,
    clientId: message.client_id,
    error: message.error ?? null,
    receipt: null,
  };
}

function voiceOf(author: ActorRef, { reader }: ThreadView): Voice {
  switch (author.role) {
    case "customer":
      return reader === "customer" ? "own" : "customer";
    case "bot":
    case "system":
      return author.role;
  }
  return reader !== "customer" && author.id === reader.agent ? "own" : "agent";
}

/** markRuns joins what one author said within a few minutes, without anything in between. */
function markRuns(items: Item[]): void {
  let before: Item | undefined;
  for (const item of items) {
    if (item.kind === "message" && before?.kind === "message" && oneRun(before, item)) {
      before.last = false;
      item.first = false;
    }
    before = item;
  }
}

const oneRun = (a: MessageItem, b: MessageItem): boolean =>
  a.side === b.side &&
  (a.side === "own" || (a.author.id === b.author.id && a.author.name === b.author.name)) &&
  a.history === b.history &&
  a.whisper === b.whisper &&
  Math.abs(b.at - a.at) < runMs &&
  sameDay(a.at, b.at);

/** markReceipt says under the last message of one's own how far it has got. */
function markReceipt(items: Item[], { theirs, theirsAt = {} }: ThreadView): void {
  const own = items.findLast((item) => item.kind === "message" && item.side === "own" && !item.history);
  if (own?.kind !== "message" || own.state === "failed") return;
  if (own.seq === null) own.receipt = { state: own.state === "sent" ? "sent" : "sending", at: null };
  else if (theirs.read >= own.seq) own.receipt = { state: "read", at: theirsAt.read ?? null };
  else if (theirs.delivered >= own.seq) own.receipt = { state: "delivered", at: theirsAt.delivered ?? null };
  else own.receipt = { state: "sent", at: own.at };
}

function withUnread(items: Item[], from: number | null): Item[] {
  if (from === null) return items;
  const at = items.findIndex(
    (i) => i.kind === "message" && i.side !== "own" && !i.history && i.seq !== null && i.seq > from,
  );
  if (at >= 0) items.splice(at, 0, { kind: "unread", key: "unread" });
  return items;
}

function withDays(items: Item[]): Item[] {
  const out: Item[] = [];
  const named = new Set<string>();
  let today = { from: 0, to: 0 };
  for (const item of items) {
    if (item.kind !== "unread" && (item.at < today.from || item.at >= today.to)) {
      today = dayOf(item.at);
      const key = `d${today.from}`;
      if (!named.has(key)) placeDay(out, { kind: "day", key, at: item.at });
      named.add(key);
    }
    out.push(item);
  }
  return out;
}

/** dayOf is the day around a time, in the person's time zone. */
function dayOf(at: number): { from: number; to: number } {
  const from = new Date(at).setHours(0, 0, 0, 0);
  return { from, to: new Date(from).setDate(new Date(from).getDate() + 1) };
}

/** placeDay puts a day before the divider of what is unread, where both fall on one place. */
function placeDay(out: Item[], day: DayItem): void {
  if (out.at(-1)?.kind === "unread") out.splice(-1, 0, day);
  else out.push(day);
}

const sameDay = (a: number, b: number): boolean => dayOf(a).from === dayOf(b).from;

function reuse(items: Item[], before: readonly Item[]): Item[] {
  const known = new Map(before.map((item) => [item.key, item]));
  return items.map((item) => {
    const old = known.get(item.key);
    return old && same(old, item) ? old : item;
  });
}

/** same compares two items; of one key they differ only in a few plain values, the receipt, and the seq. */
function same(a: Item, b: Item): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind !== "message" || b.kind !== "message")
    return a.kind === "unread" || (a as DayItem).at === (b as DayItem).at;
  return (
    a.seq === b.seq &&
    a.at === b.at &&
    a.state === b.state &&
    a.first === b.first &&
    a.last === b.last &&
    a.receipt?.state === b.receipt?.state &&
    a.receipt?.at === b.receipt?.at
  );
}
