// What keeps a message from being sent.
import { t } from "../../../../shared/i18n.ts";
import { account, gapsIn } from "../../../stores/index.ts";
import type { Uploads } from "./uploads.svelte.ts";

export interface Blocker {
  stops: boolean;
  /** What to do about it; empty where it is plain to see. */
  words: string;
}

const encoder = new TextEncoder();

/** blocker says why a text with its files cannot be sent yet. Without uploads it is a note. */
export function blocker(text: string, uploads: Uploads | null): Blocker {
  const gap = uploads ? gapsIn(text)[0] : undefined;
  if (gap) return { stops: true, words: t("inbox.fill_gap", { gap: `{{${gap.name}}}` }) };
  const most = account.limits?.text_bytes ?? Infinity;
  if (text.length * 3 > most && encoder.encode(text).length > most) return { stops: true, words: t("inbox.too_long") };
  if (uploads?.sending) return { stops: true, words: "" };
  const empty = text.trim() === "" && (uploads?.ready.length ?? 0) === 0;
  return { stops: empty, words: "" };
}
