import { describe, expect, it } from "vitest";
import { differs, draftOpinion, limitIn, liveOpinion, outcomeOf, partings, plainMessage } from "./decisions.ts";
import { restOf, scriptOf } from "./decisions.ts";
import type { Candidate, Decision, Opinion } from "./types.ts";

const opinion = (script: string, more: Partial<Opinion> = {}): Opinion => ({
  script,
  version: "1",
  mode: "live",
  answer: {},
  steps: 1,
  micros: 1,
  ...more,
});

const candidate = (id: string, fate: string): Candidate => ({
  agent: { id, name: id },
  fate,
  status: "available",
  load: 0,
  capacity: 3,
});

const decision = (more: Partial<Decision> = {}): Decision => ({
  id: "dec_1",
  at: "",
  last_at: "",
  session: "ses_1",
  hook: "assign",
  outcome: "ida",
  answered: "",
  why: "",
  count: 1,
  candidates: [],
  opinions: [],
  others: {},
  ...more,
});

describe("a decision", () => {
  it("opens the script that answered, else the first that was asked", () => {
    const opinions = [opinion("draft", { mode: "shadow" }), opinion("language"), opinion("vip")];
    expect(scriptOf(decision({ opinions, answered: "vip" }))).toBe("vip");
    expect(scriptOf(decision({ opinions, answered: "least busy (built in)" }))).toBe("language");
    expect(scriptOf(decision())).toBeNull();
  });

  it("tells the opinion that counted from that of the draft", () => {
    const failed = opinion("vip", { mode: "canary", error: { kind: "runtime", message: "" } });
    const opinions = [failed, opinion("vip", { answer: { agent: "ida" } })];
    expect(liveOpinion(decision({ opinions }), "vip")?.answer.agent).toBe("ida");
    expect(draftOpinion(decision({ opinions }), "vip")).toBe(failed);
    expect(draftOpinion(decision({ opinions }), "other")).toBeUndefined();
  });

  it("counts those who are not listed, the most first", () => {
    expect(restOf(decision({ others: { away: 2, full: 7 } }))).toEqual([
      ["full", 7],
      ["away", 2],
    ]);
  });
});

describe("two opinions", () => {
  it("differ in what they come to, not in their reasons", () => {
    const ida = opinion("vip", { answer: { agent: "ida" }, why: "a" });
    expect(differs(ida, opinion("vip", { answer: { agent: "ida" }, why: "b" }))).toBe(false);
    expect(differs(ida, opinion("vip", { answer: { agent: "jonas" } }))).toBe(true);
    expect(differs(ida, opinion("vip"))).toBe(true);
    expect(differs(ida, opinion("vip", { error: { kind: "limit", message: "" } }))).toBe(false);
  });

  it("are compared by any kind of answer", () => {
    expect(outcomeOf(opinion("x", { answer: { tags: ["a", "b"] } }))).toBe("a, b");
    expect(outcomeOf(opinion("x", { answer: { hold: true } }))).toBe("hold");
    expect(outcomeOf(opinion("x"))).toBe("");
  });

  it("put those whom they name before others, and the free before the rest", () => {
    const candidates = [
      candidate("away", "away"),
      candidate("free", "not_chosen"),
      candidate("old", "chosen"),
      candidate("new", "not_chosen"),
    ];
    const rows = partings(
      decision({ candidates }),
      opinion("vip", { answer: { agent: "old" } }),
      opinion("vip", { answer: { agent: "new" } }),
    );
    expect(rows.map(({ candidate: { agent }, live, draft }) => [agent.id, live, draft])).toEqual([
      ["old", true, false],
      ["new", false, true],
      ["free", false, false],
      ["away", false, false],
    ]);
  });
});

describe("a message of the engine", () => {
  it("loses the script and the line that stand beside it", () => {
    for (const [message, want] of [
      ["vip:2: attempt to index a nil value", "attempt to index a nil value"],
      ["vip: 'nobody' is not one of the offered agents", "'nobody' is not one of the offered agents"],
      ["line:2(column:25) near 'the': syntax error", "near 'the': syntax error"],
      ["least_busy line:2 at the end of the file: syntax error", "at the end of the file: syntax error"],
      ["stopped: time limit reached (200ms)", "stopped: time limit reached (200ms)"],
      ["not asked: it rests", "not asked: it rests"],
    ] as const)
      expect(plainMessage(message)).toBe(want);
  });

  it("tells which limit stopped it", () => {
    expect(limitIn("vip:2: stopped: instruction limit reached (1000000 steps)")).toEqual({ steps: 1_000_000 });
    expect(limitIn("stopped: time limit reached (200ms)")).toEqual({ time: "200ms" });
    expect(limitIn("vip:2: attempt to index a nil value")).toBeNull();
  });
});
