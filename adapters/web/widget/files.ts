// Files on their way into a message.
import { asProblem } from "../shared/api.ts";
import { bytes } from "../shared/format.ts";
import { newId } from "../shared/ids.ts";
import { language, t } from "../shared/i18n.ts";
import type { Attachment } from "../shared/protocol.ts";
import type { Chat } from "./chat.ts";

/** A file that was chosen. It leaves at once, so that it is there when the message is sent. */
export interface Chosen {
  id: string;
  name: string;
  percent: number;
  sent?: Attachment;
  stop: AbortController;
}

export class Files {
  chosen: Chosen[] = [];
  /** What was wrong with the last file. */
  refusal = "";

  constructor(private readonly chat: Chat) {}

  /** Whether a file has not arrived yet. */
  get leaving(): boolean {
    return this.chosen.some((file) => !file.sent);
  }

  /** The endings of the names that are taken, for the browser's own dialog. */
  get accept(): string {
    return this.kinds.map((kind) => `.${kind}`).join();
  }

  add(files: Iterable<File>): void {
    this.refusal = "";
    for (const file of files) {
      const wrong = this.wrong(file);
      if (wrong) this.refusal = wrong;
      else void this.upload(file);
    }
    this.chat.changed();
  }

  remove(file: Chosen): void {
    file.stop.abort();
    this.chosen = this.chosen.filter((other) => other !== file);
    this.chat.changed();
  }

  /** take gives the files that have arrived, for the message that is sent now. */
  take(): Attachment[] {
    const sent = this.chosen.flatMap((file) => file.sent ?? []);
    this.chosen = [];
    this.refusal = "";
    return sent;
  }

  private get kinds(): string[] {
    return this.chat.desk.settings.limits.attachment_types;
  }

  /** wrong says before anything is sent why a file would be refused. */
  private wrong({ name, size }: File): string {
    const { kinds } = this;
    const most = this.chat.desk.settings.limits.attachment_bytes;
    const kind = name.split(".").pop()!.toLowerCase();
    if (kinds.length && !kinds.includes(kind)) return t("widget.file_kind", { name, kinds: kinds.join(", ") });
    if (size > most) return t("widget.file_large", { name, most: bytes(most, language()) });
    return size ? "" : t("widget.file_empty", { name });
  }

  private async upload(file: File): Promise<void> {
    const { chat } = this;
    const { name } = file;
    const one: Chosen = { id: newId(), name, percent: 0, stop: new AbortController() };
    const progress = (part: number) => {
      one.percent = Math.round(part * 100);
      chat.changed();
    };
    this.chosen.push(one);
    try {
      one.sent = await chat.api.upload(chat.session!.id, file, { progress, signal: one.stop.signal });
      chat.changed();
    } catch (thrown) {
      const { status, code, detail } = asProblem(thrown);
      if (code === "aborted") return;
      // The server explains itself in English.
      const why = language() === "en" ? detail : "";
      this.refusal = status ? t("widget.file_refused", { name, why }) : t("widget.file_failed", { name });
      this.remove(one);
    }
  }
}
