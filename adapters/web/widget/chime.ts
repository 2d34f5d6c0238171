import { play } from "../shared/sound.ts";
import type { Store } from "../shared/storage.ts";

const key = "baton.sound";

/** Chime lets a visitor hear what is new, if he has turned it on. Browsers keep it silent until he touches the chat. */
export class Chime {
  private audio?: AudioContext;

  constructor(private readonly store: Store) {
    addEventListener("pointerdown", () => this.on && void this.wake());
  }

  get on(): boolean {
    return this.store.getItem(key) !== null;
  }

  /** turn turns it on, which can be heard, or off. Call it from a click. */
  turn(on: boolean): void {
    if (!on) return this.store.removeItem(key);
    this.store.setItem(key, "on");
    void this.wake().then(() => this.ring());
  }

  ring(): void {
    if (this.on && this.audio?.state === "running") play(this.audio, { pitch: 784, from: 0, long: 0.16 });
  }

  private wake(): Promise<void> {
    return (this.audio ??= new AudioContext()).resume();
  }
}
