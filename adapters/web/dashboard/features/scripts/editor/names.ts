// What scripts may define, call and read, as the server lists it, and what a piece of a script stands for.

/** One name of the server's list: whole, as in store.get or session.customer.name. */
export interface Entry {
  name: string;
  kind: string;
  signature?: string;
  doc: string;
  since: string;
}

/**
 * What a value is: a table that the server lists fields of ("session", "session.customer"), a module ("store"), "string"
 * and other words of signatures; a list of them ends with "[]".
 */
export type Type = string;

/** What follows the first name of an expression: a field, an index, a method or a call. */
export type Link = { field: string } | { method: string } | "index" | "call";

export interface Chain {
  root: string;
  links: readonly Link[];
}

const globals: Record<string, Type> = {
  session: "session",
  agents: "agent[]",
  ctx: "ctx",
  message: "message",
  schedule: "schedule",
  event: "event",
};

export class Names {
  private readonly all: ReadonlyMap<string, Entry>;

  constructor(readonly entries: readonly Entry[]) {
    this.all = new Map(entries.map((entry) => [entry.name, entry]));
  }

  entry(name: string): Entry | undefined {
    return this.all.get(name);
  }

  get hooks(): Entry[] {
    return this.entries.filter(({ kind }) => kind === "hook");
  }

  /** What can stand at the beginning of an expression. */
  get roots(): Entry[] {
    return this.entries.filter(({ kind, name }) => kind !== "hook" && kind !== "field" && !name.includes("."));
  }

  /** The entries right below a table or a module. */
  members(of: Type): Entry[] {
    const start = `${of}.`;
    return this.entries.filter(({ name }) => name.startsWith(start) && !name.slice(start.length).includes("."));
  }

  /** What a field of a table is. */
  member(of: Type, name: string): Type | null {
    const entry = this.entry(`${of}.${name}`);
    if (!entry) return null;
    if (this.members(entry.name).length > 0) return entry.name;
    const type = typeIn(entry.signature ?? "");
    return type === "table" && this.members(name).length > 0 ? name : type;
  }

  /** What a hook is given, by the names that the script itself gives to it. */
  parameters(hook: string, own: readonly string[]): Map<string, Type> {
    const types = parametersOf(this.entry(hook)?.signature ?? "").map(({ type }) => lower(type));
    return new Map(own.flatMap((name, at) => (types[at] ? [[name, types[at]]] : [])));
  }

  /** What stands for what at the end of a piece of a script: parameters of hooks, and locals as far as they are told. */
  variables(before: string): Map<string, Type> {
    const known = new Map(Object.entries(globals));
    const put = (name: string, type: Type | null) => (type ? known.set(name, type) : known.delete(name));
    const pattern =
      /\bfunction\s+([\w.]+)\s*\(([^)]*)\)|\b([\w.]+)\s*=\s*function\s*\(([^)]*)\)|\bfor\s+\w+\s*,\s*(\w+)\s+in\s+i?pairs\s*\(([^)\n]*)\)|\blocal\s+(\w+)\s*=\s*([^\n;]*)/g;
    for (const found of before.matchAll(pattern)) {
      const [, name, params, assigned, assignedParams, element, list, local, value] = found;
      const hook = name ?? assigned;
      if (hook !== undefined) {
        const own = (params ?? assignedParams ?? "").split(",").map((one) => one.trim());
        const given = this.parameters(hook, own);
        for (const one of own) if (one) put(one, given.get(one) ?? null);
      } else if (element !== undefined) {
        put(element, elementOf(this.typeOf(chainAt(list ?? ""), known)));
      } else if (local !== undefined) {
        put(local, this.typeOf(whole(value ?? ""), known));
      }
    }
    return known;
  }

  /** What an expression gives, or null when that cannot be told. */
  typeOf(chain: Chain | null, variables: ReadonlyMap<string, Type>): Type | null {
    if (!chain) return null;
    let type: Type | null = variables.get(chain.root) ?? (this.entry(chain.root) ? chain.root : null);
    for (const link of chain.links) {
      if (type === null) return null;
      if (link === "index") type = elementOf(type);
      else if (link === "call") type = resultOf(this.entry(type)?.signature ?? "");
      else if ("method" in link) type = `string.${link.method}`;
      else
        type = this.entry(`${type}.${link.field}`)?.signature?.includes("(")
          ? `${type}.${link.field}`
          : this.member(type, link.field);
    }
    return type;
  }

  /** The entry that a chain names. */
  entryOf(chain: Chain, variables: ReadonlyMap<string, Type>): Entry | undefined {
    const last = chain.links.at(-1);
    if (last === undefined) return this.entry(chain.root) ?? this.describe(variables.get(chain.root));
    if (typeof last === "string") return undefined;
    if ("method" in last) return this.entry(`string.${last.method}`);
    const of = this.typeOf({ root: chain.root, links: chain.links.slice(0, -1) }, variables);
    return of === null ? undefined : this.entry(`${of}.${last.field}`);
  }

  /** A variable has no entry of its own; what it holds is told by its fields. */
  private describe(type: Type | undefined): Entry | undefined {
    if (type === undefined) return undefined;
    const one = type.replace(/\[\]$/, "");
    const fields = this.members(one).map(({ name }) => name.slice(one.length + 1));
    if (fields.length === 0) return undefined;
    return { name: type, kind: "variable", signature: type, doc: fields.join(", "), since: "1" };
  }
}

const lower = (type: Type): Type => type.charAt(0).toLowerCase() + type.slice(1);

/** The type that a signature of a field ends with. */
const typeIn = (signature: string): Type | null => /: ([\w[\]]+)\??$/.exec(signature)?.[1] ?? null;

/** The first thing that a function gives back. */
const resultOf = (signature: string): Type | null => /\): ([\w[\]]+)/.exec(signature)?.[1] ?? null;

const elementOf = (type: Type | null): Type | null => (type?.endsWith("[]") ? type.slice(0, -2) : null);

export interface Parameter {
  name: string;
  type: Type;
  optional: boolean;
}

/** The parameters that a signature names. */
export function parametersOf(signature: string): Parameter[] {
  const inside = /\(([^)]*)\)/.exec(signature)?.[1] ?? "";
  if (inside === "") return [];
  return inside.split(", ").map((one) => {
    const [name = "", type = "any"] = one.split(": ");
    return { name: name.replace(/\?$/, ""), type, optional: name.endsWith("?") || name === "..." };
  });
}

const closes: Record<string, string> = { ")": "(", "]": "[" };

/** The expression at the end of a piece of a script: `local x = agents[1].id` gives agents, an index and id. */
export function chainAt(text: string): Chain | null {
  const links: Link[] = [];
  let at = text.trimEnd().length;
  for (;;) {
    const last = text[at - 1] ?? "";
    if (last in closes) {
      at = opening(text, at - 1);
      if (at < 0) return null;
      links.unshift(last === "]" ? "index" : "call");
      continue;
    }
    const name = /[A-Za-z_]\w*$/.exec(text.slice(0, at))?.[0];
    if (name === undefined) return null;
    at -= name.length;
    const before = text[at - 1];
    if ((before === "." && text[at - 2] !== ".") || before === ":") {
      links.unshift(before === "." ? { field: name } : { method: name });
      at--;
      continue;
    }
    return { root: name, links };
  }
}

/** A value as an expression, when it is one as a whole. */
function whole(value: string): Chain | null {
  const text = value.replace(/--.*$/, "").trim();
  const chain = chainAt(text);
  return chain && text.startsWith(chain.root) && !/[-+*/%^#=<>~]|\band\b|\bor\b|\.\./.test(text) ? chain : null;
}

/** Where the bracket opens that closes at a place. */
function opening(text: string, at: number): number {
  let open = 0;
  for (let i = at; i >= 0; i--) {
    const sign = text[i]!;
    if (sign === ")" || sign === "]") open++;
    else if ((sign === "(" || sign === "[") && --open === 0) return i;
  }
  return -1;
}
