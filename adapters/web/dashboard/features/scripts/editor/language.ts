// Lua as the editor colours it: the mode of CodeMirror, with our own names told apart.
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StreamParser } from "@codemirror/language";
import { lua } from "@codemirror/legacy-modes/mode/lua";
import type { Extension } from "@codemirror/state";
import { Tag, tags } from "@lezer/highlight";
import type { Names } from "./names.ts";

/** A hook that the script defines, something that it is given, a module that it may call. */
const hook = Tag.define(tags.variableName);
const given = Tag.define(tags.variableName);
const called = Tag.define(tags.namespace);

const roots = new Set(["session", "agents", "ctx", "message", "schedule", "event"]);

function parserFor(names: Names): StreamParser<unknown> {
  const hooks = new Set(names.hooks.map(({ name }) => name));
  const modules = new Set(names.roots.filter(({ kind }) => kind === "module").map(({ name }) => name));
  const functions = new Set(names.roots.filter(({ kind }) => kind === "function").map(({ name }) => name));
  return {
    ...(lua as StreamParser<unknown>),
    token(stream, state) {
      const style = lua.token(stream, state as Parameters<typeof lua.token>[1]);
      const after = stream.string.charAt(stream.start - 1);
      if (style === "builtin" && (after === "." || after === ":")) return "propertyName";
      if (style !== "variable") return style;
      // The mode takes "a.b-c" for one name.
      const whole = stream.current();
      const cut = whole.search(/[.-]/);
      if (cut > 0) stream.backUp(whole.length - cut);
      const name = stream.current();
      if (after === "." || after === ":") return "propertyName";
      if (hooks.has(name)) return "hook";
      if (roots.has(name)) return "given";
      return modules.has(name) || functions.has(name) ? "called" : style;
    },
    tokenTable: { hook, given, called },
  };
}

const style = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: tags.string, color: "var(--warm-ink)" },
  { tag: tags.number, color: "var(--warm-ink)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: hook, color: "var(--ink)", fontWeight: "600" },
  { tag: [given, called, tags.standard(tags.variableName)], color: "var(--accent)" },
]);

/** Lua with our names. */
export const language = (names: Names): Extension => [
  StreamLanguage.define(parserFor(names)),
  syntaxHighlighting(style),
];
