// Menu entries that stand in more than one place.
import { ArrowRightLeft, Flag, Hand, Link, MailOpen, UserPlus } from "lucide";
import { t } from "../../../../shared/i18n.ts";
import type { Priority, Session } from "../../../../shared/protocol.ts";
import type { MenuEntry } from "../../../../shared/ui/menu.ts";
import { toasts } from "../../../../shared/ui/toasts.svelte.ts";
import { me, sessions } from "../../../stores/index.ts";
import { priorityWord } from "../../../words.ts";
import { isMine, mayCommand, mayTake, mayWork, pathOf, setPriority, take, waits } from "../acts.ts";
import { view } from "../view.svelte.ts";

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

export const takeEntry = (session: Session): MenuEntry | false =>
  mayTake(session) && { label: t("inbox.take_chat"), icon: Hand, keys: "C", run: () => void take(session.id) };

export const assignEntry = (session: Session): MenuEntry | false =>
  mayAssign(session) && {
    label: t("inbox.assign"),
    icon: UserPlus,
    keys: "A",
    run: () => (view.front = { kind: "assign", session: session.id }),
  };

export const transferEntry = (session: Session): MenuEntry | false =>
  mayWork(session) &&
  session.status === "active" && {
    label: t("inbox.transfer"),
    icon: ArrowRightLeft,
    keys: "T",
    run: () => (view.front = { kind: "transfer", session: session.id }),
  };

export const unreadEntry = (session: Session): MenuEntry | false =>
  isMine(session) && {
    label: t("inbox.mark_unread"),
    icon: MailOpen,
    keys: "M",
    run: () => sessions.markUnread(session.id),
  };

export const linkEntry = (session: Session): MenuEntry => ({
  label: t("inbox.copy_link"),
  icon: Link,
  run: () => void copyLink(session.id),
});

async function copyLink(session: string): Promise<void> {
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

/** tidy takes out what cannot be done, and then the lines that divide nothing. */
export const tidy = (entries: (MenuEntry | false)[]): MenuEntry[] =>
  entries
    .filter((entry) => entry !== false)
    .filter((entry, i, all) => entry !== "line" || (i > 0 && i < all.length - 1 && all[i - 1] !== "line"));
