// What a decision came to: who might have had the chat, and where two opinions part.
import type { Candidate, Decision, Fate, Opinion } from "./types.ts";

/** Who answers when no script does, as the ledger names it. */
export const builtIn = "least busy (built in)";

/** The opinion that a script in force had in a decision; of a canary and the live script behind it, the one that counted. */
export function liveOpinion({ opinions }: Decision, script: string): Opinion | undefined {
  const own = opinions.filter((one) => one.script === script && one.mode !== "shadow");
  return own.findLast((one) => !one.error) ?? own.at(-1);
}

/** The opinion of the draft that was tried beside a script, in its shadow or as a canary. */
export const draftOpinion = ({ opinions }: Decision, script: string): Opinion | undefined =>
  opinions.find((one) => one.script === script && one.mode !== "live");

/** The script by whose answer a decision was made, else the first that was asked; what "open in the editor" opens. */
export function scriptOf({ answered, opinions }: Decision): string | null {
  const asked = opinions.filter(({ mode }) => mode !== "shadow");
  return (asked.find(({ script }) => script === answered) ?? asked[0])?.script ?? null;
}

/** What an opinion came to, in one word that can be compared. */
export function outcomeOf({ answer, error }: Opinion): string {
  if (error) return "error";
  if (answer.hold) return "hold";
  const said = answer.agent ?? answer.priority ?? answer.queue ?? answer.text ?? answer.tags?.join(", ");
  return said || (answer.close || answer.ticket || answer.ask ? "after_hours" : "");
}

export interface Parting {
  candidate: Candidate;
  /** Which of the two opinions names him. */
  live: boolean;
  draft: boolean;
}

/**
 * The candidates of a decision about an agent as two opinions see them: whom either of them names comes first, then
 * whoever could have been chosen, then the rest.
 */
export function partings(decision: Decision, live: Opinion | undefined, draft: Opinion | undefined): Parting[] {
  const rows = decision.candidates.map((candidate) => ({
    candidate,
    live: live?.answer.agent === candidate.agent.id,
    draft: draft?.answer.agent === candidate.agent.id,
  }));
  const rank = (one: Parting) => (one.live || one.draft ? 0 : one.candidate.fate === "not_chosen" ? 1 : 2);
  return rows.sort((a, b) => rank(a) - rank(b));
}

/** Whether the draft said something else than the script in force. */
export const differs = (live: Opinion | undefined, draft: Opinion | undefined): boolean =>
  live !== undefined && draft !== undefined && !draft.error && outcomeOf(live) !== outcomeOf(draft);

/** A message of the engine without the script and the line before it, which are told beside it. */
export const plainMessage = (message: string): string =>
  message.replace(/^(?:[a-z]\w* )?line:\d+(?:\(column:\d+\))? /, "").replace(/^(?!stopped\b)[a-z]\w*:(?:\d+:)? /, "");

/** The limit that stopped a script, when one did: so many steps, or a time. */
export function limitIn(message: string): { steps: number } | { time: string } | null {
  const [, steps, time] =
    /stopped: (?:instruction limit reached \((\d+) steps\)|time limit reached \(([^)]+)\))/.exec(message) ?? [];
  if (steps) return { steps: Number(steps) };
  return time ? { time } : null;
}

/** The name of an agent, as the decision knew it. */
export const agentIn = ({ candidates }: Decision, id: string): string | undefined =>
  candidates.find(({ agent }) => agent.id === id)?.agent.name;

/** What became of an agent in a decision. */
export const fateOf = ({ candidates }: Decision, id: string): Candidate | undefined =>
  candidates.find(({ agent }) => agent.id === id);

/** How many more met which fate, the most first. */
export const restOf = ({ others }: Decision): [Fate, number][] =>
  (Object.entries(others) as [Fate, number][]).sort((a, b) => b[1] - a[1]);
