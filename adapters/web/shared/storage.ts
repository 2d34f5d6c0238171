// Keeping things in the browser. Storage may be refused, by the person or by the frame we live in; everything works
// without it, until the page is closed.

/** The part of the browser's Storage that we use. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  keys(): string[];
  /** Whether what is kept here outlives the page. */
  readonly lasting: boolean;
}

class Memory implements Store {
  readonly lasting = false;
  private readonly map = new Map<string, string>();

  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
  keys(): string[] {
    return [...this.map.keys()];
  }
}

/** memoryStore keeps things as long as the page lives. */
export const memoryStore = (): Store => new Memory();

/** browserStore keeps things in a Storage of the browser, and what does not fit there in memory. */
export function browserStore(open: () => Storage): Store {
  const memory = new Memory();
  let storage: Storage;
  try {
    storage = open();
    storage.setItem("baton.probe", "1");
    storage.removeItem("baton.probe");
  } catch {
    return memory;
  }
  return {
    lasting: true,
    getItem: (key) => memory.getItem(key) ?? storage.getItem(key),
    setItem(key, value) {
      try {
        storage.setItem(key, value);
        memory.removeItem(key);
      } catch {
        memory.setItem(key, value);
      }
    },
    removeItem(key) {
      memory.removeItem(key);
      storage.removeItem(key);
    },
    keys: () => [...Object.keys(storage), ...memory.keys()],
  };
}

/** readJSON reads what was kept as JSON; what cannot be read is as if it were not there. */
export function readJSON<T>(store: Store, key: string): T | null {
  const text = store.getItem(key);
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

export const writeJSON = (store: Store, key: string, value: unknown): void => store.setItem(key, JSON.stringify(value));
