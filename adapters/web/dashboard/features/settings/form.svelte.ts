import { changesIn, merged, same } from "./changes.ts";

/** A form with what the server has of it, what is written in it now, and why the last try to save it failed. */
export class Form<T extends object> {
  /** What the server has. */
  base = $state.raw<T>() as T;
  /** What is written. */
  value = $state<T>() as T;
  refusal = $state.raw<unknown>(null);
  busy = $state(false);
  /** Somebody has tried to save it: what is wrong is shown from here on. */
  tried = $state(false);

  /** How many things differ from what the server has. */
  readonly changes: number = $derived(changesIn(this.base, this.value));

  /** `send` saves the form and gives what the server has then. */
  constructor(
    base: T,
    private readonly send: (value: T, base: T) => Promise<T>,
    /** Whether something is wrong that need not be sent to be known. */
    private readonly faulty: () => boolean = () => false,
  ) {
    this.base = base;
    this.value = copy(base);
  }

  /** renew takes what the server has by now. What was changed here stays as it is written. */
  renew(theirs: T): void {
    if (same(theirs, this.base)) return;
    const now = merged(this.base, $state.snapshot(this.value) as T, theirs);
    this.base = theirs;
    this.value = copy(now);
  }

  discard(): void {
    this.value = copy(this.base);
    this.refusal = null;
    this.tried = false;
  }

  /** save sends the form, and says whether the server has it now. */
  async save(): Promise<boolean> {
    if (this.busy) return false;
    this.tried = true;
    if (this.faulty()) return false;
    this.busy = true;
    this.refusal = null;
    const sent = $state.snapshot(this.value) as T;
    try {
      const kept = await this.send(sent, this.base);
      // What was written while it was on its way stays.
      const now = merged(sent, $state.snapshot(this.value) as T, kept);
      this.base = kept;
      this.value = copy(now);
      this.tried = false;
      return true;
    } catch (thrown) {
      this.refusal = thrown;
      return false;
    } finally {
      this.busy = false;
    }
  }
}

const copy = <T>(value: T): T => structuredClone(value);

/** A form without what is in it. */
export type AnyForm = Pick<Form<object>, "changes" | "refusal" | "busy" | "discard" | "save">;

/** The form that is open, for the bar that saves it: one page shows one form. */
class OpenForm {
  form = $state.raw<AnyForm | null>(null);

  /** show makes a form the open one, until the function it gives is called. */
  show(form: AnyForm): () => void {
    this.form = form;
    return () => {
      if (this.form === form) this.form = null;
    };
  }
}

export const openForm = new OpenForm();
