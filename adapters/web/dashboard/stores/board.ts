// The sessions of the desk in their groups, each in its order, kept so as they change: one change costs a few
// comparisons, however many sessions there are.
import type { Session } from "../../shared/protocol.ts";

export const groups = ["mine", "queue", "team", "all"] as const;
export type Group = (typeof groups)[number];

type Compare = (a: Session, b: Session) => number;

/** Times are compared as they are written: all are UTC with milliseconds. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const activity = (s: Session): string => s.last?.at ?? s.created_at;
const byActivity: Compare = (a, b) => byText(activity(b), activity(a)) || byText(a.id, b.id);

/** Who has no answer comes first, the longest wait before; then by the last activity. */
const byNeed: Compare = (a, b) => {
  if (a.unanswered_since && b.unanswered_since) {
    return byText(a.unanswered_since, b.unanswered_since) || byText(a.id, b.id);
  }
  if (a.unanswered_since || b.unanswered_since) return a.unanswered_since ? -1 : 1;
  return byActivity(a, b);
};

/** Who stands in line, then those who are kept until the opening; each in the order in which the server serves. */
const byPlace: Compare = (a, b) =>
  Number(Boolean(a.after_hours)) - Number(Boolean(b.after_hours)) || byText(a.line_at, b.line_at) || byText(a.id, b.id);

const order: Record<Group, Compare> = { mine: byNeed, queue: byPlace, team: byNeed, all: byActivity };

/** supersedes says whether a row is at least as new as the one that is known. */
export function supersedes(row: Session, known: Session): boolean {
  if (row.seq !== known.seq) return row.seq > known.seq;
  const marks = ({ receipts: { agent, customer } }: Session) =>
    agent.read + agent.delivered + customer.read + customer.delivered;
  return marks(row) >= marks(known); // marks never go back, and move without an event
}

/** What a change did to a group: nothing that shows in its order, or something came, went or moved. */
export type Moves = Partial<Record<Group, true>>;

export class Board {
  private readonly rows = new Map<string, Session>();
  private readonly sorted: Record<Group, Session[]> = { mine: [], queue: [], team: [], all: [] };

  constructor(private readonly me: string) {}

  get size(): number {
    return this.rows.size;
  }

  get(id: string): Session | undefined {
    return this.rows.get(id);
  }

  /** of gives a group in its order. The array is the board's own. */
  of(group: Group): readonly Session[] {
    return this.sorted[group];
  }

  ids(): string[] {
    return [...this.rows.keys()];
  }

  /** put takes a row and says in which groups something moved; null when it knows a newer one. */
  put(row: Session): Moves | null {
    const known = this.rows.get(row.id);
    if (known && !supersedes(row, known)) return null;
    this.rows.set(row.id, row);
    const moves: Moves = {};
    for (const group of groups) if (this.place(group, known, row)) moves[group] = true;
    return moves;
  }

  /** remove forgets a session. */
  remove(id: string): Moves {
    const known = this.rows.get(id);
    this.rows.delete(id);
    const moves: Moves = {};
    for (const group of groups) if (this.place(group, known, undefined)) moves[group] = true;
    return moves;
  }

  private place(group: Group, was: Session | undefined, is: Session | undefined): boolean {
    const list = this.sorted[group];
    const before = was && this.belongs(group, was) ? find(list, was, order[group]) : -1;
    const stays = is !== undefined && this.belongs(group, is);
    if (before >= 0 && stays && fits(list, before, is, order[group])) {
      list[before] = is;
      return false;
    }
    if (before >= 0) list.splice(before, 1);
    if (stays) list.splice(find(list, is, order[group]), 0, is);
    return before >= 0 || stays;
  }

  private belongs(group: Group, s: Session): boolean {
    switch (group) {
      case "all":
        return s.status !== "ended";
      case "queue":
        return s.status === "waiting" || s.status === "pending";
      case "mine":
        return s.status === "active" && s.agent?.id === this.me;
      case "team":
        return s.status === "active" && s.agent?.id !== this.me;
    }
  }
}

/** find gives where a row stands, or where it belongs. */
function find(list: readonly Session[], row: Session, compare: Compare): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle]!, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** fits says whether a row can stand at a place without anything moving. */
function fits(list: readonly Session[], at: number, row: Session, compare: Compare): boolean {
  const before = list[at - 1];
  const after = list[at + 1];
  return (!before || compare(before, row) < 0) && (!after || compare(row, after) < 0);
}
