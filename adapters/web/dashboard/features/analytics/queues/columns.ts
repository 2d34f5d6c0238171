// What the table of queues can be sorted by.
import type { Cells } from "../sort.ts";
import type { QueueLine } from "../types.ts";
import { share } from "../values.ts";

/** The columns that count chats. */
export const counted: readonly string[] = ["sessions", "abandoned", "overflowed", "after_hours"];

export const cells = {
  queue: ({ queue }) => queue.name,
  sessions: ({ sessions }) => sessions.n,
  waiting: ({ waiting }) => waiting,
  average: ({ average_waiting }) => average_waiting,
  p50: ({ wait }) => wait.p50,
  p90: ({ wait }) => wait.p90,
  p99: ({ wait }) => wait.p99,
  reply: ({ first_response }) => first_response.p50,
  abandoned: ({ abandoned }) => abandoned.n,
  left: ({ abandoned, ended }) => share(abandoned.n, ended.n),
  overflowed: ({ overflowed }) => overflowed.n,
  after_hours: ({ after_hours }) => after_hours.n,
} as Cells<QueueLine>;
