// The stores of this page, and what the browser tells them.
import { Api } from "../../shared/api.ts";
import { browserSocket, listen } from "../../shared/browser.ts";
import { Keyboard } from "../../shared/keyboard.ts";
import { browserSounds } from "../../shared/sound.ts";
import { browserStore } from "../../shared/storage.ts";
import { makeStores } from "./start.ts";

export { splitSeam, Thread } from "./messages.svelte.ts";
export { noFilter, type Group, type SessionFilter } from "./sessions.svelte.ts";
export type { Ending, HeldEnd } from "./acts.svelte.ts";
export type { Banner } from "./connection.svelte.ts";
export type { OpenOffer } from "./offers.svelte.ts";
export { gapsIn, type Filled, type QuickReply, type QuickReplyChange } from "./quickreplies.svelte.ts";
export type { SavedView } from "./settings.svelte.ts";
export type { Heat, Timer } from "./timing.ts";

const stores = makeStores({
  api: (signedOut) => new Api({ signedOut }),
  socket: (api) => browserSocket(api),
  store: browserStore(() => localStorage),
  page: browserStore(() => sessionStorage),
  sounds: browserSounds,
});

export const { account, alerts, api, clock, connection, desk, drafts, idle, me, messages, notices, offers, presence } =
  stores;
export const { quickReplies, sessions, settings, socket, sounds, tabs } = stores;

/** Whether keys are named as on a Mac. */
export const mac = /Mac|iPhone|iPad/u.test(navigator.platform);

export const keyboard = new Keyboard({ mac, singleKeys: () => settings.singleKeys });

listen(socket);
messages.see(!document.hidden);
document.addEventListener("visibilitychange", () => messages.see(!document.hidden));
window.addEventListener("storage", (e) => desk.heard(e.key));
window.addEventListener("keydown", (e) => keyboard.handle(e));
window.addEventListener("pagehide", () => {
  drafts.flush();
  void desk.finish();
});
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  window.addEventListener(sign, () => idle.touch(), { capture: true, passive: true });
}
for (const touch of ["pointerdown", "keydown"]) {
  // Browsers let a page be heard once somebody has touched it.
  window.addEventListener(touch, () => sounds.blocked && void sounds.unblock(), { capture: true, passive: true });
}
