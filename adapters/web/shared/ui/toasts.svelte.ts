// What happened, told in passing. The last two are shown; an error stays until somebody closes it.

export interface Toast {
  id: number;
  text: string;
  /** What the server says beyond it, in English. */
  more?: string;
  kind: "news" | "error";
  /** Takes back what happened. */
  undo?: () => void;
  /** Another act, with its words. */
  action?: { label: string; run: () => void };
}

interface ToastOptions {
  more?: string;
  undo?: () => void;
  action?: { label: string; run: () => void };
  /** How long it stays, in milliseconds. */
  stays?: number;
}

const most = 2;
const usual = 6000;

class Toasts {
  list: readonly Toast[] = $state.raw([]);

  #last = 0;
  #timers = new Map<number, { timer: ReturnType<typeof setTimeout> | undefined; left: number; since: number }>();

  /** Says something that passes by itself. The function that it returns takes it away earlier. */
  say(text: string, { stays = usual, ...options }: ToastOptions = {}): () => void {
    const id = this.#add({ text, kind: "news", ...options });
    this.#timers.set(id, { timer: undefined, left: stays, since: 0 });
    this.#run(id);
    return () => this.close(id);
  }

  /** Says what stood in the way, until it is closed. */
  fail(text: string, options: Omit<ToastOptions, "stays"> = {}): () => void {
    const id = this.#add({ text, kind: "error", ...options });
    return () => this.close(id);
  }

  close(id: number): void {
    clearTimeout(this.#timers.get(id)?.timer);
    this.#timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Stops the time of all while somebody reads or is about to click. */
  pause(): void {
    for (const entry of this.#timers.values()) {
      if (entry.timer === undefined) continue;
      clearTimeout(entry.timer);
      entry.timer = undefined;
      entry.left -= Date.now() - entry.since;
    }
  }

  resume(): void {
    for (const id of this.#timers.keys()) this.#run(id);
  }

  #run(id: number): void {
    const entry = this.#timers.get(id)!;
    if (entry.timer !== undefined) return;
    entry.since = Date.now();
    entry.timer = setTimeout(() => this.close(id), Math.max(entry.left, 500));
  }

  #add(toast: Omit<Toast, "id">): number {
    const id = ++this.#last;
    while (this.list.length >= most) this.close((this.list.find((one) => one.kind === "news") ?? this.list[0]!).id);
    this.list = [...this.list, { id, ...toast }];
    return id;
  }
}

export const toasts = new Toasts();
