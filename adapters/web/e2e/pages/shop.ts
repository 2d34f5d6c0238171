import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { Frames } from "../frames.ts";

/** Shop is a page of somebody else with our widget on it, and the customer who looks at it. */
export class Shop {
  /** The inside of the widget. */
  readonly chat: FrameLocator;
  readonly launcher: Locator;

  private constructor(
    readonly page: Page,
    readonly frames: Frames,
  ) {
    this.chat = page.frameLocator("iframe[title]");
    this.launcher = page.getByRole("button", { name: /^(Open|Close) chat$/ });
  }

  static async open(page: Page, url: string): Promise<Shop> {
    const shop = new Shop(page, new Frames(page));
    await page.goto(url);
    await expect(shop.launcher).toBeVisible();
    return shop;
  }
}
