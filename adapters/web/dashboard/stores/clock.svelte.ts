/** The time as the server has it, ticking each second. */
export class Clock {
  /** Milliseconds; changes once a second. */
  now = $state(Date.now());
  private offset = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** serverNow is the time at this moment, without waiting for a tick. */
  serverNow(): number {
    return Date.now() + this.offset;
  }

  /** setOffset says how far the server's clock is ahead of ours. */
  setOffset(ms: number): void {
    this.offset = ms;
    this.now = this.serverNow();
  }

  start(): void {
    this.timer ??= setInterval(() => (this.now = this.serverNow()), 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
