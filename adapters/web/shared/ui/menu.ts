import type { IconNode } from "lucide";

/** Something that a menu offers. */
export interface MenuAction {
  label: string;
  icon?: IconNode;
  /** Keys that do the same, as in the registry of keys. */
  keys?: string;
  /** A word at the end, such as a count. */
  detail?: string;
  disabled?: boolean;
  danger?: boolean;
  /** Makes the entry one of a choice, of which one is checked. */
  checked?: boolean;
  run: () => void;
}

/** A menu in the menu. */
export interface MenuFolder {
  label: string;
  icon?: IconNode;
  entries: readonly MenuEntry[];
}

/** A line of a menu: an act, a menu of its own, a heading over what follows, or a hairline. */
export type MenuEntry = MenuAction | MenuFolder | { heading: string } | "line";
