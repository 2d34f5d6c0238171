import { html, nothing, type TemplateResult } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { t } from "../../shared/i18n.ts";
import type { Ui } from "./ui.ts";

/** home greets, takes the first words, and leads to a person; or says that nobody is there. */
export function home(ui: Ui): TemplateResult {
  const { chat } = ui;
  const { open, settings } = chat.desk;
  const ask = async (e: Event) => {
    e.preventDefault();
    await ui.during(chat.ask(ui.topic.trim()));
    if (chat.session) ui.topic = "";
  };
  return html`<form class="screen" @submit=${ask}>
    ${
      open
        ? html`<h2>${chat.bridge.look.greeting || t("widget.greeting")}</h2>
            <p>${prospect(ui)}</p>`
        : ui.later?.closed(ui)
    }
    <label for="topic">${t("widget.topic")}</label>
    <textarea
      id="topic"
      rows="5"
      dir="auto"
      maxlength=${settings.limits.text_bytes / 4}
      .value=${live(ui.topic)}
      @input=${(e: InputEvent) => ui.set({ topic: (e.target as HTMLTextAreaElement).value })}
    ></textarea>
    <div class="foot">
      ${chat.bridge.lasting || !chat.bridge.closable ? nothing : html`<p class="small">${t("widget.kept_for_page")}</p>`}
      <button class="full" ?disabled=${ui.busy}>
        ${ui.busy ? t("widget.asking") : open ? t("widget.ask") : t("widget.leave_message")}
      </button>
      ${
        chat.session
          ? html`<button type="button" class="plain" @click=${() => chat.show("chat")}>
              ${chat.agent ? t("widget.last_chat_with", { name: chat.agent }) : t("widget.last_chat")}
            </button>`
          : nothing
      }
    </div>
  </form>`;
}

/** prospect says how soon somebody will be there, as far as that is known. */
function prospect({ chat: { desk } }: Ui): string {
  const { free } = desk;
  if (!free) return "";
  if (free.agents_available > 0) return t("widget.free");
  return free.position ? t("widget.busy", { place: free.position }) : "";
}
