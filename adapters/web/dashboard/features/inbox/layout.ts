// How many columns fit beside the rail, and how wide they may be.

/** four: rail, list, chat, panel. three: the panel lies over the chat. two: the list is narrow. one: list or chat. */
export type Columns = "four" | "three" | "two" | "one";

const rail = 58;

/** columnsFor says what fits into a width without the rail. */
export function columnsFor(width: number): Columns {
  if (width >= 1280 - rail) return "four";
  if (width >= 1100 - rail) return "three";
  return width >= 760 - rail ? "two" : "one";
}

export const listWidths = { narrow: 280, range: { min: 240, max: 480, usual: 316 } } as const;
export const panelWidths = { min: 260, max: 480, usual: 316 } as const;

/** From this width on two chats can stand side by side. */
export const splitFrom = 1500 - rail;
