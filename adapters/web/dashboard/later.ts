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
  let part: Promise<Component<Props>> | null = null;
  const load = () => {
    part ??= fetch().then(
      (module) => module.default,
      (thrown: unknown) => {
        part = null;
        throw thrown;
      },
    );
    return part;
  };
  const soon = () => whenIdle(() => void load().catch(() => undefined)); // who needs it then is told why
  return { load, soon };
}

function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(act);
  else setTimeout(act, 1_000);
}
