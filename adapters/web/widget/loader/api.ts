import type { Facts, Happening } from "./wire.ts";

/** A signed token by which the page vouches for its visitor, or a function that fetches one when it is needed. */
export type Identity = string | (() => string | Promise<string>);

export type Listener = (detail: unknown) => void;

/** What a page pushes to be called with the API. */
export type Early = (baton: BatonAPI) => void;

/** What a page may ask of the chat: `window.Baton`. */
export interface BatonAPI {
  open(): void;
  close(): void;
  /**
   * Gives the id of the visitor, which a bot of the page names when it hands over. From then on the chat opens by
   * itself when that happens. It is rejected when the chat cannot be shown on this page.
   */
  visitor(): Promise<string>;
  /**
   * Vouches for the visitor. While an anonymous chat goes on it stays his; after that he is the person of the token.
   * Nothing is loaded for it, so a function is the better argument: tokens live ten minutes at most. The promise
   * gives the visitor's id when the chat has been loaded, and is rejected when the server refuses the token.
   */
  identify(identity: Identity): Promise<string>;
  /** Facts for the person who answers; they are sent when the visitor asks for one. */
  context(facts: Facts): void;
  /** Listens; a listener for `ready` that comes late is called at once. */
  on(event: Happening, listener: Listener): void;
  off(event: Happening, listener: Listener): void;
  /** Forgets the visitor in this browser, as the page does when he signs out. */
  forget(): void;
  /** Calls the function with this API; before the script is there an array of functions stands in for it. */
  push(...calls: Early[]): void;
}
