import type { Socket, SocketState } from "../../shared/socket.ts";

export type Banner =
  | { kind: "offline"; waiting: number; retryAt: number | null }
  | { kind: "connecting"; waiting: number; retryAt: null }
  | { kind: "version" }
  | { kind: "sound" };

const bannerAfter = 1_000;

/** How the connection stands, and what the banner over the page has to say. */
export class Connection {
  state = $state<SocketState>("closed");
  /** Since when there is none, in milliseconds of our clock. */
  since = $state<number | null>(null);
  /** When the next attempt is made. */
  retryAt = $state<number | null>(null);
  /** The server has a newer build than this page. */
  newVersion = $state(false);
  soundBlocked = $state(false);
  /** It has been down for so long that one should say so. */
  private down = $state(false);
  private build = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly banner: Banner | null = $derived.by(() => {
    const { down, retryAt, state } = this;
    const waiting = this.unsent();
    if (down && state === "offline") return { kind: "offline", waiting, retryAt };
    if (down && state === "connecting") return { kind: "connecting", waiting, retryAt: null };
    if (this.newVersion) return { kind: "version" };
    return this.soundBlocked ? { kind: "sound" } : null;
  });

  constructor(
    private readonly socket: Pick<Socket, "wake" | "build" | "retryAt">,
    private readonly unsent: () => number,
  ) {}

  /** How many messages wait to be sent. */
  get waiting(): number {
    return this.unsent();
  }

  /** retry makes an attempt now. */
  retry(): void {
    this.socket.wake();
  }

  /** changed takes note of what the socket does. */
  changed(state: SocketState): void {
    this.state = state;
    this.retryAt = this.socket.retryAt;
    if (state === "online") this.seen(this.socket.build);
    if (state === "offline" || state === "connecting") return this.lost();
    clearTimeout(this.timer);
    this.timer = undefined;
    this.since = null;
    this.down = false;
  }

  /** signedOut is for a call that was refused because nobody is signed in. */
  signedOut(): void {
    this.changed("signedout");
  }

  private lost(): void {
    this.since ??= Date.now();
    this.timer ??= setTimeout(() => (this.down = true), bannerAfter);
  }

  private seen(build: string): void {
    if (this.build !== "" && this.build !== build) this.newVersion = true;
    this.build ||= build;
  }
}
