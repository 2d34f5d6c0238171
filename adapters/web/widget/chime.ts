import { play } from "../shared/sound.ts";
import type { Visitor } from "./visitor.ts";

/** Chime lets a visitor hear what is new, if he has turned it on. Browsers keep it silent until he touches the chat. */
export class Chime {
  private audio?: AudioContext;

  constructor(private readonly visitor: Visitor) {
    addEventListener("pointerdown", () => this.on && void this.wake());
  }

  get on(): boolean {
    return Boolean(this.visitor.kept?.sound);
  }

  /** turn turns it on, which can be heard, or off. Call it from a click. */
  turn(sound: boolean): void {
    const { visitor } = this;
    if (visitor.kept) visitor.keep({ ...visitor.kept, sound });
    if (sound) void this.wake().then(() => this.ring());
  }

  ring(): void {
    if (this.on && this.audio?.state === "running") play(this.audio, { pitch: 784, from: 0, long: 0.16 });
  }

  private wake(): Promise<void> {
    return (this.audio ??= new AudioContext()).resume();
  }
}
