import type { Problem } from "../../shared/api.ts";
import type { Priority, Session } from "../../shared/protocol.ts";
import { Board, groups, type Group, type Moves } from "./board.ts";
import type { Clock } from "./clock.svelte.ts";
import { once } from "./frame.ts";
import { isLate, timerOf, type Timer } from "./timing.ts";

export type { Group } from "./board.ts";

/** What a list is narrowed to; empty parts do not narrow. */
export interface SessionFilter {
  text: string;
  priorities: Priority[];
  channels: string[];
  tags: string[];
  queues: string[];
  unreadOnly: boolean;
}

export const noFilter: SessionFilter = {
  text: "",
  priorities: [],
  channels: [],
  tags: [],
  queues: [],
  unreadOnly: false,
};

const keysHold = 2_000;
const recentMost = 300;

/** Is told of each row that comes, with the one before it. */
export type RowListener = (row: Session | undefined, before: Session | undefined) => void;

/**
 * The sessions that this person may read, in their groups. What is read here is drawn again at most once a frame,
 * however much changes.
 */
export class Sessions {
  /** The first lists are on their way. */
  loading = $state(true);
  error = $state.raw<Problem | null>(null);
  filter = $state.raw<SessionFilter>(noFilter);

  private board = new Board("");
  private version = $state(0);
  private lateCounts = $state.raw<Record<Group, number>>({ mine: 0, queue: 0, team: 0, all: 0 });
  private readonly recent = new Set<string>(); // that have ended, oldest first
  private readonly holds = new Set<string>();
  private frozen: Record<Group, readonly string[]> | null = null;
  private moved: Record<Group, Set<string>> = empty();
  private ghosts = new Map<string, Session>();
  private keysTimer: ReturnType<typeof setTimeout> | undefined;
  private markedUnread = new Set<string>();
  private watched = new Set<string>();
  private kept = new Set<string>();
  private readonly listeners = new Set<RowListener>();
  private readonly changed: () => void;
  private cache: { version: number; filter: SessionFilter; ids: Partial<Record<Group, readonly string[]>> } | null =
    null;

  /** The number of sessions in each group, whatever the filter says. */
  readonly counts: Record<Group, number> = $derived.by(() => {
    void this.version;
    const count = (group: Group) => this.board.of(group).length;
    return { mine: count("mine"), queue: count("queue"), team: count("team"), all: count("all") };
  });

  /** In how many chats of mine somebody has written what I have not seen. */
  readonly unread: number = $derived.by(() => {
    void this.version;
    return this.board.of("mine").filter((s) => this.unreadIn(s) > 0).length;
  });

  /** Whether a filter narrows the lists. */
  readonly filtered: boolean = $derived(JSON.stringify(this.filter) !== JSON.stringify(noFilter));

  constructor(
    private readonly clock: Clock,
    private readonly reloadLists: () => Promise<void> = async () => undefined,
    frame?: (act: () => void) => void,
  ) {
    this.changed = once(() => this.version++, frame);
  }

  /** open begins anew for a person. */
  open(me: string): void {
    this.board = new Board(me);
    this.recent.clear();
    this.markedUnread.clear();
    this.watched.clear();
    this.kept.clear();
    this.thaw();
    this.loading = true;
    this.error = null;
    this.filter = noFilter;
    this.version++;
  }

  get(id: string): Session | undefined {
    void this.version;
    return this.board.get(id) ?? this.ghosts.get(id);
  }

  /** peek is get for those who do not draw. */
  peek(id: string): Session | undefined {
    return this.board.get(id);
  }

  /** all gives a group in its true order, for those who do not draw. */
  all(group: Group): readonly Session[] {
    return this.board.of(group);
  }

  /** ids gives a group as it is to be shown: in its order, or that of when it was held, narrowed by the filter. */
  ids(group: Group): readonly string[] {
    const { version, filter } = this;
    if (this.cache?.version !== version || this.cache.filter !== filter) this.cache = { version, filter, ids: {} };
    return (this.cache.ids[group] ??= this.shown(group));
  }

  private shown(group: Group): readonly string[] {
    const ids = this.frozen?.[group] ?? this.board.of(group).map((s) => s.id);
    if (!this.filtered) return ids;
    return ids.filter((id) => this.passes(this.board.get(id) ?? this.ghosts.get(id)));
  }

  /** matching is how many sessions of a group another filter would show now. It is for those who ask each second. */
  matching(group: Group, filter: SessionFilter): number {
    return this.board.of(group).reduce((n, s) => n + (this.passes(s, filter) ? 1 : 0), 0);
  }

  private passes(s: Session | undefined, filter = this.filter): boolean {
    const { text, priorities, channels, tags, queues, unreadOnly } = filter;
    const none = <T>(wanted: readonly T[], has: readonly T[]) =>
      wanted.length > 0 && !has.some((h) => wanted.includes(h));
    if (!s || none(priorities, [s.priority]) || none(channels, [s.channel]) || none(queues, [s.queue.id])) return false;
    if (none(tags, s.tags) || (unreadOnly && this.unreadIn(s) === 0)) return false;
    const wanted = text.trim().toLocaleLowerCase();
    const words = [s.customer.name, s.customer.email, s.subject, s.summary, s.last?.text, s.id];
    return wanted === "" || words.some((word) => word?.toLocaleLowerCase().includes(wanted));
  }

  /** late is how many chats of a group have waited for too long, as of the last second. */
  late(group: Group): number {
    return this.lateCounts[group];
  }

  /** timer says how long the customer has been waiting. */
  timer(session: Session, now: number = this.clock.now): Timer {
    return timerOf(session, now);
  }

  /** changes is how much came, went or moved behind a held list. */
  changes(group: Group): number {
    void this.version;
    return this.frozen ? this.moved[group].size : 0;
  }

  /** isGone says that a row only stands in a held list: the session may not be read any more. */
  isGone(id: string): boolean {
    void this.version;
    return this.ghosts.has(id);
  }

  /** hold keeps the order of the lists as it is, until release is called for all that was held. */
  hold(why: string): void {
    this.holds.add(why);
    this.frozen ??= this.snapshot();
  }

  release(why: string): void {
    if (this.holds.delete(why) && this.holds.size === 0) this.thaw();
  }

  /** touch holds the order for as long as somebody walks through a list by keys. */
  touch(): void {
    this.hold("keys");
    clearTimeout(this.keysTimer);
    this.keysTimer = setTimeout(() => this.release("keys"), keysHold);
  }

  /** show puts the lists into their true order now, and holds them as that if they are held. */
  show(): void {
    const held = this.holds.size > 0;
    this.thaw(false);
    if (held) this.frozen = this.snapshot();
  }

  private snapshot(): Record<Group, readonly string[]> {
    const ids = (group: Group) => this.board.of(group).map((s) => s.id);
    return { mine: ids("mine"), queue: ids("queue"), team: ids("team"), all: ids("all") };
  }

  private thaw(release = true): void {
    if (release) this.holds.clear();
    this.frozen = null;
    this.moved = empty();
    this.ghosts.clear();
    this.changed();
  }

  /** markUnread sets a chat aside to be read later, in this tab. */
  markUnread(id: string): void {
    this.markedUnread.add(id);
    this.changed();
  }

  /** unreadOf is how many messages of the customer nobody has read; a chat that is being looked at has none. */
  unreadOf(id: string): number {
    void this.version;
    const session = this.board.get(id);
    return session ? this.unreadIn(session) : 0;
  }

  isUnread(id: string): boolean {
    return this.unreadOf(id) > 0;
  }

  private unreadIn(session: Session): number {
    if (this.markedUnread.has(session.id)) return Math.max(1, session.unread);
    return this.watched.has(session.id) ? 0 : session.unread;
  }

  /** watch says that a chat is being looked at, or no longer. */
  watch(id: string, on: boolean): void {
    if (on) this.watched.add(id);
    else this.watched.delete(id);
    if (on) this.markedUnread.delete(id);
    this.changed();
  }

  isWatched(id: string): boolean {
    return this.watched.has(id);
  }

  /** keep says which sessions stay known after their end. Of the others only the newest do. */
  keep(ids: Iterable<string>): void {
    this.kept = new Set(ids);
  }

  /** keptIds are those of keep. */
  keptIds(): ReadonlySet<string> {
    return this.kept;
  }

  /** reload reads the lists again. */
  reload(): Promise<void> {
    return this.reloadLists();
  }

  onRow(listener: RowListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** put takes a row, unless a newer one is known. */
  put(row: Session): void {
    const before = this.board.get(row.id);
    const moves = this.board.put(row);
    if (!moves) return;
    this.ghosts.delete(row.id);
    this.note(row.id, moves);
    if (row.status === "ended") this.retire(row.id);
    for (const listener of this.listeners) listener(row, before);
    this.changed();
  }

  /** remove forgets a session that may not be read any more. */
  remove(id: string): void {
    const before = this.board.get(id);
    if (!before) return;
    if (this.frozen) this.ghosts.set(id, before);
    this.note(id, this.board.remove(id));
    this.recent.delete(id);
    for (const listener of this.listeners) listener(undefined, before);
    this.changed();
  }

  /** retainOnly forgets the open sessions that are not among these: they have ended or may not be read any more. */
  retainOnly(ids: ReadonlySet<string>): void {
    for (const { id } of [...this.board.of("all")]) if (!ids.has(id)) this.remove(id);
  }

  private note(id: string, moves: Moves): void {
    if (this.frozen) for (const group of groups) if (moves[group]) this.moved[group].add(id);
  }

  private retire(id: string): void {
    this.recent.delete(id);
    this.recent.add(id);
    for (const oldest of this.recent) {
      if (this.recent.size <= recentMost) return;
      this.recent.delete(oldest);
      if (!this.kept.has(oldest)) this.board.remove(oldest);
    }
  }

  /** tick counts who is late; call it once a second. */
  tick(now: number): void {
    const count = (group: Group) => this.board.of(group).reduce((n, s) => n + (isLate(s, now) ? 1 : 0), 0);
    const [mine, queue, team] = [count("mine"), count("queue"), count("team")];
    const was = this.lateCounts;
    if (was.mine === mine && was.queue === queue && was.team === team) return;
    this.lateCounts = { mine, queue, team, all: mine + queue + team };
  }
}

const empty = (): Record<Group, Set<string>> => ({
  mine: new Set(),
  queue: new Set(),
  team: new Set(),
  all: new Set(),
});
