// The events of one session as they arrive: each once and in order, whatever the connection does meanwhile.
import { asProblem, type Problem } from "./api.ts";
import type { EventRow } from "./protocol.ts";

/** Who reads a stream. */
export interface Reader {
  /** The events that follow on what was told before, in order. */
  events(rows: EventRow[]): void;
  /** The stream has ended: the session may not be read (any more). */
  gone(problem: Problem): void;
  /**
   * Far more was missed than is worth sending. The reader may forget what it has and say from which seq to go on;
   * without this everything missed is fetched.
   */
  reset?(): Promise<number>;
}

/** A part of a session's log, and the seq to go on after, or null at its end. */
export interface EventPage {
  data: EventRow[];
  next: number | null;
}

/** Stream is what a client has of one session's log. It knows nothing of the connection. */
export class Stream {
  /** The seq of the last event that the reader was told. */
  have: number;
  private filling = false;
  private held: EventRow[] = [];

  constructor(
    readonly session: string,
    after: number,
    readonly reader: Reader,
    private readonly fetch: (session: string, after: number) => Promise<EventPage>,
  ) {
    this.have = after;
  }

  /** take looks at one event: it is told, is known already, or shows that something is missing (false). */
  take(row: EventRow): boolean {
    if (this.filling) {
      this.held.push(row);
      return true;
    }
    if (row.seq <= this.have) return true;
    if (row.prev > this.have) {
      this.held.push(row);
      return false;
    }
    this.have = row.seq;
    this.reader.events([row]);
    return true;
  }

  /** fill fetches what is missing, and then takes what came meanwhile. */
  async fill(): Promise<void> {
    if (this.filling) return;
    this.filling = true;
    try {
      for (let more = true; more;) {
        const page = await this.fetch(this.session, this.have);
        this.tell(page.data);
        more = page.next !== null;
      }
    } finally {
      this.filling = false;
      this.tell(this.held.splice(0));
    }
  }

  /** skip starts over after the reader has forgotten what it had, or fetches all of it. */
  async skip(): Promise<void> {
    if (!this.reader.reset) return this.fill();
    this.have = await this.reader.reset();
  }

  /** fail ends the stream when what went wrong will not pass; it says whether it did. */
  fail(thrown: unknown): boolean {
    const problem = asProblem(thrown);
    if (problem.passing) return false;
    this.reader.gone(problem);
    return true;
  }

  private tell(rows: EventRow[]): void {
    const fresh: EventRow[] = [];
    for (const row of rows) {
      if (row.seq <= this.have || row.prev > this.have) continue;
      this.have = row.seq;
      fresh.push(row);
    }
    if (fresh.length > 0) this.reader.events(fresh);
  }
}
