// What goes on at this moment, added up from the rows that the socket keeps up to date.
import type { Agent, Queue, Session, Wait } from "../../../../shared/protocol.ts";

/** Whether nobody is waited for: the chat is kept until its queue opens. */
export const isKept = (session: Session): boolean => session.after_hours !== null;

export interface QueueLine {
  queue: Queue;
  waiting: number;
  /** How many it keeps until it opens. */
  kept: number;
  /** Since when the first has waited; empty when nobody does. */
  oldest: string;
  expected: Wait | null;
  /** Chats that its people could take at once. */
  free: number;
}

export interface AgentLine {
  agent: Agent;
  here: boolean;
  chats: readonly Session[];
}

export interface Board {
  waiting: number;
  active: number;
  oldest: string;
  expected: Wait | null;
  online: number;
  free: number;
  queues: QueueLine[];
  agents: AgentLine[];
}

export interface Rows {
  /** Those who wait, in the order in which they are served. */
  waiting: readonly Session[];
  active: readonly Session[];
  queues: readonly Queue[];
  agents: readonly Agent[];
}

const isHere = ({ presence, disabled, status }: Agent): boolean =>
  presence === "online" && !disabled && status !== "offline";

/** How many chats an agent could take now. Who is busy takes some when nobody is available; who is away takes none. */
const room = (agent: Agent): number =>
  isHere(agent) && agent.status !== "away" ? Math.max(0, agent.capacity - agent.load) : 0;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function grouped(rows: readonly Session[], by: (session: Session) => string): Map<string, Session[]> {
  const groups = new Map<string, Session[]>();
  for (const row of rows) {
    const group = groups.get(by(row));
    if (group) group.push(row);
    else groups.set(by(row), [row]);
  }
  return groups;
}

/** boardOf adds up what there is; of one queue only, when its id is given. */
export function boardOf(rows: Rows, queue = ""): Board {
  const about = <T extends { queue: { id: string } }>(all: readonly T[]) =>
    queue === "" ? all : all.filter((one) => one.queue.id === queue);
  const waiting = about(rows.waiting).filter((s) => !isKept(s));
  const active = about(rows.active);
  const agents = rows.agents.filter((a) => !a.disabled && (queue === "" || a.queues.includes(queue)));
  const queues = rows.queues.filter(({ id }) => queue === "" || id === queue);
  const lines = queueLines(queues, waiting, agents);
  return {
    waiting: waiting.length,
    active: active.length,
    oldest: oldestOf(waiting),
    expected: longest(lines.map((line) => line.expected)),
    online: agents.filter(isHere).length,
    free: sum(agents.map(room)),
    queues: lines,
    agents: agentLines(agents, active),
  };
}

/** Times are compared as they are written: all are UTC with milliseconds. */
const oldestOf = (waiting: readonly Session[]): string =>
  waiting.reduce((oldest, s) => (oldest === "" || s.waiting_since < oldest ? s.waiting_since : oldest), "");

const longest = (waits: readonly (Wait | null)[]): Wait | null =>
  waits.reduce((most, wait) => (wait && wait.high > (most?.high ?? -1) ? wait : most), null);

function queueLines(queues: readonly Queue[], waiting: readonly Session[], agents: readonly Agent[]): QueueLine[] {
  const byQueue = grouped(waiting, (s) => s.queue.id);
  return queues.map((queue) => {
    const here = byQueue.get(queue.id) ?? [];
    const free = sum(agents.filter((a) => a.queues.includes(queue.id)).map(room));
    return { queue, waiting: here.length, kept: queue.kept, oldest: oldestOf(here), expected: queue.wait, free };
  });
}

const rank = { available: 0, busy: 1, away: 2, offline: 3 } as const;

/** Those who are there come first, by what they are, and then by how much they have to do. */
function agentLines(agents: readonly Agent[], active: readonly Session[]): AgentLine[] {
  const byAgent = grouped(active, (s) => s.agent?.id ?? "");
  const lines = agents.map((agent) => ({ agent, here: isHere(agent), chats: byAgent.get(agent.id) ?? [] }));
  const place = ({ agent, here, chats }: AgentLine) => (here ? rank[agent.status] : chats.length > 0 ? 4 : 5);
  return lines.sort((a, b) => place(a) - place(b) || b.agent.load - a.agent.load || compareNames(a, b));
}

const compareNames = (a: AgentLine, b: AgentLine): number => a.agent.name.localeCompare(b.agent.name);
