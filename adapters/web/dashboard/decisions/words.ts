// What the panel, the menu of a person and the page of scripts say of decisions, in the same words.
import { isolate } from "../../shared/format.ts";
import { language, t } from "../../shared/i18n.ts";
import type { Priority } from "../../shared/protocol.ts";
import { presence } from "../stores/index.ts";
import { priorityWord } from "../words.ts";
import { agentIn, builtIn, limitIn, plainMessage } from "./decisions.ts";
import type { Candidate, Decision, Fate, Hook, Opinion, ScriptError } from "./types.ts";

/** A text of a script or a person as a sentence: with a capital and a stop. */
export function sentence(text: string): string {
  const full = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return full === "" || /[.!?…]$/u.test(full) ? full : `${full}.`;
}

/** The name of an agent. */
export const agentName = (decision: Decision, id: string): string =>
  isolate(agentIn(decision, id) ?? presence.agent(id)?.name ?? id);

/** What came of a decision, in one sentence. */
export function outcomeSentence(decision: Decision): string {
  const { hook, outcome } = decision;
  switch (hook) {
    case "assign":
      if (outcome === "nobody") return t("why.nobody");
      return outcome === "hold" ? t("why.held") : t("why.got", { name: agentName(decision, outcome) });
    case "prioritise":
      return outcome ? t("why.priority", { priority: priorityOf(outcome) }) : t("why.priority_none");
    case "overflow":
      return outcome ? t("why.queue", { queue: isolate(outcome) }) : t("why.queue_none");
    case "after_hours":
      return outcome ? t("why.told", { text: isolate(outcome) }) : t("why.told_none");
    case "tag":
      return outcome ? t("why.tagged", { tags: isolate(outcome) }) : t("why.tagged_none");
    case "reply":
      return outcome ? t("why.replied", { text: isolate(outcome) }) : t("why.replied_none");
    case "on_event":
      return t("why.noted");
  }
}

const priorityOf = (word: string): string =>
  ["low", "normal", "high", "urgent"].includes(word) ? priorityWord(word as Priority) : word;

/** Who decided: a script with its version, what is built in, or nobody. */
export function bySentence({ answered, opinions }: Decision, version: (hash: string) => string): string {
  if (answered === builtIn) return t("why.by_built_in");
  if (answered === "") return opinions.length > 0 ? t("why.by_nobody") : "";
  const hash = opinions.find(({ script, mode }) => script === answered && mode !== "shadow")?.version ?? "";
  return hash ? t("why.by", { script: answered, version: version(hash) }) : t("why.by_script", { script: answered });
}

/** The version of a source by the first characters of its hash, where its number is not known. */
export const shortHash = (hash: string): string => hash.slice(0, 7);

/** What became of a candidate. */
export const fateWords = ({ fate, load, capacity }: Candidate): string =>
  fate === "full" ? t("why.fate_full", { load, capacity }) : fateWord(fate as Fate);

/** What becomes of candidates, without figures. */
export const fateWord = (fate: Fate): string => t(`why.fate_${fate === "full" ? "full_word" : fate}`);

/** What an opinion said. */
export function opinionWords(decision: Decision, { answer, error, result }: Opinion): string {
  if (error) return t("why.failed");
  if (answer.hold) return t("why.says_hold");
  if (answer.agent) return agentName(decision, answer.agent);
  if (answer.priority) return priorityOf(answer.priority);
  const said = answer.queue || answer.text || answer.tags?.join(", ");
  if (said) return isolate(said);
  return result && result !== "null" ? result : t("why.says_nothing");
}

/** Why an answer did not count; the server's own words where they are not known here. */
export function noteWords(note: string): string {
  const overruled = /^overruled by (.+)$/.exec(note)?.[1];
  return overruled ? t("why.overruled", { script: overruled }) : sentence(note);
}

/** What went wrong in a script, and where. */
export function errorWords({ message, line }: Pick<ScriptError, "message" | "line">): string {
  const said = limitWords(message) ?? isolate(sentence(plainMessage(message)).replace(/\.$/, ""));
  return line ? t("why.error_line", { message: said, line }) : `${said}.`;
}

/** Which limit stopped a script, when one did. */
function limitWords(message: string): string | undefined {
  const limit = limitIn(message);
  if (!limit) return undefined;
  return "steps" in limit
    ? t("why.stopped_steps", { steps: new Intl.NumberFormat(language()).format(limit.steps) })
    : t("why.stopped_time", { time: limit.time });
}

/** What a hook asks. */
export const hookWord = (hook: Hook): string => t(`why.hook_${hook}`);
