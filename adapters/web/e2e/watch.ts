// Everything that must not happen in a window while a test looks elsewhere.
import { expect, type BrowserContext } from "@playwright/test";

/** Watch collects what goes wrong in windows: console errors, policy violations, exceptions, answers of 500 and more. */
export class Watch {
  private readonly troubles: string[] = [];
  // A dashboard that is loaded by nobody in particular asks who that is.
  private readonly allowed: RegExp[] = [/status of 401 .*\/v1\/me\)$/];

  /** look watches a context and all of its pages, those to come too. */
  look(context: BrowserContext, who: string): void {
    const note = (what: string) => this.troubles.push(`${who}: ${what}`);
    context.on("console", (message) => {
      const said = `${message.text()} (${message.location().url})`;
      // Violations of a policy that only reports are warnings; they are ours too.
      if (message.type() === "error" || said.includes("Content Security Policy")) note(said);
    });
    context.on("weberror", (error) => note(error.error().stack ?? error.error().message));
    context.on("response", (response) => {
      if (response.status() >= 500)
        note(`${response.request().method()} ${response.url()} was answered ${response.status()}`);
    });
  }

  /** allow says that a test makes such trouble itself. */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** check fails the test when something happened that it did not allow. */
  check(): void {
    const unexpected = this.troubles.filter((trouble) => !this.allowed.some((pattern) => pattern.test(trouble)));
    expect(unexpected, "what went wrong in the windows of this test").toEqual([]);
  }
}

/** What a browser says by itself when a call is refused; the page has handled it when the test goes on. */
export const refusals = (...statuses: number[]) =>
  new RegExp(`Failed to load resource: .*status of (${statuses.join("|")})`);

/** What a browser says by itself while there is no network or no server. */
export const cut =
  /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|NETWORK_CHANGED|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|NETWORK_IO_SUSPENDED)|WebSocket connection to .* failed/;
