// Where an editor stands: in a shadow root, because the page's policy lets no styles be written into the page itself,
// while a root of one's own may be given sheets.
import { frame } from "./theme.ts";

/** A shadow root in an element, with a place for an editor in it. */
export function shadowIn(host: HTMLElement): { root: ShadowRoot; place: HTMLElement } {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(frame);
  root.adoptedStyleSheets = [sheet];
  const place = document.createElement("div");
  place.className = "place";
  root.replaceChildren(place);
  return { root, place };
}
