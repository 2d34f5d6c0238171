// The script that is open: its text, which is saved by itself, and what the server knows of it.
import { asProblem, type Problem } from "../../../shared/api.ts";
import type { Store } from "../../../shared/storage.ts";
import { readJSON, writeJSON } from "../../../shared/storage.ts";
import type { Calls, Script, ScriptDraft, ScriptProblem, Version } from "./calls.ts";

/** How far the text is: kept, changed, on its way, or why it is not kept. */
export type Saving = "saved" | "changed" | "saving" | "offline" | "conflict" | "refused";

const saveAfter = 1_000;
const againAfter = 5_000;

/** What is kept in the browser until the server has it. */
interface Backup {
  text: string;
  rev: number;
}

export class OpenScript {
  script = $state.raw<Script | null>(null);
  versions = $state.raw<readonly Version[]>([]);
  error = $state.raw<Problem | null>(null);
  /** What is in the editor. */
  text = $state("");
  /** Grows when the text was changed by something else than the editor. */
  given = $state(0);
  saving = $state<Saving>("saved");
  refusal = $state.raw<Problem | null>(null);
  /** A draft that somebody else saved meanwhile. */
  theirs = $state.raw<ScriptDraft | null>(null);
  problems = $state.raw<readonly ScriptProblem[]>([]);

  readonly live: string = $derived(this.script?.source ?? "");
  readonly isDraft: boolean = $derived(this.text !== this.live);
  readonly next: number = $derived((this.versions[0]?.version ?? 0) + 1);
  readonly errors: readonly ScriptProblem[] = $derived(this.problems.filter(({ severity }) => severity === "error"));

  private rev = 0;
  /** What the server has of the text. */
  private kept = "";
  private touched = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private closed = false;

  constructor(
    readonly name: string,
    private readonly calls: Calls,
    private readonly store: Store,
    private readonly mayChange: boolean,
  ) {}

  /** load reads the script, and brings back what this browser could not save the last time. */
  async load(): Promise<void> {
    this.error = null;
    try {
      const [script, versions] = await Promise.all([this.calls.read(this.name), this.calls.versions(this.name)]);
      this.script = script;
      this.versions = versions;
      const backup = readJSON<Backup>(this.store, this.key);
      this.take(script);
      this.bringBack(backup);
    } catch (thrown) {
      this.error = asProblem(thrown);
    }
  }

  /** refresh sees what others did meanwhile. What is being written stays. */
  async refresh(): Promise<void> {
    if (this.closed || this.saving !== "saved" || this.script === null) return;
    const { hash, version } = this.script;
    try {
      const script = await this.calls.read(this.name);
      if (this.closed || this.saving !== "saved") return;
      this.script = script;
      if (script.hash !== hash || script.version !== version) this.versions = await this.calls.versions(this.name);
      const rev = script.draft?.rev ?? 0;
      if (rev === this.rev) return this.follow(script);
      if (!this.touched) this.take(script);
      else if (sourceOf(script) === this.text) this.rev = rev;
      else this.clash(script);
    } catch {
      // The next look may do better.
    }
  }

  /** change takes in what was typed. */
  change(text: string): void {
    if (text === this.text || !this.mayChange) return;
    this.text = text;
    this.touched = true;
    this.backUp();
    if (this.saving === "conflict") return;
    this.saving = "changed";
    this.refusal = null;
    this.later(saveAfter);
  }

  /** save keeps the text on the server now; it is done when the server has it, or has said why not. */
  async save(keepalive = false): Promise<void> {
    clearTimeout(this.timer);
    while (this.sending) await this.sending;
    if (this.saving === "saved" || this.saving === "conflict") return;
    if (this.text === this.kept) return this.settle();
    this.sending = this.send(keepalive);
    await this.sending;
    this.sending = null;
    if (this.saving === "changed" && !this.closed) this.later(saveAfter);
  }

  private async send(keepalive: boolean): Promise<void> {
    const text = this.text;
    this.saving = "saving";
    try {
      // An empty text takes the draft away on the server; a blank line does not.
      const source = text === this.live ? "" : text || "\n";
      const draft = await this.calls.saveDraft(this.name, source, this.rev, keepalive);
      this.rev = draft.rev;
      this.kept = text;
      if (this.script) this.script = { ...this.script, draft, has_draft: draft.source !== "" };
      if (this.text === text) this.settle();
      else this.saving = "changed";
    } catch (thrown) {
      await this.failed(asProblem(thrown));
    }
  }

  private async failed(problem: Problem): Promise<void> {
    this.refusal = problem;
    if (problem.status === 409) {
      try {
        return this.clash(await this.calls.read(this.name));
      } catch (thrown) {
        this.refusal = asProblem(thrown);
      }
    }
    const passing = problem.passing || problem.status >= 500;
    this.saving = passing ? "offline" : "refused";
    if (passing) this.later(againAfter);
  }

  /** keepMine puts the text over what somebody else saved. */
  keepMine(): Promise<void> {
    this.rev = this.theirs?.rev ?? this.rev;
    this.theirs = null;
    this.kept = "";
    this.saving = "changed";
    return this.save();
  }

  /** takeTheirs gives the text up for what somebody else saved. */
  takeTheirs(): void {
    if (this.theirs) this.adopt(this.theirs.source || this.live, this.theirs.rev);
    this.theirs = null;
  }

  /** throwAway goes back to what is in force. */
  async throwAway(): Promise<void> {
    this.put(this.live);
    this.saving = "changed";
    await this.save();
  }

  /** publish puts the text in force. Its draft is saved before, so that it is done with after. */
  async publish(reason: string): Promise<Version> {
    await this.save();
    const version = await this.calls.publish(this.name, this.text, reason);
    await this.load();
    return version;
  }

  async rollBack(number: number, reason: string): Promise<Version> {
    const version = await this.calls.rollBack(this.name, number, reason);
    await this.load();
    return version;
  }

  /** close keeps what is not kept yet, and hears nothing more. */
  close(): void {
    this.leave();
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** leave is for a page that goes away: the call goes on without it. */
  leave(): void {
    if (this.saving === "changed" || this.saving === "offline") void this.save(true);
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), ms);
  }

  private settle(): void {
    this.saving = "saved";
    this.refusal = null;
    this.store.removeItem(this.key);
  }

  /** take shows what the server has. */
  private take(script: Script): void {
    this.adopt(sourceOf(script), script.draft?.rev ?? 0);
  }

  /** follow keeps up with what came into force while there is no draft here. */
  private follow(script: Script): void {
    if (!script.has_draft && !this.touched) this.take(script);
  }

  private adopt(text: string, rev: number): void {
    this.rev = rev;
    this.kept = text;
    this.touched = false;
    this.put(text);
    this.settle();
  }

  private put(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.given++;
  }

  private clash(script: Script): void {
    this.script = script;
    this.theirs = script.draft ?? null;
    this.saving = "conflict";
    clearTimeout(this.timer);
  }

  private get key(): string {
    return `baton.script.${this.name}`;
  }

  private backUp(): void {
    writeJSON(this.store, this.key, { text: this.text, rev: this.rev } satisfies Backup);
  }

  private bringBack(backup: Backup | null): void {
    if (!backup || typeof backup.text !== "string" || !this.mayChange || !this.script) return;
    if (backup.text === this.text) return;
    const same = backup.rev === this.rev;
    this.put(backup.text);
    this.touched = true;
    this.backUp();
    if (!same) return this.clash(this.script);
    this.saving = "changed";
    this.later(0);
  }
}

const sourceOf = (script: Script): string => script.draft?.source || (script.source ?? "");
