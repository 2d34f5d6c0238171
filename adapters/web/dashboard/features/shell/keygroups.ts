// What the keys do, for the list of them.
import type { MessageKey } from "../../../shared/i18n.ts";
import type { Action } from "../../../shared/keymap.ts";

export interface KeyGroup {
  title: MessageKey;
  /** The permission without which these keys do nothing. */
  needs?: string;
  keys: readonly (readonly [Action, MessageKey])[];
}

/** All keys with what they do, as they are listed. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: "shell.keys_anywhere",
    keys: [
      ["chat.next", "shell.key_chat_next"],
      ["chat.previous", "shell.key_chat_previous"],
      ["composer.send", "shell.key_composer_send"],
      ["composer.mode", "shell.key_composer_mode"],
      ["composer.attach", "shell.key_composer_attach"],
      ["chat.split", "shell.key_chat_split"],
      ["close", "shell.key_close"],
      ["help", "shell.key_help"],
    ],
  },
  {
    title: "shell.keys_list",
    keys: [
      ["list.next", "shell.key_list_next"],
      ["list.previous", "shell.key_list_previous"],
      ["list.open", "shell.key_list_open"],
      ["list.menu", "shell.key_list_menu"],
      ["chat.nth", "shell.key_chat_nth"],
      ["chat.urgent", "shell.key_chat_urgent"],
      ["chat.take", "shell.key_chat_take"],
      ["chat.take_next", "shell.key_chat_take_next"],
      ["search", "shell.key_search"],
      ["offer.accept", "shell.key_offer_accept"],
      ["offer.decline", "shell.key_offer_decline"],
    ],
  },
  {
    title: "shell.keys_chat",
    keys: [
      ["chat.reply", "shell.key_chat_reply"],
      ["chat.note", "shell.key_chat_note"],
      ["chat.assign", "shell.key_chat_assign"],
      ["chat.transfer", "shell.key_chat_transfer"],
      ["chat.priority", "shell.key_chat_priority"],
      ["chat.tag", "shell.key_chat_tag"],
      ["chat.end", "shell.key_chat_end"],
      ["chat.mark_unread", "shell.key_chat_mark_unread"],
      ["chat.bot_part", "shell.key_chat_bot_part"],
      ["panel.toggle", "shell.key_panel_toggle"],
      ["message.undo_failed", "shell.key_message_undo_failed"],
    ],
  },
  {
    title: "shell.scripts",
    needs: "script.read",
    keys: [
      ["editor.run", "shell.key_scripts_run"],
      ["editor.save", "shell.key_scripts_save"],
      ["editor.complete", "shell.key_scripts_complete"],
      ["editor.problem", "shell.key_scripts_problem"],
      ["editor.compare", "shell.key_scripts_compare"],
    ],
  },
  {
    title: "shell.settings",
    needs: "settings.change",
    keys: [["settings.save", "shell.key_settings_save"]],
  },
  {
    title: "shell.keys_go",
    keys: [
      ["go.inbox", "shell.inbox"],
      ["go.analytics", "shell.analytics"],
      ["go.scripts", "shell.scripts"],
      ["go.settings", "shell.settings"],
      ["go.team", "shell.team"],
      ["go.keys", "shell.keys"],
      ["go.replies", "shell.replies"],
      ["go.profile", "shell.profile"],
    ],
  },
];
