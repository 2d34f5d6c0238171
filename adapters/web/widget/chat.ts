// The chat without its looks: who the visitor is, the session that is shown, what was said in it, and what can be done.
import { asProblem, type Problem } from "../shared/api.ts";
import { browserSocket, listen, readEvents } from "../shared/browser.ts";
import { firstName } from "../shared/format.ts";
import { t } from "../shared/i18n.ts";
import { Outbox } from "../shared/outbox.ts";
import type { Attachment, CustomerSession, EventRow, Receipt, Receipts, ServerFrame } from "../shared/protocol.ts";
import { Socket } from "../shared/socket.ts";
import { browserStore } from "../shared/storage.ts";
import { Log, makeItems, type Item } from "../shared/thread.ts";
import type { Bridge, Happening, ToFrame } from "./bridge.ts";
import { Visitor } from "./visitor.ts";

/** What the server says of itself to everybody. */
export interface Settings {
  name: string;
  open: boolean;
  limits: { text_bytes: number; attachment_bytes: number; attachment_types: string[] };
}

/** How a request for a person would fare. */
export interface Availability {
  agents_available: number;
  position: number | null;
}

/** What the visitor looks at. The chat has the queue and the talk; after its end he may rate it or begin anew. */
export type Screen = "home" | "chat" | "rating" | "thanks";

const history = 100; // events that are read at first, and each time that older ones are asked for
const typingFor = 4_000;
const typingEvery = 2_500;
const longestPause = 15_000;

export class Chat {
  settings: Settings = {
    name: "",
    open: true,
    limits: { text_bytes: 16_384, attachment_bytes: 20_971_520, attachment_types: [] },
  };
  session: CustomerSession | null = null;
  items: Item[] = [];
  screen: Screen = "home";
  /** Whether the page shows the chat now. */
  shown: boolean;
  offline = false;
  loading = false;
  free: Availability | null = null;
  /** Who writes to the visitor just now. */
  typing = "";
  /** What a screen reader is told, last. */
  news = "";
  /** Why what the visitor asked for was not done. */
  failure = "";
  /** Is called after every change. */
  changed: () => void = () => {};

  private readonly visitor: Visitor;
  private readonly socket: Socket<CustomerSession>;
  private outbox: Outbox;
  private log = new Log(0);
  private leave: () => void = () => {};
  private typedAt = 0;
  private typingTimer = 0;
  /** How far the visitor has read and got the talk, and what was there when the session was entered. */
  private marks: Receipt = { delivered: 0, read: 0 };
  private knownTo = 0;
  private entering: { id: string; done: Promise<void> } | null = null;
  private readAt: number | undefined;
  private unread = 0;
  private pause = 500;

  constructor(readonly bridge: Bridge) {
    this.shown = bridge.open;
    this.visitor = new Visitor(bridge);
    this.socket = new Socket(browserSocket(this.visitor.api));
    this.outbox = this.openOutbox();
    this.socket.onState((state) => {
      if (state !== "connecting") this.offline = state === "offline";
      this.outbox.connected(state === "online");
      if (state === "online") void this.refresh();
      if (state === "signedout") void this.start();
      this.draw();
    });
    this.socket.onFrame((frame) => this.hear(frame));
    listen(this.socket as Socket);
    addEventListener("storage", (e) => this.outbox.heard(e.key));
    document.addEventListener("visibilitychange", () => this.draw());
    bridge.hear((message) => this.told(message));
    void this.start();
  }

  /** The name over the chat, as the page or the server has it. */
  get title(): string {
    return this.bridge.look.title || this.settings.name || t("widget.title");
  }

  /** The first name of the one who has the chat, or "". */
  get agent(): string {
    return firstName(this.session?.agent?.name ?? "");
  }

  get ended(): boolean {
    return this.session?.status === "ended";
  }

  /** Whether the visitor waits for somebody to join. */
  get inLine(): boolean {
    return this.session?.status === "waiting" || this.session?.status === "pending";
  }

  /** Whether older events can be read. */
  get more(): boolean {
    return this.session !== null && !this.log.complete;
  }

  get api() {
    return this.visitor.api;
  }

  /** show turns to another screen. */
  show(screen: Screen): void {
    this.screen = screen;
    this.failure = "";
    this.draw();
    if (screen === "home") void this.look();
  }

  /** ask asks for a person, and says the first words to him. */
  async ask(text: string): Promise<void> {
    const { look, facts, page } = this.bridge;
    await this.attempt(async () => {
      await this.visitor.arrive();
      const made = await this.api.post<{ id: string }>("/v1/handoffs", {
        subject: text.split("\n")[0]!.slice(0, 120) || undefined,
        routing: look.queue ? { queue: look.queue } : undefined,
        context: page.url ? { ...facts, page: page.url, page_title: page.title } : facts,
      });
      if (text) this.outbox.add(made.id, text);
      await this.begin(made.id);
    });
  }

  say(text: string, attachments: Attachment[] = []): void {
    this.typedAt = 0;
    if (this.session) this.outbox.add(this.session.id, text, attachments);
  }

  /** written tells the other side, now and then, that something is being written. */
  written(): void {
    if (!this.session || Date.now() - this.typedAt < typingEvery) return;
    this.typedAt = Date.now();
    this.socket.tell({ type: "typing", session: this.session.id });
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.outbox.remove(clientId);
  }

  /** end leaves the queue or ends the chat. */
  async end(): Promise<void> {
    await this.attempt(async () => {
      const session = await this.api.post<CustomerSession>(`/v1/sessions/${this.session!.id}/end`, {});
      this.take(session);
      this.show(session.accepted_at ? "rating" : "home");
    });
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.attempt(async () => {
      const said = { score, comment: comment.trim() || undefined };
      this.take(await this.api.post(`/v1/sessions/${this.session!.id}/rating`, said));
      this.show("thanks");
    });
  }

  /** older reads what was said before. */
  async older(): Promise<void> {
    const { session, log } = this;
    if (this.loading || !session) return;
    this.loading = true;
    this.draw();
    await this.attempt(async () => {
      const after = Math.max(0, log.from - history);
      log.prepend(after, (await readEvents(this.api, session.id, after, history)).data);
    });
    this.loading = false;
    this.draw();
  }

  /** file fetches a file of the chat; the answer's url is a link to it that is good for five minutes. */
  file(id: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.visitor.kept?.token}` };
    return fetch(`/v1/attachments/${id}`, { headers, credentials: "omit" });
  }

  close(): void {
    if (this.bridge.closable) this.bridge.say({ type: "show", open: false });
  }

  /** start finds out who the visitor is and what goes on, however long it takes to reach the server. */
  private async start(): Promise<void> {
    try {
      const session = await this.visitor.arrive();
      this.outbox.close();
      this.outbox = this.openOutbox();
      if (session) await this.enter(session);
      this.socket.start();
      this.pause = 500;
    } catch (thrown) {
      this.offline = asProblem(thrown).passing;
      this.draw();
      setTimeout(() => void this.start(), (this.pause = Math.min(this.pause * 2, longestPause)));
    }
  }

  /** look sees whether the desk is open and somebody is free. When that cannot be said, nothing is promised. */
  private async look(): Promise<void> {
    try {
      const { queue } = this.bridge.look;
      this.settings = await this.api.get("/v1/widget");
      this.free = await this.api.get("/v1/availability", { query: { queue } });
    } catch {
      this.free = null;
    }
    this.draw();
  }

  /** refresh reads again what may have changed while the connection was away. */
  private async refresh(): Promise<void> {
    try {
      const { session } = await this.api.get<{ session: string | null }>("/v1/me");
      if (session && session !== this.session?.id) await this.handedOver(session);
      else if (this.session) this.take(await this.read(this.session.id));
      await this.look();
    } catch {
      // The connection went away again; the next one refreshes.
    }
  }

  private read(session: string): Promise<CustomerSession> {
    return this.api.get(`/v1/sessions/${session}`);
  }

  /** begin enters a session that has just been made, and tells the page of it. */
  private async begin(id: string): Promise<boolean> {
    const entered = await this.enter(id);
    if (entered) this.tell("handoff", {});
    return entered;
  }

  /** handedOver shows a session that somebody else has begun for the visitor, such as a bot of the page. */
  private async handedOver(id: string): Promise<void> {
    if ((await this.begin(id)) && !document.hidden) this.bridge.say({ type: "show", open: true });
  }

  /** enter shows a session, once; it is false for one that is shown already, or about to be. */
  private async enter(id: string): Promise<boolean> {
    if (this.session?.id === id) return false;
    if (this.entering?.id === id) return this.entering.done.then(() => false);
    const done = this.turnTo(id).finally(() => (this.entering = null));
    this.entering = { id, done };
    await done;
    return true;
  }

  /** turnTo shows what a session has now, and from then on everything that happens in it. */
  private async turnTo(id: string): Promise<void> {
    const session = await this.read(id);
    this.reset();
    this.marks = { ...session.receipts.customer };
    this.knownTo = session.seq;
    this.take(session);
    this.show("chat");
    this.log = new Log(start(session));
    this.leave = this.socket.follow(id, this.log.from, {
      events: (rows) => this.happened(rows),
      gone: (problem) => this.gone(problem),
      reset: async () => {
        const now = await this.read(id);
        this.take(now);
        this.log = new Log(start(now));
        return this.log.from;
      },
    });
  }

  private gone(problem: Problem): void {
    if (problem.status === 401) return; // the socket says so too, and the visitor arrives anew
    this.reset();
    this.visitor.live(false);
    this.show("home");
  }

  private reset(): void {
    this.leave();
    this.leave = () => {};
    this.session = null;
    this.log = new Log(0);
    this.typing = "";
    this.readAt = undefined;
    this.screen = "home";
    this.draw();
  }

  /** take takes a picture of the session that is at least as new as the one before. */
  private take(session: CustomerSession): void {
    const before = this.session;
    if (before && (before.id !== session.id || before.seq > session.seq)) return;
    const position = session.position ?? (session.status === before?.status ? before.position : null);
    this.session = { ...session, position, receipts: further(session.receipts, before?.receipts) };
    this.visitor.live(session.status !== "ended");
    this.draw();
  }

  private hear(frame: ServerFrame<CustomerSession>): void {
    if (frame.type === "session") return this.row(frame.session);
    const { session } = this;
    if (!session || !("session" in frame) || frame.session !== session.id) return;
    switch (frame.type) {
      case "place":
        this.session = { ...session, position: frame.position, wait: frame.wait };
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
          this.draw();
        }, typingFor);
    }
    this.draw();
  }

  /** row hears of a session of the visitor: the one that is shown, or one that somebody has just begun for him. */
  private row(session: CustomerSession): void {
    const { session: now, ended } = this;
    if (session.id === now?.id) return this.take(session);
    if (session.status === "ended" || (now && !ended && now.created_at > session.created_at)) return;
    void this.attempt(() => this.handedOver(session.id));
  }

  private happened(rows: EventRow[]): void {
    this.log.append(rows);
    for (const row of rows) this.meet(row);
    this.draw();
  }

  /** meet looks at one event: what is new is told to the page, and to those who do not see it. */
  private meet({ event, seq }: EventRow): void {
    const live = seq > this.knownTo;
    if (event.type === "session.ended" && live)
      this.tell("ended", { by: event.data.by, return_to: event.data.return_to });
    if (event.type !== "message.posted") return;
    const { author, client_id, text } = event.data;
    if (author.role === "customer") {
      if (client_id) this.outbox.confirmed(client_id);
    } else if (live) {
      const name = called(author.name);
      this.typing = "";
      this.news = text ? t("widget.said", { name, text }) : t("widget.said_file", { name });
      this.tell("message", { seq, author: name, text });
    }
  }

  /** draw makes the thread anew, tells how far the visitor has got, and has everything shown. */
  private draw(): void {
    const { session, log } = this;
    this.items = session
      ? makeItems(
          {
            rows: log.rows,
            pending: this.outbox.of(session.id),
            reader: "customer",
            theirs: session.receipts.agent,
            theirsAt: { read: this.readAt },
            unreadFrom: null,
          },
          this.items,
        )
      : [];
    if (session) this.mark(session.id);
    this.changed();
  }

  private mark(session: string): void {
    const theirs = this.items.filter((item) => item.kind === "message" && item.side !== "own" && !item.history);
    const seqs = theirs.map((item) => ("seq" in item && item.seq) || 0);
    const newest = Math.max(0, ...seqs);
    const mark = this.shown && !document.hidden ? "read" : "delivered";
    if (newest > this.marks[mark]) {
      this.marks[mark] = newest;
      this.socket.tell({ type: mark, session, seq: newest });
    }
    const unread = seqs.filter((seq) => seq > this.marks.read).length;
    if (unread !== this.unread) this.tell("unread", { count: (this.unread = unread) });
  }

  private told(message: ToFrame): void {
    const { bridge, visitor } = this;
    switch (message.type) {
      case "shown":
        bridge.page = message.page;
        bridge.focus = message.focus;
        this.shown = message.open;
        if (message.open && this.screen === "home") void this.look();
        return this.draw();
      case "facts":
        bridge.facts = message.facts;
        return;
      case "visitor":
        return void this.start();
      case "identity":
        if (visitor.vouched(message.token)) this.forget();
        return void this.start();
      case "kept":
        if (message.kept?.token === visitor.kept?.token) return;
        this.forget();
        visitor.kept = message.kept;
        if (message.kept) void this.start();
    }
  }

  /** forget leaves the visitor, with what he wrote and did not send. */
  private forget(): void {
    this.socket.stop();
    this.outbox.close();
    if (this.session) for (const { client_id } of this.outbox.of(this.session.id)) this.outbox.remove(client_id);
    this.reset();
    this.offline = false;
  }

  private openOutbox(): Outbox {
    const outbox = new Outbox({
      store: browserStore(() => localStorage),
      prefix: `baton.out.${this.visitor.kept?.customer}.`,
      send: ({ session, client_id, text, attachments }) =>
        this.socket.request({ type: "message", session, client_id, text, attachments: attachments.map((a) => a.id) }),
    });
    outbox.onChange((session) => session === this.session?.id && this.draw());
    return outbox;
  }

  /** attempt does something for the visitor, and says when it did not work. */
  private async attempt(act: () => Promise<void>): Promise<void> {
    this.failure = "";
    try {
      await act();
    } catch (thrown) {
      this.failure = asProblem(thrown).status === 0 ? t("widget.offline") : t("widget.failed");
      this.draw();
    }
  }

  private tell(name: Happening, detail: Record<string, unknown>): void {
    this.bridge.say({ type: "event", name, detail: { session: this.session?.id, ...detail } });
  }
}

/** called is how somebody is named in the chat. */
export const called = (name = ""): string => firstName(name) || t("widget.team");

/** start is the seq after which the thread of a session begins at first. */
const start = (session: CustomerSession): number => Math.max(0, session.seq - history);

/** further joins two pictures of how far each side has got: marks never go back. */
function further(now: Receipts, before: Receipts = now): Receipts {
  const side = (name: keyof Receipts): Receipt => ({
    delivered: Math.max(now[name].delivered, before[name].delivered),
    read: Math.max(now[name].read, before[name].read),
  });
  return { customer: side("customer"), agent: side("agent") };
}
