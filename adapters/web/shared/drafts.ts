// What somebody has begun to write, for each chat, the reply and the note apart. It is kept over reloads.
import { readJSON, writeJSON, type Store } from "./storage.ts";

export type DraftKind = "reply" | "note";

interface Draft {
  text: string;
  at: number;
  /** Who had the chat when the draft was begun. */
  owner: string | null;
}

export interface DraftsEnv {
  store: Store;
  /** Begins the names of what is kept; it has the person in it. */
  prefix: string;
  now?(): number;
  after?(ms: number, act: () => void): () => void;
}

const keptFor = 30 * 24 * 3600_000;
const saveAfter = 400;

export class Drafts {
  private readonly all = new Map<string, Draft>();
  private readonly unsaved = new Map<string, () => void>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly env: DraftsEnv) {
    for (const key of env.store.keys()) if (key.startsWith(env.prefix)) this.heard(key);
  }

  text(session: string, kind: DraftKind): string {
    return this.all.get(name(session, kind))?.text ?? "";
  }

  /** owner is who had the chat when the draft was begun; undefined without a draft. */
  owner(session: string, kind: DraftKind = "reply"): string | null | undefined {
    return this.all.get(name(session, kind))?.owner;
  }

  /** has says whether the chat has a draft of either kind with something in it. */
  has(session: string): boolean {
    return this.text(session, "reply").trim() !== "" || this.text(session, "note").trim() !== "";
  }

  /** saved says whether there is a draft and what is written is kept already. */
  saved(session: string, kind: DraftKind): boolean {
    const key = name(session, kind);
    return this.all.has(key) && !this.unsaved.has(key);
  }

  /** set keeps what is written, a moment after the last key. An empty text is no draft. */
  set(session: string, kind: DraftKind, text: string, owner: string | null = null): void {
    if (text === "") return this.clear(session, kind);
    const key = name(session, kind);
    const begun = this.all.get(key);
    this.all.set(key, { text, at: (this.env.now ?? Date.now)(), owner: begun ? begun.owner : owner });
    this.unsaved.get(key)?.();
    this.unsaved.set(
      key,
      this.after(saveAfter, () => this.save(key)),
    );
    this.tell();
  }

  clear(session: string, kind: DraftKind): void {
    const key = name(session, kind);
    this.unsaved.get(key)?.();
    this.unsaved.delete(key);
    this.all.delete(key);
    this.env.store.removeItem(this.env.prefix + key);
    this.tell();
  }

  /** flush keeps everything now: the page may be about to go. */
  flush(): void {
    for (const key of [...this.unsaved.keys()]) this.save(key);
  }

  /** heard takes note of what another tab wrote: the key of the browser's storage event. */
  heard(storageKey: string | null): void {
    if (!storageKey?.startsWith(this.env.prefix)) return;
    const key = storageKey.slice(this.env.prefix.length);
    if (this.unsaved.has(key)) return; // this tab writes it now
    const kept = readJSON<Draft>(this.env.store, storageKey);
    if (kept && (this.env.now ?? Date.now)() - kept.at < keptFor) this.all.set(key, kept);
    else this.all.delete(key);
    this.tell();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private save(key: string): void {
    this.unsaved.get(key)?.();
    this.unsaved.delete(key);
    writeJSON(this.env.store, this.env.prefix + key, this.all.get(key));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private after(ms: number, act: () => void): () => void {
    if (this.env.after) return this.env.after(ms, act);
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  }
}

const name = (session: string, kind: DraftKind): string => `${session}.${kind}`;
