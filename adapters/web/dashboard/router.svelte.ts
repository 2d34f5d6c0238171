// Where the person is in the dashboard: the address of the page, kept with the history API.
import { routeOf, type Found, type Route } from "./routes.ts";

/** Is asked before the page is left; `go` leaves it after all. */
export type Guard = (go: () => void) => void;

class Router {
  #path = $state(location.pathname);
  #guard: Guard | null = null;
  #search = $state(location.search);
  readonly #found: Found | null = $derived(routeOf(this.#path));

  /** The path of the address. */
  get path(): string {
    return this.#path;
  }

  /** What stands in the address behind the path, with its question mark; may be empty. */
  get search(): string {
    return this.#search;
  }

  /** The route of the address, or null when there is none. */
  get route(): Route | null {
    return this.#found?.route ?? null;
  }

  /** What stands in the address for the `:names` of its route. */
  get params(): Readonly<Record<string, string | undefined>> {
    return this.#found?.params ?? {};
  }

  /** Shows another page. `replace` leaves no step for the browser's Back. */
  go(path: string, { replace = false } = {}): void {
    if (path === location.pathname + location.search + location.hash) return;
    if (this.#held(new URL(path, location.href).pathname, () => this.go(path, { replace }))) return;
    history[replace ? "replaceState" : "pushState"](null, "", path);
    this.#read();
  }

  #read(): void {
    this.#path = location.pathname;
    this.#search = location.search;
  }

  /** Has a guard asked before another page is shown, until the function it gives is called. One page has one guard. */
  hold(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  #held(path: string, go: () => void): boolean {
    const guard = this.#guard;
    if (!guard || path === this.#path) return false;
    guard(() => {
      this.#guard = null;
      go();
    });
    return true;
  }

  /** Follows the browser's buttons and plain clicks on our own links, until the function it gives is called. */
  listen(): () => void {
    const moved = () => {
      const { pathname, search, hash } = location;
      const wanted = pathname + search + hash;
      // The browser has moved already: the address goes back to the page that is shown, until the guard lets go.
      if (this.#held(pathname, () => this.go(wanted))) history.pushState(null, "", this.#path + this.#search);
      else this.#read();
    };
    const clicked = (event: MouseEvent) => {
      const path = ownLink(event);
      if (path === null) return;
      event.preventDefault();
      this.go(path);
    };
    addEventListener("popstate", moved);
    document.addEventListener("click", clicked);
    return () => {
      removeEventListener("popstate", moved);
      document.removeEventListener("click", clicked);
    };
  }
}

/** The path that a click leads to, when it is a plain click on a link to a page of the dashboard. */
function ownLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.target || link.hasAttribute("download")) return null;
  const own = link.origin === location.origin && link.pathname.startsWith("/app");
  return own ? link.pathname + link.search + link.hash : null;
}

export const router = new Router();
