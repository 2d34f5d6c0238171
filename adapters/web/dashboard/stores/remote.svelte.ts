import { asProblem, type Problem } from "../../shared/api.ts";

/** A list of the server that a page shows, with how far it is. */
export class Remote<T extends { id: string }> {
  list = $state.raw<readonly T[]>([]);
  loading = $state(true);
  error = $state.raw<Problem | null>(null);

  constructor(private readonly read: () => Promise<T[]>) {}

  /** load reads the list; a refusal is kept in `error`. */
  async load(): Promise<void> {
    this.error = null;
    try {
      this.list = await this.read();
    } catch (thrown) {
      this.error = asProblem(thrown);
    }
    this.loading = false;
  }

  /** put shows one that was made or changed, first when it is new. */
  put(one: T): void {
    const known = this.list.some(({ id }) => id === one.id);
    this.list = known ? this.list.map((other) => (other.id === one.id ? one : other)) : [one, ...this.list];
  }

  /** drop shows one no longer. */
  drop(id: string): void {
    this.list = this.list.filter((one) => one.id !== id);
  }
}
