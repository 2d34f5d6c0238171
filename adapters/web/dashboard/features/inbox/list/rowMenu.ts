// The menu of a row: what can be done to a chat without opening it.
import { PanelTop } from "lucide";
import { t } from "../../../../shared/i18n.ts";
import type { Session } from "../../../../shared/protocol.ts";
import type { MenuEntry } from "../../../../shared/ui/menu.ts";
import { open } from "../acts.ts";
import {
  assignEntry,
  linkEntry,
  priorityFolder,
  takeEntry,
  tidy,
  transferEntry,
  unreadEntry,
} from "../chat/entries.ts";

export const rowEntries = (session: Session): MenuEntry[] =>
  tidy([
    { label: t("inbox.open_chat"), icon: PanelTop, keys: "Enter", run: () => open(session.id) },
    takeEntry(session),
    "line",
    assignEntry(session),
    transferEntry(session),
    priorityFolder(session),
    unreadEntry(session),
    "line",
    linkEntry(session),
  ]);
