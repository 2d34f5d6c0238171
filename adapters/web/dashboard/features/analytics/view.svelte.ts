// Where the page is, read from the address, and what that asks the server.
import { SvelteMap } from "svelte/reactivity";
import { router } from "../../router.svelte.ts";
import { pathOf } from "../../routes.ts";
import { account, clock } from "../../stores/index.ts";
import { dayIn } from "./days.ts";
import { askOf, before, drawn, placeOf, searchOf, type Ask, type Place } from "./query.ts";

class View {
  readonly place: Place = $derived(placeOf(router.search));
  /** Days are those of the account's zone. */
  readonly zone: string = $derived(account.timeZone || "UTC");
  readonly today: string = $derived(dayIn(this.zone, clock.now));

  // Questions that are the same text are the same, so that nothing is asked again when a list opens.
  readonly #asked: string = $derived(JSON.stringify(askOf(this.place, this.today)));
  readonly ask: Ask = $derived(JSON.parse(this.#asked) as Ask);
  /** The question about the period before. */
  readonly before: Ask = $derived(before(this.ask));
  /** The question of charts over days. */
  readonly drawn: Ask = $derived(drawn(this.ask));

  /** Names of bots and the like that answers brought along, by id. */
  readonly names = new SvelteMap<string, string>();

  /** The address of this page with something else in it. */
  href(part: Partial<Place>): string {
    return pathOf("analytics") + searchOf({ ...this.place, ...part });
  }

  /** go shows something else. `replace` leaves no step for the browser's Back. */
  go(part: Partial<Place>, options: { replace?: boolean } = {}): void {
    router.go(this.href(part), options);
  }
}

export const view = new View();

/** listOf is what of a figure's link stands in our address. */
export const listOf = (link: string): string => link.split("?")[1] ?? "";
