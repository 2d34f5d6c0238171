// What the server tells of the desk, put into the stores; and the lists that it begins with.
import { asProblem, type Api } from "../../shared/api.ts";
import type { Agent, Queue, ServerFrame, Session } from "../../shared/protocol.ts";
import type { Clock } from "./clock.svelte.ts";
import type { Me } from "./me.svelte.ts";
import type { Messages } from "./messages.svelte.ts";
import type { Presence } from "./presence.svelte.ts";
import type { Sessions } from "./sessions.svelte.ts";

export interface FeedParts {
  api: Api;
  me: Me;
  clock: Clock;
  sessions: Sessions;
  messages: Messages;
  presence: Presence;
  /** Is told of a session that was looked for and may not be read. */
  missing(id: string): void;
}

/** For how long a call may be answered by what the server knew of the caller before. */
const knownFor = 1_500;
const openStates = "pending,waiting,active";

/** Feed keeps the lists as the server has them: rows as they change, and all of them anew with each connection. */
export class Feed {
  private again: ReturnType<typeof setTimeout> | undefined;
  private reading: { gone: Set<string>; told: Set<string>; abort: AbortController } | null = null;

  constructor(private readonly parts: FeedParts) {}

  /** take puts what a frame tells into the stores. */
  take(frame: ServerFrame<Session>): void {
    const { clock, me, messages, presence, sessions } = this.parts;
    switch (frame.type) {
      case "session":
        this.reading?.gone.delete(frame.session.id);
        this.reading?.told.add(frame.session.id);
        messages.row(frame.session, clock.serverNow());
        return sessions.put(frame.session);
      case "session_gone":
        this.reading?.gone.add(frame.session);
        return sessions.remove(frame.session);
      case "agent":
        if (this.seesOthers(frame.agent)) this.readTwice();
        me.put(frame.agent);
        return presence.putAgent(frame.agent);
      case "queue":
        return presence.putQueue(frame.queue);
      case "offer":
        return void (sessions.peek(frame.session)?.offer || this.readOne(frame.session));
      case "receipt":
        return messages.receipt(frame.session, frame.side, frame.delivered, frame.read, clock.serverNow());
      case "place":
        return presence.putPlace(frame.session, frame);
      case "typing":
        return presence.types(frame.session, frame.actor);
      case "viewers":
        return presence.putViewers(frame.session, frame.agents);
      case "presence":
        return presence.putCustomer(frame.session, frame.presence === "gone" ? Date.parse(frame.at) : null);
    }
  }

  /**
   * read reads all lists; the desk must be followed already. Whoever is told by the feed meanwhile stays as told, and
   * what no list has any more is forgotten. A second read takes the place of the first.
   */
  async read(): Promise<void> {
    const { sessions } = this.parts;
    this.reading?.abort.abort();
    const reading = { gone: new Set<string>(), told: new Set<string>(), abort: new AbortController() };
    this.reading = reading;
    try {
      await Promise.all([this.readSessions(reading), this.readHouse(reading.abort.signal)]);
      sessions.error = null;
    } catch (thrown) {
      if (this.reading === reading) sessions.error = asProblem(thrown);
    } finally {
      if (this.reading === reading) {
        this.reading = null;
        sessions.loading = false;
      }
    }
  }

  /**
   * readTwice reads the lists for somebody who sees others from here on: at once, and when the server has looked up
   * again who is calling. The first of them may still have what this person no longer sees, after he was told that it
   * is gone.
   */
  private readTwice(): void {
    void this.read();
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.read(), knownFor);
  }

  /** stop ends what is being read. */
  stop(): void {
    clearTimeout(this.again);
    this.reading?.abort.abort();
    this.reading = null;
  }

  /** seesOthers says whether I may read other sessions from here on: I came into a queue, or left one. */
  private seesOthers(agent: Agent): boolean {
    const { id, queues } = this.parts.me;
    return agent.id === id && (agent.queues.length !== queues.length || agent.queues.some((q) => !queues.includes(q)));
  }

  private async readSessions(reading: NonNullable<Feed["reading"]>): Promise<void> {
    const { api, sessions } = this.parts;
    const there = new Set<string>();
    const take = (rows: Session[]) => {
      for (const row of rows) {
        there.add(row.id);
        if (!reading.gone.has(row.id)) sessions.put(row);
      }
    };
    const { signal } = reading.abort;
    await api.list<Session>("/v1/sessions", { agent: "me", status: openStates }, take, signal);
    sessions.loading = false;
    await api.list<Session>("/v1/sessions", { status: openStates }, take, signal);
    if (signal.aborted) return;
    sessions.retainOnly(new Set([...there, ...reading.told]));
    for (const id of sessions.keptIds()) if (!sessions.peek(id)) void this.readOne(id);
  }

  private async readHouse(signal: AbortSignal): Promise<void> {
    const { api, presence } = this.parts;
    await Promise.all([
      this.parts.me.read(),
      api.list<Agent>("/v1/agents", {}, (rows) => rows.forEach((agent) => presence.putAgent(agent)), signal),
      api.list<Queue>("/v1/queues", {}, (rows) => rows.forEach((queue) => presence.putQueue(queue)), signal),
    ]);
  }

  /** readOne looks at one session that no list has. */
  private async readOne(id: string): Promise<void> {
    try {
      this.parts.sessions.put(await this.parts.api.get<Session>(`/v1/sessions/${id}`));
    } catch (thrown) {
      if (!asProblem(thrown).passing) this.parts.missing(id);
    }
  }
}
