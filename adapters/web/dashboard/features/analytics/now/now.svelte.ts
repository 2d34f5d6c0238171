// The board of the moment, from the stores that the socket feeds: it is added up anew when a row has changed.
import { untrack } from "svelte";
import type { Session } from "../../../../shared/protocol.ts";
import { clock, presence, sessions } from "../../../stores/index.ts";
import { isLate } from "../../../stores/timing.ts";
import { view } from "../view.svelte.ts";
import { boardOf, isKept, type Board } from "./now.ts";

const active = (): Session[] => [...sessions.all("mine"), ...sessions.all("team")];

/** boardNow is what goes on at this moment. */
export function boardNow(): Board {
  void sessions.counts; // changes with each change of a row
  const rows = untrack(() => ({ waiting: sessions.all("queue"), active: active() }));
  return boardOf({ ...rows, queues: presence.queues, agents: presence.agents }, view.place.queue);
}

/** waitingNow is who waits, in the order in which they are served. */
export function waitingNow(queue: string): Session[] {
  void sessions.counts;
  return untrack(() => sessions.all("queue")).filter((s) => !isKept(s) && (queue === "" || s.queue.id === queue));
}

/** lateNow is who has waited for too long, the longest first; it is looked at each second. */
export function lateNow(): Session[] {
  const { now } = clock;
  const { queue } = view.place;
  const late = untrack(() => [...sessions.all("queue"), ...active()]).filter(
    (s) => !isKept(s) && (queue === "" || s.queue.id === queue) && isLate(s, now),
  );
  const since = (s: Session) => s.unanswered_since ?? s.waiting_since;
  return late.sort((a, b) => (since(a) < since(b) ? -1 : 1));
}
