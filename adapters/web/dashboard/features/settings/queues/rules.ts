// The choices of a queue's rules, in words.
import { t, type MessageKey } from "../../../../shared/i18n.ts";
import type { Overflow, Shown } from "../../../../shared/protocol.ts";
import type { QueueValue } from "../queueform.ts";

type Plain = "common.close"; // stands for any key without arguments

const shown: readonly Shown[] = ["place_and_wait", "place", "wait", "words", "nothing"];

/** What customers may be told of their place, each with how it sounds. */
export const shownOptions = (): { value: string; label: string; help: string }[] =>
  shown.map((value) => ({
    value,
    label: t(`options.show_${value}` as Plain),
    help: t(`options.show_${value}_as` as Plain),
  }));

const doings: Record<Overflow["do"], MessageKey> = {
  nothing: "options.do_nothing",
  overflow: "options.do_overflow",
  raise: "options.do_raise",
  message: "options.do_message",
  end: "options.do_end",
};

/** What may become of a chat that has waited too long. */
export const doOptions = (): { value: string; label: string }[] =>
  Object.entries(doings).map(([value, key]) => ({ value, label: t(key as Plain) }));

/** cutsOff says whether a silent chat would end without a warning, which the server refuses. */
export const cutsOff = ({ idle_warning, idle_close }: Pick<QueueValue, "idle_warning" | "idle_close">): boolean =>
  idle_close > 0 && idle_warning === 0;

/** faulty says whether the server would refuse the rules of a queue. */
export const faulty = (now: QueueValue): boolean =>
  cutsOff(now) || lacksQueue(now.max_wait, now.when_too_long) || lacksQueue(now.max_length, now.when_too_many);

/** lacksQueue says whether a rule that is in force sends chats to a queue that was not chosen. */
export const lacksQueue = (limit: number, rule: Overflow): boolean =>
  limit > 0 && rule.do === "overflow" && !rule.queue;
