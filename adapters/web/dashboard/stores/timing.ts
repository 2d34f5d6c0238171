// How long somebody has waited, and how long he may.
import type { Priority, Session } from "../../shared/protocol.ts";

export type Heat = "cool" | "warm" | "hot";

export interface Timer {
  /** reply: the customer waits for an answer. queue: he waits for a person. none: nobody waits. */
  kind: "reply" | "queue" | "none";
  /** Since when, in milliseconds; for nobody who waits, since when the chat is quiet. */
  since: number;
  seconds: number;
  /** How many seconds the wait may take. */
  allowed: number;
  /** How much of that is gone, from 0 to 1. */
  fraction: number;
  /** How many seconds are left; negative when it is late. */
  due: number;
  heat: Heat;
  late: boolean;
}

/** How many seconds a wait may take. */
export const allowed: Record<Priority, number> = { urgent: 120, high: 240, normal: 600, low: 1200 };

const warmFrom = 0.5;

/** lateSoon is the part of the allowed time after which a chat of one's own calls for attention. */
export const lateSoon = 0.8;

/** timerOf says how long the customer of a session has been waiting at a time. */
export function timerOf(session: Session, now: number): Timer {
  const kind = kindOf(session);
  const since = Date.parse(sinceOf(session, kind));
  const seconds = Math.max(0, (now - since) / 1000);
  const most = allowed[session.priority];
  const fraction = kind === "none" ? 0 : Math.min(1, seconds / most);
  const late = kind !== "none" && seconds >= most;
  const heat: Heat = late ? "hot" : fraction >= warmFrom ? "warm" : "cool";
  return { kind, since, seconds, allowed: most, fraction, due: most - seconds, heat, late };
}

/** isLate is timerOf(...).late, for those who ask of thousands. */
export function isLate(session: Session, now: number): boolean {
  const kind = kindOf(session);
  return kind !== "none" && now - Date.parse(sinceOf(session, kind)) >= allowed[session.priority] * 1000;
}

function kindOf(session: Session): Timer["kind"] {
  if (session.after_hours) return "none"; // it is kept until people are there, and nobody is late
  if (session.status === "waiting" || session.status === "pending") return "queue";
  return session.status === "active" && session.unanswered_since ? "reply" : "none";
}

function sinceOf(session: Session, kind: Timer["kind"]): string {
  if (kind === "queue") return session.waiting_since;
  if (kind === "reply") return session.unanswered_since!;
  return session.ended_at ?? session.last?.at ?? session.accepted_at ?? session.created_at;
}
