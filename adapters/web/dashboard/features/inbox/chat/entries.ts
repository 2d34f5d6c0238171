// Menu entries that stand in more than one place.
import { Flag } from "lucide";
import { t } from "../../../../shared/i18n.ts";
import type { Priority, Session } from "../../../../shared/protocol.ts";
import type { MenuEntry } from "../../../../shared/ui/menu.ts";
import { toasts } from "../../../../shared/ui/toasts.svelte.ts";
import { me } from "../../../stores/index.ts";
import { mayCommand, pathOf, setPriority, waits } from "../acts.ts";
import { priorityWord } from "../../../words.ts";

export const priorities: readonly Priority[] = ["urgent", "high", "normal", "low"];

/** The four priorities as entries of a menu. */
export const priorityEntries = (session: Session): MenuEntry[] =>
  priorities.map((priority) => ({
    label: priorityWord(priority),
    checked: session.priority === priority,
    run: () => void setPriority(session.id, priority),
  }));

export const mayPrioritise = (session: Session): boolean => session.status !== "ended" && me.may("session.update");

export const priorityFolder = (session: Session): MenuEntry | false =>
  mayPrioritise(session) && { label: t("inbox.priority"), icon: Flag, entries: priorityEntries(session) };

/** mayAssign says whether this person may order that somebody has a chat: one that waits, or by permission any. */
export const mayAssign = (session: Session): boolean =>
  session.status !== "ended" && me.may("session.assign") && (waits(session) || mayCommand());

export async function copyLink(session: string): Promise<void> {
  await copy(location.origin + pathOf(session), t("inbox.link_copied"));
}

/** copy puts a text on the clipboard and says so, or that the browser refused. */
export async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.say(done);
  } catch {
    toasts.fail(t("inbox.copy_refused"));
  }
}

/** tidy takes out lines that divide nothing. */
export const tidy = (entries: MenuEntry[]): MenuEntry[] =>
  entries.filter((entry, i) => entry !== "line" || (i > 0 && i < entries.length - 1 && entries[i - 1] !== "line"));
