// Ten chats that a test knows all about.
import { handoff, Visitor, type Calls } from "./calls.ts";
import type { Name } from "./team.ts";

export interface Tale {
  who: string;
  priority: "low" | "normal" | "high" | "urgent";
  channel?: string;
  agent?: Name;
  stars?: number;
  comment?: string;
  /** It has not ended when the figures are looked at. */
  open?: boolean;
}

export const tales: readonly Tale[] = [
  { who: "Hana", priority: "urgent", agent: "ida", stars: 5, comment: "Quick and kind" },
  { who: "Liv", priority: "high", agent: "ida", stars: 4 },
  { who: "Noor", priority: "normal", channel: "telegram", agent: "ida", stars: 5 },
  { who: "Tomas", priority: "normal", agent: "ida" },
  { who: "Amara", priority: "normal", agent: "ida", stars: 1, comment: "Nothing was solved" },
  { who: "Ravi", priority: "normal", agent: "jonas", stars: 3 },
  { who: "Maya", priority: "low", channel: "whatsapp", agent: "jonas" },
  { who: "Jin", priority: "normal", agent: "jonas", stars: 5 },
  { who: "Olu", priority: "normal" },
  { who: "Kai", priority: "normal", agent: "jonas", open: true },
];

export interface Told extends Tale {
  id: string;
}

/** tell has the chats happen, one after the other. */
export async function tell(server: { url: string }, bot: Calls, as: (name: Name) => Calls): Promise<Told[]> {
  const all: Told[] = [];
  for (const name of ["ida", "jonas"] as const) await as(name).put("/v1/me", { status: "away" });
  for (const tale of tales) {
    const visitor = await Visitor.arrive(server.url, tale.who);
    const customer = { id: visitor.id, name: tale.who };
    const routing = { priority: tale.priority };
    const more = { customer, routing, channel: tale.channel ?? "web", subject: `What ${tale.who} wants` };
    const { id } = await bot.post("/v1/handoffs", handoff(more));
    if (tale.agent) {
      const agent = as(tale.agent);
      await agent.post(`/v1/sessions/${id}/takeover`);
      await agent.say(id, "How can I help?");
      await visitor.say(id, "It is broken");
      if (!tale.open) await agent.post(`/v1/sessions/${id}/end`, { reason: "resolved" });
    } else {
      await visitor.post(`/v1/sessions/${id}/end`);
    }
    if (tale.stars) await visitor.post(`/v1/sessions/${id}/rating`, { score: tale.stars, comment: tale.comment });
    all.push({ ...tale, id });
  }
  return all;
}
