import type { Term } from "./words.ts";

/** The dialog with what the figures mean: where it is open. */
class Definitions {
  /** The figure whose definition is looked for; "all" for none in particular, null while it is closed. */
  at = $state<Term | "all" | null>(null);
}

export const definitions = new Definitions();
