// The menu of a row: what can be done to a chat without opening it.
import { ArrowRightLeft, Hand, Link, MailOpen, PanelTop, UserPlus } from "lucide";
import { t } from "../../../../shared/i18n.ts";
import type { Session } from "../../../../shared/protocol.ts";
import type { MenuEntry } from "../../../../shared/ui/menu.ts";
import { sessions } from "../../../stores/index.ts";
import { isMine, mayTake, mayWork, open, take } from "../acts.ts";
import { copyLink, mayAssign, priorityFolder, tidy } from "../chat/entries.ts";
import { view } from "../view.svelte.ts";

export function rowEntries(session: Session): MenuEntry[] {
  const { id } = session;
  const entries: (MenuEntry | false)[] = [
    { label: t("inbox.open_chat"), icon: PanelTop, keys: "Enter", run: () => open(id) },
    mayTake(session) && { label: t("inbox.take_chat"), icon: Hand, keys: "C", run: () => void take(id) },
    "line",
    mayAssign(session) && {
      label: t("inbox.assign"),
      icon: UserPlus,
      keys: "A",
      run: () => (view.front = { kind: "assign", session: id }),
    },
    mayWork(session) &&
      session.status === "active" && {
        label: t("inbox.transfer"),
        icon: ArrowRightLeft,
        keys: "T",
        run: () => (view.front = { kind: "transfer", session: id }),
      },
    priorityFolder(session),
    isMine(session) && { label: t("inbox.mark_unread"), icon: MailOpen, keys: "M", run: () => sessions.markUnread(id) },
    "line",
    { label: t("inbox.copy_link"), icon: Link, run: () => void copyLink(id) },
  ];
  return tidy(entries.filter((entry) => entry !== false));
}
