// Parts of the page that are fetched when they are needed, or when the browser has time.
import type { Component } from "svelte";

// What Svelte wants of props: an object, whatever it holds.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Any = Record<string, any>;

export interface Part<Props extends Any> {
  /** Fetches the part, once. After a failure the next call tries again. */
  load(): Promise<Component<Props>>;
  /** Fetches it when nothing else is to be done, so that it opens at once, and without a connection too. */
  soon(): void;
}

/** A part that `fetch` imports. */
export function later<Props extends Any>(fetch: () => Promise<{ default: Component<Props> }>): Part<Props> {
  const load = once(() => fetch().then((module) => module.default));
  const soon = () => whenIdle(() => void load().catch(() => undefined)); // who needs it then is told why
  return { load, soon };
}

/** Makes something that is fetched once; after a failure the next call tries again. */
export function once<T>(fetch: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () =>
    (asked ??= fetch().catch((thrown: unknown) => {
      asked = null;
      throw thrown;
    }));
}

function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(act);
  else setTimeout(act, 1_000);
}
