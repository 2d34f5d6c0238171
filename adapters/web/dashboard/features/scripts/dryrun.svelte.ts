// A dry run: on what, and what came of it. The page and the tab both look at it.
import { asProblem, type Problem } from "../../../shared/api.ts";
import type { Decision, Hook } from "../../decisions/types.ts";
import type { Marks } from "./editor/extensions.ts";
import { valuesByLine } from "./editor/values.ts";
import { calls, type Case, type DryRun } from "./calls.ts";
import { hooksIn } from "./source.ts";

export type On = Case["kind"];

export class Run {
  on = $state<On>("sample");
  hook = $state<Hook>("assign");
  session = $state("");
  decision = $state("");
  busy = $state(false);
  result = $state.raw<DryRun | null>(null);
  refusal = $state.raw<Problem | null>(null);
  /** What was decided then, when it is a past decision that was run again. */
  before = $state.raw<Decision | null>(null);

  /** What stands at the lines of the script. */
  readonly marks: Marks | null = $derived.by(() => {
    if (!this.result) return null;
    const failing = this.result.opinion.error?.line ?? null;
    return { values: valuesByLine(this.result.steps), failing };
  });

  constructor(private readonly script: string) {}

  /** ready says whether there is something to run on. */
  get ready(): boolean {
    return this.on === "sample" || (this.on === "chat" ? this.session !== "" : this.decision !== "");
  }

  /** look takes the first hook of a text when it no longer has the one that was chosen. */
  look(text: string): void {
    const there = hooksIn(text);
    if (there.length > 0 && !there.includes(this.hook)) this.hook = there[0]!;
  }

  /** again turns to a past decision. */
  again({ id, hook }: Decision): void {
    this.on = "decision";
    this.hook = hook;
    this.decision = id;
  }

  /** go runs a text; what came of the last run stays until this one is done. */
  async go(text: string): Promise<void> {
    if (this.busy || !this.ready) return;
    this.busy = true;
    this.refusal = null;
    try {
      const [result, before] = await Promise.all([
        calls.run(this.script, text, this.hook, this.case()),
        this.on === "decision" ? calls.decision(this.decision) : null,
      ]);
      this.result = result;
      this.before = before;
    } catch (thrown) {
      this.refusal = asProblem(thrown);
      this.result = null;
    }
    this.busy = false;
  }

  /** clear forgets what came of a run: the text is another one now. */
  clear(): void {
    this.result = null;
    this.refusal = null;
  }

  private case(): Case {
    if (this.on === "chat") return { kind: "chat", session: this.session };
    if (this.on === "decision") return { kind: "decision", decision: this.decision };
    return { kind: "sample" };
  }
}
