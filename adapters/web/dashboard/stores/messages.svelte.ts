import type { Outbox, Pending } from "../../shared/outbox.ts";
import type { ActorRef, Attachment, EventRow, Session, Side } from "../../shared/protocol.ts";
import { splitSeam } from "../../shared/thread.ts";
import { Thread, type ThreadParts } from "./thread.svelte.ts";

export { splitSeam, Thread };

const typingEvery = 2_500;
const readAfter = 150;
const threadsMost = 60;

/** Is told who has posted in a session. */
type Said = (session: string, author: ActorRef) => void;

/** The talks that are looked at, and those of my own chats. */
export class Messages {
  private readonly threads = new Map<string, Thread>();
  private readonly ends = new Map<string, () => void>();
  private readonly own = new Map<string, () => void>();
  private readonly viewed = new Map<string, number>();
  private readonly typed = new Map<string, number>();
  private readonly marking = new Set<string>();
  private outbox: Outbox | null = null;
  private version = $state(0);
  /** Whether the person can see the page. */
  private visible = true;

  constructor(private readonly parts: Omit<ThreadParts, "outbox" | "read" | "heard"> & { said: Said }) {}

  /** How many messages are written and not with the server yet. */
  get waiting(): number {
    void this.version;
    return this.outbox?.waiting ?? 0;
  }

  /** open begins anew for a person, with what he has not sent yet. */
  open(outbox: Outbox): void {
    this.close();
    this.outbox = outbox;
    outbox.onChange((session) => {
      this.threads.get(session)?.refresh();
      this.version++;
    });
  }

  close(): void {
    for (const leave of this.own.values()) leave();
    this.own.clear();
    for (const id of [...this.threads.keys()]) this.forget(id);
    this.viewed.clear();
    this.outbox?.close();
    this.outbox = null;
  }

  /** thread gives the talk of a session. It is read when somebody looks at it. */
  thread(id: string): Thread {
    return this.threads.get(id) ?? this.begin(id);
  }

  private begin(id: string): Thread {
    const parts: ThreadParts = {
      ...this.parts,
      outbox: () => this.outbox,
      read: (thread, snapshot) => this.read(thread, snapshot),
      heard: (thread, rows) => this.heard(thread, rows),
    };
    const made: Thread[] = [];
    // A thread outlives the part of the page that asks for it first.
    const end = $effect.root(() => void made.push(new Thread(id, parts)));
    this.threads.set(id, made[0]!);
    this.ends.set(id, end);
    this.forgetOld();
    return made[0]!;
  }

  /** view says that somebody looks at a chat, until the result is called: it is followed, and read as it is seen. */
  view(id: string): () => void {
    const thread = this.thread(id);
    const row = this.parts.sessions.peek(id);
    if (row) divide(thread, row);
    this.viewed.set(id, (this.viewed.get(id) ?? 0) + 1);
    this.parts.sessions.watch(id, this.visible);
    const leave = thread.follow();
    this.mark(thread);
    return () => {
      leave();
      const left = (this.viewed.get(id) ?? 1) - 1;
      if (left > 0) this.viewed.set(id, left);
      else this.unview(thread);
    };
  }

  private unview(thread: Thread): void {
    this.viewed.delete(thread.id);
    this.parts.sessions.watch(thread.id, false);
    thread.clearUnread();
  }

  /** see says whether the person can see the page; what he sees is read. */
  see(visible: boolean): void {
    this.visible = visible;
    for (const id of this.viewed.keys()) {
      this.parts.sessions.watch(id, visible);
      if (visible) this.mark(this.thread(id));
    }
  }

  /** isViewed says whether somebody looks at a chat now. */
  isViewed(id: string): boolean {
    return this.visible && this.viewed.has(id);
  }

  /** followOwn follows the chats that the person has, so that they are there when he turns to them. */
  followOwn(ids: readonly string[]): void {
    const wanted = new Set(ids);
    for (const [id, leave] of this.own) {
      if (wanted.has(id)) continue;
      leave();
      this.own.delete(id);
    }
    for (const id of wanted) if (!this.own.has(id)) this.own.set(id, this.thread(id).follow());
  }

  /** send takes a message; it is kept until the server has it. */
  send(id: string, text: string, attachments: Attachment[] = []): void {
    this.outbox?.add(id, text, attachments);
    this.typed.delete(id);
  }

  /** retry sends a message again that was refused. */
  retry(clientId: string): void {
    this.outbox?.retry(clientId);
  }

  /** discard forgets a message that the server does not have, and gives what was written. */
  discard(clientId: string): Pending | undefined {
    return this.outbox?.remove(clientId);
  }

  /** lastFailed is the newest message of a chat that was refused. */
  lastFailed(id: string): Pending | undefined {
    return this.outbox?.of(id).findLast((m) => m.state === "failed");
  }

  /** typing says that a reply is being written; call it on each key. */
  typing(id: string): void {
    const now = Date.now();
    if (now - (this.typed.get(id) ?? 0) < typingEvery) return;
    this.typed.set(id, now);
    this.parts.socket.tell({ type: "typing", session: id });
  }

  /** receipt takes a side's marks as the socket tells them. */
  receipt(id: string, side: Side, delivered: number, read: number, at: number): void {
    this.threads.get(id)?.receive(side, delivered, read, at);
  }

  /** row takes the marks of a row, which reaches us also when the thread is not followed. */
  row(row: Session, at: number): void {
    const thread = this.threads.get(row.id);
    if (!thread) return;
    if (thread.missing) thread.retry(); // it may be read again
    for (const side of ["customer", "agent"] as const) {
      const { delivered, read } = row.receipts[side];
      const known = thread.marksOf(side);
      if (delivered > known.delivered || read > known.read) thread.receive(side, delivered, read, at);
    }
  }

  private read(thread: Thread, snapshot: Session): void {
    if (this.viewed.has(thread.id) && thread.unreadFrom === null) divide(thread, snapshot);
    this.mark(thread);
  }

  private heard(thread: Thread, rows: EventRow[]): void {
    for (const { event } of rows) if (event.type === "message.posted") this.parts.said(thread.id, event.data.author);
    const theirs = rows.filter(({ event }) => event.type === "message.posted" && event.data.author.role === "customer");
    if (theirs.length === 0) return;
    if (!this.visible && this.viewed.has(thread.id) && thread.unreadFrom === null) thread.divide(theirs[0]!.seq - 1);
    this.mark(thread);
  }

  /** mark tells the customer's side how far ours has got, once for many messages. Only the owner's word counts. */
  private mark(thread: Thread): void {
    if (this.marking.has(thread.id)) return;
    this.marking.add(thread.id);
    setTimeout(() => {
      this.marking.delete(thread.id);
      this.tellMark(thread);
    }, readAfter);
  }

  private tellMark(thread: Thread): void {
    const session = this.parts.sessions.peek(thread.id);
    const seq = thread.have;
    if (session?.agent?.id !== this.parts.me.id || session.status !== "active" || seq === 0) return;
    const { delivered, read } = thread.marksOf("agent");
    if (this.isViewed(thread.id)) {
      if (seq > read) this.parts.socket.tell({ type: "read", session: thread.id, seq });
    } else if (seq > delivered) this.parts.socket.tell({ type: "delivered", session: thread.id, seq });
  }

  /** again does what could not be done without a connection: talks are read, and marks told. */
  again(): void {
    for (const thread of this.threads.values()) {
      if (thread.following) this.mark(thread);
      else thread.retry();
    }
  }

  private forgetOld(): void {
    for (const [id, thread] of this.threads) {
      if (this.threads.size <= threadsMost) return;
      if (!thread.following && !this.viewed.has(id)) this.forget(id);
    }
  }

  private forget(id: string): void {
    this.ends.get(id)?.();
    this.ends.delete(id);
    this.threads.delete(id);
  }
}

/** divide puts the divider before what nobody has read. */
function divide(thread: Thread, session: Session): void {
  if (session.unread > 0) thread.divide(session.receipts.agent.read);
}
