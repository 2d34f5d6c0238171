import { expect, type Frame, type FrameLocator, type Locator, type Page } from "@playwright/test";
import { Frames } from "../frames.ts";

/** Shop is a page of somebody else with our widget on it, and the customer who looks at it. */
export class Shop {
  readonly launcher: Locator;
  /** The inside of the widget. */
  readonly chat: FrameLocator;
  readonly thread: Locator;
  readonly composer: Locator;
  readonly topic: Locator;
  /** The sound's choice in the menu. */
  readonly sound: Locator;

  constructor(
    readonly page: Page,
    readonly frames = new Frames(page),
  ) {
    this.launcher = page.getByRole("button", { name: /^((Open|Close) chat|Talk to Tarn's people)$/ });
    this.chat = page.frameLocator("iframe[title='Parcel help'], iframe[title='Tarn']");
    this.thread = this.chat.getByRole("log", { name: "Messages" });
    this.composer = this.chat.getByRole("textbox", { name: "Write a message" });
    this.sound = this.chat.getByRole("checkbox", { name: "Sound for new messages" });
    this.topic = this.chat.getByRole("textbox", { name: "What is it about?" });
  }

  static async open(page: Page, url: string): Promise<Shop> {
    const shop = new Shop(page);
    await page.goto(url);
    await expect(shop.launcher).toBeVisible();
    return shop;
  }

  async openChat(): Promise<void> {
    await this.launcher.click();
    await expect(this.chat.getByRole("main")).toBeVisible();
  }

  /** ask asks for a person from the chat's first screen. */
  async ask(words: string): Promise<void> {
    await this.openChat();
    await this.topic.fill(words);
    await this.button("Talk to a person").click();
    await expect(this.thread).toContainText(words);
  }

  /** say sends a message, with the files that were chosen when they have arrived. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await expect(this.button("Send")).toBeEnabled();
    await this.composer.press("Enter");
  }

  button(name: string): Locator {
    return this.chat.getByRole("button", { name, exact: true });
  }

  /** Where the customer stands in the queue, in words. */
  place(n: 1 | 2 | 3): Locator {
    const words = ["You are next.", "One person is before you.", "2 people are before you."];
    return this.chat.getByText(words[n - 1]!).first();
  }

  /** The texts of the thread, from the first. */
  said(): Promise<string[]> {
    return this.thread.locator(".bubble").allTextContents();
  }
}

/** Tarn is the example shop, whose page has a bot of its own beside our widget. */
export class Tarn extends Shop {
  /** What was said in the bot's window, which hides when a person is asked for. */
  readonly toBot = this.page.locator('[aria-label="Talk with Tarn\'s bot"] p');

  static override async open(page: Page, url: string): Promise<Tarn> {
    const shop = new Tarn(page);
    await page.goto(url);
    await expect(shop.launcher).toBeVisible();
    return shop;
  }

  /** tell says something to the shop's bot and waits for its answer. */
  async tell(text: string): Promise<void> {
    const lines = await this.toBot.count();
    await this.page.getByRole("textbox", { name: "Your message to the bot" }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(this.toBot).toHaveCount(lines + 2);
  }

  /** askForPerson goes through the story of the missing parcel, at whose end the bot hands over. */
  async askForPerson(): Promise<void> {
    await this.page.getByRole("button", { name: "Ask Tarn's bot" }).click();
    await expect(this.toBot).toHaveCount(1);
    await this.tell("Where is order 48213?");
    await this.tell("I asked both neighbours, nothing is there");
    await this.tell("Yes please");
  }
}

/** inside gives the window of the widget on a page. */
export async function inside({ page }: Shop): Promise<Frame> {
  const iframe = await page.locator("iframe").elementHandle();
  return (await iframe!.contentFrame())!;
}
