import { untrack } from "svelte";
import { type Api, asProblem } from "../../shared/api.ts";
import { Outbox } from "../../shared/outbox.ts";
import type { Agent, Session } from "../../shared/protocol.ts";
import type { Socket } from "../../shared/socket.ts";
import type { Store } from "../../shared/storage.ts";
import type { Account } from "./account.svelte.ts";
import { Acts } from "./acts.svelte.ts";
import type { Alerts } from "./alerts.svelte.ts";
import type { Clock } from "./clock.svelte.ts";
import type { Connection } from "./connection.svelte.ts";
import type { DraftsStore } from "./drafts.svelte.ts";
import { Feed } from "./feed.ts";
import type { Idle } from "./idle.svelte.ts";
import type { Me } from "./me.svelte.ts";
import type { Messages } from "./messages.svelte.ts";
import type { Offers } from "./offers.svelte.ts";
import type { Presence } from "./presence.svelte.ts";
import type { QuickReplies } from "./quickreplies.svelte.ts";
import type { Sessions } from "./sessions.svelte.ts";
import type { Settings } from "./settings.svelte.ts";
import type { Tabs } from "./tabs.svelte.ts";

export interface DeskParts {
  api: Api;
  socket: Socket<Session>;
  /** Keeps things in the browser. */
  store: Store;
  me: Me;
  account: Account;
  clock: Clock;
  settings: Settings;
  idle: Idle;
  sessions: Sessions;
  messages: Messages;
  presence: Presence;
  offers: Offers;
  tabs: Tabs;
  drafts: DraftsStore;
  quickReplies: QuickReplies;
  connection: Connection;
}

/** The agent's desk: everything that lives while somebody is signed in, and what he can do with chats. */
export class Desk extends Acts {
  /** Somebody is signed in, and the page may show his desk. */
  signedIn = $state(false);
  /** Is set after the parts that need the desk themselves. */
  alerts: Alerts | null = null;
  private person = "";
  private readonly feed: Feed;
  private outbox: Outbox | null = null;
  private closing: (() => void)[] = [];

  constructor(private readonly parts: DeskParts) {
    super(parts.api, parts.sessions);
    this.feed = new Feed({ ...parts, missing: (id) => parts.tabs.close(id) });
  }

  /** The first lists are there. */
  get ready(): boolean {
    return this.signedIn && !this.sessions.loading;
  }

  /**
   * open begins, or goes on after somebody had to sign in again. It is a Problem 401 when nobody is signed in. What the
   * same person had not sent and not finished writing is still there.
   */
  async open(): Promise<Agent> {
    const agent = await this.parts.me.read();
    if (this.person !== agent.id) this.begin(agent);
    this.signedIn = true;
    this.parts.socket.start();
    return agent;
  }

  /** signOut ends the login on the server, and the desk with it. */
  async signOut(): Promise<void> {
    await this.finish();
    await this.api.post("/v1/logout", undefined, { quiet: true }).catch((thrown: unknown) => {
      if (asProblem(thrown).status !== 401) throw thrown;
    });
    this.close();
  }

  /** close forgets the person; what he has written stays in the browser for him. */
  close(): void {
    const { parts } = this;
    this.feed.stop();
    for (const stop of this.closing.splice(0)) stop();
    parts.socket.stop();
    for (const store of [parts.messages, parts.drafts, parts.settings]) store.close();
    parts.sessions.open("");
    const { account, me, offers, presence, quickReplies, tabs } = parts;
    for (const store of [me, account, presence, offers, quickReplies, tabs]) store.forget();
    parts.connection.changed("closed");
    this.outbox = null;
    this.person = "";
    this.signedIn = false;
  }

  /** reload reads the lists again. */
  reload(): Promise<void> {
    return this.feed.read();
  }

  /** heard takes note of what another tab kept: the key of the browser's storage event. */
  heard(key: string | null): void {
    this.outbox?.heard(key);
    this.parts.drafts.heard(key);
  }

  private begin(agent: Agent): void {
    if (this.person !== "") this.close();
    const { clock, drafts, messages, offers, sessions, settings, socket, store, tabs } = this.parts;
    this.parts.me.agent = agent;
    this.person = agent.id;
    settings.open(agent.id);
    drafts.open({ store, prefix: `baton.draft.${agent.id}.` });
    tabs.restore(agent.id);
    sessions.open(agent.id);
    this.outbox = new Outbox({ store, prefix: `baton.outbox.${agent.id}.`, send: (m) => this.sendMessage(m) });
    messages.open(this.outbox);
    clock.start();
    this.parts.idle.touch();
    this.closing = [
      () => clock.stop(),
      sessions.onRow((row, before) => offers.row(row, before)),
      socket.onState((state) => this.connected(state === "online")),
      socket.onFrame((frame) => this.feed.take(frame)),
      this.alerts?.start() ?? (() => undefined),
      this.watch(),
    ];
    socket.followDesk(() => {
      void this.feed.read();
      messages.again();
    });
    void this.parts.quickReplies.load();
    void this.readAccount();
  }

  /** readAccount reads what is set for everybody. Without it limits are the usual ones. */
  private async readAccount(): Promise<void> {
    await this.parts.account.read().catch(() => undefined);
  }

  /** watch does each second and with each change what follows from others. */
  private watch(): () => void {
    const { clock, sessions, tabs } = this.parts;
    return $effect.root(() => {
      $effect(() => {
        const now = clock.now;
        untrack(() => this.tick(now));
      });
      $effect(() => {
        void sessions.counts;
        untrack(() => this.followOwn());
      });
      $effect(() => sessions.keep([...tabs.ids, ...(tabs.current ? [tabs.current] : [])]));
    });
  }

  private tick(now: number): void {
    this.parts.sessions.tick(now);
    this.parts.presence.tick(now);
    this.parts.idle.tick();
    this.alerts?.tick(now);
  }

  /** followOwn keeps my chats read and in the strip. */
  private followOwn(): void {
    const { messages, sessions, tabs } = this.parts;
    const mine = sessions.all("mine").map((s) => s.id);
    messages.followOwn(mine);
    for (const id of mine) tabs.add(id);
  }

  private connected(online: boolean): void {
    const { clock, connection, presence, socket } = this.parts;
    connection.changed(socket.state);
    if (online) {
      clock.setOffset(socket.offset);
      presence.forgetCustomers();
    }
    this.outbox?.connected(online);
  }

  private sendMessage(message: {
    session: string;
    client_id: string;
    text: string;
    attachments: { id: string }[];
  }): Promise<unknown> {
    const { session, client_id, text } = message;
    const attachments = message.attachments.map((a) => a.id);
    return this.parts.socket.request({
      type: "message",
      session,
      client_id,
      text,
      ...(attachments.length > 0 && { attachments }),
    });
  }
}
