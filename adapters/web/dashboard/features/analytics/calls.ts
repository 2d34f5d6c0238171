// What the page asks of the server.
import type { Session } from "../../../shared/protocol.ts";
import { api } from "../../stores/index.ts";
import { addressOf, type Ask } from "./query.ts";
import type { Agents, Breakdown, By, Daily, Definition, Heatmap, Queues, Ratings, Scripts, Summary } from "./types.ts";

const ask =
  <T>(path: string) =>
  (about: Ask) =>
    api.get<T>(addressOf(path, about));

const shownAtOnce = 50;

export const calls = {
  summary: ask<Summary>("summary"),
  daily: ask<Daily>("daily"),
  agents: ask<Agents>("agents"),
  queues: ask<Queues>("queues"),
  ratings: ask<Ratings>("ratings"),
  heatmap: ask<Heatmap>("heatmap"),
  breakdown: (about: Ask, by: By) => api.get<Breakdown>(addressOf("breakdown", about, { by })),
  // Scripts answer for all queues.
  scripts: ({ from, to }: Ask) => api.get<Scripts>(addressOf("scripts", { from, to })),
  definitions: async () => (await api.page<Definition>("/v1/analytics/definitions")).data,
  /** A page of the chats behind a figure, by the conditions of its link. */
  chats: (list: string, after: string | null) =>
    api.page<Session>("/v1/sessions", { ...Object.fromEntries(new URLSearchParams(list)), limit: shownAtOnce, after }),
};

/** csv is where a table of the same answer is. */
export const csv = (name: string, about: Ask, more: Record<string, string> = {}): string =>
  addressOf(`${name}.csv`, about, more);
