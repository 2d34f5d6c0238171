/**
 * Where a key means something. "anywhere" is heard in fields and dialogs too; "outside" is outside of fields while no
 * menu or dialog is open; the others are heard while their part is open, instead of those outside.
 */
export type Scope = "anywhere" | "outside" | "dialog" | "palette" | "quickreplies" | "enddialog";

export interface Binding {
  id: Action;
  scope: Scope;
  /**
   * Strokes: Mod is Ctrl, or Command on a Mac; Digit stands for 1 to 9; two strokes after each other have a space
   * between them.
   */
  keys: readonly string[];
  /** It is heard on one page only: two pages may use the same key, for they are never open at once. */
  page?: "inbox" | "scripts" | "settings";
  /** Whether holding the key down does it again. */
  repeats?: boolean;
}

const table = [
  { id: "palette.open", scope: "anywhere", keys: ["Mod+K"] },
  { id: "chat.previous", scope: "anywhere", keys: ["Alt+ArrowUp"], repeats: true },
  { id: "chat.next", scope: "anywhere", keys: ["Alt+ArrowDown"], repeats: true },
  { id: "composer.send", scope: "anywhere", keys: ["Mod+Enter"], page: "inbox" },
  { id: "composer.mode", scope: "anywhere", keys: ["Mod+I"] },
  { id: "composer.attach", scope: "anywhere", keys: ["Mod+U"] },
  { id: "chat.split", scope: "anywhere", keys: ["Mod+\\"] },
  { id: "close", scope: "anywhere", keys: ["Escape"] },

  { id: "editor.run", scope: "anywhere", keys: ["Mod+Enter"], page: "scripts" },
  { id: "editor.save", scope: "anywhere", keys: ["Mod+S"], page: "scripts" },
  // The editor hears this one by itself; it stands here for the list of keys.
  { id: "editor.complete", scope: "anywhere", keys: ["Ctrl+Space"], page: "scripts" },
  { id: "editor.problem", scope: "anywhere", keys: ["F8"], page: "scripts" },
  { id: "settings.save", scope: "anywhere", keys: ["Mod+S"], page: "settings" },
  { id: "editor.compare", scope: "anywhere", keys: ["Mod+Shift+D"], page: "scripts" },

  { id: "list.next", scope: "outside", keys: ["J"], repeats: true },
  { id: "list.previous", scope: "outside", keys: ["K"], repeats: true },
  { id: "list.open", scope: "outside", keys: ["Enter"] },
  { id: "list.select", scope: "outside", keys: ["X"] },
  { id: "chat.nth", scope: "outside", keys: ["Digit"] },
  { id: "chat.urgent", scope: "outside", keys: ["U"] },
  { id: "chat.take", scope: "outside", keys: ["C"] },
  { id: "chat.take_next", scope: "outside", keys: ["Shift+C"] },
  { id: "chat.reply", scope: "outside", keys: ["R"] },
  { id: "chat.note", scope: "outside", keys: ["N"] },
  { id: "chat.assign", scope: "outside", keys: ["A"] },
  { id: "chat.transfer", scope: "outside", keys: ["T"] },
  { id: "chat.priority", scope: "outside", keys: ["P"] },
  { id: "chat.tag", scope: "outside", keys: ["#"] },
  { id: "chat.end", scope: "outside", keys: ["E"] },
  { id: "chat.mark_unread", scope: "outside", keys: ["M"] },
  { id: "panel.toggle", scope: "outside", keys: ["I"] },
  { id: "chat.bot_part", scope: "outside", keys: ["B"] },
  { id: "message.undo_failed", scope: "outside", keys: ["Mod+Z"] },
  { id: "search", scope: "outside", keys: ["/"] },
  { id: "help", scope: "outside", keys: ["?"] },
  { id: "go.inbox", scope: "outside", keys: ["G I"] },
  { id: "go.analytics", scope: "outside", keys: ["G A"] },
  { id: "go.scripts", scope: "outside", keys: ["G S"] },
  { id: "go.settings", scope: "outside", keys: ["G ,"] },
  { id: "go.team", scope: "outside", keys: ["G T"] },
  { id: "go.keys", scope: "outside", keys: ["G K"] },
  { id: "go.replies", scope: "outside", keys: ["G Q"] },
  { id: "go.profile", scope: "outside", keys: ["G P"] },
  { id: "offer.accept", scope: "outside", keys: ["Shift+A"] },
  { id: "offer.decline", scope: "outside", keys: ["Shift+D"] },
  { id: "list.menu", scope: "outside", keys: ["Shift+F10", "ContextMenu"] },

  { id: "palette.next", scope: "palette", keys: ["ArrowDown"], repeats: true },
  { id: "palette.previous", scope: "palette", keys: ["ArrowUp"], repeats: true },
  { id: "palette.choose", scope: "palette", keys: ["Enter"] },

  { id: "quickreplies.next", scope: "quickreplies", keys: ["ArrowDown"], repeats: true },
  { id: "quickreplies.previous", scope: "quickreplies", keys: ["ArrowUp"], repeats: true },
  { id: "quickreplies.insert", scope: "quickreplies", keys: ["Enter", "Tab"] },

  { id: "end.outcome", scope: "enddialog", keys: ["Digit"] },
  { id: "end.confirm", scope: "enddialog", keys: ["Enter"] },
] as const satisfies readonly (Omit<Binding, "id"> & { id: string })[];

/** What keys can do. */
export type Action = (typeof table)[number]["id"];

/** All keys, in the order in which a list of them is shown. */
export const keyMap: readonly Binding[] = table;
