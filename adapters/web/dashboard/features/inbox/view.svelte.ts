// What the inbox shows that is nobody else's business: which group, where the cursor stands, what is open in front.
import { SvelteSet } from "svelte/reactivity";
import type { DraftKind } from "../../../shared/drafts.ts";
import { sessions, tabs, type Group } from "../../stores/index.ts";

/** Something that stands in front of the inbox and is about one chat. */
export type Front =
  { kind: "assign" | "transfer" | "end" | "full"; session: string } | { kind: "reply"; session: string; text: string };

class View {
  group = $state<Group>("mine");
  /** The row that J and K have reached. */
  cursor = $state<string | null>(null);
  front = $state.raw<Front | null>(null);
  /** The chat that is to get a tag: the panel opens where one writes it. */
  tagging = $state<string | null>(null);
  /** The panel lies over the chat, where it has no column of its own. */
  panelOver = $state(false);
  searching = $state(false);
  private readonly modes = $state<Record<string, DraftKind>>({});
  /** The chats whose talk with the bot is unfolded. */
  private readonly unfolded = new SvelteSet<string>();

  /** move takes the cursor along the list, and gives its place. */
  move(step: 1 | -1): number {
    const ids = sessions.ids(this.group);
    const at = ids.indexOf(this.cursor ?? tabs.current ?? "");
    const next = at < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, at + step));
    this.cursor = ids[next] ?? null;
    sessions.touch();
    return next;
  }

  /** Whether a reply or a note is being written in a chat. */
  modeOf(session: string): DraftKind {
    return this.modes[session] ?? "reply";
  }

  setMode(session: string, mode: DraftKind): void {
    this.modes[session] = mode;
  }

  botShown(session: string): boolean {
    return this.unfolded.has(session);
  }

  showBot(session: string, shown: boolean): void {
    if (shown) this.unfolded.add(session);
    else this.unfolded.delete(session);
  }
}

export const view = new View();
