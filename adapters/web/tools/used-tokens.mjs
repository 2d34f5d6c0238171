// Leaves out of a page's tokens those that none of its styles and scripts name: the widget has no notes and no queues,
// and every byte of it is loaded on pages of other people.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));

/** The plugin for a page whose styles stand in these folders and files. */
export function usedTokens(...places) {
  return {
    name: "baton-used-tokens",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/shared/tokens.css")) return undefined;
      const used = named(places.flatMap(textsIn).join("\n"));
      // A token may be made of another.
      for (const [, token, value] of code.matchAll(declaration)) if (used.has(token)) named(value, used);
      return { code: code.replace(declaration, (all, token) => (used.has(token) ? all : "")), map: null };
    },
  };
}

const declaration = /(--[\w-]+):([^;]*);/g;

function named(text, into = new Set()) {
  for (const [token] of text.matchAll(/--[a-z][\w-]*/g)) into.add(token);
  return into;
}

function textsIn(place) {
  if (/\.css$/.test(place)) return [readFileSync(home + place, "utf8")];
  return readdirSync(home + place, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(css|ts|html)$/.test(name))
    .map((name) => readFileSync(`${home}${place}/${name}`, "utf8"));
}
