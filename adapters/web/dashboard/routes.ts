// The addresses of the dashboard. What is drawn at each is in pages.ts.
import type { MessageKey } from "../shared/i18n.ts";

export type RouteName =
  | "inbox"
  | "chat"
  | "analytics"
  | "scripts"
  | "script"
  | "settings"
  | "setting"
  | "setting_of"
  | "team"
  | "keys"
  | "replies"
  | "profile"
  | "guide"
  | "setup"
  | "invite"
  | "reset";

export interface Route {
  name: RouteName;
  /** The path, in which `:name` stands for one part. */
  path: string;
  title: MessageKey;
  /** `shell`: beside the rail. `bare`: for people who are not signed in yet. */
  frame: "shell" | "bare";
  /** The permission without which there is no such page. */
  needs?: string;
}

export interface Found {
  route: Route;
  params: Readonly<Record<string, string>>;
}

export const routes: readonly Route[] = [
  { name: "inbox", path: "/app/", title: "shell.inbox", frame: "shell" },
  { name: "chat", path: "/app/chats/:id", title: "shell.inbox", frame: "shell" },
  { name: "analytics", path: "/app/analytics", title: "shell.analytics", frame: "shell", needs: "analytics.read" },
  { name: "scripts", path: "/app/scripts", title: "shell.scripts", frame: "shell", needs: "script.read" },
  { name: "script", path: "/app/scripts/:name", title: "shell.scripts", frame: "shell", needs: "script.read" },
  { name: "settings", path: "/app/settings", title: "shell.settings", frame: "shell", needs: "settings.change" },
  { name: "setting", path: "/app/settings/:page", title: "shell.settings", frame: "shell", needs: "settings.change" },
  {
    name: "setting_of",
    path: "/app/settings/:page/:of",
    title: "shell.settings",
    frame: "shell",
    needs: "settings.change",
  },
  { name: "team", path: "/app/team", title: "shell.team", frame: "shell" },
  { name: "keys", path: "/app/keys", title: "shell.keys", frame: "shell", needs: "key.change" },
  { name: "replies", path: "/app/replies", title: "shell.replies", frame: "shell" },
  { name: "profile", path: "/app/profile", title: "shell.profile", frame: "shell" },
  { name: "guide", path: "/app/setup", title: "shell.guide", frame: "shell" },
  { name: "setup", path: "/setup", title: "auth.setup_title", frame: "bare" },
  { name: "invite", path: "/app/invite", title: "auth.invite_title", frame: "bare" },
  { name: "reset", path: "/app/reset", title: "auth.reset_title", frame: "bare" },
];

/** The address of a page. */
export function pathOf(name: RouteName, params: Record<string, string> = {}): string {
  const path = routes.find((route) => route.name === name)!.path;
  return path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(params[param] ?? ""));
}

/** The route of a path with what stands for its `:names`, or null when there is none. */
export function routeOf(path: string): Found | null {
  const parts = split(path);
  for (const route of routes) {
    const params = match(split(route.path), parts);
    if (params) return { route, params };
  }
  return null;
}

const split = (path: string): string[] => path.split("/").filter(Boolean);

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, want] of pattern.entries()) {
    const part = parts[at]!;
    if (want.startsWith(":")) params[want.slice(1)] = decode(part);
    else if (want !== part) return null;
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
