// What a cut of the network, or a new server, takes from a talk: nothing.
import { expect, test } from "./fixtures.ts";
import { cut } from "./watch.ts";
import type { Desk } from "./pages/desk.ts";
import type { Shop } from "./pages/shop.ts";

/** together waits until both windows tell the same talk, and that it is what the server keeps. */
async function together(ida: Desk, hana: Shop, kept: () => Promise<string[]>, last: string[]): Promise<void> {
  for (const line of last) {
    await expect(ida.thread).toContainText(line);
    await expect(hana.thread).toContainText(line);
  }
  await expect.poll(async () => JSON.stringify(await ida.said())).toBe(JSON.stringify(await kept()));
  await expect.poll(async () => JSON.stringify(await hana.said())).toBe(JSON.stringify(await kept()));
  const said = await kept();
  expect(new Set(said).size, "no message is there twice").toBe(said.length);
}

test("11 Network cut: both sides write on, and all of it is there when the network is back", async ({
  talk,
  as,
  watch,
}) => {
  watch.allow(cut);
  const { ida, hana, session } = await talk();
  const kept = async () =>
    (await as("ida").events(session)).map(({ event }) => event.data.text).filter((t): t is string => !!t);
  await ida.say("Before the cut");
  await expect(hana.thread).toContainText("Before the cut");

  await ida.page.context().setOffline(true);
  await expect(ida.page.getByText(/You are offline/)).toBeVisible();
  for (const n of [1, 2, 3]) await ida.say(`ida offline ${n}`);
  for (const n of [1, 2, 3]) await hana.say(`hana meanwhile ${n}`);
  await expect(hana.thread).toContainText("hana meanwhile 3");
  await expect(ida.thread).toContainText("ida offline 3");
  await expect(ida.thread.getByRole("article").last()).toContainText("It goes out when the connection is back.");
  await expect(ida.page.getByText(/3 messages go out/)).toBeVisible();
  expect((await kept()).join()).not.toContain("ida offline");

  await ida.page.context().setOffline(false);
  await together(ida, hana, kept, ["ida offline 3", "hana meanwhile 3"]);
  const said = await kept();
  for (const who of ["ida offline", "hana meanwhile"])
    expect(said.filter((line) => line.startsWith(who))).toEqual([1, 2, 3].map((n) => `${who} ${n}`));
  await expect(ida.page.getByText(/You are offline/)).toBeHidden();

  // The same at the other end.
  await hana.page.context().setOffline(true);
  await hana.say("hana in the tunnel");
  await expect(hana.chat.getByText(/You are offline/)).toBeVisible();
  await expect(hana.thread).toContainText("Goes out when you are online");
  await ida.say("ida does not know");
  await expect(ida.thread).toContainText("ida does not know");
  await hana.page.context().setOffline(false);
  await together(ida, hana, kept, ["hana in the tunnel", "ida does not know"]);
});

test("11 Network cut: a restart of the server with both windows open loses and doubles nothing", async ({
  talk,
  as,
  server,
  watch,
}) => {
  watch.allow(cut);
  const { ida, hana, session } = await talk();
  const kept = async () =>
    (await as("ida").events(session)).map(({ event }) => event.data.text).filter((t): t is string => !!t);
  await server.end();
  await ida.say("written to nobody");
  await hana.say("nor to you");
  await server.comeBack();
  await together(ida, hana, kept, ["written to nobody", "nor to you"]);
  await ida.say("all is well");
  await expect(hana.thread).toContainText("all is well");
});
