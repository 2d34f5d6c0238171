// What the table of agents can be sorted by.
import type { Cells } from "../sort.ts";
import type { AgentLine } from "../types.ts";

/** The states of chats that have not ended. */
export const openChats = "pending,waiting,active";

export const cells = {
  agent: ({ agent }) => agent.name,
  chats: ({ chats }) => chats.n,
  active: ({ active }) => active,
  reply: ({ first_response }) => first_response.mean,
  handle: ({ handle }) => handle.mean,
  occupancy: ({ occupancy }) => occupancy,
  rating: ({ rating }) => rating.mean,
  online: ({ states }) => states.available + states.busy,
  available: ({ states }) => states.available,
  busy: ({ states }) => states.busy,
  away: ({ states }) => states.away,
  gone: ({ states }) => states.gone,
  offered: ({ offered }) => offered,
  missed: ({ missed, declined }) => missed + declined,
  messages: ({ messages }) => messages,
} as Cells<AgentLine>;
