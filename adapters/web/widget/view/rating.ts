import { html, type TemplateResult } from "lit-html";
import { t } from "../../shared/i18n.ts";
import type { Ui } from "./ui.ts";

const names = () => [
  t("afterwards.score_1"),
  t("afterwards.score_2"),
  t("afterwards.score_3"),
  t("afterwards.score_4"),
  t("afterwards.score_5"),
];

/** rating asks how the chat was: five choices with number and name, and room for more. */
export function rating(ui: Ui): TemplateResult {
  const { chat } = ui;
  const send = (e: Event) => {
    e.preventDefault();
    void ui.during(chat.rate(ui.score, ui.comment));
  };
  const name = chat.agent;
  return html`<form class="screen" @submit=${send}>
    <fieldset>
      <legend>${name ? t("afterwards.rate_title", { name }) : t("afterwards.rate_plain")}</legend>
      <div class="scores">
        ${names().map(
          (score, at) =>
            html`<label>
              <input
                type="radio"
                name="score"
                .checked=${ui.score === at + 1}
                @change=${() => ui.set({ score: at + 1 })}
              />
              <b>${at + 1}</b> <span>${score}</span>
            </label>`,
        )}
      </div>
    </fieldset>
    <label for="comment">${t("afterwards.comment")}</label>
    <textarea
      id="comment"
      rows="4"
      dir="auto"
      maxlength="2000"
      @input=${(e: InputEvent) => ui.set({ comment: (e.target as HTMLTextAreaElement).value })}
    ></textarea>
    <div class="foot">
      <button class="full" ?disabled=${ui.busy || !ui.score}>${t("afterwards.send_rating")}</button>
      <button type="button" class="plain" @click=${() => chat.show("home")}>${t("afterwards.skip")}</button>
    </div>
  </form>`;
}

/** thanks ends a chat that was rated. */
export const thanks = ({ chat }: Ui): TemplateResult =>
  html`<div class="screen">
    <h2>${t("afterwards.thanks")}</h2>
    <p>${t("afterwards.thanks_text")}</p>
    <div class="foot">
      <button class="full" @click=${() => chat.show("home")}>${t("afterwards.start_new")}</button>
      <button class="plain" @click=${() => chat.show("chat")}>${t("widget.last_chat")}</button>
    </div>
  </div>`;
