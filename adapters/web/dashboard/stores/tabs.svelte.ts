import { readJSON, writeJSON, type Store } from "../../shared/storage.ts";

interface Kept {
  ids: string[];
  current: string | null;
}

/** The strip of open chats, in the order in which they were opened. A reload keeps it, and a new window begins with it. */
export class Tabs {
  ids = $state.raw<readonly string[]>([]);
  /** The chat that is looked at. */
  current = $state<string | null>(null);
  /** The second chat of the split view. */
  split = $state<string | null>(null);
  private key = "";

  constructor(
    private readonly page: Store,
    private readonly browser: Store,
  ) {}

  /** restore gives a person the tabs that he had. */
  restore(person: string): void {
    this.key = `baton.tabs.${person}`;
    const kept = readJSON<Kept>(this.page, this.key) ?? readJSON<Kept>(this.browser, this.key);
    this.ids = kept?.ids ?? [];
    this.current = kept?.current ?? null;
    this.split = null;
  }

  forget(): void {
    this.key = "";
    this.ids = [];
    this.current = this.split = null;
  }

  /** add puts a chat into the strip without turning to it. */
  add(id: string): void {
    if (this.ids.includes(id)) return;
    this.ids = [...this.ids, id];
    this.save();
  }

  /** open turns to a chat, which gets its place in the strip. */
  open(id: string): void {
    this.add(id);
    this.select(id);
  }

  /** select turns to a chat, or to none. */
  select(id: string | null): void {
    if (id !== null && id === this.split) this.split = this.current;
    this.current = id;
    this.save();
  }

  /** close takes a chat out of the strip, which ends nothing. The next one is turned to. */
  close(id: string): void {
    const at = this.ids.indexOf(id);
    if (at < 0) return;
    this.ids = this.ids.filter((one) => one !== id);
    if (this.split === id) this.split = null;
    if (this.current === id) this.current = this.ids[at] ?? this.ids[at - 1] ?? null;
    this.save();
  }

  next(): void {
    this.step(1);
  }

  previous(): void {
    this.step(-1);
  }

  /** nth turns to the chat at a place, counted from 1; it says whether there is one. */
  nth(n: number): boolean {
    const id = this.ids[n - 1];
    if (id !== undefined) this.select(id);
    return id !== undefined;
  }

  private step(by: number): void {
    if (this.ids.length === 0) return;
    const at = this.current === null ? -1 : this.ids.indexOf(this.current);
    const to = at < 0 ? (by > 0 ? 0 : this.ids.length - 1) : at + by + this.ids.length;
    this.select(this.ids[to % this.ids.length]!);
  }

  private save(): void {
    if (this.key === "") return;
    const kept: Kept = { ids: [...this.ids], current: this.current };
    writeJSON(this.page, this.key, kept);
    writeJSON(this.browser, this.key, kept);
  }
}
