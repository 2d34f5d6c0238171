// The chat's side of the talk with the page that shows it.
import type { Appearance, Facts, Happening, Kept, Page, ToFrame, ToLoader, Welcome } from "./loader/wire.ts";

/** The page around the chat: it keeps what is to be kept, shows and hides the chat, and tells who the visitor is. */
export interface Bridge {
  look: Appearance;
  kept: Kept | null;
  /** Whether what is kept outlives the page. */
  lasting: boolean;
  open: boolean;
  focus: boolean;
  facts: Facts;
  page: Page;
  identity?: string;
  /** Whether the chat can be closed here. */
  closable: boolean;
  say(message: ToLoader): void;
  hear(listener: (message: ToFrame) => void): void;
}

/** meet finds the page: by the nonce of its loader, or without one the chat stands by itself. */
export function meet(): Promise<Bridge> {
  const [nonce, origin] = location.hash.slice(1).split("&");
  return nonce && origin && parent !== window ? knock(nonce, origin) : Promise.resolve(alone());
}

/** knock asks the page for its channel. Only the window that frames us, from the origin that it named, may answer. */
function knock(baton: string, origin: string): Promise<Bridge> {
  return new Promise((resolve) => {
    addEventListener("message", function answered(e: MessageEvent<Welcome>) {
      if (e.source !== parent || e.origin !== origin || e.data.baton !== baton) return;
      removeEventListener("message", answered);
      const port = e.ports[0]!;
      resolve({
        ...e.data,
        kept: e.data.kept ?? null,
        closable: true,
        say: (message) => port.postMessage(message),
        hear: (listener) => (port.onmessage = (m: MessageEvent<ToFrame>) => listener(m.data)),
      });
    });
    parent.postMessage({ baton }, origin);
  });
}

const key = "baton.visitor";

/** alone is a page of its own: it keeps its visitor itself, or with `?inline` nobody. */
function alone(): Bridge {
  const { inline, ...look } = Object.fromEntries(new URLSearchParams(location.search));
  const lasting = inline === undefined;
  const stored = () => {
    try {
      return lasting ? (JSON.parse(localStorage[key] as string) as Kept | null) : null;
    } catch {
      return null;
    }
  };
  const keep = (kept: Kept | null) => {
    try {
      if (lasting) localStorage[key] = JSON.stringify(kept);
    } catch {
      // Blocked: the visitor is forgotten with the page.
    }
  };
  return {
    look: look as Appearance,
    kept: stored(),
    lasting,
    open: true,
    focus: false,
    facts: {},
    page: { url: "", title: "" },
    closable: false,
    say: (message) => message.type === "keep" && keep(message.kept),
    hear: () => undefined,
  };
}

export type { Appearance, Happening, Kept, ToFrame };
