// What an agent does to a chat from anywhere in the inbox, and how he is told when it does not work.
import { asProblem, type Problem } from "../../../shared/api.ts";
import { t } from "../../../shared/i18n.ts";
import { isolate } from "../../../shared/format.ts";
import type { Priority, Session } from "../../../shared/protocol.ts";
import { toasts } from "../../../shared/ui/toasts.svelte.ts";
import { router } from "../../router.svelte.ts";
import { desk, me, offers, sessions, tabs, type Ending } from "../../stores/index.ts";
import { tellRefusal } from "../../refusals.ts";
import { view } from "./view.svelte.ts";

export const pathOf = (session: string): string => `/app/chats/${encodeURIComponent(session)}`;

/** open shows a chat. */
export function open(session: string): void {
  view.cursor = session;
  router.go(pathOf(session));
}

/** close leaves the view of a chat; the chat itself goes on. */
export function close(session: string): void {
  const at = tabs.ids.indexOf(session);
  const neighbour = tabs.ids[at + 1] ?? tabs.ids[at - 1];
  const current = tabs.current === session;
  tabs.close(session);
  if (current) router.go(neighbour ? pathOf(neighbour) : "/app/", { replace: true });
}

export const isMine = (session: Session | undefined): boolean =>
  session?.status === "active" && session.agent?.id === me.id;

export const waits = (session: Session | undefined): boolean =>
  session?.status === "waiting" || session?.status === "pending";

/** mayTake says whether this person could have a chat: one that waits, or by permission that of a colleague. */
export function mayTake(session: Session | undefined): boolean {
  if (!session || session.status === "ended" || isMine(session) || !me.may("session.takeover")) return false;
  return waits(session) || mayCommand();
}

/** mayCommand says whether this person may do what is otherwise for the one who has the chat. */
export const mayCommand = (): boolean => me.may("session.force");

/** mayWork says whether this person may transfer or end a chat. */
export const mayWork = (session: Session | undefined): boolean =>
  session !== undefined && session.status !== "ended" && me.may("session.end") && (isMine(session) || mayCommand());

/** take gives the chat to this person, or asks first when all places are taken. */
export async function take(session: string, force = false): Promise<void> {
  const offered = sessions.peek(session)?.offer?.agent.id === me.id;
  if (offered)
    return void (await attempt(
      () => desk.accept(session),
      () => open(session),
    ));
  if (!force && me.load >= me.capacity) return full(session);
  await attempt(
    () => desk.take(session, force),
    () => open(session),
    (problem) => (problem.status === 409 ? tookFirst(session) : null),
  );
}

/** takeNext takes the chat that is being offered to this person, or else the one with the first place in the queue. */
export async function takeNext(): Promise<void> {
  const offer = offers.list[0];
  if (offer) return take(offer.session.id);
  const first = sessions.all("queue").find((session) => !session.after_hours && mayTake(session));
  if (!first) return void toasts.say(t("inbox.nobody_waits"));
  if (me.load >= me.capacity) return full(first.id);
  await attempt(
    () => desk.takeNext(),
    (taken) => (taken ? open(taken.id) : void toasts.say(t("inbox.nobody_waits"))),
  );
}

function full(session: string): void {
  if (mayCommand()) view.front = { kind: "full", session };
  else toasts.say(t("inbox.full", { load: me.load, capacity: me.capacity }));
}

function tookFirst(session: string): string | null {
  const agent = sessions.peek(session)?.agent;
  return agent && agent.id !== me.id ? t("inbox.took_first", { name: isolate(agent.name) }) : null;
}

export const setPriority = (session: string, priority: Priority): Promise<void> =>
  attempt(() => desk.update(session, { priority }));

export const reopen = (session: string): Promise<void> =>
  attempt(
    () => desk.reopen(session),
    (next) => {
      tabs.close(session);
      open(next.id);
    },
  );

const endToasts = new Map<string, () => void>();

/** endLater ends a chat as its dialog said, in a few seconds; until then it can be undone. */
export function endLater(session: string, end: Ending, ms = 5000): void {
  const name = sessions.peek(session)?.customer.name ?? "";
  const held = desk.endLater(session, end, ms, (thrown) => tellRefusal(thrown));
  const words = name ? t("inbox.chat_ended_with", { name: isolate(name) }) : t("inbox.chat_ended");
  endToasts.set(session, toasts.say(words, { undo: () => held.undo(), stays: ms }));
}

/** endNow ends a chat without waiting for somebody to undo it. */
export function endNow(session: string): void {
  endToasts.get(session)?.();
  void desk.ending(session)?.now();
}

/** attempt does something and says what stood in the way. */
export async function attempt<T>(
  act: () => Promise<T>,
  then: (done: T) => void = () => undefined,
  words: (problem: Problem) => string | null = () => null,
): Promise<void> {
  try {
    then(await act());
  } catch (thrown) {
    const said = words(asProblem(thrown));
    if (said === null) tellRefusal(thrown);
    else toasts.fail(said);
  }
}
