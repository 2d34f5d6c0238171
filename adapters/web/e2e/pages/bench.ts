import { expect, type Locator, type Page } from "@playwright/test";
import type { Calls } from "../calls.ts";

/** Bench is the page of scripts in somebody's window. */
export class Bench {
  readonly editor: Locator;
  readonly list: Locator;
  readonly problems: Locator;
  readonly side: Locator;
  readonly versions: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.editor = page.getByRole("textbox", { name: /^Source of/ });
    this.list = page.getByRole("navigation", { name: "Scripts" });
    this.problems = page.getByRole("region", { name: "Problems" });
    this.side = page.getByRole("complementary", { name: "Tools" });
    this.versions = page.getByRole("region", { name: "Versions" });
    this.dialog = page.getByRole("dialog");
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** make makes a new script and opens it. */
  async make(name: string): Promise<void> {
    await this.page.getByRole("button", { name: "New script" }).click();
    await this.dialog.getByRole("textbox", { name: /^Name/ }).fill(name);
    await this.dialog.getByRole("button", { name: "Make script" }).click();
    await expect(this.dialog).toBeHidden();
    await expect(this.page.getByRole("heading", { name, exact: true })).toBeVisible();
    await expect(this.editor).toBeVisible();
  }

  /** write replaces the text in the editor, as if it was pasted. */
  async write(text: string): Promise<void> {
    await this.editor.focus();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(text);
    await this.page.keyboard.press("Escape");
  }

  /** What is in the editor, by line, without what a dry run put beside it. */
  text(): Promise<string> {
    return this.editor.evaluate((content) =>
      [...content.querySelectorAll(".cm-line")]
        .map((line) => {
          const own = line.cloneNode(true) as Element;
          for (const value of own.querySelectorAll(".cm-value")) value.remove();
          return own.textContent ?? "";
        })
        .join("\n"),
    );
  }

  saved(): Promise<void> {
    return expect(this.page.getByText("Draft saved")).toBeVisible();
  }

  async publish(reason: string): Promise<void> {
    const publish = this.button(/^Publish v\d+$/);
    await expect(publish).toBeEnabled();
    await publish.click();
    await this.dialog.getByRole("textbox", { name: /^Why does it change/ }).fill(reason);
    await this.dialog.getByRole("button", { name: /^Publish v\d+$/ }).click();
  }

  tab(name: "Dry run" | "Trial" | "Simulate" | "Errors" | "Docs"): Promise<void> {
    return this.side.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  }

  script(name: string): Locator {
    return this.list.getByRole("link", { name: new RegExp(`^${name}\\b`) });
  }
}

/** A customer of a name, who is nobody else. */
export const customer = (name: string) => ({ external_id: name, name });

/** to gives a chat of the script's to an agent, by name. */
export const to = (name: string, why: string) => `function assign(session, agents)
  for i = 1, #agents do
    if agents[i].name == "${name}" then return agents[i].id, "${why}" end
  end
end
`;

/** offered waits until a chat is offered to somebody, and says to whom. */
export async function offered(as: Calls, session: string): Promise<string> {
  const name = async () => {
    const { offer, agent } = await as.get<{
      offer: { agent: { name: string } } | null;
      agent: { name: string } | null;
    }>(`/v1/sessions/${session}`);
    return offer?.agent.name ?? agent?.name ?? "";
  };
  await expect.poll(name, { message: "the chat is offered to somebody" }).not.toBe("");
  return name();
}
