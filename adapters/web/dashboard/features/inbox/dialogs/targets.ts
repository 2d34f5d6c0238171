// To whom a chat can be given: people and queues, those who can take it first.
import { t } from "../../../../shared/i18n.ts";
import type { Agent, AgentStatus, Queue, Session } from "../../../../shared/protocol.ts";
import { me, presence } from "../../../stores/index.ts";
import { statusWord } from "../../../words.ts";

export interface Target {
  id: string;
  kind: "agent" | "queue";
  name: string;
  status: AgentStatus | null;
  /** State and load in words. */
  detail: string;
  /** What is above the limit and goes only by an order. */
  forced: boolean;
  disabled: boolean;
}

/** Whether a chat is offered to a colleague, or given by an order. */
export type Way = "assign" | "transfer";

/** targets gives everybody who may get a chat, narrowed by what was typed. */
export function targets(session: Session, way: Way, query: string, mayForce: boolean): Target[] {
  const wanted = query.trim().toLocaleLowerCase();
  const people = presence.agents
    .filter(
      (agent) =>
        !agent.disabled &&
        agent.role !== "viewer" &&
        agent.id !== session.agent?.id &&
        (way === "assign" || agent.id !== me.id),
    )
    .map((agent) => ({ target: agentTarget(agent, way, mayForce), rank: rankOf(agent) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ target }) => target);
  const queues = presence.queues
    .filter((queue) => session.status === "active" || queue.id !== session.queue.id)
    .map(queueTarget);
  return [...people, ...queues].filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
}

const isFull = (agent: Agent): boolean => agent.load >= agent.capacity;
const isThere = (agent: Agent): boolean => agent.presence === "online";

function rankOf(agent: Agent): number {
  if (!isThere(agent) || agent.status === "offline") return 4;
  if (agent.status === "away") return 3;
  return isFull(agent) ? 2 : agent.status === "busy" ? 1 : 0;
}

function agentTarget(agent: Agent, way: Way, mayForce: boolean): Target {
  const status = isThere(agent) ? agent.status : "offline";
  const full = isFull(agent);
  const takesOffers = isThere(agent) && (status === "available" || status === "busy");
  const state = t("inbox.target_agent", { status: statusWord(status), load: agent.load, capacity: agent.capacity });
  return {
    id: agent.id,
    kind: "agent",
    name: agent.id === me.id ? t("inbox.target_me", { name: agent.name }) : agent.name,
    status,
    detail: full ? t("inbox.target_full", { state }) : state,
    forced: full,
    disabled: full ? !mayForce : way === "transfer" && !takesOffers,
  };
}

const queueTarget = (queue: Queue): Target => ({
  id: queue.id,
  kind: "queue",
  name: queue.name,
  status: null,
  detail: t("inbox.target_queue", { waiting: queue.waiting, free: queue.free }),
  forced: false,
  disabled: false,
});
