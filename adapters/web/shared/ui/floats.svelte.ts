// What floats above the page needs a library that is half as large as the rest of the dashboard, and nobody opens a
// menu before there is something to see. So these parts are fetched when the browser has time, or when one is opened.
import { createAttachmentKey } from "svelte/attachments";

type Parts = typeof import("./floats/index.ts");

class Floats {
  /** The parts, once they are there. */
  parts: Parts | null = $state.raw(null);

  #loading: Promise<void> | null = null;

  load(): Promise<void> {
    this.#loading ??= import("./floats/index.ts").then(
      (parts) => void (this.parts = parts),
      (error: unknown) => {
        this.#loading = null; // the next one to open something tries again
        throw error;
      },
    );
    return this.#loading;
  }

  /** Loads them when nothing else is to be done. */
  soon(): void {
    if (this.#loading || typeof window === "undefined") return;
    if ("requestIdleCallback" in window) requestIdleCallback(() => void this.load().catch(() => {}));
    else setTimeout(() => void this.load().catch(() => {}), 1000);
  }
}

export const floats = new Floats();

/** Something that opens at a button: whether it is open, at what, and the props of the button. */
export class Opener {
  anchor: HTMLElement | null = $state.raw(null);
  /** Stays true after the first opening, so that closing has somebody to do it. */
  used = $state(false);

  readonly #attach = createAttachmentKey();
  readonly #id: string;
  readonly #kind: "menu" | "dialog";
  readonly #isOpen: () => boolean;
  readonly #set: (open: boolean) => void;

  constructor(id: string, kind: "menu" | "dialog", isOpen: () => boolean, set: (open: boolean) => void) {
    this.#id = id;
    this.#kind = kind;
    this.#isOpen = isOpen;
    this.#set = set;
    $effect(() => floats.soon());
    $effect(() => {
      if (!isOpen()) return;
      this.used = true;
      void floats.load();
    });
  }

  get triggerId(): string {
    return `${this.#id}-trigger`;
  }

  /** What the button spreads on itself. */
  readonly props = $derived.by((): Record<string | symbol, unknown> => ({
    id: `${this.#id}-trigger`,
    "aria-haspopup": this.#kind,
    "aria-expanded": this.#isOpen(),
    "aria-controls": this.#isOpen() ? `${this.#id}-float` : undefined,
    onclick: () => this.#set(!this.#isOpen()),
    onkeydown: (event: KeyboardEvent) => this.#press(event),
    [this.#attach]: (node: HTMLElement) => {
      this.anchor = node;
      return () => (this.anchor = null);
    },
  }));

  /** Keeps a click on the button from closing what the same click would open again. */
  readonly ignoreAnchor = (event: Event): void => {
    if (event.target instanceof Node && this.anchor?.contains(event.target)) event.preventDefault();
  };

  #press(event: KeyboardEvent): void {
    if (this.#kind !== "menu" || event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#set(true);
  }
}
