// What the server says of decisions, as its own document has it.
import type { components } from "../../shared/api-types.d.ts";

type Schemas = components["schemas"];

export type Decision = Schemas["Decision"];
export type Opinion = Schemas["Opinion"];
export type Candidate = Schemas["Candidate"];
export type ScriptError = Schemas["ScriptError"];
export type Hook = Decision["hook"];

/** What may become of a candidate. */
export type Fate = "chosen" | "not_chosen" | "full" | "away" | "offline" | "gone" | "passed" | "passed_often" | "busy";
