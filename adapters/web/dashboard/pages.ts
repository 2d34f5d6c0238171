// What is drawn at each address. The inbox comes with the first load; every other page is fetched when it is opened.
import type { Component } from "svelte";
import catalogs from "virtual:messages/admin";
import { learn } from "../shared/i18n.ts";
import Inbox from "./features/inbox/Inbox.svelte";
import type { RouteName } from "./routes.ts";

type Page = Component;

const fetched: Record<Exclude<RouteName, "inbox" | "chat">, () => Promise<{ default: Page }>> = {
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

let words: Promise<void> | null = null;

/** Fetches the words of these pages, once. */
function learnWords(): Promise<void> {
  words ??= learn(catalogs).catch((thrown: unknown) => {
    words = null;
    throw thrown;
  });
  return words;
}

async function fetchPage(name: keyof typeof fetched): Promise<Page> {
  const [{ default: page }] = await Promise.all([fetched[name](), learnWords()]);
  there.set(name, page);
  return page;
}
