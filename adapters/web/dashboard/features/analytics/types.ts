// What the server answers about figures. types.test.ts holds it against the server's document.
import type { Ref } from "../../../shared/protocol.ts";

/** A figure that counts chats, with the call that lists them. */
export interface Count {
  n: number;
  link: string;
}

/** How long something took, in seconds. */
export interface Timing {
  n: number;
  sum: number;
  mean: number | null;
  p50?: number | null;
  p90?: number | null;
  p99?: number | null;
  /** The call that lists the chats that were measured. */
  link?: string;
}

export interface Rating {
  n: number;
  mean: number | null;
  satisfied: number | null;
  stars: number[];
  link: string;
}

export interface Volume {
  customer: number;
  agent: number;
  bot: number;
  system: number;
}

/** Waits that were told a range, and how many began within it. */
export interface Promises {
  n: number;
  held: number;
  share: number | null;
  link: string;
}

export interface Period {
  from: string;
  to: string;
  time_zone: string;
  /** The last day is not over. */
  partial: boolean;
  /** Figures are still being counted. */
  rebuilding: boolean;
}

export interface Timings {
  wait: Timing;
  first_response: Timing;
  duration: Timing;
  handle: Timing;
  bot_time: Timing;
}

export const countNames = [
  "sessions",
  "active",
  "ended",
  "answered",
  "abandoned",
  "overflowed",
  "after_hours",
  "reopened",
  "transferred",
] as const;
export type CountName = (typeof countNames)[number];

export interface Totals extends Record<CountName, Count>, Timings {
  rating: Rating;
  chat_messages: Volume;
  promises: Promises;
}

export interface Summary extends Period, Totals {
  messages: Volume | null;
  queues: string[];
}

export interface DayLine extends Record<CountName, number>, Timings {
  day: string;
  partial: boolean;
  hours: number;
  rating: Rating;
  messages: Volume | null;
  chat_messages: Volume;
  link: string;
}

export interface Daily extends Period {
  data: DayLine[];
}

export interface AgentLine {
  agent: Ref;
  chats: Count;
  active: number;
  first_response: Timing;
  handle: Timing;
  worked: number;
  occupancy: number | null;
  states: { available: number; busy: number; away: number; gone: number };
  offered: number;
  missed: number;
  declined: number;
  messages: number;
  rating: Rating;
  days: number[];
}

export interface Agents extends Period {
  data: AgentLine[];
}

export interface QueueLine extends Totals {
  queue: Ref;
  waiting: number;
  average_waiting: number;
}

export interface Queues extends Period {
  data: QueueLine[];
}

export interface RatingDay {
  day: string;
  partial: boolean;
  rating: Rating;
}

export interface Comment {
  session: string;
  agent: Ref | null;
  at: string;
  score: number;
  comment: string;
}

export interface Ratings extends Period {
  rating: Rating;
  days: RatingDay[];
  comments: Comment[];
}

export interface Heatmap extends Period {
  /** By weekday, Monday first, and hour. */
  hours: number[][];
  link: string;
}

export const breakdowns = ["priority", "status", "channel", "queue", "tag", "bot", "reason", "outcome"] as const;
export type By = (typeof breakdowns)[number];

export interface BreakdownLine {
  key: string;
  name: string;
  sessions: Count;
}

export interface Breakdown extends Period {
  by: By;
  data: BreakdownLine[];
}

export interface ScriptLine {
  script: string;
  hook: string;
  decisions: number;
  errors: number;
  link: string;
}

export interface Scripts extends Period {
  data: ScriptLine[];
}

export interface Definition {
  id: string;
  name: string;
  definition: string;
  unit: string;
}
