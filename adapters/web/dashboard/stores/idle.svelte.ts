import type { AgentStatus } from "../../shared/protocol.ts";
import type { Store } from "../../shared/storage.ts";

/** How long the question stands before somebody who does not answer it becomes away. */
const asksFor = 30_000;
const writeEvery = 5_000;

export interface IdleParts {
  /** Keeps when a person last did something, for all his tabs. */
  store: Store;
  me: { readonly id: string; readonly status: AgentStatus; setStatus(status: AgentStatus): Promise<void> };
  /** After how many minutes without a sign of life he becomes away; 0 is never. */
  minutes(): number;
  now?: () => number;
}

/**
 * Idle makes somebody away who does nothing for a while, so that no chat is given to an empty chair. It asks first, in all
 * his tabs, and whatever he does in one of them is an answer.
 */
export class Idle {
  /** When he becomes away unless he does something; null while there is nothing to ask. */
  private until = $state<number | null>(null);
  private at = $state(0);
  private touched = 0;
  private written = 0;

  constructor(private readonly parts: IdleParts) {}

  /** The seconds that are left to answer, or null while nothing is asked. */
  get seconds(): number | null {
    return this.until === null ? null : Math.max(0, Math.ceil((this.until - this.at) / 1000));
  }

  private get key(): string {
    return `baton.touched.${this.parts.me.id}`;
  }

  private now(): number {
    return (this.parts.now ?? Date.now)();
  }

  /** here is the answer to the question. */
  here(): void {
    this.touch();
    this.until = null;
  }

  /**
   * touch notes that the person did something here. The question goes with the next tick: what stands below it must
   * not move while somebody presses it.
   */
  touch(): void {
    const now = (this.touched = this.now());
    if (now - this.written < writeEvery && now >= this.written) return;
    this.written = now;
    if (this.parts.me.id) this.parts.store.setItem(this.key, String(now));
  }

  /** tick looks, each second, how long nothing was done in any tab. */
  tick(): void {
    const { me, minutes, store } = this.parts;
    const after = minutes() * 60_000;
    const takes = me.status === "available" || me.status === "busy";
    if (!takes || after === 0) {
      // Time counts from when he begins to take chats.
      this.touched = this.now();
      this.until = null;
      return;
    }
    this.at = this.now();
    const idle = this.at - Math.max(this.touched, Number(store.getItem(this.key)) || 0);
    if (idle < after) this.until = null;
    else if (idle < after + asksFor) this.until ??= this.at + after + asksFor - idle;
    else this.leave();
  }

  /** leave makes him away. When that does not get through, the next tick tries again. */
  private leave(): void {
    this.until = null;
    void this.parts.me.setStatus("away").catch(() => undefined);
  }
}
