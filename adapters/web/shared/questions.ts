// What was asked over the socket and is not answered yet.
import { Problem } from "./api.ts";
import type { OkFrame, ProblemFrame } from "./protocol.ts";

interface Question {
  resolve(ok: OkFrame): void;
  reject(problem: Problem): void;
  cancel(): void;
}

export class Questions {
  private readonly open = new Map<string, Question>();
  private asked = 0;

  /** nextId names the next question. */
  nextId(): string {
    return `c${++this.asked}`;
  }

  /** wait gives the answer to a question. `timer` begins a timer and gives what ends it. */
  wait(id: string, timer: (act: () => void) => () => void): Promise<OkFrame> {
    return new Promise((resolve, reject) => {
      const cancel = timer(() => this.take(id)?.reject(new Problem(503, "busy", "", [], "", 1)));
      this.open.set(id, { resolve, reject, cancel });
    });
  }

  granted(frame: OkFrame): void {
    this.take(frame.id)?.resolve(frame);
  }

  refused(id: string, problem: Problem): void {
    this.take(id)?.reject(problem);
  }

  /** lost refuses everything that is open as offline. */
  lost(): void {
    const all = [...this.open.keys()];
    for (const id of all) this.refused(id, new Problem(0, "offline", ""));
  }

  private take(id: string): Question | undefined {
    const question = this.open.get(id);
    this.open.delete(id);
    question?.cancel();
    return question;
  }
}

const statuses: Record<string, number> = {
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  too_large: 413,
  invalid: 422,
  too_many: 429,
  internal: 500,
  busy: 503,
};

/** problemOf reads a refusal: its status is that which HTTP would have. */
export const problemOf = ({ code, detail, errors }: ProblemFrame): Problem =>
  new Problem(statuses[code] ?? 409, code, detail, errors, "", code === "busy" || code === "too_many" ? 1 : 0);
