// The languages of the dashboard.
import { chooseLanguage } from "../shared/i18n.ts";

/** Each by its own name, as somebody looks for it who cannot read the others. */
export const languages = [
  { tag: "en", name: "English" },
  { tag: "de", name: "Deutsch" },
] as const;

/** Speaks another language from now on: the page is loaded again, and drafts are kept. */
export function speakAs(tag: string): void {
  chooseLanguage(tag);
  location.reload();
}
