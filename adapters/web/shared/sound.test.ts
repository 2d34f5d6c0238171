import { describe, expect, test, vi } from "vitest";
import { titleOf } from "./notify.ts";
import { Sounds, type Sound } from "./sound.ts";

/** A device that remembers when each tone ends. */
function device(state: AudioContextState) {
  const ends: number[] = [];
  const param = {
    value: 0,
    setValueAtTime: vi.fn(),
    linearRampToValueAtTime: vi.fn(),
    exponentialRampToValueAtTime: vi.fn(),
  };
  const node = () => ({
    frequency: param,
    gain: param,
    connect: (to: unknown) => to,
    start: vi.fn(),
    stop: (at: number) => ends.push(at),
  });
  const context = {
    state,
    currentTime: 0,
    destination: node(),
    createOscillator: node,
    createGain: node,
    onstatechange: null as (() => void) | null,
    resume: async () => {
      context.state = "running";
      context.onstatechange?.();
    },
  };
  return { ends, context };
}

function sounds(state: AudioContextState = "running", wanted: (sound: Sound) => boolean = () => true) {
  const { ends, context } = device(state);
  const played: Sound[] = [];
  let ring: (() => void) | null = null;
  const made = new Sounds({
    context: () => context as unknown as AudioContext,
    wanted,
    played: (sound) => played.push(sound),
    every: (_ms, act) => {
      ring = act;
      return () => (ring = null);
    },
  });
  return { sounds: made, device: context, ends, played, again: () => ring?.(), rings: () => ring !== null };
}

describe("sounds", () => {
  test("are short: none lasts three seconds", () => {
    for (const sound of ["offer", "message", "late"] as const) {
      const s = sounds();
      s.sounds.play(sound);
      expect(s.ends.length).toBeGreaterThan(0);
      expect(Math.max(...s.ends)).toBeLessThan(3);
    }
  });

  test("that a person does not want are not made", () => {
    const s = sounds("running", (sound) => sound !== "message");
    s.sounds.play("message");
    expect(s.played).toEqual([]);
  });

  test("of an offer come again until it is answered", () => {
    const s = sounds();
    s.sounds.ring(true);
    s.sounds.ring(true);
    s.again();
    expect(s.played).toEqual(["offer", "offer"]);
    s.sounds.ring(false);
    expect(s.rings()).toBe(false);
  });

  test("that the browser keeps silent are said to be, until somebody clicks", async () => {
    const s = sounds("suspended");
    const told: boolean[] = [];
    s.sounds.onBlocked((blocked) => told.push(blocked));
    s.sounds.play("message");
    expect(s.played).toEqual(["message"]);
    expect(s.ends).toEqual([]);
    await s.sounds.unblock();
    expect(told.at(-1)).toBe(false);
    s.sounds.play("message");
    expect(s.ends.length).toBeGreaterThan(0);
  });

  test("of a device that needs a moment are heard when it is ready, if that is soon", async () => {
    vi.useFakeTimers();
    const s = sounds("suspended");
    s.sounds.play("message");
    vi.advanceTimersByTime(100);
    await s.device.resume();
    expect(s.ends).toHaveLength(1);

    const slow = sounds("suspended");
    slow.sounds.play("message");
    vi.advanceTimersByTime(5_000);
    await slow.device.resume();
    expect(slow.ends).toEqual([]);
    vi.useRealTimers();
  });

  test("that cannot be made at all are no error", () => {
    const played: Sound[] = [];
    const deaf = new Sounds({
      context: () => {
        throw new Error("no device");
      },
      wanted: () => true,
      played: (sound) => played.push(sound),
      every: () => () => undefined,
    });
    deaf.play("late");
    expect(played).toEqual(["late"]);
    expect(deaf.blocked).toBe(false);
  });
});

test("the title counts what needs the person", () => {
  expect(titleOf(2, "Inbox")).toBe("(2) Inbox");
  expect(titleOf(0, "Inbox")).toBe("Inbox");
});
