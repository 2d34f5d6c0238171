// Turns the messages of shared/messages into modules when the program is built: each text with arguments becomes a
// function, so that browsers get no parser. The pages see them as
//
//   import catalogs from "virtual:messages/dashboard";   // { en: () => import(...), de: ... }
//
// and the compiler sees the keys and their arguments in shared/message-types.d.ts, which is written here too.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module.js";
import { parse } from "@messageformat/parser";

const folder = fileURLToPath(new URL("../shared/messages/", import.meta.url));
const typesFile = fileURLToPath(new URL("../shared/message-types.d.ts", import.meta.url));

/** The areas that each page loads. */
export const pages = {
  dashboard: ["common", "shell", "auth", "inbox"],
  admin: ["admin"], // the pages beside the inbox, fetched with the first of them
  scripts: ["scripts"], // the page of scripts
  options: ["options"], // the pages of settings; "settings." begins permissions
  figures: ["figures"], // the page of analytics
  why: ["why"], // what became of a decision, fetched when it is looked at
  widget: ["common", "widget"],
  afterwards: ["afterwards"], // the widget's screens for who finds nobody, fetched with the first of them
};

/** Pages whose languages are in one chunk with them: on a customer's phone a round trip costs more than the words do. */
const together = new Set(["widget", "afterwards"]);

export const areas = [...new Set(Object.values(pages).flat())];
export const languages = readdirSync(folder).sort();

/** The messages of some areas in a language: `area.key` → ICU text. */
export function messages(language, ofAreas = areas) {
  const all = {};
  for (const area of ofAreas) {
    const file = JSON.parse(readFileSync(`${folder}${language}/${area}.json`, "utf8"));
    for (const [key, text] of Object.entries(file)) all[`${area}.${key}`] = text;
  }
  return all;
}

/** The arguments of an ICU text: name → TypeScript type. Throws with the place of a mistake in the text. */
export function argumentsOf(text) {
  const found = new Map();
  const visit = (tokens) => {
    for (const token of tokens) {
      if (token.type === "argument" && !found.has(token.arg)) found.set(token.arg, "string | number");
      if (token.type === "function")
        found.set(token.arg, ["date", "time"].includes(token.key) ? "Date | number" : "number");
      if (token.type === "plural" || token.type === "selectordinal") found.set(token.arg, "number");
      if (token.type === "select" && !found.has(token.arg)) found.set(token.arg, "string");
      for (const branch of token.cases ?? []) visit(branch.tokens);
    }
  };
  visit(parse(text));
  return found;
}

/** The source of a module whose default export has the page's messages in a language. */
export function catalogModule(page, language) {
  const plain = {};
  const compiled = {};
  for (const [key, text] of Object.entries(messages(language, pages[page]))) {
    const tokens = parse(text);
    if (tokens.every((token) => token.type === "content")) plain[key] = tokens.map((token) => token.value).join("");
    else compiled[key] = text;
  }
  const functions = compileModule(new MessageFormat(language), compiled);
  return functions.replace(/export default \{/, `export default {\n  ...${JSON.stringify(plain)},`);
}

function pageModule(page) {
  if (together.has(page)) {
    const imports = languages.map((language) => `import ${language} from "virtual:messages/${page}/${language}";`);
    const entries = languages.map((language) => `  ${language}: async () => ({ default: ${language} }),`);
    return `${imports.join("\n")}\nexport default {\n${entries.join("\n")}\n};`;
  }
  const entries = languages.map((language) => `  ${language}: () => import("virtual:messages/${page}/${language}"),`);
  return `export default {\n${entries.join("\n")}\n};`;
}

/** Writes the keys and arguments for the compiler, if they have changed. */
export function writeTypes() {
  const lines = Object.entries(messages("en")).map(([key, text]) => {
    const values = [...argumentsOf(text)].map(([name, type]) => `${name}: ${type}`);
    return `  ${JSON.stringify(key)}: ${values.length ? `{ ${values.join("; ")} }` : "undefined"};`;
  });
  const source = [
    "// Written from shared/messages/en by tools/messages.mjs.",
    "/** Each message with the arguments it needs. */",
    "export interface Messages {",
    ...lines,
    "}",
    "",
  ].join("\n");
  if (read(typesFile) !== source) writeFileSync(typesFile, source);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The plugin for Vite and Vitest. */
export function messagesPlugin() {
  const prefix = "virtual:messages/";
  return {
    name: "baton-messages",
    buildStart: writeTypes,
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [page, language] = id.slice(prefix.length + 1).split("/");
      for (const area of pages[page]) this.addWatchFile(`${folder}${language ?? "en"}/${area}.json`);
      return language ? catalogModule(page, language) : pageModule(page);
    },
    handleHotUpdate({ file, server }) {
      if (!file.startsWith(folder)) return;
      writeTypes();
      server.ws.send({ type: "full-reload" });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeTypes();
