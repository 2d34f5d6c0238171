import type { Chat, Screen } from "../chat.ts";
import { Files } from "../files.ts";

/** Ui is what the screens remember while they are looked at, and the server need not know. */
export class Ui {
  /** The visitor is asked whether he really wants to leave. */
  asking = false;
  /** A request is under way, and its button waits. */
  busy = false;
  topic = "";
  text = "";
  /** Whether he writes a message to leave, if he has chosen; else he does when nobody is there. */
  writes: boolean | undefined;
  email: string | undefined;
  note: string | undefined;
  score = 0;
  comment = "";
  /** A file is held over the chat. */
  over = false;
  /** Whether the thread stands at its end. */
  atEnd = true;
  /** The height of the thread when it was last drawn. */
  height = 0;
  /** The screens that the first look does not need, when they have been fetched. */
  later: typeof import("./later.ts") | undefined;
  readonly files: Files;
  private fetching = false;
  private readonly pictures = new Map<string, string>();

  constructor(readonly chat: Chat) {
    this.files = new Files(chat);
  }

  /** set changes what is remembered, and has it shown. */
  set(
    part: Partial<
      Pick<Ui, "asking" | "busy" | "topic" | "text" | "writes" | "email" | "note" | "score" | "comment" | "over">
    >,
  ): void {
    Object.assign(this, part);
    this.chat.changed();
  }

  /** The screen to draw: a message is left in the chat that it takes the place of. */
  get screen(): Screen | "message" {
    const { screen, asks, session } = this.chat;
    return screen === "chat" && asks && (this.writes ?? !!session!.after_hours) ? "message" : screen;
  }

  /** fetch brings the screens of `later`, once; without a connection it tries again after a while. */
  fetch(): void {
    if (this.fetching) return;
    this.fetching = true;
    import("./later.ts")
      .then(async (later) => {
        await later.learnWords();
        this.later = later;
      })
      .catch(() => new Promise((later) => setTimeout(later, 3_000)))
      .finally(() => {
        this.fetching = this.later !== undefined;
        this.chat.changed();
      });
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
