// What the pages of settings ask of the server.
import type { Queue, Ref } from "../../../shared/protocol.ts";
import { api } from "../../stores/index.ts";
import type { StrategyScript } from "../../strategies.ts";
import type { Span, Weekday } from "./week.ts";

/** A day that is not like the others of its week: a date, or MM-DD for every year. */
export interface Holiday {
  date: string;
  name: string;
  /** Without spans it is closed all day. */
  spans: Span[];
}

/** A day as the server has it. */
export interface Day {
  date: string;
  name?: string;
  closed?: boolean;
  spans?: Span[] | null;
}

export interface Schedule {
  id: string;
  name: string;
  time_zone: string;
  week: { day: Weekday; spans: Span[] }[];
  days: Day[];
  /** Queues without a schedule of their own go by it. */
  default: boolean;
  /** Those that have it as their own. */
  queues: Ref[];
  open: boolean;
  next_change: string | null;
  rev: number;
}

export interface Imported {
  schedule: Schedule;
  added: Day[];
  skipped: { line: number; name: string; why: string }[];
}

export interface Probe {
  at: string;
  open: boolean;
  next_change: string | null;
  text: string;
  goes: "line" | "after_hours" | null;
  kept: boolean | null;
  holiday: string | null;
}

export interface Question {
  at: string;
  queue: string;
  priority: string;
  language: string;
}

export type SchedulePart = Partial<Pick<Schedule, "name" | "time_zone" | "week" | "days">>;
export type QueuePart = Partial<Omit<Queue, "schedule">> & { schedule?: string };

export const calls = {
  schedules: () => api.list<Schedule>("/v1/schedules"),
  makeSchedule: (schedule: { name: string; time_zone?: string; week: Schedule["week"] }) =>
    api.post<Schedule>("/v1/schedules", schedule),
  changeSchedule: (id: string, part: SchedulePart, rev: number) =>
    api.patch<Schedule>(`/v1/schedules/${id}`, { ...part, rev }),
  removeSchedule: (id: string) => api.delete(`/v1/schedules/${id}`),
  importDays: (id: string, ics: string) => api.post<Imported>(`/v1/schedules/${id}/import`, { ics }),
  probe: (id: string, question: Question) => api.get<Probe>(`/v1/schedules/${id}/probe`, { query: { ...question } }),
  makeDefault: (id: string) => api.put("/v1/settings", { schedule: id }),
  makeQueue: (name: string) => api.post<Queue>("/v1/queues", { name }),
  changeQueue: (id: string, part: QueuePart) => api.patch<Queue>(`/v1/queues/${id}`, part),
  scripts: () => api.list<StrategyScript>("/v1/scripts"),
};
