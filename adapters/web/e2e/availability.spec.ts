// Who is there, and what happens to the chats of those who are not.
import type { Page } from "@playwright/test";
import { sound } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { handoff } from "./calls.ts";

test("13 Availability: away gets nothing, a full agent no third chat, and a second tab agrees", async ({
  desk,
  bot,
  as,
}) => {
  const ida = await desk("ida", { status: "away" });
  await expect(ida.group("Mine")).toBeVisible();
  await as("ida").put("/v1/me", { capacity: 2 });
  const ask = (name: string) =>
    bot.post("/v1/handoffs", handoff({ customer: { external_id: name, name }, subject: name }));
  expect((await ask("First")).status).toBe("waiting");
  await expect(ida.group("Queue")).toHaveAccessibleName("Queue 1");
  await expect(ida.offers).toBeHidden();

  await ida.setStatus("Available");
  await expect(ida.offers.getByRole("article").first()).toBeVisible();
  const accept = ida.offers.getByRole("button", { name: /^Accept/ }).first();
  await accept.click();
  await expect(ida.group("Mine")).toHaveAccessibleName("Mine 1");
  await ask("Second");
  await accept.click();
  await expect(ida.group("Mine")).toHaveAccessibleName("Mine 2");
  expect((await ask("Third")).status).toBe("waiting");
  await expect(ida.group("Queue")).toHaveAccessibleName("Queue 1");
  await expect(ida.offers).toBeHidden();

  const again = await ida.page.context().newPage();
  await again.goto(ida.page.url());
  await expect(again.getByRole("button", { name: /^Me.*Available/ })).toBeVisible();
  await ida.page.bringToFront();
  await ida.setStatus("Away");
  await expect(again.getByRole("button", { name: /^Me.*Away/ })).toBeVisible();
});

test("13 Availability: who does nothing is asked, in all his windows, and is then away", async ({ desk, bot }) => {
  const ida = await desk("ida");
  await expect(ida.group("Mine")).toBeVisible();
  // The clock of the browser is moved, for both windows; the server has no part in it.
  const { clock } = ida.page.context();
  await clock.install();
  await ida.page.reload();
  const again = await ida.page.context().newPage();
  await again.goto(ida.page.url());
  const windows = [ida.page, again];
  const question = (page: Page) => page.getByText(/^Still here\?/);
  const me = (page: Page, status: string) => page.getByRole("button", { name: new RegExp(`^Me You are ${status}`) });
  for (const page of windows) await expect(me(page, "Available")).toBeVisible();

  await clock.fastForward("14:50");
  for (const page of windows) await expect(question(page)).toHaveCount(0);
  await clock.fastForward("00:12");
  for (const page of windows) await expect(question(page)).toBeVisible();
  await sound(again, "the question whether somebody is there");
  // The mouse on its way to the button is an answer too, so it stays where it is.
  await again.getByRole("button", { name: "I am here" }).dispatchEvent("click");
  await expect(question(again)).toHaveCount(0);
  await clock.fastForward("00:02");
  for (const page of windows) {
    await expect(question(page)).toHaveCount(0);
    await expect(me(page, "Available")).toBeVisible();
  }

  await clock.fastForward("15:02");
  for (const page of windows) await expect(question(page)).toBeVisible();
  await clock.fastForward("00:30");
  for (const page of windows) {
    await expect(me(page, "Away")).toBeVisible();
    await expect(question(page)).toHaveCount(0);
  }
  expect((await bot.post("/v1/handoffs", handoff())).status).toBe("waiting");
});

test.describe("with agents who are soon taken for gone", () => {
  test.use({ options: { "agents.gone_after": "6s" } });

  test("13 Availability: the chats of an agent whose window is gone go back to the queue with a note", async ({
    talk,
    desk,
    as,
  }) => {
    const { ida, hana, session } = await talk();
    const sam = await desk("sam", { status: "away" });
    await ida.page.context().close();
    await expect
      .poll(async () => (await as("sam").get(`/v1/sessions/${session}`)).status, { timeout: 30_000 })
      .toBe("waiting");
    await sam.look("Queue", "The tent has a hole");
    await expect(sam.thread.getByText(/gone|back (in|to) the queue/i).first()).toBeVisible();
    await expect(hana.place(1)).toBeVisible();
  });
});
