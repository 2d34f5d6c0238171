import { html, nothing, type TemplateResult } from "lit-html";
import type { CustomerSession, WaitWords } from "../../shared/protocol.ts";
import { t } from "../../shared/i18n.ts";
import type { Ui } from "./ui.ts";

const mostPlaces = 7;
const minutes = (seconds: number) => Math.max(1, Math.round(seconds / 60));

/** place shows where the visitor stands in the queue. The line of places is the seam: it ends where a person begins. */
export function place(ui: Ui): TemplateResult {
  const { position } = ui.chat.session!;
  const [before, range] = standing(ui.chat.session!);
  const shown = Math.min(position ?? 1, mostPlaces);
  return html`<section class="place">
    <div class="where">
      ${position ? html`<b aria-hidden="true">${position}</b>` : nothing}
      <p>${before} ${before && range ? html`<br />` : nothing}${range}</p>
    </div>
    <div class="places" aria-hidden="true">
      ${Array.from({ length: shown }, (_, at) => html`<i class=${at === shown - 1 ? "own" : ""}></i>`)}
    </div>
    <p class="small">${t("widget.line_leave_page")}</p>
    ${
      ui.chat.asks
        ? html`<button class="line" @click=${() => ui.set({ writes: true })}>${t("widget.leave_message")}</button>`
        : nothing
    }
    <button class=${ui.chat.asks ? "plain" : "line"} @click=${() => ui.set({ asking: true })}>
      ${t("widget.leave")}
    </button>
  </section>`;
}

/** standing words how many are before the visitor, and how long it may take, as far as the queue tells. */
export function standing({ position, wait, wait_words }: CustomerSession): [before: string, range: string] {
  const before =
    position === null ? "" : position === 1 ? t("widget.line_first") : t("widget.line_before", { n: position - 1 });
  const range = wait ? rangeWords(minutes(wait.low), minutes(wait.high)) : wait_words ? slowly(wait_words) : "";
  return before || range ? [before, range] : [t("widget.line_soon"), ""];
}

const rangeWords = (low: number, high: number): string =>
  low < high ? t("widget.line_range", { low, high }) : t("widget.line_wait", { n: high });

const slowly = (words: WaitWords): string =>
  words === "soon" ? t("widget.wait_soon") : words === "long" ? t("widget.wait_long") : t("widget.wait_minutes");
