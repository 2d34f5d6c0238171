// What stands before the caret: the beginning of a quick reply, of a colleague's name or of an emoji's.

export interface Trigger {
  /** Where it begins in the text. */
  from: number;
  /** What was typed behind the sign. */
  query: string;
}

const slash = /(?:^|\s)\/([\p{L}\p{N}_-]{0,32})$/u;
const colon = /(?:^|\s):((?:\p{L}|[+-]1?)[\p{L}\p{N}_-]{0,32}|)$/u;
const at = /(?:^|\s)@([\p{L}\p{N}_.-]{0,40})$/u;

/** The quick reply that is being called: a slash at the beginning or after a space. */
export const quickReplyAt = (text: string, caret: number): Trigger | null => triggerAt(slash, text, caret);

/** The colleague who is being named. */
export const mentionAt = (text: string, caret: number): Trigger | null => triggerAt(at, text, caret);

/** The emoji that is being named, by a letter or by +1. Other signs behind a colon are what they are, as in ":-)". */
export const emojiAt = (text: string, caret: number): Trigger | null => triggerAt(colon, text, caret);

function triggerAt(sign: RegExp, text: string, caret: number): Trigger | null {
  const found = sign.exec(text.slice(0, caret));
  const query = found?.[1];
  return query === undefined ? null : { from: caret - query.length - 1, query };
}

/** Puts a text in the place of what lies between two places of another. */
export const replaceBetween = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);
