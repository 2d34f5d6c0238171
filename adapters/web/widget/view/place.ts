import { html, nothing, type TemplateResult } from "lit-html";
import type { CustomerSession } from "../../shared/protocol.ts";
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
      <p>${before} ${range ? html`<br />${range}` : nothing}</p>
    </div>
    <div class="places" aria-hidden="true">
      ${Array.from({ length: shown }, (_, at) => html`<i class=${at === shown - 1 ? "own" : ""}></i>`)}
    </div>
    <p class="small">${t("widget.line_leave_page")}</p>
    <button class="line" @click=${() => ui.set({ asking: true })}>${t("widget.leave")}</button>
  </section>`;
}

/** standing words how many are before the visitor, and how long it may take. */
export function standing({ position, wait }: CustomerSession): [before: string, range: string] {
  const before = !position
    ? t("widget.line_soon")
    : position === 1
      ? t("widget.line_first")
      : t("widget.line_before", { n: position - 1 });
  if (!wait) return [before, ""];
  const [low, high] = [minutes(wait.low), minutes(wait.high)];
  return [before, low < high ? t("widget.line_range", { low, high }) : t("widget.line_wait", { n: high })];
}
