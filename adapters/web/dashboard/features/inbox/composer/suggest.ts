// What can be chosen while something is written.
import { t } from "../../../../shared/i18n.ts";
import { me, presence, quickReplies } from "../../../stores/index.ts";
import { roleWord, statusWord } from "../../../words.ts";
import { emojisFor } from "./emojis.svelte.ts";
import type { Suggestion } from "./Suggestions.svelte";

export type Offered = readonly (Suggestion & { insert: string })[];

const most = 40;

/** Quick replies for what was typed behind a slash. */
export const replies = (query: string): Offered =>
  quickReplies
    .search(query)
    .slice(0, most)
    .map(({ id, shortcut, title, text, scope }) => ({
      id,
      title: `/${shortcut}`,
      detail: title ? `${title} · ${text}` : text,
      meta: scope === "personal" ? t("inbox.reply_mine") : "",
      insert: text,
    }));

/** Colleagues for what was typed behind an @. */
export function colleagues(query: string): Offered {
  const wanted = query.toLocaleLowerCase();
  return presence.agents
    .filter((agent) => agent.id !== me.id && !agent.disabled && agent.name.toLocaleLowerCase().includes(wanted))
    .slice(0, most)
    .map(({ id, name, role, status }) => ({
      id,
      title: name,
      detail: roleWord(role),
      meta: statusWord(status),
      insert: `@${name} `,
    }));
}

/** Emojis for what was typed behind a colon. */
export const signs = (query: string): Offered =>
  emojisFor(query)
    .slice(0, most)
    .map(({ sign, name }) => ({ id: sign, title: sign, detail: name, meta: "", insert: sign }));
