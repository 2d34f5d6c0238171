// Who is there, and what happens to the chats of those who are not.
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
