// The menu of a message.
import { BookmarkPlus, Copy } from "lucide";
import { t } from "../../../../shared/i18n.ts";
import type { Session } from "../../../../shared/protocol.ts";
import type { MessageItem } from "../../../../shared/thread.ts";
import type { MenuEntry } from "../../../../shared/ui/menu.ts";
import { me } from "../../../stores/index.ts";
import { copy } from "../chat/entries.ts";
import { view } from "../view.svelte.ts";

export function messageEntries(item: MessageItem, session: Session): MenuEntry[] {
  if (item.text === "") return [];
  const entries: MenuEntry[] = [
    { label: t("inbox.copy_text"), icon: Copy, run: () => void copy(item.text, t("inbox.text_copied")) },
  ];
  const ours = item.side === "own" || item.side === "agent";
  if (ours && me.may("quick_reply.change")) {
    entries.push({
      label: t("inbox.make_reply"),
      icon: BookmarkPlus,
      run: () => (view.front = { kind: "reply", session: session.id, text: item.text }),
    });
  }
  return entries;
}
