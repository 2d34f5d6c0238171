// What can be told of a script by looking at its text.
import type { Hook } from "../../decisions/types.ts";

export const hooks: readonly Hook[] = ["assign", "prioritise", "after_hours", "overflow", "tag", "reply", "on_event"];

/** The hooks that a text defines, as far as that can be seen. */
export const hooksIn = (source: string): Hook[] =>
  hooks.filter((hook) => new RegExp(`\\bfunction\\s+${hook}\\s*\\(|\\b${hook}\\s*=\\s*function\\b`).test(source));

export interface Start {
  id: "vip" | "language" | "words";
  name: string;
  source: string;
}

/** The scripts that a new one can begin with. */
export const starts: readonly Start[] = [
  {
    id: "vip",
    name: "vip_first",
    source: `-- title: VIPs to their team
-- hook: assign
-- Chats with the tag vip go to agents with the skill vip, to the one who has less to do. When none of them is free,
-- the next script or the strategy of the queue answers.

function assign(session, agents)
  if not session.tags.vip then return nil end
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.skills.vip and (not best or a.load < best.load) then best = a end
  end
  if best then return best.id, "a VIP, to the VIP team" end
end
`,
  },
  {
    id: "language",
    name: "by_language",
    source: `-- title: Who speaks the customer's language
-- hook: assign
-- The least busy agent who speaks the customer's language gets the chat. When none is free, others may have it.

function assign(session, agents)
  if not session.language then return nil end
  local best
  for i = 1, #agents do
    local a = agents[i]
    if a.languages[session.language] and (not best or a.load < best.load) then best = a end
  end
  if best then return best.id, "speaks " .. session.language end
end
`,
  },
  {
    id: "words",
    name: "tag_by_words",
    source: `-- title: Tags by what is said
-- hook: tag
-- A tag is put on when one of its words is said as a whole word. Make the list your own.

local words = {
  refund = { "refund", "money back" },
  delivery = { "parcel", "delivery", "tracking" },
}

function tag(session, message)
  local tags = {}
  for name, list in pairs(words) do
    if not session.tags[name] and text.has_any(message.text, list) then
      tags[#tags + 1] = name
    end
  end
  table.sort(tags)
  return tags
end
`,
  },
];

/** What a script may be called. */
export const isName = (name: string): boolean => /^[a-z][a-z0-9_]{0,39}$/.test(name);

/** A name that is not taken: vip_first, vip_first_2 ... */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${number}`)) number++;
  return `${wanted}_${number}`;
}
