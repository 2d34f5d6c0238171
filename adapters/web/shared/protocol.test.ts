/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { describe, expect, test } from "vitest";
import {
  parseFrame,
  type Agent,
  type ClientFrame,
  type Customer,
  type CustomerSession,
  type EventData,
} from "./protocol.ts";
import type { End, EventFrame, EventType, Queue, ServerFrame, Session } from "./protocol.ts";

// The server's tests write and read the files below; here the same frames are written with our types, so that the
// compiler and the comparison together hold the types against the server.

const folder = (side: "server" | "client") => join(import.meta.dirname, "../../live/testdata/frames", side);
const names = (side: "server" | "client") => readdirSync(folder(side)).map((file) => parse(file).name).sort(); // prettier-ignore
const read = (side: "server" | "client", name: string) => readFileSync(join(folder(side), `${name}.json`), "utf8");

const at = "2026-03-14T15:09:26.535Z";
const later = "2026-03-14T15:09:56.535Z";
const ida = { id: "agt_1", name: "Ida Nyberg" };
const jonas = { id: "agt_2", name: "Jonas" };
const general = { id: "que_1", name: "general" };
const hana = { role: "customer", id: "cus_1", name: "Hana Sato" } as const;

const customer: Customer = {
  id: "cus_1",
  external_id: "u1",
  name: "Hana Sato",
  email: "hana@example.com",
  phone: "+4741200118",
  locale: "en-GB",
  verified: true,
};

const publicPart: CustomerSession = {
  id: "ses_1",
  status: "active",
  queue: general,
  agent: ida,
  customer,
  channel: "web",
  subject: "Parcel 48213",
  epoch: 2,
  seq: 42,
  created_at: at,
  accepted_at: at,
  ended_at: at,
  position: null,
  wait: null,
  wait_words: null,
  after_hours: null,
  ask: null,
  closes_at: null,
  last: { text: "It was due on Monday.", role: "customer", at },
  receipts: { customer: { delivered: 41, read: 40 }, agent: { delivered: 39, read: 38 } },
  rating: { score: 4, comment: "Quick" },
};

const end: End = {
  by: "agent",
  reason: "resolved",
  return_to: "bot",
  disposition: "refunded",
  summary: "Sent a new one",
};

const row: Session = {
  ...publicPart,
  seq: 44,
  bot: { id: "bot_1", name: "shop" },
  conversation_id: "c-48213",
  language: "en",
  priority: "high",
  tags: ["delivery"],
  reason: { code: "customer_request", text: "Asked for a person" },
  summary: "Order 48213 found or replaced",
  intent: { name: "missing_parcel", score: 0.91 },
  sentiment: -0.62,
  end,
  continues: "ses_0",
  waiting_since: at,
  line_at: "2006-03-19T15:09:26.535Z",
  offer: { agent: jonas, expires_at: later },
  unread: 1,
  unanswered_since: at,
};

const agent: Agent = {
  id: "agt_1",
  email: "ida@example.com",
  name: "Ida Nyberg",
  role: "supervisor",
  status: "available",
  presence: "online",
  capacity: 5,
  active: 3,
  load: 4,
  queues: ["que_1"],
  skills: ["refund"],
  languages: ["en", "de"],
  disabled: false,
  last_seen_at: at,
  rev: 12,
};

const queue: Queue = {
  id: "que_1",
  name: "general",
  strategy: "longest_idle",
  hold_limit: 60,
  schedule: null,
  open: true,
  next_change: at,
  show: "place_and_wait",
  ageing: 900,
  max_wait: 0,
  when_too_long: { do: "nothing", queue: null },
  max_length: 0,
  when_too_many: { do: "nothing", queue: null },
  first_reply: 0,
  idle_warning: 0,
  idle_close: 0,
  closing: "keep",
  after_hours: { keep: true, reply: true, ask: true, drain: false, no_agents: false, texts: {} },
  wait: null,
  waiting: 2,
  kept: 0,
  free: 3,
  oldest_waiting_since: at,
  rev: 7,
};

const door = { id: "att_1", name: "door.png", type: "image/png", size: 184213, width: 640, height: 480 };
const context = { order: 48213 };
const whole = { ...customer, attributes: { orders: 14 } };

const eventData: EventData = {
  "session.requested": {
    customer: whole,
    queue: general,
    bot: { id: "bot_1", name: "shop" },
    conversation_id: "c-48213",
    channel: "web",
    subject: "Parcel 48213",
    language: "en",
    priority: "high",
    tags: ["delivery"],
    reason: { code: "customer_request", text: "Asked for a person" },
    summary: "Order 48213 found or replaced",
    tried: ["Delivery status"],
    intent: { name: "missing_parcel", score: 0.91 },
    sentiment: -0.62,
    context,
    skills: ["refund"],
    preferred_agent: "agt_1",
    continues: "ses_0",
  },
  "session.waiting": { reason: "agent_gone" },
  "session.offered": { agent: jonas, expires_at: at, from: ida, note: "Speaks Norwegian" },
  "session.accepted": { agent: jonas },
  "session.declined": { agent: jonas, reason: "busy" },
  "session.expired": { agent: jonas, withdrawn: "away" },
  "session.assigned": { agent: jonas, forced: true },
  "session.transferred": { from: ida, to: jonas, queue: general, note: "Speaks Norwegian" },
  "session.priority": { priority: "urgent" },
  "session.updated": { subject: "Parcel 48213, again", context, customer: whole },
  "session.ended": end,
  "session.rated": { score: 4, comment: "Quick" },
  "message.posted": {
    id: "msg_1",
    client_id: "k1",
    author: hana,
    text: "This is my door.",
    attachments: [door],
    history: true,
    original: { id: 7 },
  },
  "note.added": { id: "not_1", text: "Another door on the courier's photo" },
  "tag.added": { tag: "travelling" },
  "tag.removed": { tag: "travelling" },
  "session.warned": { closes_at: at },
  "ticket.made": { id: "rec_1", email: "hana@example.com", text: "Please write to me." },
};

/** What customers see of the events that they see in another form. */
const customerData: Partial<EventData> = {
  "session.requested": { subject: "Parcel 48213", channel: "web" },
  "session.transferred": { from: ida, to: jonas, queue: general },
  "session.ended": { by: "agent", reason: "resolved", return_to: "bot" },
  "message.posted": { ...eventData["message.posted"], original: undefined },
};

const types = Object.keys(eventData) as EventType[];
const eventFrame = (type: EventType, data: EventData[EventType]): EventFrame => {
  const seq = types.indexOf(type) + 1;
  const event = { type, at, actor: { role: "agent", ...ida }, data } as EventFrame["event"];
  return { type: "event", session: "ses_1", seq, prev: seq - 1, event };
};

const server: Record<string, ServerFrame | ServerFrame<CustomerSession>> = {
  welcome: { type: "welcome", build: "v0.4.0", now: at },
  ok: { type: "ok", id: "c1" },
  "ok.message": { type: "ok", id: "c2", message: "msg_1", seq: 42 },
  "ok.note": { type: "ok", id: "c3", note: "not_1", seq: 43 },
  "ok.session": { type: "ok", id: "c4", session: "ses_1", seq: 44, epoch: 2 },
  problem: {
    type: "problem",
    id: "c5",
    code: "invalid",
    detail: "the text is empty",
    errors: [{ pointer: "/text", detail: "the text is empty" }],
  },
  "problem.stream": {
    type: "problem",
    session: "ses_1",
    code: "not_found",
    detail: "there is nothing here by that name that you may see",
  },
  resync: { type: "resync", session: "ses_1" },
  typing: { type: "typing", session: "ses_1", actor: hana },
  receipt: { type: "receipt", session: "ses_1", side: "customer", delivered: 41, read: 40 },
  place: { type: "place", session: "ses_1", position: 2, wait: { low: 60, high: 180 }, wait_words: null },
  "place.words": { type: "place", session: "ses_1", position: null, wait: null, wait_words: "minutes" },
  "place.none": { type: "place", session: "ses_1", position: null, wait: null, wait_words: null },
  offer: { type: "offer", session: "ses_1", expires_at: later },
  offer_gone: { type: "offer_gone", session: "ses_1" },
  session_gone: { type: "session_gone", session: "ses_1" },
  viewers: { type: "viewers", session: "ses_1", agents: [ida] },
  presence: { type: "presence", session: "ses_1", presence: "online", at },
  "presence.gone": { type: "presence", session: "ses_1", presence: "gone", at },
  session: { type: "session", session: row },
  "session.customer": { type: "session", session: publicPart },
  agent: { type: "agent", agent },
  queue: { type: "queue", queue },
  "queue.opened": { type: "queue.opened", queue: general, next_opening: null },
  "queue.closed": { type: "queue.closed", queue: general, next_opening: at },
  ...Object.fromEntries(types.map((type) => [`event.${type}`, eventFrame(type, eventData[type])])),
  ...Object.fromEntries(
    (Object.keys(customerData) as EventType[]).map((type) => [
      `event.${type}.customer`,
      eventFrame(type, customerData[type]!),
    ]),
  ),
};

const session = "ses_1";
const client: Record<string, ClientFrame & { id?: string }> = {
  message: { type: "message", id: "c1", session, client_id: "k1", text: "Here it is", attachments: ["att_1"] },
  subscribe: { type: "subscribe", id: "c2", session, after: 41 },
  "subscribe.desk": { type: "subscribe", id: "c3", feed: "desk" },
  unsubscribe: { type: "unsubscribe", id: "c4", session },
  "unsubscribe.desk": { type: "unsubscribe", id: "c5", feed: "desk" },
  ping: { type: "ping", id: "c6" },
  typing: { type: "typing", session },
  read: { type: "read", session, seq: 42 },
  delivered: { type: "delivered", session, seq: 42 },
  status: { type: "status", id: "c7", status: "away", capacity: 6, name: "Ida" },
  accept: { type: "accept", id: "c8", session },
  decline: { type: "decline", id: "c9", session, reason: "lunch" },
  assign: { type: "assign", id: "c10", session, agent_id: "agt_2", force: true },
  takeover: { type: "takeover", id: "c11", session, force: true },
  transfer: { type: "transfer", id: "c12", session, agent_id: "agt_2", note: "Speaks Norwegian" },
  "transfer.queue": { type: "transfer", id: "c13", session, queue: "billing" },
  end: { type: "end", id: "c14", session, reason: "resolved", return_to: "bot", disposition: "refunded", summary: "Sent a new one" }, // prettier-ignore
  reopen: { type: "reopen", id: "c15", session },
  note: { type: "note", id: "c16", session, text: "Another door" },
  tag: { type: "tag", id: "c17", session, tag: "delivery" },
  untag: { type: "untag", id: "c18", session, tag: "delivery" },
  rate: { type: "rate", id: "c19", session, score: 4, comment: "Quick" },
  update: { type: "update", id: "c20", session, priority: "urgent", subject: "Parcel", context },
  priority: { type: "priority", id: "c21", session, priority: "low" },
};

/** Frames that only bots send. */
const ofBots = ["message.bot"];

describe("the frames of the socket are typed as the server has them", () => {
  test.each(names("server"))("the server sends %s", (name) => {
    expect(parseFrame(read("server", name))).toEqual(server[name]);
  });

  test.each(names("client").filter((name) => !ofBots.includes(name)))("the server takes %s", (name) => {
    expect(JSON.parse(read("client", name))).toEqual(client[name]);
  });

  test("there is a file for each frame that we know", () => {
    expect(names("server")).toEqual(Object.keys(server).sort());
    expect(names("client")).toEqual([...Object.keys(client), ...ofBots].sort());
  });

  test("a frame of a type that we do not know yet is passed over", () => {
    expect(parseFrame(`{"type":"fireworks"}`)).toBeNull();
  });
});
