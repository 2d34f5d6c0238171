// What a screen lacks for people who use it by other means than eye and mouse, as far as a program can tell.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect, type Frame, type Page } from "@playwright/test";
import type axe from "axe-core";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How windows are opened that are read here: what moves would be read on its way. */
export const still = { reducedMotion: "reduce" } as const;

/** WCAG to 2.2, A and AA, and what is good practice beyond it. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** sound has the test go on, and fail, when axe finds something wrong in a window, in light or in dark. */
export async function sound(window: Page | Frame, where: string): Promise<void> {
  const page = "page" in window ? window.page() : window;
  if (!(await window.evaluate(() => "axe" in globalThis))) await window.evaluate(source);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, ...still });
    expect.soft(await faults(window), `${where}, ${colorScheme}: what axe finds wrong`).toEqual([]);
  }
}

const faults = (window: Page | Frame): Promise<string[]> =>
  window.evaluate(async (values) => {
    const { run } = (globalThis as unknown as { axe: typeof axe }).axe;
    const { violations } = await run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html}\n${n.failureSummary ?? ""}`));
  }, tags);
