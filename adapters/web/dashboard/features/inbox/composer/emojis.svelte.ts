// Emojis while one writes. Their list is fetched with the first colon; until it is there, a colon is a colon.
import { language } from "../../../../shared/i18n.ts";

let list = $state.raw<typeof import("./emoji.ts") | null>(null);
let asked = false;

async function load(): Promise<void> {
  asked = true;
  try {
    list = await import("./emoji.ts");
  } catch {
    asked = false; // without a connection; the next colon tries again
  }
}

/** emojisFor gives the signs for what was typed behind a colon, with their names, what fits best first. */
export function emojisFor(query: string): { sign: string; name: string }[] {
  if (!asked) void load();
  const { findEmojis, nameOf } = list ?? {};
  return findEmojis?.(query).map((emoji) => ({ sign: emoji.sign, name: nameOf!(emoji, language()) })) ?? [];
}
