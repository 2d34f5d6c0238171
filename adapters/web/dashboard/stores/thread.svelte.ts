import { asProblem, type Api, type Problem } from "../../shared/api.ts";
import { readEvents } from "../../shared/browser.ts";
import type { Outbox } from "../../shared/outbox.ts";
import type { EventRow, Receipts, Session, Side } from "../../shared/protocol.ts";
import type { Socket } from "../../shared/socket.ts";
import { Log, makeItems, type Item } from "../../shared/thread.ts";
import { once } from "./frame.ts";
import type { Me } from "./me.svelte.ts";
import type { Sessions } from "./sessions.svelte.ts";

/** How many events are read at once. */
const page = 200;

const retryAfter = 1_500;

const nothingYet: Receipts = { customer: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } };

export interface ThreadParts {
  api: Api;
  socket: Socket<Session>;
  me: Me;
  sessions: Sessions;
  outbox(): Outbox | null;
  frame?: (act: () => void) => void;
  /** Is told that the thread was read, with the session as it was then. */
  read(thread: Thread, snapshot: Session): void;
  /** Is told what happened while the thread was followed. */
  heard(thread: Thread, rows: EventRow[]): void;
}

/** One talk: its log as far as it was read, and what is on its way into it. */
export class Thread {
  items = $state.raw<readonly Item[]>([]);
  /** The first part of the log is on its way. */
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  /** The session is not there, or not for this person. */
  missing = $state(false);
  /** There is nothing older. */
  complete = $state(false);
  loadingOlder = $state(false);
  /** What comes after this seq was new when the chat was opened. */
  unreadFrom = $state<number | null>(null);
  /** How many messages of others came while this thread was followed. */
  arrived = $state(0);
  /** The last of them, to be said aloud. */
  lastAnnounced = $state.raw<{ name: string; text: string } | null>(null);
  /** The session with its large parts; what changes often is as new as the lists have it. */
  readonly detail: Session | null = $derived.by(() => this.merged());

  private snapshot = $state.raw<Session | null>(null);
  private log: Log | null = null;
  private marks = nothingYet;
  private marksAt: { delivered?: number; read?: number } = {};
  private stopFollowing: (() => void) | null = null;
  private reading: Promise<void> | null = null;
  private wanted = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private readonly draw: () => void;

  constructor(
    readonly id: string,
    private readonly parts: ThreadParts,
  ) {
    this.draw = once(() => this.drawNow(), parts.frame);
  }

  /** The seq of the last event that was read, 0 before any was. */
  get have(): number {
    return this.log?.have ?? 0;
  }

  get following(): boolean {
    return this.stopFollowing !== null;
  }

  /** follow keeps the thread up to date until the result is called as often as follow was. */
  follow(): () => void {
    if (this.wanted++ === 0) void this.begin();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      if (--this.wanted === 0) this.leave();
    };
  }

  /** retry begins again after an error. What passes by itself is tried again without being asked. */
  retry(): void {
    clearTimeout(this.again);
    if (this.wanted === 0 || this.stopFollowing) return;
    void this.begin();
  }

  /** refresh has the thread drawn again: what waits to be sent changed. */
  refresh(): void {
    this.draw();
  }

  /** receive moves one side's marks. */
  receive(side: Side, delivered: number, read: number, at: number): void {
    const mark = this.marks[side];
    if (side === "customer") {
      if (delivered > mark.delivered) this.marksAt.delivered = at;
      if (read > mark.read) this.marksAt.read = at;
    }
    this.takeMarks({ ...this.marks, [side]: { delivered, read } });
    this.draw();
  }

  /** marksOf is how far a side has got. */
  marksOf(side: Side): Receipts[Side] {
    return this.marks[side];
  }

  /** loadOlder reads the part of the log before the first event. */
  async loadOlder(): Promise<void> {
    const log = this.log;
    if (!log || log.complete || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const after = Math.max(0, log.from - page);
      const part = await readEvents(this.parts.api, this.id, after, page);
      if (log === this.log) log.prepend(after, part.data);
      this.draw();
    } catch (thrown) {
      this.error = asProblem(thrown);
    } finally {
      this.loadingOlder = false;
    }
  }

  /** clearUnread takes the divider away. */
  clearUnread(): void {
    this.unreadFrom = null;
    this.draw();
  }

  /** divide puts the divider before what comes after a seq. */
  divide(seq: number): void {
    this.unreadFrom = seq;
    this.draw();
  }

  private async begin(): Promise<void> {
    try {
      if (!this.log || this.error) await this.load();
      else void this.reread();
    } catch (thrown) {
      this.fail(asProblem(thrown));
      return;
    }
    if (this.wanted > 0 && !this.stopFollowing) this.listen();
  }

  private listen(): void {
    this.stopFollowing = this.parts.socket.follow(this.id, this.have, {
      events: (rows) => this.take(rows),
      gone: (problem) => this.fail(problem),
      reset: async () => {
        await this.load();
        return this.have;
      },
    });
  }

  private leave(): void {
    clearTimeout(this.again);
    this.stopFollowing?.();
    this.stopFollowing = null;
  }

  /** load reads the snapshot and the newest part of the log, once for all who ask while it does. */
  private load(): Promise<void> {
    return (this.reading ??= this.read().finally(() => (this.reading = null)));
  }

  private async read(): Promise<void> {
    const show = () => this.parts.api.get<Session>(`/v1/sessions/${this.id}`);
    const row = this.parts.sessions.peek(this.id);
    const [snapshot, log] = row
      ? await Promise.all([show(), this.newest(row.seq)])
      : await show().then(async (s) => [s, await this.newest(s.seq)] as const);
    this.log = log;
    this.keep(snapshot);
    this.confirm(log.rows);
    this.loading = this.missing = false;
    this.error = null;
    this.parts.read(this, snapshot);
    this.drawNow();
  }

  private async newest(seq: number): Promise<Log> {
    const log = new Log(Math.max(0, seq - page));
    let more = true;
    while (more) {
      const part = await readEvents(this.parts.api, this.id, log.have, page);
      log.append(part.data);
      more = part.next !== null;
    }
    return log;
  }

  /** reread brings the large parts of the session up to date. */
  private async reread(): Promise<void> {
    try {
      this.keep(await this.parts.api.get<Session>(`/v1/sessions/${this.id}`));
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (!problem.passing) this.fail(problem);
    }
  }

  private keep(snapshot: Session): void {
    this.snapshot = snapshot;
    this.takeMarks(snapshot.receipts);
    this.parts.sessions.put(snapshot);
    this.draw();
  }

  private take(rows: EventRow[]): void {
    const log = this.log!;
    log.append(rows);
    this.confirm(rows);
    const { id } = this.parts.me;
    const others = rows.filter(
      ({ event: e }) => e.type === "message.posted" && e.data.author.id !== id && !e.data.history,
    );
    this.arrived += others.length;
    const last = others.at(-1)?.event;
    if (last?.type === "message.posted")
      this.lastAnnounced = { name: last.data.author.name ?? "", text: last.data.text };
    if (rows.some(({ event }) => event.type === "session.updated")) void this.reread();
    this.parts.heard(this, rows);
    this.draw();
  }

  /** confirm takes out of the outbox what the log has. */
  private confirm(rows: readonly EventRow[]): void {
    const outbox = this.parts.outbox();
    for (const { event } of rows) {
      if (event.type !== "message.posted" || event.data.author.id !== this.parts.me.id) continue;
      if (event.data.client_id) outbox?.confirmed(event.data.client_id);
    }
  }

  private fail(problem: Problem): void {
    this.loading = false;
    this.missing = problem.status === 404 || problem.status === 403;
    this.error = problem;
    this.leave();
    if (problem.passing && this.wanted > 0) this.again = setTimeout(() => this.retry(), retryAfter);
  }

  private takeMarks(marks: Receipts): void {
    const later = (side: Side) => ({
      delivered: Math.max(this.marks[side].delivered, marks[side].delivered),
      read: Math.max(this.marks[side].read, marks[side].read),
    });
    this.marks = { customer: later("customer"), agent: later("agent") };
  }

  private merged(): Session | null {
    const row = this.parts.sessions.get(this.id);
    const { snapshot } = this;
    if (!snapshot || !row) return snapshot ?? row ?? null;
    const { context, tried } = snapshot;
    return { ...row, context, tried, customer: { ...row.customer, attributes: snapshot.customer.attributes } };
  }

  private drawNow(): void {
    if (!this.log) return;
    this.complete = this.log.complete;
    this.items = makeItems(
      {
        rows: this.log.rows,
        pending: this.parts.outbox()?.of(this.id) ?? [],
        reader: { agent: this.parts.me.id, name: this.parts.me.name },
        theirs: this.marks.customer,
        theirsAt: this.marksAt,
        unreadFrom: this.unreadFrom,
      },
      this.items,
    );
  }
}
