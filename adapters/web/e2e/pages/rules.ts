import { expect, type Locator, type Page } from "@playwright/test";
import type { Calls } from "../calls.ts";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const whole = [{ from: "00:00", to: "00:00" }];

/** Always open, and never. */
export const always = days.map((day) => ({ day, spans: whole }));
export const never: typeof always = [];

/** The rules of a queue that have none. */
export const afterHours = { keep: true, reply: true, ask: true, drain: false, no_agents: false, texts: {} };

/** from sets the hours of all queues, and gives the schedule's id. */
export async function hours(as: Calls, schedule: object): Promise<string> {
  const { id } = await as.post("/v1/schedules", { name: "Office", time_zone: "Europe/Berlin", ...schedule });
  await as.put("/v1/settings", { schedule: id });
  return id;
}

/** rules changes those of the queue general. */
export async function rules(as: Calls, change: object): Promise<string> {
  const { data } = await as.get<{ data: { id: string; name: string }[] }>("/v1/queues");
  const { id } = data.find(({ name }) => name === "general")!;
  await as.patch(`/v1/queues/${id}`, change);
  return id;
}

/** Rules are the pages of settings in somebody's window. */
export class Rules {
  readonly bar: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.bar = page.getByRole("region", { name: "Changes that are not saved" });
    this.dialog = page.getByRole("dialog");
  }

  async open(page: "Business hours" | "Holidays" | "After hours" | "Queues"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: page }).click();
    await expect(this.page.getByRole("heading", { level: 2, name: page })).toBeVisible();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  field(name: string | RegExp): Locator {
    return this.page.getByLabel(name, { exact: true });
  }

  /** save saves what was changed, by the keyboard as people do. */
  async save(): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+s");
    await expect(this.page.getByText("Settings saved").last()).toBeVisible();
    await expect(this.bar).toHaveCount(0);
  }
}
