import { SvelteMap } from "svelte/reactivity";
import type { Session } from "../../shared/protocol.ts";
import type { Clock } from "./clock.svelte.ts";

export interface OpenOffer {
  session: Session;
  /** Milliseconds of the server's clock. */
  expiresAt: number;
  /** How many seconds are left. */
  seconds: number;
}

/** The chats that are being offered to me. The sessions' own rows say so, so that no message of it can be missed. */
export class Offers {
  private readonly open = new SvelteMap<string, Session>();

  /** Those that have not run out, the one that runs out first before the others. */
  readonly list: readonly OpenOffer[] = $derived.by(() => {
    const now = this.clock.now;
    return [...this.open.values()]
      .map((session) => openOffer(session, now))
      .filter((offer) => offer.seconds > 0)
      .sort((a, b) => a.expiresAt - b.expiresAt);
  });

  /** Whether there is one that calls for an answer. */
  readonly ringing: boolean = $derived(this.list.length > 0);

  constructor(
    private readonly clock: Clock,
    private readonly me: () => string,
    private readonly acts: {
      accept(id: string): Promise<unknown>;
      decline(id: string, reason?: string): Promise<unknown>;
    },
  ) {}

  /** row looks at a session's row, or at one that may not be read any more. */
  row(row: Session | undefined, before: Session | undefined): void {
    const id = (row ?? before)?.id ?? "";
    if (row?.offer?.agent.id === this.me()) this.open.set(id, row);
    else this.open.delete(id);
  }

  accept(id: string): Promise<unknown> {
    return this.acts.accept(id);
  }

  decline(id: string, reason?: string): Promise<unknown> {
    return this.acts.decline(id, reason);
  }

  forget(): void {
    this.open.clear();
  }
}

function openOffer(session: Session, now: number): OpenOffer {
  const expiresAt = Date.parse(session.offer!.expires_at);
  return { session, expiresAt, seconds: Math.max(0, Math.ceil((expiresAt - now) / 1000)) };
}
