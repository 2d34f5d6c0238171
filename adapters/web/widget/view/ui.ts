import type { Chat } from "../chat.ts";
import { Files } from "../files.ts";

/** Ui is what the screens remember while they are looked at, and the server need not know. */
export class Ui {
  /** The visitor is asked whether he really wants to leave. */
  asking = false;
  /** A request is under way, and its button waits. */
  busy = false;
  topic = "";
  text = "";
  score = 0;
  comment = "";
  /** A file is held over the chat. */
  over = false;
  /** Whether the thread stands at its end. */
  atEnd = true;
  /** The height of the thread when it was last drawn. */
  height = 0;
  readonly files: Files;
  private readonly pictures = new Map<string, string>();

  constructor(readonly chat: Chat) {
    this.files = new Files(chat);
  }

  /** set changes what is remembered, and has it shown. */
  set(part: Partial<Pick<Ui, "asking" | "busy" | "topic" | "text" | "score" | "comment" | "over">>): void {
    Object.assign(this, part);
    this.chat.changed();
  }

  /** during keeps a button waiting until something is done. */
  async during(act: Promise<void>): Promise<void> {
    this.set({ busy: true });
    await act;
    this.set({ busy: false });
  }

  /** picture gives the address of a picture of the chat, or "" until it is there. */
  picture(id: string): string {
    const known = this.pictures.get(id);
    if (known === undefined) {
      this.pictures.set(id, "");
      void this.bring(id);
    }
    return known ?? "";
  }

  private async bring(id: string): Promise<void> {
    try {
      const answer = await this.chat.file(id);
      if (!answer.ok) return;
      this.pictures.set(id, URL.createObjectURL(await answer.blob()));
      this.chat.changed();
    } catch {
      this.pictures.delete(id); // the next look tries again
    }
  }
}
