// Rows for tests.
import type { Agent, Session } from "../protocol.ts";

const none = { delivered: 0, read: 0 };

/** time gives a time as the server writes it: so many seconds after a fixed moment. */
export const time = (seconds: number): string => new Date(Date.UTC(2026, 2, 14, 12) + seconds * 1000).toISOString();

/** session makes a waiting session of Hana, with what a test says of it. */
export function session(id: string, more: Partial<Session> = {}): Session {
  return {
    id,
    status: "waiting",
    queue: { id: "que_1", name: "general" },
    agent: null,
    bot: null,
    customer: { id: `cus_${id}`, name: "Hana Sato", verified: false },
    conversation_id: "",
    channel: "web",
    subject: "Parcel",
    language: "",
    priority: "normal",
    tags: [],
    reason: null,
    summary: "",
    intent: null,
    sentiment: null,
    end: null,
    continues: null,
    epoch: 1,
    seq: 1,
    created_at: time(0),
    accepted_at: null,
    ended_at: null,
    position: null,
    wait: null,
    wait_words: null,
    after_hours: null,
    ask: null,
    closes_at: null,
    last: null,
    receipts: { customer: none, agent: none },
    rating: null,
    waiting_since: time(0),
    line_at: lineAt(more),
    offer: null,
    unread: 0,
    unanswered_since: null,
    ...more,
  };
}

/** lineAt orders rows as a queue does whose priorities are strict: each step counts ten years. */
function lineAt({ waiting_since = time(0), priority = "normal" }: Partial<Session>): string {
  const steps = ["low", "normal", "high", "urgent"].indexOf(priority);
  return new Date(Date.parse(waiting_since) - steps * 315_360_000_000).toISOString();
}

/** held makes a session that an agent has. */
export const held = (id: string, agent: string, more: Partial<Session> = {}): Session =>
  session(id, { status: "active", agent: { id: agent, name: agent }, ...more });

/** person makes an agent. */
export const person = (id: string, more: Partial<Agent> = {}): Agent => ({
  id,
  email: `${id}@example.com`,
  name: id,
  role: "agent",
  status: "available",
  presence: "online",
  capacity: 4,
  active: 0,
  load: 0,
  queues: ["que_1"],
  skills: [],
  languages: [],
  disabled: false,
  rev: 1,
  ...more,
});
