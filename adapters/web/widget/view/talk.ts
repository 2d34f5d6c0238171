import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { t } from "../../shared/i18n.ts";
import type { Item } from "../../shared/thread.ts";
import { event, message } from "./message.ts";
import { place } from "./place.ts";
import { sign } from "./signs.ts";
import type { Ui } from "./ui.ts";

/** talk is the thread, the place in the queue while nobody has joined, and where the visitor writes. */
export function talk(ui: Ui): TemplateResult {
  const { chat } = ui;
  const drag = (e: DragEvent) => {
    if (chat.ended || !e.dataTransfer?.types.includes("Files")) return;
    e.preventDefault();
    ui.set({ over: e.type === "dragover" });
    if (e.type === "drop") ui.files.add(e.dataTransfer.files);
  };
  return html`<div class="talk" @dragover=${drag} @dragleave=${drag} @drop=${drag}>
    ${thread(ui)} ${chat.inLine ? place(ui) : chat.kept ? ui.later?.kept(ui) : nothing}
    ${chat.ended ? ui.later?.over(ui) : html`${chat.session?.closes_at ? ui.later?.warned(ui) : nothing} ${composer(ui)}`}
    ${ui.over ? html`<p class="over">${t("widget.drop")}</p>` : nothing}
  </div>`;
}

function thread(ui: Ui): TemplateResult {
  const { chat } = ui;
  const empty = chat.inLine && !chat.talk.items.some((item) => item.kind === "message");
  const scrolled = (e: Event) => {
    const box = e.target as HTMLElement;
    ui.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  };
  return html`<div
    class="thread ${empty ? "empty" : ""}"
    role="log"
    tabindex="0"
    aria-live="off"
    aria-label=${t("widget.talk")}
    aria-busy=${chat.loading}
    @scroll=${scrolled}
  >
    <div>
      ${
        chat.talk.more
          ? html`<button class="plain" ?disabled=${chat.loading} @click=${() => chat.older()}>
              ${t("widget.older")}
            </button>`
          : nothing
      }
      ${repeat(
        chat.talk.items,
        ({ key }) => key,
        (item) => drawn(ui, item),
      )}
      ${
        chat.talk.typing
          ? html`<p class="typing" aria-hidden="true">
              <i></i><i></i><i></i><span dir="auto">${t("widget.typing", { name: chat.talk.typing })}</span>
            </p>`
          : nothing
      }
    </div>
  </div>`;
}

/** drawn draws an item, and again only when something about it has changed. */
function drawn(ui: Ui, item: Item): unknown {
  if (item.kind === "line") return guard([item], () => event(item));
  if (item.kind !== "message") return nothing;
  const pictures = item.attachments.map(({ id, width }) => (width ? ui.picture(id) : ""));
  return guard([item, ui.chat.offline, ui.chat.agent, ...pictures], () => message(ui, item));
}

/** composer takes text and files. Enter sends, with Shift it makes a new line. */
function composer(ui: Ui): TemplateResult {
  const { chat, files } = ui;
  const text = ui.text.trim();
  const ready = (text !== "" || files.chosen.length > 0) && !files.leaving;
  const send = (e: Event) => {
    e.preventDefault();
    if (!ready) return;
    chat.say(text, files.take());
    ui.atEnd = true;
    ui.set({ text: "" });
  };
  const key = (e: KeyboardEvent) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) send(e);
  };
  const paste = (e: ClipboardEvent) => {
    if (!e.clipboardData?.files.length) return;
    e.preventDefault();
    files.add(e.clipboardData.files);
  };
  const input = (e: InputEvent) => {
    chat.written();
    ui.set({ text: (e.target as HTMLTextAreaElement).value });
  };
  const picked = (e: Event) => {
    const picker = e.target as HTMLInputElement;
    files.add([...picker.files!]);
    picker.value = "";
  };
  return html`<form class="composer" @submit=${send}>
    ${files.refusal ? html`<p role="alert">${files.refusal}</p>` : nothing}
    ${files.chosen.map(
      (file) =>
        html`<div class="chosen">
          <bdi>${file.name}</bdi>
          <progress max="100" value=${file.percent} aria-label=${file.name}></progress>
          <button type="button" class="plain" @click=${() => files.remove(file)}>
            ${sign("close", t("widget.remove", { name: file.name }))}
          </button>
        </div>`,
    )}
    <div class="row">
      <label class="pick" title=${t("widget.attach")}>
        ${sign("clip", t("widget.attach"))}
        <input type="file" multiple accept=${files.accept} @change=${picked} />
      </label>
      <textarea
        rows="1"
        dir="auto"
        aria-label=${t("widget.write")}
        placeholder=${t("widget.write")}
        maxlength=${chat.desk.settings.limits.text_bytes / 4}
        enterkeyhint="send"
        .value=${live(ui.text)}
        @input=${input}
        @keydown=${key}
        @paste=${paste}
      ></textarea>
      <button class="full" title=${t("widget.send")} ?disabled=${!ready}>${sign("send", t("widget.send"))}</button>
    </div>
  </form>`;
}
