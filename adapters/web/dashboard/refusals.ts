// Why something was not done, in the language of the page. The server explains itself in English; other languages have
// a sentence for each code, and what the server says is added where it has more to tell.
import { asProblem, type Problem } from "../shared/api.ts";
import { fullDuration } from "../shared/format.ts";
import { language, t, type MessageKey } from "../shared/i18n.ts";
import { toasts } from "../shared/ui/toasts.svelte.ts";

type Plain = "common.close"; // stands for any key without arguments

interface Sentence {
  key: MessageKey;
  /** The server's own words say more than the sentence does, such as which value or which limit. */
  more?: true;
}

const sentences: Record<string, Sentence> = {
  unauthorized: { key: "shell.refused_unauthorized", more: true },
  forbidden: { key: "shell.refused_forbidden" },
  not_found: { key: "shell.refused_not_found" },
  conflict: { key: "shell.refused_conflict", more: true },
  not_owner: { key: "shell.refused_not_owner" },
  session_ended: { key: "shell.refused_session_ended" },
  invalid: { key: "shell.refused_invalid", more: true },
  too_large: { key: "shell.refused_too_large", more: true },
  unsupported_type: { key: "shell.refused_unsupported_type", more: true },
  too_many: { key: "shell.refused_too_many", more: true },
  busy: { key: "shell.refused_busy" },
  storage_full: { key: "shell.refused_storage_full" },
};

export interface Refusal {
  /** A sentence in the language of the page. */
  text: string;
  /** What the server says beyond it, in English; empty when that is all. */
  more: string;
}

/** What a refusal is made of; a Problem is one, and what is kept of a message that was refused. */
type Refused = Pick<Problem, "code" | "detail"> & Partial<Problem>;

/** refusalOf says what stood in the way of a call and what to do, for the person who made it. */
export function refusalOf(thrown: unknown): Refusal {
  return worded(asProblem(thrown));
}

/** worded is refusalOf for a refusal that was kept. */
export function worded(problem: Refused): Refusal {
  const { code, detail, status, retryAfter = 0, requestId } = problem;
  const only = (text: string): Refusal => ({ text, more: "" });
  if (status === 0) return only(t("shell.problem_offline"));
  if (status === 429 && retryAfter > 0)
    return only(t("shell.problem_often", { wait: fullDuration(retryAfter, language()) }));
  const known = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  const ours = status !== undefined && status >= 500 && !known;
  if (ours || (!known && detail === "")) return only(t("shell.problem_fault", { id: requestId || "–" }));
  if (speaksEnglish() && detail !== "") return only(sentence(detail));
  if (!known) return { text: t("shell.refused"), more: sentence(detail) };
  return { text: t(known.key as Plain), more: known.more && detail ? sentence(detail) : "" };
}

/** tellRefusal tells in passing why something was not done. */
export function tellRefusal(thrown: unknown): void {
  const { text, more } = refusalOf(thrown);
  toasts.fail(text, { more });
}

/** explainField is the part of a refusal that is about one field, such as "/email". */
export function explainField(thrown: unknown, pointer: string): string | undefined {
  const found = asProblem(thrown).errors.find((error) => error.pointer === pointer);
  if (!found) return undefined;
  const detail = sentence(found.detail);
  return speaksEnglish() ? detail : t("shell.refused_field", { detail });
}

const speaksEnglish = (): boolean => language().startsWith("en");

/** The server's own words as a sentence: it writes them without a capital and without a stop. */
function sentence(detail: string): string {
  const text = detail.charAt(0).toLocaleUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
