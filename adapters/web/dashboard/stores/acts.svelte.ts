import { SvelteMap } from "svelte/reactivity";
import type { Api, CallOptions } from "../../shared/api.ts";
import type { EndReason, Priority, Session } from "../../shared/protocol.ts";
import type { Sessions } from "./sessions.svelte.ts";

export interface Ending {
  reason: EndReason;
  disposition?: string;
  summary?: string;
  return_to?: "bot" | "none";
}

/** An end that is held back, so that it can be undone. */
export interface HeldEnd {
  ending: Ending;
  /** When the call is made, in milliseconds of our clock. */
  until: number;
  /** undo takes the end back; it is false when it is too late. */
  undo(): boolean;
  /** now makes the call without waiting any longer. */
  now(): Promise<void>;
}

/**
 * What can be done with a chat. Each act gives the session as it is then, shows it in the lists at once, and throws the
 * Problem of a refusal.
 */
export class Acts {
  private readonly held = new SvelteMap<string, HeldEnd>();
  private readonly acting = new Map<string, number>();

  constructor(
    protected readonly api: Api,
    protected readonly sessions: Sessions,
  ) {}

  /** isActing says whether an act of this tab on a session is under way. */
  isActing(id: string): boolean {
    return this.acting.has(id);
  }

  /** take joins a chat that no agent has, or takes it over where that is allowed. */
  take(id: string, force = false): Promise<Session> {
    return this.act(id, "takeover", { force });
  }

  /** takeNext takes the chat that comes first in the queue; null when nobody waits. */
  async takeNext(): Promise<Session | null> {
    const next = this.sessions.all("queue").find((s) => s.status === "waiting" || s.status === "pending");
    return next ? this.take(next.id) : null;
  }

  accept(id: string): Promise<Session> {
    return this.act(id, "accept");
  }
  decline(id: string, reason = ""): Promise<Session> {
    return this.act(id, "decline", reason ? { reason } : undefined);
  }
  assign(id: string, agent: string, force = false): Promise<Session> {
    return this.act(id, "assign", { agent_id: agent, force });
  }
  transfer(id: string, to: { agent_id?: string; queue?: string; note?: string }): Promise<Session> {
    return this.act(id, "transfer", to);
  }
  end(id: string, ending: Ending): Promise<Session> {
    return this.act(id, "end", ending, { keepalive: true });
  }
  /** reopen makes a new session that continues this one, and gives the new one. */
  reopen(id: string): Promise<Session> {
    return this.act(id, "reopen");
  }

  async update(id: string, part: { priority?: Priority; subject?: string; context?: unknown }): Promise<Session> {
    return this.show(await this.api.patch<Session>(`/v1/sessions/${id}`, part));
  }

  tag(id: string, tag: string): Promise<void> {
    return this.api.put(`/v1/sessions/${id}/tags/${encodeURIComponent(tag)}`);
  }
  untag(id: string, tag: string): Promise<void> {
    return this.api.delete(`/v1/sessions/${id}/tags/${encodeURIComponent(tag)}`);
  }

  /** note leaves a remark for colleagues. It is not repeated by itself: a repeat would be a second note. */
  async note(id: string, text: string): Promise<void> {
    await this.api.post(`/v1/sessions/${id}/notes`, { text });
  }

  /** endLater ends a chat after a while, in which it can be undone. failed is told a refusal. */
  endLater(id: string, ending: Ending, ms = 5_000, failed: (thrown: unknown) => void = () => undefined): HeldEnd {
    this.held.get(id)?.undo();
    const call = async () => {
      if (!this.held.delete(id)) return;
      clearTimeout(timer);
      await this.end(id, ending).catch(failed);
    };
    const timer = setTimeout(() => void call(), ms);
    const undo = () => {
      clearTimeout(timer);
      return this.held.delete(id);
    };
    const held: HeldEnd = { ending, until: Date.now() + ms, undo, now: call };
    this.held.set(id, held);
    return held;
  }

  /** ending is the end of a chat that is held back. */
  ending(id: string): HeldEnd | undefined {
    return this.held.get(id);
  }

  /** finish makes all calls that are held back: the page is about to go. */
  async finish(): Promise<void> {
    await Promise.all([...this.held.values()].map((held) => held.now()));
  }

  private async act(id: string, verb: string, body?: object, options?: CallOptions): Promise<Session> {
    this.acting.set(id, (this.acting.get(id) ?? 0) + 1);
    try {
      return this.show(await this.api.post<Session>(`/v1/sessions/${id}/${verb}`, body, options));
    } finally {
      const left = this.acting.get(id)! - 1;
      if (left > 0) this.acting.set(id, left);
      else this.acting.delete(id);
    }
  }

  private show(session: Session): Session {
    this.sessions.put(session);
    return session;
  }
}
