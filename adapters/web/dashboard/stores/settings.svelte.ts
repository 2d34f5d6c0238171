import { chooseLanguage, chosenLanguage, language } from "../../shared/i18n.ts";
import type { Group, SessionFilter } from "./sessions.svelte.ts";
import { readJSON, writeJSON, type Store } from "../../shared/storage.ts";

export type Theme = "system" | "light" | "dark";
/** A group with a filter that has a name. */
export interface SavedView {
  id: string;
  name: string;
  group: Group;
  filter: SessionFilter;
}

export type Density = "comfortable" | "compact";

/** What a person has chosen for the screen, kept in this browser for each person. Assign a field to change it. */
export class Settings {
  theme = $state<Theme>("system");
  density = $state<Density>("comfortable");
  /** Enter sends, and Shift+Enter makes a line; else the other way round. */
  enterSends = $state(true);
  /** Letters without Ctrl do something outside of fields. */
  singleKeys = $state(true);
  /** After how many minutes without a sign of life the person becomes away; 0 is never. */
  awayAfter = $state(15);
  sounds = $state({ offer: true, message: true, late: true });
  listWidth = $state(316);
  panelWidth = $state(316);
  panelOpen = $state(true);
  /** Which parts of the customer panel are folded. */
  folded = $state<Record<string, boolean>>({});
  /** The views of the list that were saved. */
  views = $state.raw<readonly SavedView[]>([]);
  private stopSaving: (() => void) | undefined;
  private readonly untouched: object;

  constructor(private readonly store: Store) {
    this.untouched = this.values();
  }

  /** The language of the pages. A change holds after they are loaded again. */
  get language(): string {
    return chosenLanguage() ?? language();
  }
  set language(choice: string) {
    chooseLanguage(choice);
  }

  /** open reads what this person has chosen, and keeps what changes from here on. */
  open(person: string): void {
    this.close();
    const key = `baton.settings.${person}`;
    Object.assign(this, this.untouched, readJSON<object>(this.store, key));
    this.stopSaving = $effect.root(() => {
      $effect(() => {
        writeJSON(this.store, key, this.values());
        this.show();
      });
    });
  }

  /** close stops keeping what changes. */
  close(): void {
    this.stopSaving?.();
    this.stopSaving = undefined;
  }

  private values(): object {
    const {
      theme,
      density,
      enterSends,
      singleKeys,
      awayAfter,
      sounds,
      listWidth,
      panelWidth,
      panelOpen,
      folded,
      views,
    } = this;
    const plain = $state.snapshot({ sounds, folded });
    return { theme, density, enterSends, singleKeys, awayAfter, listWidth, panelWidth, panelOpen, views, ...plain };
  }

  /** show draws the page as chosen, and leaves word for the script that does so before the first picture. */
  private show(): void {
    if (typeof document === "undefined") return;
    mark(this.store, "theme", this.theme === "system" ? null : this.theme);
    mark(this.store, "density", this.density === "comfortable" ? null : this.density);
  }
}

function mark(store: Store, name: "theme" | "density", value: string | null): void {
  if (value === null) {
    document.documentElement.removeAttribute(`data-${name}`);
    store.removeItem(`baton.${name}`);
    return;
  }
  document.documentElement.setAttribute(`data-${name}`, value);
  store.setItem(`baton.${name}`, value);
}
