/** The loader's own words: to open, to close, unread, and that it cannot be done. The chat in the frame has texts of its own. */
export type Words = readonly [open: string, close: string, unread: string, failed: string];

const english: Words = ["Open chat", "Close chat", "unread", "The chat is not available just now."];
const german: Words = ["Chat öffnen", "Chat schließen", "ungelesen", "Der Chat ist gerade nicht verfügbar."];

/** wordsFor gives the words of a language, English for one that it does not speak. */
export const wordsFor = (language: string): Words => (/^de/i.test(language) ? german : english);
