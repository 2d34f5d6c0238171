import { Resource } from "../../stores/resource.svelte.ts";
import { calls } from "./calls.ts";
import type { Summary } from "./types.ts";
import { view } from "./view.svelte.ts";

/** The summary of a period, and that of the period before when they are compared. */
export interface Summaries extends Summary {
  before: Summary | null;
}

/**
 * readSummaries makes what reads both: they are one answer, so that a figure never stands beside the change of another
 * one.
 */
export const readSummaries = (): Resource<Summaries> =>
  new Resource(async () => {
    const [now, before] = await Promise.all([
      calls.summary(view.ask),
      view.place.compare ? calls.summary(view.before) : null,
    ]);
    return { ...now, before };
  });
