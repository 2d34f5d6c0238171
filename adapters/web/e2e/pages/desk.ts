import { type Page } from "@playwright/test";
import { Frames } from "../frames.ts";

/** Desk is a window of somebody of the team. */
export class Desk {
  private constructor(
    readonly page: Page,
    readonly frames: Frames,
  ) {}

  static async open(page: Page, url: string): Promise<Desk> {
    const desk = new Desk(page, new Frames(page));
    await page.goto(url);
    return desk;
  }
}
