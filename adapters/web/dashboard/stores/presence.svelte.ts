import { SvelteMap } from "svelte/reactivity";
import type { ActorRef, Agent, Queue, Ref, Session, Wait } from "../../shared/protocol.ts";
import type { Clock } from "./clock.svelte.ts";

const typingFor = 4_000;
const leftAfter = 10_000; // going from page to page is no leaving

/** Where a chat stands in line, and how long it may take. */
export interface Standing {
  position: number | null;
  wait: Wait | null;
}

interface Typist {
  actor: ActorRef;
  until: number;
}

/** Who is there: colleagues, queues, who looks at a chat and who types in it. */
export class Presence {
  private readonly allAgents = new SvelteMap<string, Agent>();
  private readonly allQueues = new SvelteMap<string, Queue>();
  private readonly looking = new SvelteMap<string, Ref[]>();
  private readonly typists = new SvelteMap<string, Typist[]>();
  private readonly away = new SvelteMap<string, number>();
  private readonly places = new SvelteMap<string, Standing>();

  /** All agents by name; those who were disabled too. */
  readonly agents: readonly Agent[] = $derived([...this.allAgents.values()].sort(byName));
  readonly queues: readonly Queue[] = $derived([...this.allQueues.values()].sort(byName));

  constructor(
    private readonly clock: Clock,
    private readonly me: () => string,
  ) {}

  agent(id: string): Agent | undefined {
    return this.allAgents.get(id);
  }

  queue(id: string): Queue | undefined {
    return this.allQueues.get(id);
  }

  /** viewers are the colleagues who look at a chat. */
  viewers(session: string): readonly Ref[] {
    return (this.looking.get(session) ?? []).filter((who) => who.id !== this.me());
  }

  /** standing is where a chat stands in line: as it was told last, for chats that are followed, or as its row says. */
  standing(session: Session): Standing {
    const waits = session.status === "waiting" || session.status === "pending";
    return waits && !session.after_hours ? (this.places.get(session.id) ?? session) : { position: null, wait: null };
  }

  putPlace(session: string, { position, wait }: Standing): void {
    this.places.set(session, { position, wait });
  }

  /** typing are those who write in a chat now. */
  typing(session: string): readonly ActorRef[] {
    const now = this.clock.now;
    return (this.typists.get(session) ?? []).filter((t) => t.until > now).map((t) => t.actor);
  }

  putAgent(agent: Agent): void {
    if (agent.rev >= (this.allAgents.get(agent.id)?.rev ?? 0)) this.allAgents.set(agent.id, agent);
  }

  putQueue(queue: Queue): void {
    if (queue.rev >= (this.allQueues.get(queue.id)?.rev ?? 0)) this.allQueues.set(queue.id, queue);
  }

  putViewers(session: string, agents: Ref[]): void {
    this.looking.set(session, agents);
  }

  /** putCustomer takes what the server knows of a chat's customer: since when he is gone, or null when he is there. */
  putCustomer(session: string, gone: number | null): void {
    if (gone === null) this.away.delete(session);
    else this.away.set(session, gone);
  }

  /** left is since when a chat's customer has been gone, if he has for a moment and has not been heard of since. */
  left({ id, last }: Session): number | null {
    const since = this.away.get(id);
    if (since === undefined || this.clock.now - since < leftAfter) return null;
    return last?.role === "customer" && Date.parse(last.at) > since ? null : since;
  }

  /** forgetCustomers is for a new connection, on which the server tells anew. */
  forgetCustomers(): void {
    this.away.clear();
  }

  /** types says that somebody types; it holds for a few seconds. */
  types(session: string, actor: ActorRef): void {
    const others = this.others(session, actor);
    this.typists.set(session, [...others, { actor, until: this.clock.serverNow() + typingFor }]);
  }

  /** said says that somebody has sent what he was typing. */
  said(session: string, actor: ActorRef): void {
    if (!this.typists.has(session)) return;
    const others = this.others(session, actor);
    if (others.length > 0) this.typists.set(session, others);
    else this.typists.delete(session);
  }

  /** forget is for a person who has signed out. */
  forget(): void {
    for (const map of [this.allAgents, this.allQueues, this.looking, this.typists, this.away, this.places]) map.clear();
  }

  /** tick forgets who has stopped typing. */
  tick(now: number): void {
    for (const [session, all] of this.typists) if (all.every((t) => t.until <= now)) this.typists.delete(session);
  }

  private others(session: string, actor: ActorRef): Typist[] {
    return (this.typists.get(session) ?? []).filter((t) => t.actor.id !== actor.id || t.actor.role !== actor.role);
  }
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }): number =>
  a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
