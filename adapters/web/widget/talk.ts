import type { Api, Problem } from "../shared/api.ts";
import { readEvents } from "../shared/browser.ts";
import { firstName } from "../shared/format.ts";
import { t } from "../shared/i18n.ts";
import type { Outbox } from "../shared/outbox.ts";
import type { CustomerSession, EventRow, ServerFrame } from "../shared/protocol.ts";
import type { Socket } from "../shared/socket.ts";
import { Log, makeItems, type Item } from "../shared/thread.ts";
import type { Bridge, Happening } from "./bridge.ts";
import { further, Marks } from "./marks.ts";
import type { Visitor } from "./visitor.ts";

const history = 100; // events that are read at first, and each time that older ones are asked for
const typingFor = 4_000;

/** What a talk needs of the chat around it. */
export interface Around {
  readonly api: Api;
  readonly bridge: Bridge;
  readonly outbox: Outbox;
  readonly socket: Socket<CustomerSession>;
  readonly visitor: Visitor;
  /** Whether the visitor sees the chat now. */
  readonly seen: boolean;
  /** ring is called for what is new, and can be heard. */
  ring(): void;
  /** draw is called after every change, and has the talk `arrange` its items. */
  draw(): void;
}

/** Talk is the session that the visitor is shown: its newest picture, its thread, and how far each side has got. */
export class Talk {
  session: CustomerSession | null = null;
  items: Item[] = [];
  /** Who writes to the visitor just now. */
  typing = "";
  /** What a screen reader is told, last. */
  news = "";

  private log = new Log(0);
  private leave: () => void = () => {};
  private typingTimer = 0;
  private readonly marks: Marks;
  /** When the other side read last. */
  private readAt: number | undefined;
  /** The newest event that was there when the session was entered. */
  private knownTo = 0;

  constructor(private readonly around: Around) {
    this.marks = new Marks({
      mark: (type, seq) => around.socket.tell({ type, session: this.session!.id, seq }),
      unread: (count) => this.tell("unread", { count }),
    });
  }

  /** Whether older events can be read. */
  get more(): boolean {
    return this.session !== null && !this.log.complete;
  }

  read(session: string): Promise<CustomerSession> {
    return this.around.api.get(`/v1/sessions/${session}`);
  }

  /** open shows what a session has now. */
  open(session: CustomerSession): void {
    this.marks.begin(session.receipts.customer);
    this.knownTo = session.seq;
    this.take(session);
  }

  /** follow hears of everything that happens in the session that was opened, until it is closed or gone. */
  follow(gone: (problem: Problem) => void): void {
    const { id } = this.session!;
    this.log = new Log(start(this.session!));
    this.leave = this.around.socket.follow(id, this.log.from, {
      events: (rows) => this.happened(rows),
      gone,
      reset: async () => {
        const now = await this.read(id);
        this.take(now);
        this.log = new Log(start(now));
        return this.log.from;
      },
    });
  }

  close(): void {
    this.leave();
    this.leave = () => {};
    this.session = null;
    this.log = new Log(0);
    this.typing = "";
    this.readAt = undefined;
  }

  /** take takes a picture of the session, if it is at least as new as the one before. */
  take(session: CustomerSession): void {
    const before = this.session;
    if (before && (before.id !== session.id || before.seq > session.seq)) return;
    // Rows tell no place; the one that was told holds while the visitor stands in line.
    const untold = session.position ?? session.wait ?? session.wait_words ?? session.after_hours;
    const { position, wait, wait_words } = !untold && session.status === before?.status ? before : session;
    this.session = { ...session, position, wait, wait_words, receipts: further(session.receipts, before?.receipts) };
    this.around.visitor.live(session.status !== "ended");
    this.around.draw();
  }

  /** older reads what was said before. */
  async older(): Promise<void> {
    const { log } = this;
    const after = Math.max(0, log.from - history);
    log.prepend(after, (await readEvents(this.around.api, this.session!.id, after, history)).data);
  }

  /** hear takes what the socket says of the session, and passes over what it says of others. */
  hear(frame: ServerFrame<CustomerSession>): void {
    const { session } = this;
    if (!session || !("session" in frame) || frame.session !== session.id) return;
    switch (frame.type) {
      case "place":
        this.session = { ...session, position: frame.position, wait: frame.wait, wait_words: frame.wait_words };
        break;
      case "receipt":
        if (frame.side === "agent" && frame.read > session.receipts.agent.read) this.readAt = Date.now();
        this.session = {
          ...session,
          receipts: further({ ...session.receipts, [frame.side]: frame }, session.receipts),
        };
        break;
      case "typing":
        this.typing = called(frame.actor.name);
        clearTimeout(this.typingTimer);
        this.typingTimer = window.setTimeout(() => {
          this.typing = "";
          this.around.draw();
        }, typingFor);
    }
    this.around.draw();
  }

  /** arrange makes the thread anew and tells how far the visitor has got. */
  arrange(): void {
    const { around, session, log } = this;
    this.items = session
      ? makeItems(
          {
            rows: log.rows,
            pending: around.outbox.of(session.id),
            reader: "customer",
            theirs: session.receipts.agent,
            theirsAt: { read: this.readAt },
            unreadFrom: null,
          },
          this.items,
        )
      : [];
    if (session) this.marks.meet(this.items, around.seen);
  }

  /** tell tells the page what happened in the session. */
  tell(name: Happening, detail: Record<string, unknown>): void {
    this.around.bridge.say({ type: "event", name, detail: { session: this.session?.id, ...detail } });
  }

  private happened(rows: EventRow[]): void {
    this.log.append(rows);
    for (const row of rows) this.meet(row);
    this.around.draw();
  }

  /** meet looks at one event: what is new is told to the page, and to those who do not see it. */
  private meet({ event, seq }: EventRow): void {
    const live = seq > this.knownTo;
    if (live && (event.type === "session.accepted" || event.type === "session.assigned")) this.around.ring();
    if (event.type === "session.ended" && live)
      this.tell("ended", { by: event.data.by, return_to: event.data.return_to });
    if (event.type !== "message.posted") return;
    const { author, client_id, text } = event.data;
    if (author.role === "customer") {
      this.session!.closes_at = null; // he is there
      if (client_id) this.around.outbox.confirmed(client_id);
    } else if (live) {
      const name = called(author.name);
      this.typing = "";
      this.around.ring();
      this.news = text ? t("widget.said", { name, text }) : t("widget.said_file", { name });
      this.tell("message", { seq, author: name, text });
    }
  }
}

/** called is how somebody is named in the chat. */
export const called = (name = ""): string => firstName(name) || t("widget.team");

/** start is the seq after which the thread of a session begins at first. */
const start = (session: CustomerSession): number => Math.max(0, session.seq - history);
