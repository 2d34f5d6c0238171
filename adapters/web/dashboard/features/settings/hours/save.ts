// The form of a schedule: what stands in it, and how it is saved. Who goes by it is kept with the queues and the account.
import type { Queue } from "../../../../shared/protocol.ts";
import { account, presence } from "../../../stores/index.ts";
import { calls, type Schedule, type SchedulePart } from "../calls.ts";
import { changedFields } from "../changes.ts";
import { weekOf, weekToSend } from "../schedule.ts";
import { schedules, tried } from "../schedules.svelte.ts";
import type { Week } from "../week.ts";

export interface HoursValue {
  name: string;
  time_zone: string;
  week: Week;
  /** Queues without a schedule of their own go by it. */
  default: boolean;
  /** Whether a queue has it as its own, by id. */
  queues: Record<string, boolean>;
}

export function valueOf(schedule: Schedule, queues: readonly Queue[]): HoursValue {
  const { name, time_zone } = schedule;
  const own = Object.fromEntries(queues.map((queue) => [queue.id, queue.schedule?.id === schedule.id]));
  return { name, time_zone, week: weekOf(schedule), default: schedule.default, queues: own };
}

/** saveHours saves what was changed: the schedule, then the queues that go by it, then the default. */
export async function saveHours(schedule: Schedule, value: HoursValue, base: HoursValue): Promise<HoursValue> {
  const { week, name, time_zone } = changedFields(base, value);
  const part: SchedulePart = {
    ...(name !== undefined && { name }),
    ...(time_zone !== undefined && { time_zone }),
    ...(week && { week: weekToSend(value.week) }),
  };
  if (Object.keys(part).length > 0)
    schedules.put(await tried(() => calls.changeSchedule(schedule.id, part, schedule.rev)));
  for (const [id, has] of Object.entries(changedFields(base.queues, value.queues)))
    presence.putQueue(await calls.changeQueue(id, { schedule: has ? schedule.id : "" }));
  if (value.default && !base.default) {
    await calls.makeDefault(schedule.id);
    await account.read();
  }
  await schedules.load();
  return valueOf(schedules.list.find(({ id }) => id === schedule.id) ?? schedule, presence.queues);
}
