// The keys of the shell, and where those that go somewhere lead.
import { keyMap, type Action } from "../../../shared/keymap.ts";
import { me } from "../../stores/index.ts";
import { pathOf } from "../../routes.ts";

/** The first keys of an action, as the table has them. */
export const keyOf = (action: Action): string => keyMap.find((binding) => binding.id === action)?.keys[0] ?? "";

interface Destination {
  action: Action;
  path: string;
}

/** The pages that have a key and that this person may open. */
export function destinations(): Destination[] {
  const all = [
    { action: "go.inbox", path: pathOf("inbox") },
    { action: "go.analytics", path: pathOf("analytics"), needs: "analytics.read" },
    { action: "go.scripts", path: pathOf("scripts"), needs: "script.read" },
    { action: "go.settings", path: pathOf("settings"), needs: "settings.change" },
    { action: "go.team", path: pathOf("team") },
    { action: "go.keys", path: pathOf("keys"), needs: "key.change" },
    { action: "go.replies", path: pathOf("replies") },
    { action: "go.profile", path: pathOf("profile") },
  ] as const;
  return all.filter((one) => !("needs" in one) || me.may(one.needs));
}
