// Short tones made by the browser itself. Browsers keep pages silent until somebody has touched them; `blocked` says so.

export type Sound = "offer" | "message" | "late";

interface Tone {
  /** Hertz. */
  pitch: number;
  /** When it begins and how long it lasts, in seconds. */
  from: number;
  long: number;
}

const tones: Record<Sound, readonly Tone[]> = {
  offer: [
    { pitch: 659, from: 0, long: 0.18 },
    { pitch: 880, from: 0.2, long: 0.18 },
    { pitch: 1175, from: 0.4, long: 0.32 },
  ],
  message: [{ pitch: 784, from: 0, long: 0.16 }],
  late: [
    { pitch: 523, from: 0, long: 0.2 },
    { pitch: 392, from: 0.24, long: 0.3 },
  ],
};

const loudness = 0.12;
const ringEvery = 3_000;
/** What plays is made with the first sound and needs a moment; a sound that is older than this is over. */
const soonEnough = 1_000;

export interface SoundsEnv {
  /** Makes what plays; called once, when something is to be heard. */
  context(): AudioContext;
  /** Whether the person wants to hear this. */
  wanted(sound: Sound): boolean;
  /** Is told each tone, also one that the browser kept silent. */
  played(sound: Sound): void;
  every(ms: number, act: () => void): () => void;
}

export class Sounds {
  private audio: AudioContext | null = null;
  private late: { sound: Sound; at: number } | null = null;
  private stopRing: (() => void) | null = null;
  private readonly listeners = new Set<(blocked: boolean) => void>();

  constructor(private readonly env: SoundsEnv) {}

  /** blocked says that the browser keeps us silent until somebody clicks. */
  get blocked(): boolean {
    return this.audio?.state === "suspended";
  }

  /** play makes one tone, if the person wants it. */
  play(sound: Sound): void {
    if (this.env.wanted(sound)) this.sound(sound);
  }

  /** test makes the tone of an offer whatever the settings say; call it from a click. */
  test(): void {
    void this.unblock().then(() => this.sound("offer"));
  }

  /** ring rings until it is called with false. */
  ring(on: boolean): void {
    if (on === (this.stopRing !== null)) return;
    this.stopRing?.();
    this.stopRing = null;
    if (!on) return;
    this.play("offer");
    this.stopRing = this.env.every(ringEvery, () => this.play("offer"));
  }

  /** unblock asks the browser to let us be heard; call it from a click. */
  async unblock(): Promise<void> {
    const audio = this.context();
    if (audio?.state === "suspended") await audio.resume().catch(() => undefined);
    this.tell();
  }

  /** onBlocked is told when the browser silences us, and when it no longer does. */
  onBlocked(listener: (blocked: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private sound(sound: Sound): void {
    this.env.played(sound);
    const audio = this.context();
    this.late = audio?.state === "running" ? null : { sound, at: Date.now() };
    if (audio?.state === "running") for (const tone of tones[sound]) play(audio, tone);
    this.tell();
  }

  private changed(): void {
    const { audio, late } = this;
    if (audio?.state === "running") {
      if (late && Date.now() - late.at < soonEnough) for (const tone of tones[late.sound]) play(audio, tone);
      this.late = null;
    }
    this.tell();
  }

  private context(): AudioContext | null {
    if (this.audio) return this.audio;
    try {
      this.audio = this.env.context();
      this.audio.onstatechange = () => this.changed();
    } catch {
      // A browser without sound: what rings is also seen.
    }
    return this.audio;
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.blocked);
  }
}

/** play makes a tone. */
export function play(audio: AudioContext, { pitch, from, long }: Tone): void {
  const begin = audio.currentTime + from;
  const voice = audio.createOscillator();
  const volume = audio.createGain();
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(loudness, begin + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.001, begin + long);
  voice.connect(volume).connect(audio.destination);
  voice.start(begin);
  voice.stop(begin + long);
}

/** browserSounds plays in this page, and dispatches `baton:sound` on the window for each tone. */
export function browserSounds(wanted: (sound: Sound) => boolean): Sounds {
  return new Sounds({
    context: () => new AudioContext(),
    wanted,
    played: (kind) => window.dispatchEvent(new CustomEvent("baton:sound", { detail: { kind } })),
    every(ms, act) {
      const timer = setInterval(act, ms);
      return () => clearInterval(timer);
    },
  });
}
