// A simulation: what is asked, how far it is, and what it came to. It stays while somebody looks at another tab.
import { asProblem, Problem } from "../../../shared/api.ts";
import type { calls, Simulation, SimulationResult } from "./calls.ts";
import { dayBefore } from "./figures.ts";

export type What = "script" | "agents";
export type Span = "7" | "28" | "90";

/** What a simulation asks of the server. */
export interface Question {
  from?: string;
  script?: { name: string; source: string };
  agents?: number;
  queue?: string;
}

export type SimulationCalls = Pick<typeof calls, "simulate" | "simulation">;

/** How often a simulation that runs is looked at. */
const every = 300;

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export class WhatIf {
  what = $state<What>("agents");
  span = $state<Span>("28");
  more = $state(1);
  queue = $state("");
  busy = $state(false);
  /** 0 to 1. */
  progress = $state(0);
  result = $state.raw<SimulationResult | null>(null);
  refusal = $state.raw<Problem | null>(null);
  /** The text that the result is about, or nothing when it is not about a text. */
  source = $state<string | null>(null);

  constructor(
    readonly script: string,
    private readonly server: SimulationCalls,
    private readonly pause: (ms: number) => Promise<void> = wait,
  ) {}

  /** ask is the question that is put for a text, at this moment. */
  ask(text: string, now: number): Question {
    const question: Question = {};
    if (this.span !== "28") question.from = dayBefore(now, Number(this.span));
    if (this.what === "script") question.script = { name: this.script, source: text };
    else {
      question.agents = this.more;
      if (this.queue) question.queue = this.queue;
    }
    return question;
  }

  /** go simulates; what the last one came to stays until this one is done. */
  async go(text: string, now = Date.now()): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.progress = 0;
    this.refusal = null;
    try {
      const { id } = await this.server.simulate(this.ask(text, now));
      this.result = await this.end(id);
      this.source = this.what === "script" ? text : null;
    } catch (thrown) {
      this.refusal = asProblem(thrown);
      this.result = null;
    }
    this.busy = false;
  }

  /** end waits until a simulation has ended. */
  private async end(id: string): Promise<SimulationResult> {
    for (;;) {
      const at = await this.server.simulation(id);
      this.progress = at.progress;
      if (at.result) return at.result;
      if (at.error) throw problemOf(at.error);
      await this.pause(every);
    }
  }
}

const problemOf = ({ code, detail }: NonNullable<Simulation["error"]>) => new Problem(422, code, detail);
