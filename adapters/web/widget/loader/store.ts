import type { Kept } from "./wire.ts";

/** What is remembered of a visitor from page to page. */
export interface Memory {
  chat?: Kept | null;
  open?: boolean;
}

/** read gives what the host's localStorage has under the key; what cannot be read is nothing. */
export const read = (key: string): Memory => {
  try {
    return JSON.parse(localStorage[key]) ?? {};
  } catch {
    return {};
  }
};

/**
 * write keeps a memory, and says whether it outlives the page: where storage is blocked or full it does not. Before
 * there is a chat nothing is kept, and when there is none any more nothing stays.
 */
export const write = (key: string, memory: Memory): boolean => {
  try {
    if (memory.chat) localStorage[key] = JSON.stringify(memory);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
};
