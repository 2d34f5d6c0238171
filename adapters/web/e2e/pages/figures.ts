import type { Locator, Page } from "@playwright/test";

type Tab = "Now" | "Trends" | "Agents" | "Queues" | "Ratings";

/** Figures is the page of analytics in somebody's window. */
export class Figures {
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.dialog = page.getByRole("dialog");
  }

  tab(name: Tab): Locator {
    return this.page.getByRole("tab", { name, exact: true });
  }

  block(name: string | RegExp): Locator {
    return this.page.locator(".block").filter({ has: this.page.getByRole("heading", { name, exact: true }) });
  }

  /** What stands under the name of a figure at the head, without the lines about it. */
  key(name: string): Locator {
    return this.page.locator("[data-figure]").filter({ hasText: name }).locator("dd.value");
  }

  /** Everything that is said of a figure at the head. */
  about(name: string): Locator {
    return this.page.locator("[data-figure]").filter({ hasText: name });
  }

  chart(name: string): Locator {
    return this.page.getByRole("application", { name });
  }

  /** The line in which a chart reads its values. */
  readOf(name: string): Locator {
    return this.block(name).getByRole("status");
  }

  /** rows gives the texts of a table of a block, by row and cell, after its fold was opened. */
  async rows(block: string | RegExp): Promise<string[][]> {
    const fold = this.block(block).locator("details:not([open]) > summary");
    if (await fold.count()) await fold.click();
    const rows = this.block(block).locator("tbody tr");
    await rows.first().waitFor();
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("th, td")].map((cell) => (cell.textContent ?? "").trim())),
    );
  }

  /** bars gives what stands beside the bars of a block: label and figure. */
  async bars(block: string): Promise<Record<string, number>> {
    const lines = this.block(block).getByRole("listitem");
    await lines.first().waitFor();
    const found = await lines.evaluateAll((all) =>
      all.map((line) => [line.querySelector(".label")?.textContent ?? "", line.querySelector(".figures")?.textContent]),
    );
    return Object.fromEntries(found.map(([label, n]) => [String(label).trim(), Number(n)]));
  }

  /** table reads the file that a block offers, as objects by the names of its columns. */
  async table(block: string | RegExp): Promise<Record<string, string>[]> {
    const href = await this.block(block).getByRole("link", { name: /^CSV/ }).getAttribute("href");
    return this.file(href!);
  }

  async file(path: string): Promise<Record<string, string>[]> {
    const answer = await this.page.request.get(new URL(path, this.page.url()).href);
    const [head, ...lines] = (await answer.text()).trim().split("\n");
    const names = head!.trim().split(",");
    // No text of these tests has a comma in it.
    return lines.map((line) =>
      Object.fromEntries(
        line
          .trim()
          .split(",")
          .map((cell, at) => [names[at]!, cell]),
      ),
    );
  }
}
