import type { Receipt, Receipts } from "../shared/protocol.ts";
import type { Item } from "../shared/thread.ts";

/** Where it is told how far the visitor has got. */
export interface Told {
  /** The server learns that everything up to seq was delivered or read. */
  mark(kind: "delivered" | "read", seq: number): void;
  /** The page learns how many messages the visitor has not read. */
  unread(count: number): void;
}

/** Marks keep how far the visitor has got and read a talk, and tell of it when that changes. */
export class Marks {
  private reached: Receipt = { delivered: 0, read: 0 };
  private unread = 0;

  constructor(private readonly told: Told) {}

  /** begin takes the marks that the server has of another talk. */
  begin(reached: Receipt): void {
    this.reached = { ...reached };
  }

  /** meet looks at what the visitor has now, and whether he sees it. */
  meet(items: Item[], seen: boolean): void {
    const theirs = items.filter((item) => item.kind === "message" && item.side !== "own" && !item.history);
    const seqs = theirs.map((item) => ("seq" in item && item.seq) || 0);
    const newest = Math.max(0, ...seqs);
    const kind = seen ? "read" : "delivered";
    if (newest > this.reached[kind]) {
      this.reached[kind] = newest;
      this.told.mark(kind, newest);
    }
    const unread = seqs.filter((seq) => seq > this.reached.read).length;
    if (unread !== this.unread) this.told.unread((this.unread = unread));
  }
}

/** further joins two pictures of how far each side has got: marks never go back. */
export function further(now: Receipts, before: Receipts = now): Receipts {
  const side = (name: keyof Receipts): Receipt => ({
    delivered: Math.max(now[name].delivered, before[name].delivered),
    read: Math.max(now[name].read, before[name].read),
  });
  return { customer: side("customer"), agent: side("agent") };
}
