import { expect, test } from "vitest";
import type { components } from "../../../shared/api-types.d.ts";
import type * as ours from "./types.ts";

type Schemas = components["schemas"];

/** True when the server's document has all that a type of ours has. */
type Has<Ours, Theirs> = [Exclude<keyof Ours, keyof Theirs>] extends [never]
  ? true
  : { unknown: Exclude<keyof Ours, keyof Theirs> };

test("our types of figures are those of the server's document", () => {
  // The compiler does the work; a wrong line does not compile.
  const has: true[] = [
    true satisfies Has<ours.Summary, Schemas["Summary"]>,
    true satisfies Has<ours.Daily, Schemas["Daily"]>,
    true satisfies Has<ours.DayLine, Schemas["DayLine"]>,
    true satisfies Has<ours.AgentLine, Schemas["AgentLine"]>,
    true satisfies Has<ours.QueueLine, Schemas["QueueLine"]>,
    true satisfies Has<ours.Ratings, Schemas["RatingReport"]>,
    true satisfies Has<ours.RatingDay, Schemas["RatingDay"]>,
    true satisfies Has<ours.Comment, Schemas["Comment"]>,
    true satisfies Has<ours.Heatmap, Schemas["Heatmap"]>,
    true satisfies Has<ours.BreakdownLine, Schemas["BreakdownLine"]>,
    true satisfies Has<ours.ScriptLine, Schemas["ScriptLine"]>,
    true satisfies Has<ours.Definition, Schemas["Definition"]>,
    true satisfies Has<ours.Timing, Schemas["Timing"]>,
    true satisfies Has<ours.Rating, Schemas["Ratings"]>,
    true satisfies Has<ours.Volume, Schemas["Volume"]>,
    true satisfies Has<ours.Promises, Schemas["Promises"]>,
    true satisfies Has<ours.Count, Schemas["Number"]>,
  ];
  expect(has).not.toContain(false);
});
