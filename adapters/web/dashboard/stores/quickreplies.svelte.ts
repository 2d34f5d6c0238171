import { asProblem, type Api, type Problem } from "../../shared/api.ts";
import { firstName } from "../../shared/format.ts";
import type { Ref, Session } from "../../shared/protocol.ts";

export interface QuickReply {
  id: string;
  scope: "personal" | "team";
  shortcut: string;
  title: string;
  text: string;
  language: string | null;
  queue: Ref | null;
  used: number;
  rev: number;
}

/** What one may say of a quick reply when it is made or changed. */
export interface QuickReplyChange {
  scope?: QuickReply["scope"];
  shortcut?: string;
  title?: string;
  text?: string;
  language?: string;
  queue?: string;
}

/** A piece of a filled text: words, or a variable for which nothing is known. */
export type FilledPart = { text: string } | { missing: string };

export interface Filled {
  parts: FilledPart[];
  /** The text with what is missing left as {{name}}. */
  text: string;
  missing: string[];
}

const variable = /\{\{\s*([\w.]{1,64})\s*\}\}/gu;

/** gapsIn gives the variables that a text still holds, with where they stand. */
export const gapsIn = (text: string): { from: number; to: number; name: string }[] =>
  [...text.matchAll(variable)].map((m) => ({ from: m.index, to: m.index + m[0].length, name: m[1]! }));

/** fill puts what is known in the place of variables. */
export function fill(text: string, known: (name: string) => string | undefined): Filled {
  const parts: FilledPart[] = [];
  let at = 0;
  for (const { from, to, name } of gapsIn(text)) {
    const value = known(name);
    if (from > at) parts.push({ text: text.slice(at, from) });
    parts.push(value ? { text: value } : { missing: name });
    at = to;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  const missing = parts.flatMap((part) => ("missing" in part ? [part.missing] : []));
  return { parts, text: parts.map((p) => ("text" in p ? p.text : `{{${p.missing}}}`)).join(""), missing };
}

/** Texts that are sent often. */
export class QuickReplies {
  list = $state.raw<readonly QuickReply[]>([]);
  loading = $state(false);
  error = $state.raw<Problem | null>(null);

  constructor(
    private readonly api: Api,
    private readonly agent: () => string,
  ) {}

  async load(): Promise<void> {
    this.loading = true;
    this.error = null;
    try {
      this.list = (await this.api.list<QuickReply>("/v1/quick-replies")).sort(byUse);
    } catch (thrown) {
      this.error = asProblem(thrown);
    } finally {
      this.loading = false;
    }
  }

  forget(): void {
    this.list = [];
  }

  /** search gives what fits best first: by shortcut, then title, then text. */
  search(query: string): QuickReply[] {
    const wanted = query.trim().replace(/^\//u, "").toLocaleLowerCase();
    if (wanted === "") return [...this.list];
    const ranked = this.list.map((reply) => ({ reply, rank: rankOf(reply, wanted) })).filter(({ rank }) => rank < none);
    return ranked.sort((a, b) => a.rank - b.rank || byUse(a.reply, b.reply)).map(({ reply }) => reply);
  }

  /** fill puts what is known of the chat into a text. */
  fill(text: string, session: Session | null): Filled {
    return fill(text, (name) => valueOf(name, session, this.agent()));
  }

  /** used counts that a reply was inserted. */
  async used(id: string): Promise<void> {
    this.list = this.list.map((reply) => (reply.id === id ? { ...reply, used: reply.used + 1 } : reply));
    await this.api.post(`/v1/quick-replies/${id}/uses`).catch(() => undefined); // it is a count, and no more
  }

  /** save makes a reply, or changes the one with this id. It throws the Problem of a refusal. */
  async save(change: QuickReplyChange, id?: string): Promise<QuickReply> {
    const saved = id
      ? await this.api.patch<QuickReply>(`/v1/quick-replies/${id}`, change)
      : await this.api.post<QuickReply>("/v1/quick-replies", change);
    this.list = [...this.list.filter((reply) => reply.id !== saved.id), saved].sort(byUse);
    return saved;
  }

  async remove(id: string): Promise<void> {
    await this.api.delete(`/v1/quick-replies/${id}`);
    this.list = this.list.filter((reply) => reply.id !== id);
  }
}

const none = 9;

function rankOf(reply: QuickReply, wanted: string): number {
  const has = (text: string) => text.toLocaleLowerCase();
  if (reply.shortcut === wanted) return 0;
  if (reply.shortcut.startsWith(wanted)) return 1;
  if (has(reply.title).startsWith(wanted)) return 2;
  if (has(reply.title).includes(wanted)) return 3;
  return has(reply.text).includes(wanted) ? 4 : none;
}

const byUse = (a: QuickReply, b: QuickReply): number => b.used - a.used || a.shortcut.localeCompare(b.shortcut);

/** valueOf looks a variable up: of the customer, the chat, the agent, then among the attributes and the context. */
function valueOf(name: string, session: Session | null, agent: string): string | undefined {
  const customer = session?.customer;
  const known: Record<string, string | undefined> = {
    first_name: firstName(customer?.name ?? ""),
    name: customer?.name,
    email: customer?.email,
    phone: customer?.phone,
    subject: session?.subject,
    queue: session?.queue.name,
    agent,
    agent_name: agent,
    agent_first_name: firstName(agent),
  };
  if (Object.hasOwn(known, name)) return known[name];
  return plainValue(customer?.attributes, name) ?? plainValue(session?.context, name);
}

function plainValue(from: unknown, name: string): string | undefined {
  let value: unknown = from;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
