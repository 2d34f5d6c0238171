// What was written and is not known to be kept by the server yet. A message stays here, over reloads too, until the
// server has it; its client id makes repeats harmless, so that tabs need not agree on who sends.
import { asProblem, type Problem } from "./api.ts";
import { newId } from "./ids.ts";
import type { Attachment } from "./protocol.ts";
import { readJSON, writeJSON, type Store } from "./storage.ts";

/** waiting: for the connection, or its turn. sent: the server has it, and its event is on the way. */
export type PendingState = "waiting" | "sending" | "sent" | "failed";

export interface Pending {
  client_id: string;
  session: string;
  text: string;
  attachments: Attachment[];
  /** When it was written, in milliseconds; what is written later has a larger one. */
  at: number;
  /** The tab that it was written in. */
  tab: string;
  state: PendingState;
  error?: { code: string; detail: string };
}

export interface OutboxEnv {
  store: Store;
  /** Begins the names of what is kept; it has the person in it. */
  prefix: string;
  /** Sends a message; the answer comes when it is durable. */
  send(message: Pending): Promise<unknown>;
  now?(): number;
  after?(ms: number, act: () => void): () => void;
}

const retryAfter = 1_000;
const foreignAfter = 10_000; // then the tab that a message was written in is taken for closed

export class Outbox {
  private readonly all = new Map<string, Pending>();
  private readonly tab = newId();
  private readonly listeners = new Set<(session: string) => void>();
  private readonly sending = new Set<string>(); // sessions
  private readonly timers = new Set<() => void>();
  private online = false;
  private last = 0;

  constructor(private readonly env: OutboxEnv) {
    for (const key of env.store.keys()) if (key.startsWith(env.prefix)) this.adopt(key, this.tab);
  }

  /** add takes a message and sends it as soon as it can be sent, after those written before it in the session. */
  add(session: string, text: string, attachments: Attachment[] = []): Pending {
    this.last = Math.max(this.now(), this.last + 1);
    const message: Pending = {
      client_id: newId(),
      session,
      text,
      attachments,
      at: this.last,
      tab: this.tab,
      state: "waiting",
    };
    this.put(message);
    void this.work(session);
    return message;
  }

  /** of gives the messages of a session, in the order they were written. */
  of(session: string): Pending[] {
    return this.sorted((m) => m.session === session);
  }

  /** waiting is how many messages the server does not have yet and may still get. */
  get waiting(): number {
    return this.sorted((m) => m.state === "waiting" || m.state === "sending").length;
  }

  /** retry sends a message again that was refused. */
  retry(clientId: string): void {
    const message = this.all.get(clientId);
    if (message?.state !== "failed") return;
    this.put({ ...message, tab: this.tab, state: "waiting", error: undefined });
    void this.work(message.session);
  }

  /** remove forgets a message, and gives what was written. */
  remove(clientId: string): Pending | undefined {
    const message = this.all.get(clientId);
    if (message) this.drop(message);
    return message;
  }

  /** confirmed says that the log has the message. */
  confirmed(clientId: string): void {
    const message = this.all.get(clientId);
    if (message) this.drop(message);
  }

  /** connected says whether messages can be sent; all that wait are sent when that begins. */
  connected(online: boolean): void {
    this.online = online;
    if (online) for (const session of new Set([...this.all.values()].map((m) => m.session))) void this.work(session);
  }

  /** onChange is told the session whose messages changed. */
  onChange(listener: (session: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** heard takes note of what another tab wrote, sent or deleted: the key of the browser's storage event. */
  heard(key: string | null): void {
    if (!key?.startsWith(this.env.prefix)) return;
    const known = this.all.get(key.slice(this.env.prefix.length));
    if (this.env.store.getItem(key) === null) {
      if (known && known.state !== "sent") this.forget(known);
      return;
    }
    this.adopt(key);
    this.later(foreignAfter);
  }

  /** close ends all timers; what is kept stays kept. */
  close(): void {
    this.online = false;
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  /** work sends what waits in a session, one after the other, so that the order stays. */
  private async work(session: string): Promise<void> {
    if (this.sending.has(session)) return;
    this.sending.add(session);
    try {
      for (let next = this.next(session); this.online && next; next = this.next(session)) {
        if (!(await this.deliver(next))) return;
      }
    } finally {
      this.sending.delete(session);
    }
  }

  private next(session: string): Pending | undefined {
    const young = this.now() - foreignAfter;
    return this.of(session).find((m) => m.state === "waiting" && (m.tab === this.tab || m.at <= young));
  }

  /** deliver sends one message. It is false when the following ones have to wait. */
  private async deliver(message: Pending): Promise<boolean> {
    this.show({ ...message, state: "sending" });
    try {
      await this.env.send(message);
    } catch (thrown) {
      if (this.all.has(message.client_id)) return this.undelivered(message, asProblem(thrown));
      return true;
    }
    if (this.all.has(message.client_id)) {
      this.env.store.removeItem(this.key(message));
      this.show({ ...message, state: "sent" });
    }
    return true;
  }

  private undelivered(message: Pending, problem: Problem): boolean {
    if (!problem.passing) {
      this.put({ ...message, state: "failed", error: { code: problem.code, detail: problem.detail } });
      return true;
    }
    this.show({ ...message, state: "waiting" });
    this.later(Math.max(retryAfter, problem.retryAfter * 1000));
    return false;
  }

  /** adopt takes over what is kept: as this tab's own, or as what the other tab will send. */
  private adopt(key: string, tab?: string): void {
    const kept = readJSON<Pending>(this.env.store, key);
    if (!kept) return;
    const state = kept.state === "failed" ? "failed" : "waiting";
    if (this.all.get(kept.client_id)?.state === state) return;
    this.show({ ...kept, tab: tab ?? kept.tab, state });
  }

  private put(message: Pending): void {
    writeJSON(this.env.store, this.key(message), message);
    this.show(message);
  }

  private show(message: Pending): void {
    this.all.set(message.client_id, message);
    this.tell(message.session);
  }

  private drop(message: Pending): void {
    this.env.store.removeItem(this.key(message));
    this.forget(message);
  }

  private forget(message: Pending): void {
    this.all.delete(message.client_id);
    this.tell(message.session);
  }

  private later(ms: number): void {
    const act = () => {
      this.timers.delete(cancel);
      if (this.online) this.connected(true);
    };
    const cancel = this.env.after ? this.env.after(ms, act) : after(ms, act);
    this.timers.add(cancel);
  }

  private sorted(fits: (m: Pending) => boolean): Pending[] {
    return [...this.all.values()].filter(fits).sort((a, b) => a.at - b.at);
  }

  private key(message: Pending): string {
    return this.env.prefix + message.client_id;
  }

  private tell(session: string): void {
    for (const listener of this.listeners) listener(session);
  }

  private now(): number {
    return (this.env.now ?? Date.now)();
  }
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
