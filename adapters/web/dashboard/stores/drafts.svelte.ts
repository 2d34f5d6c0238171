import { Drafts, type DraftKind, type DraftsEnv } from "../../shared/drafts.ts";

/** What was begun to be written, for those who draw it. */
export class DraftsStore {
  private kept: Drafts | null = null;
  private version = $state(0);

  /** open reads what a person has begun. */
  open(env: DraftsEnv): void {
    this.kept = new Drafts(env);
    this.kept.onChange(() => this.version++);
    this.version++;
  }

  close(): void {
    this.kept?.flush();
    this.kept = null;
    this.version++;
  }

  text(session: string, kind: DraftKind): string {
    return this.read()?.text(session, kind) ?? "";
  }

  /** set keeps what is written; owner is who has the chat now, which counts when the draft begins. */
  set(session: string, kind: DraftKind, text: string, owner: string | null = null): void {
    this.kept?.set(session, kind, text, owner);
  }

  clear(session: string, kind: DraftKind): void {
    this.kept?.clear(session, kind);
  }

  has(session: string): boolean {
    return this.read()?.has(session) ?? false;
  }

  /** saved says whether there is a draft that a reload would keep. */
  saved(session: string, kind: DraftKind): boolean {
    return this.read()?.saved(session, kind) ?? false;
  }

  /** owner is who had the chat when the draft was begun; undefined without a draft. */
  owner(session: string, kind: DraftKind = "reply"): string | null | undefined {
    return this.read()?.owner(session, kind);
  }

  flush(): void {
    this.kept?.flush();
  }

  heard(key: string | null): void {
    this.kept?.heard(key);
  }

  private read(): Drafts | null {
    void this.version;
    return this.kept;
  }
}
