// The files of a message that is being written: checked before they leave, and sent one after the other.
import { asProblem, type Problem } from "../../../../shared/api.ts";
import { bytes, isolate } from "../../../../shared/format.ts";
import { language, t } from "../../../../shared/i18n.ts";
import type { Attachment } from "../../../../shared/protocol.ts";
import type { Limits } from "../../../stores/account.svelte.ts";
import { refusalOf } from "../../../refusals.ts";

export type SendFile = (
  file: File,
  options: { progress: (part: number) => void; signal: AbortSignal },
) => Promise<Attachment>;

/** A file on its way. */
export class Upload {
  state = $state<"sending" | "ready" | "refused">("sending");
  /** From 0 to 1. */
  progress = $state(0);
  /** Why it was refused, in words. */
  words = $state("");
  attachment = $state.raw<Attachment | null>(null);
  /** Whether it was refused in a way that another try could change. */
  passing = $state(false);
  /** A picture of the file, for pictures. */
  readonly preview: string | null;
  private readonly stop = new AbortController();

  constructor(
    readonly key: number,
    readonly file: File,
    refused: string | null,
  ) {
    this.preview = !refused && file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    if (refused) this.refuse(refused, false);
  }

  /** send sends the file; how it went is in the state. */
  async send(send: SendFile): Promise<void> {
    if (this.stop.signal.aborted) return;
    try {
      this.attachment = await send(this.file, { signal: this.stop.signal, progress: (part) => (this.progress = part) });
      this.state = "ready";
    } catch (thrown) {
      this.refuse(uploadWords(asProblem(thrown)), true);
    }
  }

  /** again makes it ready for another try. */
  again(): void {
    this.state = "sending";
    this.progress = 0;
    this.words = "";
  }

  /** forget stops what is on its way and lets go of the picture. */
  forget(): void {
    this.stop.abort();
    if (this.preview) URL.revokeObjectURL(this.preview);
  }

  private refuse(words: string, passing: boolean): void {
    this.state = "refused";
    this.words = words;
    this.passing = passing;
  }
}

export class Uploads {
  list = $state.raw<readonly Upload[]>([]);
  private keys = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly send: SendFile,
    private readonly limits: () => Limits | null,
  ) {}

  get sending(): boolean {
    return this.list.some((upload) => upload.state === "sending");
  }

  get ready(): Attachment[] {
    return this.list.flatMap((upload) => upload.attachment ?? []);
  }

  /** add takes files; those that are too large or of a wrong kind are refused at once, in words. */
  add(files: Iterable<File>): void {
    for (const file of files) {
      const upload = new Upload(++this.keys, file, refusal(file, this.limits()));
      this.list = [...this.list, upload];
      if (upload.state === "sending") this.queue(upload);
    }
  }

  /** again sends a file that did not get through. */
  again(upload: Upload): void {
    upload.again();
    this.queue(upload);
  }

  remove(upload: Upload): void {
    upload.forget();
    this.list = this.list.filter((one) => one !== upload);
  }

  /** clear is for files that have left with their message. */
  clear(): void {
    for (const upload of this.list) upload.forget();
    this.list = [];
  }

  private queue(upload: Upload): void {
    this.last = this.last.then(() => upload.send(this.send));
  }
}

/** Why a file cannot be sent, as far as one can tell before it leaves. */
function refusal(file: File, limits: Limits | null): string | null {
  if (file.size === 0) return t("inbox.file_empty");
  if (!limits) return null;
  const end = /\.([a-z\d]+)$/i.exec(file.name)?.[1]?.toLowerCase();
  if (end && !limits.attachment_types.includes(end)) {
    return t("inbox.file_kind", { kind: isolate(end.toUpperCase()), kinds: limits.attachment_types.join(", ") });
  }
  if (file.size <= limits.attachment_bytes) return null;
  return t("inbox.file_large", {
    size: bytes(file.size, language()),
    most: bytes(limits.attachment_bytes, language()),
  });
}

const uploadWords = (problem: Problem): string =>
  problem.status === 0 ? t("inbox.file_offline") : refusalOf(problem).text;
