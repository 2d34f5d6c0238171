// Who writes a script, or plans who works when, sees what would be before anything is changed.
import { expect, test } from "./fixtures.ts";
import { sound } from "./axe.ts";
import { handoff } from "./calls.ts";
import { Bench, customer } from "./pages/bench.ts";

test("18 Scripts: one agent more and a draft are simulated on the figures of today", async ({ desk, bot, as }) => {
  const { page } = await desk("olga", { status: "away", path: "/app/scripts" });
  const bench = new Bench(page);
  await bench.script("least_busy").click();
  await expect(bench.editor).toBeVisible();
  await bench.tab("Simulate");

  // Nothing has happened here yet, and that is said.
  await bench.side.getByRole("button", { name: "Simulate" }).click();
  await expect(bench.side.getByRole("alert")).toContainText("a simulation needs 20 at least");

  await desk("ida");
  for (let n = 0; n < 24; n++) {
    const { id } = await bot.post("/v1/handoffs", handoff({ customer: customer(`Customer ${n}`) }));
    await as("ida").post(`/v1/sessions/${id}/takeover`);
    await as("ida").post(`/v1/sessions/${id}/end`, { reason: "resolved" });
  }

  // Facts are made of chats in a moment.
  await expect(async () => {
    await bench.side.getByRole("button", { name: "Simulate" }).click();
    await expect(bench.side.getByRole("heading", { name: "+1 agent" })).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expect(bench.side.getByText(/^With the queues, skills and shifts of .?Ida Nyberg.?\.$/)).toBeVisible();
  await expect(bench.side.getByRole("listitem").first()).toContainText("Half of the customers wait");
  await expect(bench.side.getByRole("img", { name: /^Waits and customers who give up/ })).toBeVisible();
  const figures = bench.side.getByRole("table").first();
  await expect(figures.getByRole("columnheader").last()).toHaveText("+1 agent");
  await expect(figures.getByRole("rowheader", { name: "Nine of ten wait at most" })).toBeVisible();
  await expect(bench.side.getByRole("heading", { name: "How far off it is" })).toBeVisible();
  await bench.side.getByText("Who has how much to do").click();
  await expect(bench.side.getByRole("rowheader", { name: /Ida Nyberg.? ?\+ 1/ })).toBeVisible();
  await sound(page, "a simulation");

  // A draft that holds every chat is seen to be bad before it is published.
  await bench.write('-- kind: strategy\nfunction assign()\n  return false, "nobody is good enough"\nend\n');
  await bench.side.getByRole("radio", { name: "The draft" }).check({ force: true });
  await bench.side.getByRole("button", { name: "Simulate" }).click();
  await expect(bench.side.getByText(/^Half of the customers wait 60 sec longer\.$/)).toBeVisible();

  // It stays while somebody looks elsewhere, and says when the text is another one.
  await bench.tab("Docs");
  await bench.tab("Simulate");
  await expect(bench.side.getByText(/^Half of the customers wait 60 sec longer\.$/)).toBeVisible();
  await bench.write("-- kind: strategy\nfunction assign(session, agents)\n  return agents[1].id\nend\n");
  await expect(bench.side.getByText("The draft has changed since. Simulate again.")).toBeVisible();
});
