// The words of the pages. One language is loaded at the start and stays until the page is loaded again, so `t` is a
// plain function and may be called anywhere after `startLanguage`.
import type { Messages } from "./message-types";

export type MessageKey = keyof Messages;

type Arguments<K extends MessageKey> = Messages[K] extends undefined ? [] : [values: Messages[K]];
type Message = string | ((values: unknown) => string);

/** The messages of a page in one language, by key. */
export type Catalog = Record<string, Message>;

/** The languages of a page, and how each is loaded. */
export type Catalogs = Record<string, () => Promise<{ default: Catalog }>>;

const stored = "baton.language";
const rightToLeft = new Set(["ar", "dv", "fa", "he", "ps", "ur", "yi"]);

let catalog: Catalog = {};
let current = "en";

/** The text for a key in the language of the page. Its arguments are those of the English text. */
export function t<K extends MessageKey>(key: K, ...[values]: Arguments<K>): string {
  const message = catalog[key];
  if (message === undefined) return key;
  return typeof message === "string" ? message : message(values);
}

/** The language of the page, as Intl wants it. */
export const language = (): string => current;

/** Speaks a language from now on. */
export function speak(language: string, messages: Catalog): void {
  current = language;
  catalog = messages;
}

/** Loads the language of the person and tells the document. Call it once, before anything is drawn. */
export async function startLanguage(catalogs: Catalogs, wanted = wishes()): Promise<void> {
  const choice = pick(Object.keys(catalogs), wanted);
  speak(choice, (await catalogs[choice]!()).default);
  document.documentElement.lang = current;
  document.documentElement.dir = rightToLeft.has(new Intl.Locale(current).language) ? "rtl" : "ltr";
}

/** Adds the messages of a part of the page that is loaded later, in the language of the page. */
export async function learn(catalogs: Catalogs): Promise<void> {
  const more = (await catalogs[current]!()).default;
  catalog = { ...catalog, ...more };
}

/** Keeps a choice of language in this browser, or forgets it. It holds from the next load of the page. */
export function chooseLanguage(choice: string | null): void {
  try {
    if (choice === null) localStorage.removeItem(stored);
    else localStorage.setItem(stored, choice);
  } catch {
    // Storage is blocked: the choice holds for no longer than the page.
  }
}

/** The choice that is kept in this browser, if there is one. */
export function chosenLanguage(): string | null {
  try {
    return localStorage.getItem(stored);
  } catch {
    return null;
  }
}

/** What the person would like to read, best first: `?lang=`, the kept choice, then what the browser says. */
function wishes(): string[] {
  const asked = new URLSearchParams(location.search).get("lang");
  return [asked, chosenLanguage(), ...navigator.languages].filter((wish) => wish !== null);
}

/** The first wish that is there, by its full name or its language alone; English when none is. */
export function pick(there: string[], wanted: readonly string[]): string {
  for (const wish of wanted) {
    for (const name of [wish, wish.split("-")[0]!]) {
      const match = there.find((one) => one.toLowerCase() === name.toLowerCase());
      if (match) return match;
    }
  }
  return there.includes("en") ? "en" : there[0]!;
}
