// One tooltip for the whole page: it appears where the pointer rests or the keyboard arrives.
import { mount } from "svelte";
import type { Attachment } from "svelte/attachments";
import type { Side } from "./sides.ts";
import Tip from "./Tip.svelte";

export interface TipContent {
  text: string;
  keys?: string | undefined;
  side: Side;
}

/** How long a pointer rests before a tip appears, how long a tip waits to be reached, and for how long others follow at once. */
const rests = 400;
const waits = 100;
const follows = 300;

class Tips {
  shown: (TipContent & { anchor: HTMLElement }) | null = $state.raw(null);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #hiddenAt = 0;
  #mounted = false;

  show(anchor: HTMLElement, content: TipContent): void {
    clearTimeout(this.#timer);
    if (!this.#mounted) mount(Tip, { target: document.body });
    this.#mounted = true;
    this.shown = { ...content, anchor };
  }

  showSoon(anchor: HTMLElement, content: () => TipContent): void {
    clearTimeout(this.#timer);
    const justNow = this.shown !== null || Date.now() - this.#hiddenAt < follows;
    this.#timer = setTimeout(() => this.show(anchor, content()), justNow ? 0 : rests);
  }

  hide(anchor?: HTMLElement): void {
    clearTimeout(this.#timer);
    if (this.shown === null || (anchor && this.shown.anchor !== anchor)) return;
    this.shown = null;
    this.#hiddenAt = Date.now();
  }

  /** Hides it unless the pointer reaches it first. */
  hideSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), waits);
  }

  stay(): void {
    clearTimeout(this.#timer);
  }
}

export const tips = new Tips();

/** Gives an element a tip. */
export function tip(content: () => TipContent): Attachment<HTMLElement> {
  return (element) => {
    const listeners = new AbortController();
    const on = <K extends keyof HTMLElementEventMap>(type: K, does: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, does, { signal: listeners.signal });
    on("pointerenter", (event) => event.pointerType === "mouse" && tips.showSoon(element, content));
    on("pointerleave", () => tips.hideSoon());
    on("pointerdown", () => tips.hide());
    on("focus", () => element.matches(":focus-visible") && tips.show(element, content()));
    // An element that is taken out while it has the focus says so in the midst of it, when nothing may change.
    on("blur", () => queueMicrotask(() => tips.hide(element)));
    return () => {
      listeners.abort();
      tips.hide(element);
    };
  };
}
