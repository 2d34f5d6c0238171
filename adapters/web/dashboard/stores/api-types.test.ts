import { expect, test } from "vitest";
import type { AccountAnswer } from "./account.svelte.ts";
import type { MeAnswer } from "./me.svelte.ts";
import type { QuickReply } from "./quickreplies.svelte.ts";
import type { components } from "../../shared/api-types.d.ts";
import type {
  Agent,
  Attachment,
  Customer,
  End,
  EventRow,
  FieldError,
  Intent,
  Last,
  Queue,
  Reason,
} from "../../shared/protocol.ts";
import type { Receipts, Ref, Session, Wait } from "../../shared/protocol.ts";

type Schemas = components["schemas"];

/**
 * True when a type of ours has the parts that the server's document gives an object, no others, and each of a type that
 * the document allows; else the names of what is wrong.
 */
type Fits<Ours extends Partial<Theirs>, Theirs> = [Exclude<keyof Ours, keyof Theirs>] extends [never]
  ? [Exclude<keyof Theirs, keyof Ours>] extends [never]
    ? true
    : { missing: Exclude<keyof Theirs, keyof Ours> }
  : { unknown: Exclude<keyof Ours, keyof Theirs> };

test("our types of objects are those of the server's document", () => {
  // The compiler does the work; a wrong line does not compile.
  const fits: true[] = [
    true satisfies Fits<Session, Schemas["SessionView"]>,
    true satisfies Fits<Agent, Schemas["AgentView"]>,
    true satisfies Fits<MeAnswer, Schemas["AgentMe"]>,
    true satisfies Fits<Queue, Schemas["QueueView"]>,
    true satisfies Fits<Attachment, Schemas["Attachment"]>,
    true satisfies Fits<Customer, Schemas["CustomerView"]>,
    true satisfies Fits<End, Schemas["EndView"]>,
    true satisfies Fits<EventRow, Schemas["EventRow"]>,
    true satisfies Fits<FieldError, Schemas["FieldError"]>,
    true satisfies Fits<Intent, Schemas["Intent"]>,
    true satisfies Fits<Last, Schemas["LastView"]>,
    true satisfies Fits<Reason, Schemas["Reason"]>,
    true satisfies Fits<Receipts, Schemas["Receipts"]>,
    true satisfies Fits<Ref, Schemas["Ref"]>,
    true satisfies Fits<Wait, Schemas["Range"]>,
    true satisfies Fits<QuickReply, Schemas["QuickReplyView"]>,
    true satisfies Fits<AccountAnswer, Schemas["Settings"]>,
  ];
  expect(fits).not.toContain(false);
});
