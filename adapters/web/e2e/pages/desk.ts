import { expect, type Locator, type Page } from "@playwright/test";
import { listen } from "../ears.ts";
import { Frames } from "../frames.ts";

type Group = "Mine" | "Queue" | "Team" | "All";

/** Desk is a window of somebody of the team. */
export class Desk {
  readonly thread: Locator;
  readonly composer: Locator;
  readonly panel: Locator;
  readonly offers: Locator;
  readonly strip: Locator;

  private constructor(
    readonly page: Page,
    readonly frames: Frames,
  ) {
    this.thread = page.getByRole("log", { name: /^Chat with/ });
    this.composer = page.getByRole("textbox", { name: /^Reply to/ });
    this.panel = page.getByRole("complementary", { name: "Customer" });
    this.offers = page.getByRole("region", { name: "Chats offered to you" });
    this.strip = page.getByRole("navigation", { name: "Open chats" });
  }

  /** open opens the dashboard. What it lets be heard is kept, as headless browsers have no ears. */
  static async open(page: Page, url: string): Promise<Desk> {
    const desk = new Desk(page, new Frames(page));
    await page.addInitScript(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      window.addEventListener("baton:sound", (e) => heard.push((e as CustomEvent<{ kind: string }>).detail.kind));
    });
    await listen(page);
    await page.goto(url);
    return desk;
  }

  /** The sounds that were made, from the first. */
  heard(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  }

  group(name: Group): Locator {
    return this.page.getByRole("tab", { name: new RegExp(`^${name}`) });
  }

  row(name: string | RegExp): Locator {
    return this.page.getByRole("region", { name: "Chats" }).getByRole("listitem").filter({ hasText: name });
  }

  tab(name: string): Locator {
    return this.strip.getByRole("link", { name });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole("dialog", { name });
  }

  /** turn goes to another address of the dashboard, as its links do. */
  async turn(path: string): Promise<void> {
    await this.page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
  }

  /** look opens a chat of a group. */
  async look(group: Group, name: string | RegExp): Promise<void> {
    await this.group(group).click();
    await this.row(name).getByRole("link").click();
    await expect(this.thread).toBeVisible();
  }

  /** take takes a chat out of the queue. */
  async take(name: string | RegExp): Promise<void> {
    await this.look("Queue", name);
    await this.page.keyboard.press("c");
    await expect(this.composer).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await expect(this.page.getByRole("button", { name: /^Send/ })).toBeEnabled();
    await this.composer.press("Enter");
  }

  /** The texts of the talk, from the first, without notes. */
  said(): Promise<string[]> {
    return this.thread.locator(".bubble").allTextContents();
  }

  /** setStatus changes the availability in the menu of the person. */
  async setStatus(status: "Available" | "Busy" | "Away" | "Offline"): Promise<void> {
    await this.page.getByRole("button", { name: /^Me\b/ }).click();
    await this.page.getByRole("radio", { name: new RegExp(`^${status}`) }).check({ force: true });
    await this.page.keyboard.press("Escape");
  }
}
