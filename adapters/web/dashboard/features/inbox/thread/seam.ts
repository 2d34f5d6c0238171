// What the bot handed over, as the few facts that stand under the seam.
import { t } from "../../../../shared/i18n.ts";
import type { Requested } from "../../../../shared/protocol.ts";
import { reasonWord } from "../../../words.ts";
import { label } from "../labels.ts";

export interface Fact {
  name: string;
  value: string;
}

export interface Handover {
  why: string;
  wants: string;
  tried: string;
  mood: string | null;
  intent: { name: string; score: string } | null;
  facts: Fact[];
}

const mostFacts = 3;
/** What stands beside the facts in words of its own. */
const told = new Set(["intent", "sentiment"]);
const longestFact = 40;

/** Reads a request for a person. What it does not say is empty. */
export function handover({ reason, summary, tried, intent, sentiment, context }: Requested): Handover {
  return {
    why: reason?.text || reasonWord(reason?.code),
    wants: summary ?? "",
    tried: (tried ?? []).join(", "),
    mood: moodOf(sentiment),
    intent: intent?.name ? { name: intent.name, score: intent.score.toFixed(2) } : null,
    facts: factsOf(context),
  };
}

/** The mood that a sentiment from -1 to 1 stands for; in the middle there is none to speak of. */
export function moodOf(sentiment: number | null | undefined): string | null {
  if (sentiment === null || sentiment === undefined) return null;
  if (sentiment <= -0.5) return t("inbox.mood_frustrated");
  if (sentiment <= -0.2) return t("inbox.mood_unhappy");
  if (sentiment >= 0.5) return t("inbox.mood_happy");
  return sentiment >= 0.2 ? t("inbox.mood_content") : null;
}

/** The short plain values of a context: what can be read at a glance. */
function factsOf(context: unknown): Fact[] {
  if (typeof context !== "object" || context === null || Array.isArray(context)) return [];
  return Object.entries(context)
    .filter(([name, value]) => !told.has(name) && ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => ({ name: label(name), value: String(value) }))
    .filter(({ value }) => value !== "" && value.length <= longestFact && !value.includes("\n"))
    .slice(0, mostFacts);
}
