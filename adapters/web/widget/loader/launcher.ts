import type { Appearance } from "./wire.ts";
import type { Words } from "./words.ts";

/** Up to this width the chat fills the screen, and where there is little height. */
export const phone = 519;

/** A speech bubble with a seam in it. */
const bubble =
  "M7 2h12a6 6 0 0 1 6 6v5a6 6 0 0 1-6 6h-6l-6 5v-5a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6zM5 9v3h4v-3zM11 9v3h4v-3zM17 9v3h4v-3z";

/**
 * sheet is all of the launcher's style. The sign on the button is white or black by the luminance of the colour,
 * the y of XYZ, so that its contrast is 4.5 at least.
 */
function sheet(look: Appearance): string {
  const colour = CSS.supports("color", look.colour!) ? look.colour : "oklch(.44 .085 228)";
  const edge = /left|right/.exec(look.side!)?.[0] ?? "inset-inline-end";
  const scheme = /light|dark/.exec(look.theme!)?.[0] ?? "light dark";
  const y = " calc((.18 - y)*999)";
  return `:host{all:initial;color-scheme:${scheme};position:fixed;z-index:2147483000;${edge}:20px;bottom:20px;font:600 13px/22px system-ui}
button{all:unset;position:relative;display:${look.launcher === "hidden" ? "none" : "block"};width:56px;height:56px;border-radius:18px;background:${colour};color:color(from ${colour} xyz${y + y + y});box-shadow:0 4px 16px #0004;cursor:pointer;forced-color-adjust:none}
button:focus-visible{outline:2px solid ${colour};outline-offset:2px}
button:before{content:"";display:block;width:26px;height:26px;margin:15px;background:currentColor;clip-path:path(evenodd,"${bubble}")}
button[data-n]:after{content:attr(data-n)/"";position:absolute;inset:-7px -7px auto auto;min-width:22px;border-radius:11px;background:#b3261e;color:#fff;text-align:center}
p{position:absolute;clip-path:inset(50%);margin:0}
iframe,:host([bad][open]) p{position:absolute;${edge}:0;bottom:72px;box-sizing:border-box;width:min(392px,100vw - 40px);height:min(640px,100dvh - 112px);border:1px solid #8884;border-radius:18px;background:light-dark(#fbfaf7,#15191e);box-shadow:0 8px 40px #0003}
:host([bad][open]) p{height:auto;padding:20px;clip-path:none;color:CanvasText}
:host(:not([open])) iframe{visibility:hidden;opacity:0}
@media (prefers-reduced-motion:no-preference){iframe{transition:.15s}}
@media (max-width:${phone}px),(max-height:480px){iframe{position:fixed;inset:var(--top,0) 0 auto;width:100%;height:var(--high,100dvh);border:0;border-radius:0}
:host([open]) iframe~button{display:none}}`;
}

/**
 * makeLauncher draws the button in a shadow root with a constructed sheet, so that the host's policy needs no rule
 * for styles.
 */
export function makeLauncher(look: Appearance, [open, close, unread, failed]: Words, press: () => void) {
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const styles = new CSSStyleSheet();
  const button = document.createElement("button");
  const news = document.createElement("p");
  styles.replaceSync(sheet(look));
  root.adoptedStyleSheets = [styles];
  button.onclick = press;
  news.role = "status";
  root.append(button, news);

  // A keyboard on a phone covers the page without making it smaller.
  const view = visualViewport!;
  view.onresize = view.onscroll = () => (host.style.cssText = `--high:${view.height}px;--top:${view.offsetTop}px`);

  const show = (is: boolean) => {
    host.toggleAttribute("open", is);
    button.ariaExpanded = `${is}`;
    button.title = is ? close : (look.label ?? open);
  };
  show(false);
  document.body.append(host);

  return {
    host,
    button,
    show,
    /** Puts the frame before the button; the sign of a failure goes. */
    hold(frame: Element) {
      host.removeAttribute("bad");
      root.prepend(frame);
    },
    /** Tells the visitor that the chat cannot be shown. */
    fail() {
      host.setAttribute("bad", "");
      news.textContent = failed;
    },
    count(n: number) {
      if (n) button.dataset.n = `${n}`;
      else delete button.dataset.n;
      news.textContent = n ? `${n} ${unread}` : "";
    },
  };
}
