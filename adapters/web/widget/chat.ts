// The chat without its looks: who the visitor is, what he looks at, and what he can do.
import { asProblem, type Api, type Problem } from "../shared/api.ts";
import { browserSocket, listen } from "../shared/browser.ts";
import { firstName } from "../shared/format.ts";
import { t } from "../shared/i18n.ts";
import { Outbox } from "../shared/outbox.ts";
import type { Attachment, CustomerSession, ServerFrame } from "../shared/protocol.ts";
import { Socket } from "../shared/socket.ts";
import { browserStore } from "../shared/storage.ts";
import type { Bridge, ToFrame } from "./bridge.ts";
import { Chime } from "./chime.ts";
import { Desk } from "./desk.ts";
import { Talk, type Around } from "./talk.ts";
import { Visitor } from "./visitor.ts";

/** What the visitor looks at. The chat has the queue and the talk; after its end he may rate it or begin anew. */
export type Screen = "home" | "chat" | "rating" | "thanks" | "left";

const typingEvery = 2_500;
const longestPause = 15_000;

export class Chat implements Around {
  screen: Screen = "home";
  /** Whether the page shows the chat now. */
  shown: boolean;
  offline = false;
  loading = false;
  /** Why what the visitor asked for was not done. */
  failure = "";
  /** Is called after every change. */
  changed: () => void = () => {};

  readonly chime: Chime;
  readonly desk: Desk;
  readonly talk: Talk;
  readonly visitor: Visitor;
  readonly socket: Socket<CustomerSession>;
  outbox: Outbox;
  private typedAt = 0;
  private entering: { id: string; done: Promise<void> } | null = null;
  private pause = 500;

  constructor(readonly bridge: Bridge) {
    this.shown = bridge.open;
    this.visitor = new Visitor(bridge);
    this.chime = new Chime(this.visitor);
    this.talk = new Talk(this);
    this.desk = new Desk(this.api, bridge.look.queue);
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
    return this.bridge.look.title || this.desk.settings.name || t("widget.title");
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
    return !this.kept && (this.session?.status === "waiting" || this.session?.status === "pending");
  }

  /** Whether the chat is kept until people are there. */
  get kept(): boolean {
    return !this.ended && !!this.session?.after_hours;
  }

  /** Whether the visitor can leave a message instead of waiting. */
  get asks(): boolean {
    return !!this.session?.ask;
  }

  get session(): CustomerSession | null {
    return this.talk.session;
  }

  /** Whether the visitor sees the chat now. */
  get seen(): boolean {
    return this.shown && !document.hidden;
  }

  get api(): Api {
    return this.visitor.api;
  }

  /** draw has everything shown as it is now. */
  draw(): void {
    this.talk.arrange();
    this.changed();
  }

  /** show turns to another screen. */
  show(screen: Screen): void {
    this.screen = screen;
    this.failure = "";
    this.draw();
    if (screen === "home") void this.look();
  }

  /** ask asks for a person, and says the first words to him. */
  async ask(text: string, subject = text.split("\n")[0]!.slice(0, 120)): Promise<void> {
    const { look, facts, page } = this.bridge;
    await this.attempt(async () => {
      await this.visitor.arrive();
      const made = await this.api.post<{ id: string }>("/v1/handoffs", {
        subject: subject || undefined,
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
      this.talk.take(session);
      this.show(session.accepted_at ? "rating" : "home");
    });
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.attempt(async () => {
      const said = { score, comment: comment.trim() || undefined };
      this.talk.take(await this.api.post(`/v1/sessions/${this.session!.id}/rating`, said));
      this.show("thanks");
    });
  }

  /** leave leaves a message with an address, and with it the queue. */
  async leave(email: string, text: string): Promise<void> {
    await this.attempt(async () => {
      await this.api.post(`/v1/sessions/${this.session!.id}/ticket`, { email, text });
      this.show("left");
    });
  }

  /** older reads what was said before. */
  async older(): Promise<void> {
    if (this.loading || !this.session) return;
    this.loading = true;
    this.draw();
    await this.attempt(() => this.talk.older());
    this.loading = false;
    this.draw();
  }

  /** file fetches a file of the chat; the answer's url is a link to it that is good for five minutes. */
  file(id: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.visitor.kept?.token}` };
    return fetch(`/v1/attachments/${id}`, { headers, credentials: "omit" });
  }

  /** ring lets a visitor who looks elsewhere hear that there is something new. */
  ring(): void {
    if (!this.seen || !document.hasFocus()) this.chime.ring();
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

  private async look(): Promise<void> {
    await this.desk.look();
    this.draw();
  }

  /** refresh reads again what may have changed while the connection was away. */
  private async refresh(): Promise<void> {
    try {
      const { session } = await this.api.get<{ session: string | null }>("/v1/me");
      if (session && session !== this.session?.id) await this.handedOver(session);
      else if (this.session) {
        const now = await this.talk.read(this.session.id);
        if (this.session?.id === now.id) this.talk.take(now); // it may have been left meanwhile
      }
      await this.look();
    } catch {
      // The connection went away again; the next one refreshes.
    }
  }

  /** begin enters a session that has just been made, and tells the page of it. */
  private async begin(id: string): Promise<boolean> {
    const entered = await this.enter(id);
    if (entered) this.talk.tell("handoff", {});
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
    const session = await this.talk.read(id);
    this.reset();
    this.talk.open(session);
    this.show("chat");
    this.talk.follow((problem) => this.gone(problem));
  }

  private gone(problem: Problem): void {
    if (problem.status === 401) return; // the socket says so too, and the visitor arrives anew
    this.reset();
    this.visitor.live(false);
    this.show("home");
  }

  private reset(): void {
    this.talk.close();
    this.screen = "home";
    this.draw();
  }

  private hear(frame: ServerFrame<CustomerSession>): void {
    if (frame.type === "session") return this.row(frame.session);
    if (frame.type === "queue.opened" || frame.type === "queue.closed") return void this.look();
    this.talk.hear(frame);
  }

  /** row hears of a session of the visitor: the one that is shown, or one that somebody has just begun for him. */
  private row(session: CustomerSession): void {
    const { session: now, ended } = this;
    if (session.id === now?.id) return this.talk.take(session);
    if (session.status === "ended" || (now && !ended && now.created_at > session.created_at)) return;
    void this.attempt(() => this.handedOver(session.id));
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
}
