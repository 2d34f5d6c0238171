// Filters that a person has given a name, so that they stand beside the groups.
import { newId } from "../../../../shared/ids.ts";
import { noFilter, sessions, settings, type SavedView, type SessionFilter } from "../../../stores/index.ts";
import { view } from "../view.svelte.ts";

export const mostViews = 5;

/** What a filter narrows by, beside the words that are searched for: these belong to no view. */
const withoutText = (filter: SessionFilter): SessionFilter => ({ ...noFilter, ...filter, text: "" });

const same = (a: SessionFilter, b: SessionFilter): boolean =>
  JSON.stringify(sorted(withoutText(a))) === JSON.stringify(sorted(withoutText(b)));

/** The order in which something was ticked makes no other filter. */
const sorted = (filter: SessionFilter): unknown[] =>
  (Object.keys(noFilter) as (keyof SessionFilter)[]).map((part) => {
    const value = filter[part];
    return Array.isArray(value) ? [...value].sort() : value;
  });

/** narrows says whether there is anything in a filter that a view could keep. */
export const narrows = (filter: SessionFilter): boolean => !same(filter, noFilter);

/** currentView is the view that is open: its group with its filter. */
export const currentView = (): SavedView | undefined =>
  settings.views.find((one) => one.group === view.group && same(one.filter, sessions.filter));

/** openView shows what a view keeps. */
export function openView({ group, filter }: SavedView): void {
  view.group = group;
  sessions.filter = { ...withoutText(filter), text: sessions.filter.text };
}

/** openGroup shows a group; who comes from a view leaves its filter behind. */
export function openGroup(group: SavedView["group"]): void {
  if (currentView()) sessions.filter = { ...noFilter, text: sessions.filter.text };
  view.group = group;
}

/** saveView keeps the group and the filter that are open. */
export function saveView(name: string): void {
  const saved = { id: newId(), name, group: view.group, filter: withoutText(sessions.filter) };
  settings.views = [...settings.views, saved].slice(0, mostViews);
}

/** removeView forgets a view; the result brings it back to its place. The filter stays as it is. */
export function removeView(id: string): () => void {
  const before = settings.views;
  settings.views = before.filter((one) => one.id !== id);
  return () => (settings.views = before);
}
