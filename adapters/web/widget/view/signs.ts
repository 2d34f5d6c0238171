import { html, type TemplateResult } from "lit-html";

/** The signs of the chat: lines of 24 units, from Lucide's set. */
const paths = {
  close: "M18 6 6 18M6 6l12 12",
  more: "M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0",
  clip: "m16 6-8.4 8.6a2 2 0 0 0 2.8 2.8l8.4-8.6a4 4 0 0 0-5.6-5.6l-8.4 8.5a6 6 0 0 0 8.5 8.5l8.3-8.5",
  send: "M14.5 21.7a.5.5 0 0 0 .9 0l6.5-19a.5.5 0 0 0-.6-.6l-19 6.5a.5.5 0 0 0 0 .9l7.9 3.2a2 2 0 0 1 1.1 1.1zM21.9 2.1 10.9 13.1",
  file: "M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7zM14 2v4a2 2 0 0 0 2 2h4",
};

/** sign draws one, with the words that screen readers hear instead, if no text stands beside it. */
export const sign = (name: keyof typeof paths, words = ""): TemplateResult =>
  html`<svg aria-hidden="true" viewBox="0 0 24 24"><path d=${paths[name]} /></svg
    ><span class="visually-hidden">${words}</span>`;
