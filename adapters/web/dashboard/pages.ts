// What is drawn at each address. The inbox comes with the first load; every other page is fetched when it is opened.
import type { Component } from "svelte";
import admin from "virtual:messages/admin";
import figures from "virtual:messages/figures";
import scripts from "virtual:messages/scripts";
import options from "virtual:messages/options";
import { learnDecisions } from "./decisions/learn.ts";
import { learn } from "../shared/i18n.ts";
import Inbox from "./features/inbox/Inbox.svelte";
import { once } from "./later.ts";
import type { RouteName } from "./routes.ts";

type Page = Component;

const fetched: Record<Exclude<RouteName, "inbox" | "chat">, () => Promise<{ default: Page }>> = {
  analytics: () => import("./features/analytics/Analytics.svelte"),
  scripts: () => import("./features/scripts/Scripts.svelte"),
  script: () => import("./features/scripts/Scripts.svelte"),
  settings: () => import("./features/settings/Settings.svelte"),
  setting: () => import("./features/settings/Settings.svelte"),
  setting_of: () => import("./features/settings/Settings.svelte"),
  team: () => import("./features/team/Team.svelte"),
  keys: () => import("./features/keys/Keys.svelte"),
  replies: () => import("./features/quickreplies/QuickReplies.svelte"),
  profile: () => import("./features/profile/Profile.svelte"),
  guide: () => import("./features/setup/Guide.svelte"),
  setup: () => import("./features/auth/SetUp.svelte"),
  invite: () => import("./features/auth/Invite.svelte"),
  reset: () => import("./features/auth/Reset.svelte"),
};

const there = new Map<RouteName, Page>([
  ["inbox", Inbox],
  ["chat", Inbox],
]);

/** The page of a route: at once when it is there, else when it has been fetched. */
export function pageOf(name: RouteName): Page | Promise<Page> {
  return there.get(name) ?? fetchPage(name as keyof typeof fetched);
}

const words = {
  admin: once(() => learn(admin)),
  figures: once(() => learn(figures)),
  scripts: once(() => learn(scripts)),
  options: once(() => learn(options)),
};

/** Fetches the words of a page, once. */
function learnWords(name: keyof typeof fetched): Promise<unknown> {
  switch (name) {
    case "scripts":
    case "script":
      return Promise.all([words.scripts(), learnDecisions()]);
    case "analytics":
      return words.figures();
    case "settings":
    case "setting":
    case "setting_of":
      return words.options();
  }
  return words.admin();
}

async function fetchPage(name: keyof typeof fetched): Promise<Page> {
  const [{ default: page }] = await Promise.all([fetched[name](), learnWords(name)]);
  there.set(name, page);
  return page;
}
