// The socket: one connection that comes back by itself, with answers to what is asked and streams that go on where
// they were. What it needs of the browser is handed in, so that it runs without one.
import { asProblem, Problem } from "./api.ts";
import { close, parseFrame, type ClientFrame, type OkFrame, type ProblemFrame, type ServerFrame } from "./protocol.ts";
import { problemOf, Questions } from "./questions.ts";
import { Stream, type EventPage, type Reader } from "./stream.ts";

/**
 * connecting: an attempt is under way. online: the server has said welcome. offline: it could not be reached, and the
 * next attempt has a time. signedout: it does not know us. closed: nobody wants a connection.
 */
export type SocketState = "closed" | "connecting" | "online" | "offline" | "signedout";

/** One open connection. */
export interface Connection {
  send(text: string): void;
  close(): void;
}

/** Who is told what a connection brings, and how it ended. */
export interface Ears {
  heard(text: string): void;
  ended(code: number): void;
}

export interface SocketEnv {
  /** Opens a connection with these subprotocols. */
  open(protocols: string[], ears: Ears): Connection;
  /** Gets a ticket for one connection. */
  ticket(signal: AbortSignal): Promise<string>;
  /** Fetches the events of a session after a seq. */
  events(session: string, after: number): Promise<EventPage>;
  now?(): number;
  random?(): number;
  after?(ms: number, act: () => void): () => void;
}

const answerWithin = 15_000;
const welcomeWithin = 10_000;
const quietFor = 20_000; // then we ask whether the server is there
const lookEvery = 5_000;
const steadyAfter = 5_000; // a connection that lasted so long was a good one
const frameBytes = 60 << 10;

export class Socket<S = unknown> {
  state: SocketState = "closed";
  /** When the next attempt is made, while offline. */
  retryAt: number | null = null;
  /** The server's build, once it has said welcome. */
  build = "";
  /** What to add to our clock for the server's. */
  offset = 0;

  private ws: Connection | null = null;
  private attempt: AbortController | null = null;
  private failures = 0;
  private downSince: number | null = null;
  private heard = 0;
  private looked = 0;
  private welcomed = 0;
  private checking = false;
  private cancelTimer: () => void = () => undefined;
  private readonly questions = new Questions();
  private readonly streams = new Map<string, Stream>();
  private deskFollowed: (() => void) | null = null;
  private readonly stateListeners = new Set<(state: SocketState) => void>();
  private readonly frameListeners = new Set<(frame: ServerFrame<S>) => void>();

  constructor(private readonly env: SocketEnv) {}

  /** start connects, and stays connected until stop. */
  start(): void {
    if (this.state === "closed" || this.state === "signedout") this.connect();
  }

  /** stop ends the connection; what was asked is refused as offline. Streams are forgotten. */
  stop(): void {
    this.hangUp();
    this.streams.clear();
    this.deskFollowed = null;
    this.become("closed");
  }

  /** signedOut ends the connection until start: nobody is signed in. Streams go on then. */
  signedOut(): void {
    if (this.state === "closed") return;
    this.hangUp();
    this.become("signedout");
  }

  /** wake makes an attempt now, or makes sure that the connection still lives: the network or the person is back. */
  wake(): void {
    if (this.state === "online") this.check(2_000);
    else if (this.state !== "closed" && this.state !== "signedout") {
      this.failures = 0;
      this.connect();
    }
  }

  /** check asks whether the server is there, and drops the connection when it does not say so in time. */
  check(within: number): void {
    if (this.state !== "online" || this.checking) return;
    const ws = this.ws;
    this.checking = true;
    const cancel = this.after(within, () => ws === this.ws && this.lost(0));
    this.request({ type: "ping" })
      .catch(() => undefined)
      .finally(() => {
        cancel();
        this.checking = false;
      });
  }

  onState(listener: (state: SocketState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** onFrame is told every frame but answers and the events of streams. */
  onFrame(listener: (frame: ServerFrame<S>) => void): () => void {
    this.frameListeners.add(listener);
    return () => this.frameListeners.delete(listener);
  }

  /** request sends a frame and waits for its answer. It is a Problem "offline" when the connection ends before. */
  request(frame: ClientFrame): Promise<OkFrame> {
    const id = this.questions.nextId();
    const text = JSON.stringify({ ...frame, id });
    if (text.length > frameBytes) return Promise.reject(new Problem(413, "too_large", "the message is too long"));
    if (this.state !== "online" || !this.ws) return Promise.reject(new Problem(0, "offline", ""));
    this.ws.send(text);
    return this.questions.wait(id, (act) => this.after(answerWithin, act));
  }

  /** tell sends a frame without waiting; it is lost when there is no connection. */
  tell(frame: ClientFrame): void {
    if (this.state === "online") this.ws?.send(JSON.stringify(frame));
  }

  /** follow tells a reader the events of a session after a seq, through all reconnects, until the result is called. */
  follow(session: string, after: number, reader: Reader): () => void {
    const stream = new Stream(session, after, reader, (id, seq) => this.env.events(id, seq));
    this.streams.set(session, stream);
    void this.subscribe(stream);
    return () => {
      if (this.streams.get(session) !== stream) return;
      this.streams.delete(session);
      this.tell({ type: "unsubscribe", session });
    };
  }

  /** followDesk has the changes of the desk told to onFrame; started is called each time that this begins anew. */
  followDesk(started: () => void): void {
    this.deskFollowed = started;
    if (this.state === "online") this.subscribeDesk();
  }

  private connect(): void {
    this.hangUp();
    this.become("connecting");
    const attempt = new AbortController();
    this.attempt = attempt;
    this.cancelTimer = this.after(welcomeWithin, () => this.lost(0));
    this.env.ticket(attempt.signal).then(
      (ticket) => attempt.signal.aborted || this.open(ticket),
      (thrown: unknown) => attempt.signal.aborted || this.refused(asProblem(thrown)),
    );
  }

  private open(ticket: string): void {
    const ws: Connection = this.env.open(["baton.v1", `ticket.${ticket}`], {
      heard: (text) => this.ws === ws && this.hear(text),
      ended: (code) => this.ws === ws && this.lost(code),
    });
    this.ws = ws;
  }

  private refused(problem: Problem): void {
    if (problem.status === 401) this.signedOut();
    else this.lost(0, problem.retryAfter * 1000);
  }

  /** hangUp forgets the connection or the attempt at one, without a word. */
  private hangUp(): void {
    this.cancelTimer();
    this.attempt?.abort();
    const ws = this.ws;
    this.ws = null;
    this.checking = false;
    ws?.close();
    this.questions.lost();
  }

  /** lost plans the next attempt after a connection ended with this code, or did not come about (0). */
  private lost(code: number, atLeast = 0): void {
    if (this.welcomed > 0 && this.now() - this.welcomed > steadyAfter) this.failures = 0;
    this.welcomed = 0;
    this.downSince ??= this.now();
    this.hangUp();
    const wait = Math.max(atLeast, this.pause(code));
    this.failures++;
    this.retryAt = this.now() + wait;
    this.become("offline");
    this.cancelTimer = this.after(wait, () => this.connect());
  }

  /**
   * pause is how long to wait before the next attempt. While an outage is young, attempts are close together, so that
   * people are back at once; later they spread, so that a server that comes up is not run over.
   */
  private pause(code: number): number {
    const spread = 0.5 + (this.env.random ?? Math.random)() / 2;
    if (code === close.fast) return 8_000 * spread;
    const young = this.now() - (this.downSince ?? 0) < 40_000;
    return Math.min(400 * 2 ** this.failures, young ? 1_500 : 20_000) * spread;
  }

  private hear(text: string): void {
    this.heard = this.now();
    const frame = parseFrame<S>(text);
    switch (frame?.type) {
      case undefined:
        return;
      case "welcome":
        return this.welcome(frame);
      case "ok":
        return this.questions.granted(frame);
      case "problem":
        return this.problem(frame);
      case "event":
        return this.event(frame.session, frame);
      case "resync":
        return this.resync(frame.session);
      default:
        for (const listener of this.frameListeners) listener(frame!);
    }
  }

  private welcome(frame: { build: string; now: string }): void {
    this.cancelTimer();
    this.build = frame.build;
    this.offset = Date.parse(frame.now) - this.now();
    this.welcomed = this.looked = this.now();
    this.retryAt = this.downSince = null;
    this.become("online");
    this.look(this.ws);
    if (this.deskFollowed) this.subscribeDesk();
    for (const stream of this.streams.values()) void this.subscribe(stream);
  }

  /** look sees to it, while this connection lives, that a silent server is asked, and at once after a sleep. */
  private look(ws: Connection | null): void {
    this.cancelTimer = this.after(lookEvery, () => {
      if (ws !== this.ws) return;
      const now = this.now();
      if (now - this.looked > 3 * lookEvery) this.check(3_000);
      else if (now - this.heard > quietFor) this.check(10_000);
      this.looked = now;
      this.look(ws);
    });
  }

  private problem(frame: ProblemFrame): void {
    if (frame.id) return this.questions.refused(frame.id, problemOf(frame));
    const stream = this.streams.get(frame.session ?? "");
    if (!stream) return;
    this.streams.delete(stream.session);
    stream.reader.gone(problemOf(frame));
  }

  private event(session: string, row: Parameters<Stream["take"]>[0]): void {
    const stream = this.streams.get(session);
    if (stream && !stream.take(row)) this.mend(stream, () => stream.fill());
  }

  private resync(session: string): void {
    const stream = this.streams.get(session);
    if (stream) this.mend(stream, () => stream.skip().then(() => this.subscribe(stream)));
  }

  /** mend repairs a stream, and subscribes to it again a moment later when that cannot be done now. */
  private mend(stream: Stream, repair: () => Promise<void>): void {
    repair().catch((thrown: unknown) => {
      if (this.streams.get(stream.session) !== stream) return;
      if (stream.fail(thrown)) this.streams.delete(stream.session);
      else this.after(1_000, () => this.subscribe(stream));
    });
  }

  private async subscribe(stream: Stream): Promise<void> {
    if (this.state !== "online" || this.streams.get(stream.session) !== stream) return;
    const ws = this.ws;
    const asked = this.request({ type: "subscribe", session: stream.session, after: stream.have });
    this.mend(stream, () =>
      asked.then(
        () => undefined,
        (problem: Problem) => {
          if (ws === this.ws) throw problem; // else the next connection subscribes by itself
        },
      ),
    );
  }

  private subscribeDesk(): void {
    const ws = this.ws;
    this.request({ type: "subscribe", feed: "desk" }).then(
      () => this.deskFollowed?.(),
      () => ws === this.ws && this.after(1_000, () => ws === this.ws && this.subscribeDesk()),
    );
  }

  private become(state: SocketState): void {
    if (state !== "offline") this.retryAt = null;
    if (state === this.state && state !== "offline") return;
    this.state = state;
    for (const listener of this.stateListeners) listener(state);
  }

  private now(): number {
    return (this.env.now ?? Date.now)();
  }

  private after(ms: number, act: () => unknown): () => void {
    if (this.env.after) return this.env.after(ms, act);
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  }
}
