// What the page of scripts asks of the server.
import type { components } from "../../../shared/api-types.d.ts";
import type { Decision, Hook } from "../../decisions/types.ts";
import { api } from "../../stores/index.ts";
import type { Question } from "./whatif.svelte.ts";

type Schemas = components["schemas"];

export type Script = Schemas["Script"];
export type ScriptDraft = Schemas["Draft"];
export type Version = Schemas["ScriptVersion"];
export type ScriptProblem = Schemas["ScriptProblem"];
export type Failure = Schemas["ScriptFailure"];
export type DryRun = Schemas["DryRun"];
export type Entry = Schemas["Entry"];
export type TrialState = Schemas["TrialOutputBody"];
export type TestOutcome = Schemas["Outcome"];
export type Simulation = Schemas["Simulation"];
export type SimulationResult = Schemas["Result"];
export type Simulated = Schemas["Simulated"];
export type Spread = Schemas["Spread"];
export type State = Script["state"];

/** The case of a dry run: the sample, a chat as it is now, or what was known in a decision. */
export type Case = { kind: "sample" } | { kind: "chat"; session: string } | { kind: "decision"; decision: string };

const of = (name: string) => `/v1/scripts/${encodeURIComponent(name)}`;

export const calls = {
  list: () => api.list<Script>("/v1/scripts"),
  read: (name: string) => api.get<Script>(of(name)),
  reference: async () => (await api.get<Schemas["ReferenceOutputBody"]>("/v1/scripts/api.json")).entries,
  versions: async (name: string) => (await api.page<Version>(`${of(name)}/versions`)).data,
  errors: async (name: string) => (await api.page<Failure>(`${of(name)}/errors`)).data,
  decisions: async (name: string, hook: string) =>
    (await api.page<Decision>(`${of(name)}/decisions`, { hook, limit: 30 })).data,
  decision: (id: string) => api.get<Decision>(`/v1/decisions/${id}`),
  check: async (name: string, source: string) =>
    (await api.post<{ problems: ScriptProblem[] }>("/v1/scripts/check", { name, source }, { repeat: true })).problems,
  saveDraft: (name: string, source: string, rev: number, keepalive = false) =>
    api.put<ScriptDraft>(`${of(name)}/draft`, { source, rev }, { keepalive }),
  publish: (name: string, source: string, reason: string) =>
    api.post<Version>(`${of(name)}/publish`, { source, reason }),
  rollBack: (name: string, version: number, reason: string) =>
    api.post<Version>(`${of(name)}/rollback`, { version, reason }),
  withdraw: (name: string) => api.delete(of(name)),
  setState: (name: string, state: State) => api.patch<Script>(of(name), { state }),
  run: (name: string, source: string, hook: Hook, on: Case) =>
    api.post<DryRun>(`${of(name)}/run`, {
      source,
      hook,
      ...(on.kind === "chat" && { session: on.session }),
      ...(on.kind === "decision" && { decision: on.decision }),
    }),
  trial: (name: string) => api.get<TrialState>(`${of(name)}/trial`),
  shadow: (name: string, source: string) => api.put<Script>(`${of(name)}/shadow`, { source }),
  canary: (name: string, source: string, share: number) => api.put<Script>(`${of(name)}/canary`, { source, share }),
  endTrial: (name: string) => api.delete(`${of(name)}/trial`),
  test: async (name: string, source: string) =>
    (await api.post<{ tests: TestOutcome[] }>(`${of(name)}/test`, { source })).tests,
  keptTests: async (name: string) =>
    (await api.page<{ name: string }>(`${of(name)}/tests`)).data.map((one) => one.name),
  simulate: (question: Question) => api.post<{ id: string }>("/v1/simulations", question),
  simulation: (id: string) => api.get<Simulation>(`/v1/simulations/${id}`),
  removeTest: (name: string, test: string) => api.delete(`${of(name)}/tests/${encodeURIComponent(test)}`),
};

export type Calls = Pick<typeof calls, "read" | "versions" | "saveDraft" | "check" | "publish" | "rollBack">;
