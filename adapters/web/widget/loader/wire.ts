/** What the loader on the host page and the chat in its frame say to each other. */

/** What a visitor's chat needs to go on at the next page. The host page keeps it, under the server's origin. */
export interface Kept {
  token: string;
  customer: string;
  /** The page's own id of the person, when the page vouched for one. */
  subject?: string;
  /** A chat is under way, so the next page loads the frame by itself. */
  live: boolean;
  /** The visitor wants to hear new messages. */
  sound?: boolean;
}

/** The appearance that the page chose by the attributes of its script tag, without `data-`. */
export type Appearance = Partial<
  Record<"colour" | "side" | "lang" | "theme" | "title" | "greeting" | "label" | "launcher" | "queue", string>
>;

/** Facts of the page for the person who answers. */
export type Facts = Record<string, unknown>;

/** Where the visitor is. */
export interface Page {
  url: string;
  title: string;
}

/** The chat asks for the channel with the nonce that the loader gave it. */
export interface Knock {
  baton: string;
}

/** The loader's answer; the port of the channel goes with it. */
export interface Welcome extends Knock {
  look: Appearance;
  kept: Kept | null | undefined;
  /** Whether what is kept outlives this page. */
  lasting: boolean;
  open: boolean;
  focus: boolean;
  facts: Facts;
  page: Page;
  /** The page's signed word about who the visitor is. */
  identity?: string;
}

/** What a page can listen for. */
export type Happening = "ready" | "open" | "close" | "unread" | "handoff" | "message" | "ended";

export type ToFrame =
  | { type: "shown"; open: boolean; focus: boolean; page: Page }
  | { type: "facts"; facts: Facts }
  | { type: "identity"; token: string }
  /** The page wants to know who the visitor is. */
  | { type: "visitor" }
  /** Another tab, or the page, has replaced or forgotten the visitor. */
  | { type: "kept"; kept: Kept | null };

export type ToLoader =
  /** The visitor is known; `refusal` says why the page's word about him was not accepted. */
  | { type: "ready"; customer: string; refusal?: string }
  | { type: "keep"; kept: Kept | null }
  | { type: "show"; open: boolean }
  | { type: "event"; name: Happening; detail: Record<string, unknown> };
