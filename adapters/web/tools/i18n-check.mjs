// Fails when a message is missing in a language, takes other arguments there, or is used nowhere, when a key is used
// that has no message, and when a component says something that is not a message.
import { readFileSync, readdirSync } from "node:fs";
import { parse } from "svelte/compiler";
import { areas, argumentsOf, languages, messages } from "./messages.mjs";

// What is the same in all languages.
const untranslated = new Set(["Baton"]);
// What these elements hold is typed by programs or printed on keys.
const literalElements = new Set(["code", "kbd", "samp", "style", "script", "Kbd"]);
// The attributes that people read, on elements and on our own components.
const readAttributes = new Set([
  "alt",
  "title",
  "label",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "aria-valuetext",
  "text",
  "help",
  "heading",
  "error",
  "empty",
  "hint",
  "action",
]);

const faults = [];

/** Compares each language with English. */
function compareLanguages() {
  const english = messages("en");
  for (const language of languages) {
    const there = messages(language);
    for (const key of Object.keys(english)) {
      if (!(key in there)) faults.push(`${language}: ${key} is missing`);
      else compareArguments(language, key, english[key], there[key]);
    }
    for (const key of Object.keys(there)) {
      if (!(key in english)) faults.push(`${language}: ${key} has no English text`);
      if (there[key].trim() === "") faults.push(`${language}: ${key} is empty`);
    }
  }
}

function compareArguments(language, key, english, text) {
  try {
    const [wanted, got] = [english, text].map((one) => [...argumentsOf(one).keys()].sort().join(", "));
    if (wanted !== got) faults.push(`${language}: ${key} takes (${got}), and (${wanted}) in English`);
  } catch (error) {
    faults.push(`${language}: ${key}: ${error.message}`);
  }
}

/** Compares the keys with the sources: `area.key` in quotes is a use, and `area.start_${...}` uses all that start so. */
function compareUses(sources) {
  const unused = new Set(Object.keys(messages("en")));
  const quoted = new RegExp(`["'\`]((?:${areas.join("|")})\\.[a-z0-9_]+)(["'\`]|\\$\\{)`, "g");
  for (const { file, source } of sources) {
    for (const [, key, end] of source.matchAll(quoted)) {
      const keys = end === "${" ? [...unused].filter((one) => one.startsWith(key)) : [key];
      for (const one of keys) unused.delete(one);
      if (end !== "${" && !(key in messages("en"))) faults.push(`${file}: ${key} has no message`);
    }
  }
  for (const key of unused) faults.push(`${key} is used nowhere`);
}

/** Finds words in the markup of a component that are not messages. */
function checkMarkup(file, source) {
  const say = (node, text) => {
    if (!/\p{L}{2}/u.test(text) || untranslated.has(text.trim())) return;
    const line = source.slice(0, node.start).split("\n").length;
    faults.push(`${file}:${line}: "${text.trim()}" is not a message`);
  };
  const markup = (node) => {
    if (literalElements.has(node.name)) return;
    if (node.type === "Text") say(node, node.data);
    else if (node.type === "ExpressionTag") strings(node.expression, say);
    for (const attribute of node.attributes ?? []) readable(attribute, say);
    for (const child of below(node)) markup(child);
  };
  markup(parse(source, { modern: true }).fragment);
}

/** The nodes of the markup that stand in a node: contents, and the branches of blocks. */
function below(node) {
  const fragments = ["fragment", "consequent", "alternate", "body", "fallback", "pending", "then", "catch"];
  return [...(node.nodes ?? []), ...fragments.map((name) => node[name]).filter((one) => one?.type === "Fragment")];
}

function readable(attribute, say) {
  if (attribute.type !== "Attribute" || !readAttributes.has(attribute.name)) return;
  for (const part of [attribute.value].flat()) {
    if (part.type === "Text") say(attribute, part.data);
    else if (part.type === "ExpressionTag") strings(part.expression, say);
  }
}

/** The texts that an expression may become: what stands in calls and comparisons is not shown. */
function strings(node, say) {
  if (node.type === "Literal" && typeof node.value === "string") say(node, node.value);
  else if (node.type === "TemplateLiteral") {
    for (const quasi of node.quasis) say(node, quasi.value.cooked ?? "");
    for (const part of node.expressions) strings(part, say);
  } else if (node.type === "ConditionalExpression")
    [node.consequent, node.alternate].forEach((one) => strings(one, say));
  else if (node.type === "LogicalExpression") [node.left, node.right].forEach((one) => strings(one, say));
  else if (node.type === "BinaryExpression" && node.operator === "+")
    [node.left, node.right].forEach((one) => strings(one, say));
}

const sources = ["shared", "dashboard", "widget"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !/\.(d|test)\.ts$/.test(name))
    .map((name) => ({ file: `${folder}/${name}`, source: readFileSync(`${folder}/${name}`, "utf8") })),
);

compareLanguages();
compareUses(sources);
for (const { file, source } of sources) if (file.endsWith(".svelte")) checkMarkup(file, source);

for (const fault of faults) console.error(fault);
console.log(
  `${Object.keys(messages("en")).length} messages in ${languages.join(", ")}: ${faults.length ? `${faults.length} faults` : "complete"}`,
);
if (faults.length) process.exit(1);
