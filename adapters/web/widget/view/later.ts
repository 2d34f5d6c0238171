// The screens that the first look does not need: for who finds nobody, and for what comes after a chat. They are fetched
// with a session, or when nobody is there.
import catalogs from "virtual:messages/afterwards";
import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { language, learn, t } from "../../shared/i18n.ts";
import type { Chat } from "../chat.ts";
import type { Ui } from "./ui.ts";
import { clockTime, lasted, when } from "./when.ts";

export { rating, thanks } from "./rating.ts";

export const learnWords = (): Promise<void> => learn(catalogs);

/** When people are there again, or NaN. */
const opens = ({ session, desk, screen }: Chat): number =>
  Date.parse((screen === "home" ? desk.opens : session?.after_hours?.next_opening) ?? "");

/** back says when people are there again, if that is known. */
function back(chat: Chat): string {
  const at = opens(chat);
  return Number.isNaN(at) ? "" : t("afterwards.back", { when: when(at, Date.now()) });
}

/** head names these screens; null where the chat's own names are right. */
export function head(ui: Ui): [title: string, line: string] | null {
  const { chat } = ui;
  if (chat.screen === "rating") return [chat.title, t("afterwards.rate_thanks")];
  const reason = chat.screen === "home" ? !chat.desk.open && "closed" : chat.kept && chat.session!.after_hours!.reason;
  if (!reason) return null;
  const line = ui.screen === "message" ? back(chat) : ""; // the others say it themselves
  return [reason === "no_agents" ? t("afterwards.nobody") : t("afterwards.closed"), line];
}

/** closed stands before the first words while nobody is there. */
export const closed = ({ chat }: Ui): TemplateResult =>
  html`<h2>${back(chat) || t("afterwards.closed")}</h2>
    <p>${t("afterwards.closed_text")}</p>`;

/** message takes an address and a text, for who does not want to wait. */
export function message(ui: Ui): TemplateResult {
  const { chat } = ui;
  const session = chat.session!;
  const hours = session.after_hours;
  const email = ui.email ?? session.customer.email ?? "";
  const note = ui.note ?? said(chat);
  const send = async (e: Event) => {
    e.preventDefault();
    ui.set({ email, note });
    await ui.during(chat.leave(email.trim(), note.trim()));
    if (chat.screen === "left") ui.set({ writes: undefined, note: undefined });
  };
  return html`<form class="screen" @submit=${send}>
    <p class="told" dir="auto">${hours?.text || t("afterwards.leave_text")}</p>
    <label for="email">${t("afterwards.email")}</label>
    <input
      id="email"
      type="email"
      autocomplete="email"
      required
      .value=${live(email)}
      @input=${(e: InputEvent) => ui.set({ email: (e.target as HTMLInputElement).value })}
    />
    <label for="note">${t("afterwards.message")}</label>
    <textarea
      id="note"
      rows="6"
      dir="auto"
      required
      maxlength=${chat.desk.settings.limits.text_bytes / 4}
      .value=${live(note)}
      @input=${(e: InputEvent) => ui.set({ note: (e.target as HTMLTextAreaElement).value })}
    ></textarea>
    <div class="foot">
      <button class="full" ?disabled=${ui.busy}>${t("afterwards.send_message")}</button>
      <button type="button" class="plain" @click=${() => ui.set({ writes: false })}>
        ${chat.ended ? t("widget.last_chat") : hours ? t("afterwards.keep_waiting") : t("afterwards.back_in_line")}
      </button>
    </div>
  </form>`;
}

/** said is what the visitor wrote last, with which he need not begin again. */
function said({ talk }: Chat): string {
  const own = talk.items.filter((item) => item.kind === "message" && item.side === "own" && !item.history);
  return own.map((item) => ("text" in item ? item.text : "")).join("\n");
}

/** left confirms a message that was left, and says what happens next. */
export function left(ui: Ui): TemplateResult {
  const { chat } = ui;
  const at = Date.parse(chat.session?.after_hours?.next_opening ?? "");
  return html`<div class="screen">
    <h2>${t("afterwards.left")}</h2>
    <p>
      ${
        Number.isNaN(at)
          ? t("afterwards.left_text", { email: ui.email ?? "" })
          : t("afterwards.left_until", { email: ui.email ?? "", when: when(at, Date.now()) })
      }
    </p>
    <div class="foot"><button class="full" @click=${() => chat.show("home")}>${t("afterwards.done")}</button></div>
  </div>`;
}

/** kept stands in place of the queue while the chat is kept until people are there. */
export const kept = (ui: Ui): TemplateResult =>
  html`<section class="place">
    <h2>${back(ui.chat) || t("afterwards.closed")}</h2>
    <p class="small">${t("afterwards.kept_text")}</p>
    ${
      ui.chat.asks
        ? html`<button class="line" @click=${() => ui.set({ writes: true })}>${t("widget.leave_message")}</button>`
        : nothing
    }
  </section>`;

/** warned says when a silent chat ends, and how to keep it. */
export const warned = ({ chat }: Ui): TemplateResult =>
  html`<div class="bar" role="status">
    <p>${t("afterwards.warned", { time: clockTime(Date.parse(chat.session!.closes_at!)) })}</p>
    <button class="line" @click=${() => chat.say(t("afterwards.here"))}>${t("afterwards.here")}</button>
  </div>`;

/** over leads on from a chat that has ended. One that silence ended can go on. */
export function over(ui: Ui): TemplateResult {
  const { chat } = ui;
  const { accepted_at, rating, subject } = chat.session!;
  const rates = accepted_at && !rating;
  const silent = silence(chat);
  const go = () => void ui.during(chat.ask("", subject));
  return html`<div class="foot over-foot">
    ${silent ? html`<p class="small">${t("afterwards.ended_idle", { time: lasted(silent, language()) })}</p>` : nothing}
    ${silent ? html`<button class="full" ?disabled=${ui.busy} @click=${go}>${t("afterwards.go_on")}</button>` : nothing}
    ${
      rates
        ? html`<button class=${silent ? "plain" : "full"} @click=${() => chat.show("rating")}>
            ${t("afterwards.rate")}
          </button>`
        : nothing
    }
    ${
      silent
        ? nothing
        : html`<button class=${rates ? "plain" : "full"} @click=${() => chat.show("home")}>
            ${t("afterwards.start_new")}
          </button>`
    }
  </div>`;
}

/** silence is for how many seconds nothing had been written when silence ended the chat, or 0. */
function silence({ talk }: Chat): number {
  const end = talk.items.findLast((item) => item.kind === "line" && item.event.type === "session.ended");
  if (end?.kind !== "line" || end.event.type !== "session.ended" || end.event.data.reason !== "no_answer") return 0;
  const last = talk.items.findLast((item) => item.kind === "message" && item.side !== "system");
  return last?.kind === "message" ? Math.max(1, (end.at - last.at) / 1000) : 0;
}
