// What the server says and what it is told: the frames of the socket and the objects they share with HTTP. The frames
// are held against files that the server's own tests write (adapters/live/testdata/frames).

/** What a person of the team is. */
export type StaffRole = "owner" | "admin" | "supervisor" | "agent" | "viewer";
/** What somebody in a chat is; people of the team are agents there, whatever their role. */
export type TalkRole = "agent" | "bot" | "customer" | "system";
export type Role = StaffRole | TalkRole;
export type AgentStatus = "available" | "busy" | "away" | "offline";
export type Status = "pending" | "waiting" | "active" | "ended";
export type Priority = "low" | "normal" | "high" | "urgent";
export type Side = "customer" | "agent";
export type EndReason =
  | "resolved"
  | "unsolved"
  | "spam"
  | "duplicate"
  | "customer_left"
  | "abandoned"
  | "no_answer"
  | "no_agent"
  | "after_hours"
  | "bot"
  | "error";

/** An agent, a queue or a bot by name. */
export interface Ref {
  id: string;
  name: string;
}

/** Who did something. People of the team are agents here, whatever their role. */
export interface ActorRef {
  role: Role;
  id?: string;
  name?: string;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  width?: number;
  height?: number;
}

export interface Customer {
  id: string;
  external_id?: string;
  name: string;
  email?: string;
  phone?: string;
  locale?: string;
  verified: boolean;
  attributes?: Record<string, unknown>;
}

/** A customer as the log has him: what is not known is left out. */
export type LoggedCustomer = Pick<Customer, "id"> & Partial<Customer>;

export interface Receipt {
  delivered: number;
  read: number;
}

export type Receipts = Record<Side, Receipt>;

export interface Wait {
  low: number;
  high: number;
}

/** A wait in words, where a queue tells no figures. */
export type WaitWords = "soon" | "minutes" | "long";

/** Why and until when a chat is kept until people are there again. */
export interface AfterHours {
  reason: "closed" | "holiday" | "no_agents" | "closing";
  text: string;
  next_opening: string | null;
  ask: "email" | null;
}

export interface Last {
  text: string;
  role: TalkRole;
  at: string;
}

/** A session as its customer sees it. */
export interface CustomerSession {
  id: string;
  status: Status;
  queue: Ref;
  agent: Ref | null;
  customer: Customer;
  channel: string;
  subject: string;
  epoch: number;
  seq: number;
  created_at: string;
  accepted_at: string | null;
  ended_at: string | null;
  position: number | null;
  wait: Wait | null;
  /** Only where the queue tells words instead of figures. */
  wait_words: WaitWords | null;
  /** Not null while the chat is kept because nobody is there; its status is waiting then. */
  after_hours: AfterHours | null;
  /** Whether the customer may leave a message instead of waiting. */
  ask: "email" | null;
  /** When the chat ends unless the customer writes; he was warned. */
  closes_at: string | null;
  last: Last | null;
  receipts: Receipts;
  rating: { score: number; comment?: string } | null;
}

export interface Reason {
  code?: string;
  text?: string;
}

export interface Intent {
  name: string;
  score: number;
}

export interface End {
  by: TalkRole;
  reason: EndReason;
  disposition?: string;
  summary?: string;
  return_to: "bot" | "none";
}

/** A session as staff see it. Rows of lists and of the desk feed leave out context, tried and attributes. */
export interface Session extends CustomerSession {
  bot: Ref | null;
  conversation_id: string;
  language: string;
  priority: Priority;
  tags: string[];
  reason: Reason | null;
  summary: string;
  tried?: string[];
  intent: Intent | null;
  sentiment: number | null;
  context?: unknown;
  end: End | null;
  continues: string | null;
  waiting_since: string;
  /** Orders the line: the arrival, put back for the priority. */
  line_at: string;
  offer: { agent: Ref; expires_at: string } | null;
  unread: number;
  unanswered_since: string | null;
}

export interface Agent {
  id: string;
  email: string;
  name: string;
  role: StaffRole;
  status: AgentStatus;
  presence: "online" | "gone";
  capacity: number;
  active: number;
  load: number;
  queues: string[];
  skills: string[];
  languages: string[];
  disabled: boolean;
  last_seen_at?: string | null;
  rev: number;
}

/** What customers and bots are told of their place. */
export type Shown = "place_and_wait" | "place" | "wait" | "words" | "nothing";

/** What becomes of a chat that has waited too long, or that finds too many before it. */
export interface Overflow {
  do: "nothing" | "overflow" | "raise" | "message" | "end";
  /** The queue that it overflows into. */
  queue: string | null;
}

/** What a queue does with chats that come while nobody is there. */
export interface AfterHoursRules {
  keep: boolean;
  reply: boolean;
  ask: boolean;
  drain: boolean;
  no_agents: boolean;
  /** By language; a script words it where there is none. */
  texts: Record<string, string>;
}

export interface Queue {
  id: string;
  name: string;
  strategy: string;
  /** Seconds for which scripts may keep a chat waiting while somebody could take it. */
  hold_limit: number;
  /** Its own, or null: it goes by the account's. */
  schedule: Ref | null;
  open: boolean;
  /** When it opens or closes next. */
  next_change: string | null;
  show: Shown;
  /** Seconds by which a chat counts as earlier for each step of its priority; 0: priorities are strict. */
  ageing: number;
  /** In seconds, as all below; 0 is off. */
  max_wait: number;
  when_too_long: Overflow;
  max_length: number;
  when_too_many: Overflow;
  first_reply: number;
  idle_warning: number;
  idle_close: number;
  closing: "keep" | "tell" | "ticket";
  after_hours: AfterHoursRules;
  /** What a chat that came now would be told. */
  wait: Wait | null;
  waiting: number;
  /** Chats that are kept until it opens. */
  kept: number;
  free: number;
  oldest_waiting_since: string | null;
  rev: number;
}

/** What a request for a person said. Customers and bots are told subject and channel only. */
export interface Requested {
  channel: string;
  subject?: string;
  customer?: LoggedCustomer;
  queue?: Ref;
  bot?: Ref;
  conversation_id?: string;
  language?: string;
  priority?: Priority;
  tags?: string[];
  reason?: Reason;
  summary?: string;
  tried?: string[];
  intent?: Intent;
  sentiment?: number;
  context?: unknown;
  skills?: string[];
  preferred_agent?: string;
  continues?: string;
  /** The queue's. */
  ageing?: number;
}

export interface Posted {
  id: string;
  client_id?: string;
  author: ActorRef;
  text: string;
  attachments: Attachment[];
  history?: boolean;
  whisper?: boolean;
  original?: unknown;
}

/** What each type of event carries. */
export interface EventData {
  "session.requested": Requested;
  "session.waiting": {
    reason?: "agent_gone" | "no_reply" | "after_hours" | "opened" | "long_wait";
    /** What the customer could be told then. */
    wait?: Wait;
    after_hours?: AfterHours;
    ask?: "email";
  };
  "session.warned": { closes_at: string };
  "ticket.made": { id: string; email: string; text: string };
  "session.offered": { agent: Ref; expires_at: string; from?: Ref; note?: string };
  "session.accepted": { agent: Ref };
  "session.declined": { agent: Ref; reason?: string };
  "session.expired": { agent: Ref; withdrawn?: string };
  "session.assigned": { agent: Ref; forced?: boolean };
  /** too_long: the desk did it, because the chat waited too long or too many did. */
  "session.transferred": { from?: Ref; to?: Ref; queue?: Ref; note?: string; ageing?: number; too_long?: boolean };
  "session.priority": { priority: Priority };
  "session.updated": { subject?: string; context?: unknown; customer?: LoggedCustomer };
  "session.ended": End;
  "session.rated": { score: number; comment?: string };
  "message.posted": Posted;
  "note.added": { id: string; text: string };
  "tag.added": { tag: string };
  "tag.removed": { tag: string };
}

export type EventType = keyof EventData;

/** An event of one type, or of any. */
export type SessionEvent<T extends EventType = EventType> = {
  [K in T]: { type: K; at: string; actor: ActorRef; data: EventData[K] };
}[T];

/** An event with its place in the log. prev is the seq of the event before it that this reader may see, 0 for none. */
export interface EventRow {
  seq: number;
  prev: number;
  event: SessionEvent;
}

export interface FieldError {
  pointer: string;
  detail: string;
}

/** The answer to a frame that was granted. */
export interface OkFrame {
  type: "ok";
  id: string;
  message?: string;
  note?: string;
  session?: string;
  seq?: number;
  epoch?: number;
}

/** A refusal: of a frame, with its id, or the end of a stream, with its session. */
export interface ProblemFrame {
  type: "problem";
  id?: string;
  session?: string;
  code: string;
  detail: string;
  errors?: FieldError[];
}

export interface EventFrame extends EventRow {
  type: "event";
  session: string;
}

/** The frames that the server sends. S is the session as the reader sees it. */
export type ServerFrame<S = Session> =
  | { type: "welcome"; build: string; now: string }
  | OkFrame
  | ProblemFrame
  | EventFrame
  | { type: "resync"; session: string }
  | { type: "typing"; session: string; actor: ActorRef }
  | { type: "receipt"; session: string; side: Side; delivered: number; read: number }
  | {
      type: "place";
      session: string;
      position: number | null;
      wait: Wait | null;
      wait_words: WaitWords | null;
    }
  | { type: "offer"; session: string; expires_at: string }
  | { type: "offer_gone"; session: string }
  | { type: "session_gone"; session: string }
  | { type: "viewers"; session: string; agents: Ref[] }
  | { type: "presence"; session: string; presence: "online" | "gone"; at: string }
  | { type: "session"; session: S }
  | { type: "agent"; agent: Agent }
  | { type: "queue"; queue: Queue }
  | { type: "queue.opened" | "queue.closed"; queue: Ref; next_opening: string | null };

type ServerFrameType = ServerFrame["type"];

/** The frames that the server takes, without the id that asks for an answer. */
export type ClientFrame =
  | { type: "message"; session: string; client_id: string; text: string; attachments?: string[] }
  | { type: "subscribe"; session: string; after: number }
  | { type: "subscribe"; feed: "desk" }
  | { type: "unsubscribe"; session?: string; feed?: "desk" }
  | { type: "ping" }
  | { type: "typing"; session: string }
  | { type: "read" | "delivered"; session: string; seq: number }
  | { type: "status"; status?: AgentStatus; capacity?: number; name?: string }
  | { type: "accept" | "reopen"; session: string }
  | { type: "decline"; session: string; reason?: string }
  | { type: "assign"; session: string; agent_id: string; force?: boolean }
  | { type: "takeover"; session: string; force?: boolean }
  | { type: "transfer"; session: string; agent_id?: string; queue?: string; note?: string }
  | {
      type: "end";
      session: string;
      reason?: EndReason;
      return_to?: "bot" | "none";
      disposition?: string;
      summary?: string;
    }
  | { type: "note"; session: string; text: string }
  | { type: "tag" | "untag"; session: string; tag: string }
  | { type: "rate"; session: string; score: number; comment?: string }
  | { type: "update"; session: string; priority?: Priority; subject?: string; context?: unknown }
  | { type: "priority"; session: string; priority: Priority };

const frameTypes: Record<ServerFrameType, true> = {
  welcome: true,
  ok: true,
  problem: true,
  event: true,
  resync: true,
  typing: true,
  receipt: true,
  place: true,
  offer: true,
  offer_gone: true,
  session_gone: true,
  viewers: true,
  presence: true,
  session: true,
  agent: true,
  queue: true,
  "queue.opened": true,
  "queue.closed": true,
};

/** parseFrame reads a frame of the server. A type that we do not know yet is null: newer servers may say more. */
export function parseFrame<S>(text: string): ServerFrame<S> | null {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== "object" || frame === null || !("type" in frame)) return null;
  return Object.hasOwn(frameTypes, String(frame.type)) ? (frame as ServerFrame<S>) : null;
}

/** The close codes of the socket. */
export const close = {
  signedOut: 4401,
  slow: 4008,
  fast: 4029,
  restart: 1012,
  fault: 1011,
} as const;
