import { html, nothing, type TemplateResult } from "lit-html";
import { bytes, fullTime, time } from "../../shared/format.ts";
import { language, t } from "../../shared/i18n.ts";
import type { Attachment } from "../../shared/protocol.ts";
import { rich, type RichNode } from "../../shared/rich.ts";
import type { LineItem, MessageItem } from "../../shared/thread.ts";
import { called } from "../talk.ts";
import { sign } from "./signs.ts";
import type { Ui } from "./ui.ts";

/** message draws one message: who said it, its text as nodes, its files, and how far it has got. */
export function message(ui: Ui, item: MessageItem): TemplateResult {
  const own = item.side === "own";
  const bot = item.side === "bot";
  const name = bot ? item.author.name || t("widget.bot") : called(item.side === "system" ? "" : item.author.name);
  const named = bot || name !== ui.chat.agent;
  return html`<div class="message ${item.side}" title=${fullTime(item.at, language())}>
    ${item.first && !own ? html`<p class="name ${named ? "" : "visually-hidden"}"><bdi>${name}</bdi></p>` : nothing}
    ${item.text ? html`<p class="bubble" dir="auto">${nodes(rich(item.text))}</p>` : nothing}
    ${item.attachments.map((file) => attachment(ui, file))} ${state(ui, item)}
  </div>`;
}

const nodes = (list: RichNode[]): unknown[] =>
  list.map((node) => {
    switch (node.kind) {
      case "text":
        return node.text;
      case "link":
        return html`<a href=${node.href} target="_blank" rel="noopener noreferrer nofollow">${node.text}</a>`;
      case "bold":
        return html`<b>${nodes(node.nodes)}</b>`;
      case "italic":
        return html`<em>${nodes(node.nodes)}</em>`;
      case "code":
        return html`<code>${node.text}</code>`;
      case "break":
        return html`<br />`;
    }
  });

/** state says under the visitor's last message how far it has got, and under a refused one what can be done. */
function state({ chat }: Ui, { clientId, receipt, state, error }: MessageItem): TemplateResult | typeof nothing {
  if (state === "failed") {
    return html`<p class="state" role="alert">
      ${error?.code === "session_ended" ? t("widget.ended") : t("widget.not_sent")}
      <button class="plain" @click=${() => chat.retry(clientId!)}>${t("common.retry")}</button>
      <button class="plain" @click=${() => chat.discard(clientId!)}>${t("widget.delete")}</button>
    </p>`;
  }
  if (state === "waiting" && chat.offline) return html`<p class="state">${t("widget.waiting")}</p>`;
  if (!receipt) return nothing;
  const { at } = receipt;
  const words = {
    sending: t("widget.sending"),
    sent: t("widget.sent"),
    delivered: t("widget.delivered"),
    read: at ? t("widget.read", { time: time(at, language()) }) : t("widget.read_plain"),
  };
  return html`<p class="state">${words[receipt.state]}</p>`;
}

/** attachment shows a picture, and names any other file. Pressing it opens or saves the file. */
function attachment(ui: Ui, { id, name, width, height, size }: Attachment): TemplateResult {
  const open = () => void openFile(ui, id);
  if (!width) {
    return html`<button class="file" @click=${open}>
      ${sign("file")}<span><bdi>${name}</bdi> ${bytes(size, language())}</span>
    </button>`;
  }
  const picture = ui.picture(id);
  return html`<button
    class="picture"
    style="--wide: ${width}; --high: ${height!}"
    title=${t("widget.open_file", { name })}
    @click=${open}
  >
    ${picture ? html`<img src=${picture} alt=${name} />` : html`<span class="visually-hidden">${name}</span>`}
  </button>`;
}

/** A link to a file is good for five minutes, so it is asked for when it is pressed. */
async function openFile({ chat }: Ui, id: string): Promise<void> {
  const tab = window.open("", "_blank");
  const answer = await chat.file(id);
  void answer.body?.cancel();
  if (!tab) return;
  tab.opener = null;
  tab.location.href = answer.url;
}

/** event draws something that happened in one line. Where a person joins, it is the seam. */
export function event({ event }: LineItem): TemplateResult | typeof nothing {
  const joins = event.type === "session.accepted" || event.type === "session.assigned";
  const words = wordsOf(event);
  return words ? html`<p class="event ${joins ? "seam" : ""}"><span dir="auto">${words}</span></p>` : nothing;
}

function wordsOf(event: LineItem["event"]): string {
  const name = called(event.actor.name);
  switch (event.type) {
    case "session.accepted":
    case "session.assigned":
      return t("widget.joined", { name: called(event.data.agent.name) });
    case "session.waiting":
      return event.data.reason === "agent_gone" ? t("widget.back_in_line") : "";
    case "session.transferred":
      return t("widget.passed_on", { name: event.data.from ? called(event.data.from.name) : name });
    case "session.ended": {
      const { by, reason, return_to } = event.data;
      if (reason === "abandoned") return t("widget.ended_queue");
      if (reason === "no_answer") return ""; // what stands below the thread says it, with a way on
      const words =
        by === "customer"
          ? t("widget.ended_by_you")
          : by === "system"
            ? t("widget.ended")
            : t("widget.ended_by", { name });
      return return_to === "bot" ? `${words} ${t("widget.ended_bot")}` : words;
    }
  }
  return "";
}
