import type { Api } from "../../shared/api.ts";
import type { Agent, AgentStatus, StaffRole } from "../../shared/protocol.ts";

/** Me is the agent, with what the server's policy lets him ask for. */
export interface MeAnswer extends Agent {
  permissions: string[];
}

/** Who is signed in, as the server and all his tabs have it. */
export class Me {
  agent = $state.raw<Agent | null>(null);
  private permissions = $state.raw<ReadonlySet<string>>(new Set());

  constructor(private readonly api: Api) {}

  get id(): string {
    return this.agent?.id ?? "";
  }
  get name(): string {
    return this.agent?.name ?? "";
  }
  get role(): StaffRole {
    return this.agent?.role ?? "viewer";
  }
  get status(): AgentStatus {
    return this.agent?.status ?? "offline";
  }
  get capacity(): number {
    return this.agent?.capacity ?? 0;
  }
  get load(): number {
    return this.agent?.load ?? 0;
  }
  get active(): number {
    return this.agent?.active ?? 0;
  }
  get queues(): readonly string[] {
    return this.agent?.queues ?? [];
  }

  /** may says whether the policy lets this person ask for an act, by its name in GET /v1/me. */
  may(act: string): boolean {
    return this.permissions.has(act);
  }

  /** read asks the server who is signed in. It is a Problem 401 when nobody is. */
  async read(): Promise<Agent> {
    const answer = await this.api.get<MeAnswer>("/v1/me");
    this.permissions = new Set(answer.permissions);
    return (this.agent = answer);
  }

  /** put takes a row of an agent; those of others and older ones are passed over. */
  put(agent: Agent): void {
    if (agent.id === this.id && agent.rev >= (this.agent?.rev ?? 0)) this.agent = agent;
  }

  /** forget is for a person who has signed out. */
  forget(): void {
    this.agent = null;
    this.permissions = new Set();
  }

  setStatus(status: AgentStatus): Promise<void> {
    return this.change({ status });
  }
  setCapacity(capacity: number): Promise<void> {
    return this.change({ capacity });
  }
  rename(name: string): Promise<void> {
    return this.change({ name });
  }

  /** change shows what was chosen at once, and what was before when the server refuses it. */
  private async change(part: { status?: AgentStatus; capacity?: number; name?: string }): Promise<void> {
    const before = this.agent;
    if (!before) return;
    const hoped = { ...before, ...part };
    this.agent = hoped;
    try {
      this.put(await this.api.put<Agent>("/v1/me", part));
    } catch (problem) {
      if (this.agent === hoped) this.agent = before;
      throw problem;
    }
  }
}
