// What the keys of the inbox do, for the chat that is open or the row under the cursor.
import type { Action } from "../../../shared/keymap.ts";
import type { Session } from "../../../shared/protocol.ts";
import { keyboard, me, sessions, tabs } from "../../stores/index.ts";
import { isMine, mayTake, mayWork, open, take, takeNext } from "./acts.ts";
import { mayAssign } from "./chat/entries.ts";
import { view } from "./view.svelte.ts";

/** What the inbox as a whole does for a key; false when it does nothing. */
interface Views {
  togglePanel(): boolean;
  toggleSplit(): boolean;
}

/** bindKeys has the keys heard until the result is called. */
export function bindKeys({ togglePanel, toggleSplit }: Views): () => void {
  const bound: [Action, () => unknown][] = [
    ["chat.take", () => about(takeable(), mayTake, ({ id }) => void take(id))],
    ["chat.take_next", () => void takeNext()],
    ["chat.urgent", nextUrgent],
    ["chat.assign", () => about(chat(), mayAssign, ({ id }) => (view.front = { kind: "assign", session: id }))],
    [
      "chat.transfer",
      () =>
        about(
          chat(),
          (s) => mayWork(s) && s.status === "active",
          ({ id }) => (view.front = { kind: "transfer", session: id }),
        ),
    ],
    ["chat.end", () => about(chat(), mayWork, ({ id }) => (view.front = { kind: "end", session: id }))],
    [
      "chat.tag",
      () =>
        about(
          opened(),
          () => me.may("tag.change"),
          ({ id }) => (view.tagging = id),
        ),
    ],
    ["chat.mark_unread", () => about(chat(), isMine, ({ id }) => sessions.markUnread(id))],
    [
      "chat.bot_part",
      () =>
        about(
          opened(),
          () => true,
          ({ id }) => view.showBot(id, !view.botShown(id)),
        ),
    ],
    ["panel.toggle", togglePanel],
    ["chat.split", toggleSplit],
  ];
  const offs = bound.map(([action, act]) => keyboard.on(action, act));
  return () => offs.forEach((off) => off());
}

/** about does something to a chat, or lets the key pass when there is none or it may not be done. */
function about(
  session: Session | undefined,
  may: (session: Session) => boolean,
  act: (session: Session) => unknown,
): boolean {
  if (!session || !may(session)) return false;
  act(session);
  return true;
}

const opened = (): Session | undefined => (tabs.current ? sessions.get(tabs.current) : undefined);
const underCursor = (): Session | undefined => (view.cursor ? sessions.get(view.cursor) : undefined);
const chat = (): Session | undefined => opened() ?? underCursor();

/** The cursor's row wins when the open chat is mine already: there is nothing to take. */
const takeable = (): Session | undefined => [opened(), underCursor()].find((session) => session && mayTake(session));

/** nextUrgent opens the chat of mine that is late, or else has something unread; the longest wait first. */
function nextUrgent(): boolean {
  const mine = sessions.all("mine").filter(({ id }) => id !== tabs.current);
  const next =
    mine.find((session) => sessions.timer(session).late) ??
    mine.find(({ id }) => sessions.isUnread(id)) ??
    mine.find((s) => s.unanswered_since);
  if (next) open(next.id);
  return next !== undefined;
}
