// What can be written at a place of a script. It knows no editor.
import { chainAt, Names, parametersOf, type Chain, type Entry, type Type } from "./names.ts";

export type Place = { chain: Chain; separator: "." | ":"; typed: string } | { chain: null; typed: string };

export interface Choice {
  label: string;
  kind: "hook" | "field" | "module" | "function" | "variable" | "keyword" | "snippet";
  detail?: string;
  doc?: string;
  /** What is inserted, with ${…} where the cursor stops. */
  insert: string;
  /** Choices with more come first. */
  boost?: number;
}

const keywords =
  "and break do else elseif end false for function if in local nil not or repeat return then true until while".split(
    " ",
  );

/** What is being written at the end of a piece of a script, or null in a comment or a text. */
export function placeAt(before: string): Place | null {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (inText(line)) return null;
  const typed = /[A-Za-z_]\w*$/.exec(line)?.[0] ?? "";
  const rest = before.slice(0, before.length - typed.length);
  const separator = rest.at(-1);
  if (separator !== "." && separator !== ":") return /\d$/.test(rest) ? null : { chain: null, typed };
  if (rest.at(-2) === separator) return separator === "." ? { chain: null, typed } : null;
  const chain = chainAt(rest.slice(0, -1));
  if (chain) return { chain, separator, typed };
  // ("text"):up…
  return separator === ":" ? { chain: { root: "", links: [] }, separator, typed } : null;
}

/** Whether a line ends in a comment or in a text that is not closed. */
function inText(line: string): boolean {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line[at]!;
    if (sign === "\\" && quote) at++;
    else if (quote) quote = sign === quote ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === "-" && line[at + 1] === "-") return true;
  }
  return quote !== "";
}

/** What can be written at the end of a piece of a script. */
export function choicesAt(before: string, names: Names): { typed: string; choices: Choice[] } | null {
  const place = placeAt(before);
  if (!place) return null;
  const variables = names.variables(before);
  const { typed } = place;
  if (place.chain) return { typed, choices: membersAt(place.chain, place.separator, names, variables) };
  return { typed, choices: [...hooksAt(before, typed, names), ...namesAt(names, variables)] };
}

function membersAt(chain: Chain, separator: "." | ":", names: Names, variables: ReadonlyMap<string, Type>): Choice[] {
  const type = names.typeOf(chain, variables);
  // What is not known may be a text: nothing else here has methods.
  if (separator === ":")
    return type === null || type === "string" ? names.members("string").map((entry) => choiceOf(entry, true)) : [];
  return type === null ? [] : names.members(type).map((entry) => choiceOf(entry));
}

/** Hooks can be defined where a statement begins in no function. */
function hooksAt(before: string, typed: string, names: Names): Choice[] {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const start = line.slice(0, line.length - typed.length);
  const defining = /^function\s+$/.test(start);
  if (!defining && start !== "") return [];
  return names.hooks.map(({ name, signature, doc }) => {
    const params = parametersOf(signature ?? "").map((one) => one.name);
    const body = `${name}(${params.join(", ")})\n  ${snippets[name] ?? "${}"}\nend`;
    return {
      label: name,
      kind: "hook",
      detail: signature?.slice(name.length),
      doc,
      insert: defining ? body : `function ${body}`,
      boost: 2,
    };
  });
}

// What a hook is begun with.
const snippets: Record<string, string> = {
  assign: 'if session.tags.${vip} then\n    return agents[1].id, "${why}"\n  end',
  prioritise: 'if session.tags.${vip} then return "${high}" end',
  after_hours: 'return { text = "${We are closed.}", ask = "email", ticket = true }',
  overflow: 'return "${queue}"',
  tag: 'if text.has_any(message.text, { "${refund}" }) then return { "${refund}" } end',
  reply: 'return "${We will be with you soon.}"',
  on_event: "log.info(event.type)${}",
};

function namesAt(names: Names, variables: ReadonlyMap<string, Type>): Choice[] {
  const own: Choice[] = [...variables].map(([name, type]) => ({
    label: name,
    kind: "variable",
    detail: type,
    insert: name,
    boost: 1,
  }));
  // The commonest answer of all.
  const first: Choice[] = [...variables]
    .filter(([, type]) => type === "agent[]")
    .map(([name]) => ({ label: `${name}[1].id`, kind: "variable", detail: "string", insert: `${name}[1].id` }));
  return [
    ...own,
    ...first,
    ...names.roots.map((entry) => choiceOf(entry)),
    ...keywords.map((word): Choice => ({ label: word, kind: "keyword", insert: word })),
  ];
}

function choiceOf(entry: Entry, method = false): Choice {
  const { name, signature = "", doc, kind } = entry;
  const label = name.slice(name.lastIndexOf(".") + 1);
  if (!signature.includes("(")) {
    const module = kind === "module" || signature === "";
    const detail = signature.includes(": ") ? signature.slice(signature.indexOf(": ") + 2) : undefined;
    return { label, kind: module ? "module" : "field", detail, doc, insert: label };
  }
  const params = parametersOf(signature).slice(method ? 1 : 0);
  const asked = params.filter(({ optional }) => !optional).map((param) => `\${${param.name}}`);
  const insert = `${label}(${asked.length > 0 ? asked.join(", ") : params.length > 0 ? "${}" : ""})`;
  return { label, kind: "function", detail: signature.slice(name.length), doc, insert };
}

/** What stands at a place of a script, with its entry, for the pointer that rests on it. */
export function entryAt(text: string, at: number, names: Names): { entry: Entry; from: number; to: number } | null {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  if (inText(line)) return null;
  const start = /\w*$/.exec(text.slice(0, at))![0];
  const end = /^\w*/.exec(text.slice(at))![0];
  const [from, to] = [at - start.length, at + end.length];
  const chain = from === to ? null : chainAt(text.slice(0, to));
  const entry = chain && names.entryOf(chain, names.variables(text.slice(0, to)));
  return entry ? { entry, from, to } : null;
}
