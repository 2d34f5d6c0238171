import { Api, asProblem } from "../shared/api.ts";
import { language } from "../shared/i18n.ts";
import type { Bridge, Kept } from "./bridge.ts";

/** Visitor is who the chat belongs to: known from the page before, new, or vouched for by the page. */
export class Visitor {
  readonly api = new Api({ token: () => this.kept?.token ?? null });
  private readonly anyone = new Api({ token: () => null });
  kept: Kept | null;
  /** The page's word about the visitor, while an anonymous chat goes on. */
  private word: string | undefined;
  private before: Promise<unknown> = Promise.resolve();

  constructor(private readonly bridge: Bridge) {
    this.kept = bridge.kept;
    this.word = bridge.identity;
  }

  /**
   * arrive makes sure that the server knows the visitor, and gives the session that is open. Who arrives while another
   * arrival is under way waits for it: both would make a visitor, and each would act for its own.
   */
  arrive(): Promise<string | null> {
    const arrived = this.before.then(() => this.settle());
    this.before = arrived.catch(() => null);
    return arrived;
  }

  private async settle(): Promise<string | null> {
    const { refusal, session } = await this.vouch();
    const open = session === undefined ? await this.known() : session;
    this.bridge.say({ type: "ready", customer: this.kept!.customer, refusal });
    return open;
  }

  /**
   * vouched takes the page's word. It says whether the visitor is somebody else from now on: not when he is that
   * person already, and not while an anonymous chat goes on.
   */
  vouched(word: string): boolean {
    this.word = word;
    return !this.settled();
  }

  /** live says that a chat goes on, so that the next page shows it by itself. */
  live(is: boolean): void {
    if (this.kept && this.kept.live !== is) this.keep({ ...this.kept, live: is });
  }

  /** keep remembers the visitor, or forgets him. */
  keep(kept: Kept | null): void {
    this.kept = kept;
    this.bridge.say({ type: "keep", kept });
  }

  private settled(): boolean {
    if (!this.word || !this.kept) return !this.word;
    return this.kept.subject ? this.kept.subject === subjectOf(this.word) : this.kept.live;
  }

  /** vouch exchanges the page's word for a token when that is due. A word that is refused leaves things as they are. */
  private async vouch(): Promise<{ refusal?: string; session?: string | null }> {
    if (this.settled()) return {};
    const word = this.word!;
    try {
      return { session: await this.make(word) };
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.passing) throw thrown;
      this.word = undefined;
      return { refusal: problem.detail };
    }
  }

  private async known(): Promise<string | null> {
    if (!this.kept) return this.make();
    try {
      return (await this.api.get<{ session: string | null }>("/v1/me")).session;
    } catch (thrown) {
      if (asProblem(thrown).status !== 401) throw thrown;
      return this.make(); // the token has had its time
    }
  }

  private async make(identity?: string): Promise<string | null> {
    const made = await this.anyone.post<{ token: string; customer: string; session: string | null }>("/v1/visitors", {
      locale: language(),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      identity,
    });
    const { token, customer, session } = made;
    const { sound } = this.kept ?? {};
    this.keep({ token, customer, subject: identity && subjectOf(identity), live: session !== null, sound });
    return session;
  }
}

/** subjectOf reads whom a token is about; whether it is true is for the server to say. */
function subjectOf(token: string): string {
  try {
    const part = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    return String((JSON.parse(atob(part)) as { sub: unknown }).sub);
  } catch {
    return "";
  }
}
