// The stores, put together. The page has one set of them (index.ts); a test makes as many as it likes.
import { Api } from "../../shared/api.ts";
import { Notices } from "../../shared/notify.ts";
import type { Session } from "../../shared/protocol.ts";
import { Socket, type SocketEnv } from "../../shared/socket.ts";
import type { Sound, Sounds } from "../../shared/sound.ts";
import type { Store } from "../../shared/storage.ts";
import { Account } from "./account.svelte.ts";
import { Alerts } from "./alerts.svelte.ts";
import { Clock } from "./clock.svelte.ts";
import { Connection } from "./connection.svelte.ts";
import { Desk } from "./desk.svelte.ts";
import { DraftsStore } from "./drafts.svelte.ts";
import { Idle } from "./idle.svelte.ts";
import { Me } from "./me.svelte.ts";
import { Messages } from "./messages.svelte.ts";
import { Offers } from "./offers.svelte.ts";
import { Presence } from "./presence.svelte.ts";
import { QuickReplies } from "./quickreplies.svelte.ts";
import { Sessions } from "./sessions.svelte.ts";
import { Settings } from "./settings.svelte.ts";
import { Tabs } from "./tabs.svelte.ts";

/** What the stores need of where they run. */
export interface Surroundings {
  /** Makes the calls; it is told what to do when nobody is signed in. */
  api(signedOut: () => void): Api;
  socket(api: Api): SocketEnv;
  /** Keeps things in the browser, and as long as the page. */
  store: Store;
  page: Store;
  sounds(wanted: (sound: Sound) => boolean): Sounds;
}

export type Stores = ReturnType<typeof makeStores>;

/** makeStores makes a set of stores. Nothing starts before desk.open. */
export function makeStores(around: Surroundings) {
  const api: Api = around.api(() => socket.signedOut());
  const socket: Socket<Session> = new Socket<Session>(around.socket(api));
  const clock = new Clock();
  const me = new Me(api);
  const account = new Account(api);
  const settings = new Settings(around.store);
  const idle = new Idle({ store: around.store, me, minutes: () => settings.awayAfter });
  const sessions: Sessions = new Sessions(clock, () => desk.reload());
  const presence = new Presence(clock, () => me.id);
  const messages = new Messages({ api, socket, me, sessions, said: (session, who) => presence.said(session, who) });
  const tabs = new Tabs(around.page, around.store);
  const drafts = new DraftsStore();
  const quickReplies = new QuickReplies(api, () => me.name);
  const connection = new Connection(socket, () => messages.waiting);
  const offers: Offers = new Offers(clock, () => me.id, {
    accept: (id) => desk.accept(id),
    decline: (id, reason) => desk.decline(id, reason),
  });
  const parts = {
    api,
    socket,
    me,
    account,
    clock,
    settings,
    idle,
    sessions,
    messages,
    presence,
    offers,
    tabs,
    drafts,
    quickReplies,
    connection,
  };
  const desk: Desk = new Desk({ ...parts, store: around.store });
  const sounds = around.sounds((sound) => settings.sounds[sound]);
  const notices = new Notices();
  const alerts = new Alerts({ me, sessions, offers, messages, tabs, acts: desk, sounds, notices });
  desk.alerts = alerts;
  sounds.onBlocked((blocked) => (connection.soundBlocked = blocked));
  return { ...parts, desk, sounds, notices, alerts };
}
