import { html, nothing, render, type TemplateResult } from "lit-html";
import { initials } from "../../shared/format.ts";
import { t } from "../../shared/i18n.ts";
import type { Chat } from "../chat.ts";
import { home } from "./home.ts";
import { standing } from "./place.ts";
import { sign } from "./signs.ts";
import { talk } from "./talk.ts";
import { Ui } from "./ui.ts";

/** show draws the chat into the page, and draws it again after each change. */
export function show(chat: Chat, root: HTMLElement): void {
  const ui = new Ui(chat);
  const news = announcer();
  let due = false;
  let shown = false;

  const draw = () => {
    due = false;
    if (chat.session || !chat.desk.open) ui.fetch();
    render(app(ui, news(chat)), root);
    const thread = root.querySelector(".thread");
    if (thread) stay(ui, thread);
    if (chat.shown && !shown && chat.bridge.focus) focus(root);
    shown = chat.shown;
  };
  chat.changed = () => {
    if (!due) queueMicrotask(draw);
    due = true;
  };
  // A picture arrives late, the keyboard of a phone opens: the end of the thread stays in sight.
  addEventListener("load", () => chat.changed(), true);
  addEventListener("resize", () => chat.changed());
  addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.isComposing || root.querySelector(":popover-open")) return;
    if (ui.asking) ui.set({ asking: false });
    else chat.close();
  });
  draw();
}

/** stay keeps the thread at its end, or when older lines came, at the line that was read. */
function stay(ui: Ui, thread: Element): void {
  const { scrollHeight } = thread;
  if (ui.atEnd) thread.scrollTop = scrollHeight;
  else if (thread.scrollTop < 8 && scrollHeight > ui.height) thread.scrollTop += scrollHeight - ui.height;
  ui.height = scrollHeight;
}

/** focus lets a visitor who opened the chat go on with the keyboard; on a phone a field would bring up its own. */
function focus(root: HTMLElement): void {
  const field = matchMedia("(pointer: coarse)").matches ? null : root.querySelector("textarea");
  (field ?? root.querySelector("h1"))?.focus();
}

/** announcer words what a screen reader is told: new messages at once, the place in line at most each half minute. */
function announcer(): (chat: Chat) => string {
  let told = "";
  let next = 0;
  return (chat) => {
    if (!chat.inLine) {
      next = 0;
      return chat.talk.news;
    }
    if (Date.now() >= next) {
      told = standing(chat.session!).join(" ");
      next = Date.now() + 30_000;
      setTimeout(() => chat.changed(), 30_000);
    }
    return told;
  };
}

const app = (ui: Ui, news: string): TemplateResult =>
  html`<main class="chat">
    ${head(ui)} ${ui.asking ? question(ui) : nothing} ${trouble(ui.chat)} ${screen(ui)}
    <p class="visually-hidden" role="status">${news}</p>
  </main>`;

function screen(ui: Ui): TemplateResult | undefined {
  const name = ui.screen;
  return name === "home" ? home(ui) : name === "chat" ? talk(ui) : ui.later?.[name](ui);
}

function head(ui: Ui): TemplateResult {
  const { chat } = ui;
  const talks = chat.screen === "chat" && !chat.inLine;
  const agent = talks && chat.agent;
  const [title, line] = agent
    ? [agent, chat.title]
    : (ui.later?.head(ui) ?? [chat.title, chat.screen === "chat" && chat.inLine ? t("widget.line_title") : ""]);
  return html`<header>
    ${agent ? html`<span class="face" aria-hidden="true">${initials(chat.session!.agent!.name)}</span>` : nothing}
    <div class="who">
      <h1 tabindex="-1"><bdi>${title}</bdi></h1>
      ${line ? html`<p><bdi>${line}</bdi></p>` : nothing}
    </div>
    ${
      talks && !chat.ended
        ? html`<button class="plain" @click=${() => ui.set({ asking: true })}>${t("widget.end")}</button>`
        : nothing
    }
    <button class="plain close" popovertarget="menu" title=${t("common.menu")}>
      ${sign("more", t("common.menu"))}
    </button>
    <div id="menu" popover>
      <label>
        <input
          type="checkbox"
          .checked=${chat.chime.on}
          @change=${(e: Event) => chat.chime.turn((e.target as HTMLInputElement).checked)}
        />
        ${t("widget.sound")}
      </label>
    </div>
    ${
      chat.bridge.closable
        ? html`<button class="plain close" title=${t("widget.close")} @click=${() => chat.close()}>
            ${sign("close", t("widget.close"))}
          </button>`
        : nothing
    }
  </header>`;
}

/** question asks once more before the visitor gives up his place or his chat. */
function question(ui: Ui): TemplateResult {
  const { chat } = ui;
  const end = () => {
    ui.set({ asking: false });
    void chat.end();
  };
  return html`<div class="bar" role="group" aria-labelledby="asked">
    <p id="asked">${chat.inLine ? t("widget.leave_ask") : t("widget.end_ask")}</p>
    <button class="full" @click=${end}>${chat.inLine ? t("widget.leave_yes") : t("widget.end_chat")}</button>
    <button class="plain" @click=${() => ui.set({ asking: false })}>${t("widget.stay")}</button>
  </div>`;
}

/** trouble says that the connection is away, or why something was not done. */
function trouble(chat: Chat): TemplateResult | typeof nothing {
  if (chat.offline) return html`<p class="bar" role="status">${t("widget.offline")}</p>`;
  return chat.failure ? html`<p class="bar" role="alert">${chat.failure}</p>` : nothing;
}
