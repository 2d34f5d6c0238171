// The form of a queue: what two pages show parts of. Only what was changed is sent, so that nobody's change beside it is undone.
import type { Queue } from "../../../shared/protocol.ts";
import { presence } from "../../stores/index.ts";
import { calls, type QueuePart } from "./calls.ts";
import { changedFields } from "./changes.ts";
import { Form } from "./form.svelte.ts";

const fields = [
  "name",
  "strategy",
  "hold_limit",
  "show",
  "ageing",
  "max_wait",
  "when_too_long",
  "max_length",
  "when_too_many",
  "first_reply",
  "idle_warning",
  "idle_close",
  "closing",
  "after_hours",
] as const satisfies readonly (keyof Queue)[];

/** What can be changed of a queue; its schedule by id, empty for the account's. */
export type QueueValue = Pick<Queue, (typeof fields)[number]> & { schedule: string };

export function valueOf(queue: Queue): QueueValue {
  const part = Object.fromEntries(fields.map((field) => [field, queue[field]])) as Omit<QueueValue, "schedule">;
  return { ...part, schedule: queue.schedule?.id ?? "" };
}

/** queueForm makes the form of a queue. */
export function queueForm(queue: Queue, faulty: (value: QueueValue) => boolean = () => false): Form<QueueValue> {
  const form: Form<QueueValue> = new Form(
    valueOf(queue),
    async (value, base) => {
      const kept = await calls.changeQueue(queue.id, changedFields(base, value) as QueuePart);
      presence.putQueue(kept);
      return valueOf(kept);
    },
    () => faulty(form.value),
  );
  return form;
}
