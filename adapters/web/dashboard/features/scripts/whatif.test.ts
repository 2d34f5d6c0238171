import { beforeAll, describe, expect, it } from "vitest";
import scripts from "virtual:messages/scripts";
import { Problem } from "../../../shared/api.ts";
import { learn } from "../../../shared/i18n.ts";
import type { Simulated, Simulation, SimulationResult, Spread } from "./calls.ts";
import { barsOf, changeWords, dayBefore, offWords, mayBeOff, variantWords, waitWords } from "./figures.ts";
import { WhatIf, type Question, type SimulationCalls } from "./whatif.svelte.ts";

beforeAll(() => learn(scripts));

const about = (mean: number, plus_minus: number | null = 0): Spread => ({ mean, plus_minus });

function variant(what: Simulated["what"], p50: number, abandoned: number, more = 0): Simulated {
  const wait = { mean: about(p50), p50: about(p50, 2), p90: about(3 * p50, 5), p99: about(4 * p50) };
  const difference = (mean: number) => ({ mean, plus_minus: 1, sure: Math.abs(mean) > 1 });
  return {
    what,
    more,
    script: "",
    queue: "",
    like: more ? ["Ada"] : [],
    chats: about(100),
    answered: about(90),
    abandoned: about(abandoned, 0.01),
    unserved: about(0),
    wait,
    change: what === "present" ? null : { p50: difference(-12), p90: difference(0.5), abandoned: difference(-0.05) },
    queues: [],
    agents: [],
    scripts: [],
  };
}

const result = {
  from: "2026-09-07",
  to: "2026-09-13",
  runs: 5,
  variants: [variant("present", 40, 0.2), variant("agents", 28, 0.1, 1)],
  error_on_present: [],
  notes: [],
} as unknown as SimulationResult;

/** A server that is done after some looks. */
class Server implements SimulationCalls {
  asked: Question[] = [];
  looks = 0;
  fails: Simulation["error"] = null;
  busy: Problem | null = null;

  simulate = async (question: Question) => {
    this.asked.push(question);
    if (this.busy) throw this.busy;
    return { id: "sim_1" };
  };

  simulation = async (id: string): Promise<Simulation> => {
    this.looks++;
    const done = this.looks > 2;
    const state = !done ? "running" : this.fails ? "failed" : "done";
    return {
      id,
      state,
      progress: done ? 1 : this.looks / 4,
      result: state === "done" ? result : null,
      error: state === "failed" ? this.fails : null,
    };
  };
}

const today = new Date(2026, 9, 5, 12).getTime();
const made = (server: Server, seen: number[] = []) => {
  const sim: WhatIf = new WhatIf("vip", server, async () => void seen.push(sim.progress));
  return sim;
};

describe("a simulation", () => {
  it("asks for one agent more and waits until it is done", async () => {
    const server = new Server();
    const seen: number[] = [];
    const sim = made(server, seen);
    sim.queue = "sales";
    const going = sim.go("text", today);
    expect(sim.busy).toBe(true);
    await sim.go("text", today); // one at a time
    await going;
    expect(server.asked).toEqual([{ agents: 1, queue: "sales" }]);
    expect(seen).toEqual([0.25, 0.5]);
    expect(sim.result).toBe(result);
    expect(sim.source).toBeNull();
    expect(sim.busy).toBe(false);
  });

  it("asks for the draft on the figures of a week", async () => {
    const server = new Server();
    const sim = made(server);
    sim.what = "script";
    sim.span = "7";
    await sim.go("function assign() end", today);
    expect(server.asked).toEqual([{ from: "2026-09-28", script: { name: "vip", source: "function assign() end" } }]);
    expect(sim.source).toBe("function assign() end");
  });

  it("says why there is no result", async () => {
    const server = new Server();
    server.fails = { code: "invalid", detail: "3 chats were answered" };
    const sim = made(server);
    await sim.go("text", today);
    expect(sim.result).toBeNull();
    expect(sim.refusal).toMatchObject({ code: "invalid", detail: "3 chats were answered" });
    server.busy = new Problem(409, "conflict", "another simulation is running");
    await sim.go("text", today);
    expect(sim.refusal).toBe(server.busy);
    expect(sim.busy).toBe(false);
  });

  it("counts days back over the end of a month", () => {
    expect(dayBefore(today, 7)).toBe("2026-09-28");
    expect(dayBefore(new Date(2026, 0, 3).getTime(), 90)).toBe("2025-10-05");
  });
});

describe("its figures", () => {
  it("are words with what they may be off by", () => {
    expect(waitWords(4.24, "en")).toBe("4.2 sec");
    expect(waitWords(38.4, "en")).toBe("38 sec");
    expect(waitWords(190, "en")).toBe("3.2 min");
    expect(waitWords(9000, "en")).toBe("2.5 hr");
    expect(mayBeOff(about(38, 3), waitWords, "en")).toBe("± 3 sec");
    expect(mayBeOff(about(38, null), waitWords, "en")).toBe("");
    expect(offWords(0.124, "en")).toBe("+12%");
  });

  it("say what a variant changes, and what may be chance", () => {
    expect(variantWords(result.variants[0]!)).toBe("Now");
    expect(variantWords(result.variants[1]!)).toBe("+1 agent");
    expect(changeWords(result.variants[1]!, "en")).toEqual([
      "Half of the customers wait 12 sec less.",
      "The longest waits, one in ten, stay about as they are.",
      "About as many customers give up as now.",
    ]);
    expect(changeWords(result.variants[0]!, "en")).toEqual([]);
  });

  it("are bars on one scale for waits and another for those who give up", () => {
    const [p50, p90, gone] = barsOf(result, "en");
    expect(p90!.lines[0]).toMatchObject({ name: "Now", text: "2 min", present: true, to: 1 });
    expect(p50!.lines.map(({ size }) => size)).toEqual([40 / 125, 28 / 125]);
    expect(gone!.lines[0]!.to).toBe(1);
    expect(gone!.lines[1]!.text).toBe("10%");
  });
});
