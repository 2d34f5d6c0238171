import { asProblem, type Problem } from "../../shared/api.ts";

/** Something that a part of a page reads for itself: it loads, fails and is tried again alone. */
export class Resource<T> {
  data = $state.raw<T | null>(null);
  error = $state.raw<Problem | null>(null);
  loading = $state(false);
  private asked = 0;

  constructor(private readonly read: () => Promise<T>) {}

  /** load reads it, or reads it again. Of two answers the one that was asked for last counts. */
  async load(): Promise<void> {
    const asked = ++this.asked;
    this.loading = true;
    this.error = null;
    try {
      const data = await this.read();
      if (asked === this.asked) this.data = data;
    } catch (thrown) {
      if (asked === this.asked) this.error = asProblem(thrown);
    } finally {
      if (asked === this.asked) this.loading = false;
    }
  }
}
