// The page on which admins write scripts, and why a chat went where it went.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { sound } from "./axe.ts";
import { handoff, type Calls } from "./calls.ts";
import { Bench } from "./pages/bench.ts";
import { refusals } from "./watch.ts";

const customer = (name: string) => ({ external_id: name, name });

/** to gives a chat of the script's to an agent, by name. */
const to = (name: string, why: string) => `function assign(session, agents)
  for i = 1, #agents do
    if agents[i].name == "${name}" then return agents[i].id, "${why}" end
  end
end
`;

/** offered waits until a chat is offered to somebody, and says to whom. */
async function offered(as: Calls, session: string): Promise<string> {
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

test("18 Scripts: an error, completion, a dry run on a past chat, a shadow, two versions, and back", async ({
  desk,
  bot,
  as,
}) => {
  const olga = as("olga");
  await olga.put("/v1/me", { status: "away" });
  const past = await bot.post("/v1/handoffs", handoff({ customer: customer("Liv Lin"), subject: "A past chat" }));
  await as("ida").post(`/v1/sessions/${past.id}/takeover`);
  await as("ida").post(`/v1/sessions/${past.id}/end`, { reason: "resolved" });
  await desk("ida");
  await desk("jonas");

  const { page } = await desk("olga", { status: "away", path: "/app/scripts" });
  const bench = new Bench(page);
  await bench.make("route");

  // An error is marked where it is, in the gutter and in a list, and nothing can be published.
  await bench.write("function assign(session, agents)\n  if session.tags.vip the\n    return nil\n  end\nend\n");
  await expect(bench.problems).toContainText(/Line [23]/);
  await expect(bench.problems).toContainText("Error");
  await expect(page.locator(".cm-lint-marker-error")).toBeVisible();
  await expect(bench.button(/^Publish v1$/)).toBeDisabled();
  await bench.editor.focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("F8");
  await expect(bench.editor).toBeFocused();
  await expect(page.locator(".cm-activeLineGutter").first()).toHaveText(/[23]/);

  // Completion knows what an agent of the list has.
  await bench.write("function assign(session, agents)\n  return agents[1]");
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(".");
  const choices = page.getByRole("listbox", { name: "Completions" });
  await expect(choices.getByRole("option", { name: /^id/ })).toBeVisible();
  await page.keyboard.type("i");
  await page.waitForTimeout(100); // a list that has just appeared takes no Enter, lest it take one that was meant for the text
  await page.keyboard.press("Enter");
  await expect(choices).toBeHidden();
  await page.keyboard.press("Escape");
  await page.keyboard.insertText("\nend\n");
  expect(await bench.text()).toContain("return agents[1].id\nend");
  await expect(bench.problems).toBeHidden();

  // A dry run on a past chat shows the steps, in the list and at their lines.
  await bench.write(to("Ida Nyberg", "Ida takes it"));
  await bench.side.getByRole("radio", { name: "A chat" }).check({ force: true });
  await bench.side.getByRole("searchbox", { name: "Find a chat" }).fill("liv");
  await expect(bench.side.getByRole("radio", { name: /Liv Lin/ })).toHaveCount(1);
  await bench.side.getByRole("radio", { name: /Liv Lin/ }).check({ force: true });
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(bench.side.getByRole("heading", { name: /^Goes to .?Ida Nyberg/ })).toBeVisible();
  await expect(bench.side.getByText("Ida takes it.")).toBeVisible();
  await expect(
    bench.side
      .getByRole("listitem")
      .filter({ hasText: /^Line 2 ?i/ })
      .first(),
  ).toBeVisible();
  await expect(page.locator(".cm-value").first()).toContainText("i = ");
  await expect(bench.side.getByText(/of 1,000,000 steps/)).toBeVisible();

  await bench.publish("Everything to Ida");
  await expect(page.getByText("v1 is live")).toBeVisible();
  const first = await bot.post("/v1/handoffs", handoff({ customer: customer("First") }));
  expect(await offered(olga, first.id)).toBe("Ida Nyberg");

  // The draft in the shadow says what it would have done.
  await bench.write(to("Jonas Brandt", "Jonas takes it"));
  await bench.saved();
  await bench.tab("Trial");
  await bench.button("Start shadow").click();
  await expect(bench.side.getByRole("heading", { name: "A shadow runs" })).toBeVisible();
  const second = await bot.post("/v1/handoffs", handoff({ customer: customer("Second") }));
  expect(await offered(olga, second.id), "a shadow has no effect").toBe("Ida Nyberg");
  await expect(bench.side.getByRole("definition").nth(2), "changed").toHaveText("1");
  const row = bench.side.getByRole("button", { name: /changed .?Jonas Brandt/ });
  await row.click();
  await expect(bench.side.getByRole("heading", { name: "Live" })).toBeVisible();
  await expect(bench.side.getByText("Ida takes it.")).toBeVisible();
  await expect(bench.side.getByText("Jonas takes it.")).toBeVisible();
  await bench.button("Run again on the draft").click();
  await expect(bench.side.getByRole("heading", { name: /^Goes to .?Jonas Brandt/ })).toBeVisible();
  await expect(bench.side.getByText(/Then: .?Ida Nyberg.? got this chat/)).toBeVisible();

  // The draft against what is live, in one and side by side.
  await page.keyboard.press("ControlOrMeta+Shift+D");
  await expect(page.getByRole("heading", { name: "Draft against v1, live" })).toBeVisible();
  await expect(page.locator(".cm-deletedChunk")).toContainText("Ida takes it");
  await page.getByRole("radio", { name: "Side by side" }).check({ force: true });
  await expect(page.locator(".cm-mergeView .cm-editor")).toHaveCount(2);
  await page.keyboard.press("ControlOrMeta+Shift+D");
  await expect(bench.editor).toBeVisible();

  await bench.publish("Everything to Jonas");
  await expect(page.getByText("v2 is live")).toBeVisible();
  const third = await bot.post("/v1/handoffs", handoff({ customer: customer("Third") }));
  expect(await offered(olga, third.id)).toBe("Jonas Brandt");

  // A version shows what it changed, and an old one comes back as a new one.
  await bench.versions.getByRole("button", { name: /^v2/ }).click();
  await expect(page.getByRole("heading", { name: "v2 by Olga Owner" })).toBeVisible();
  await expect(page.locator(".cm-deletedChunk")).toContainText("Ida takes it");
  await expect(page.locator(".cm-changedLine").first()).toContainText("Jonas");
  await bench.versions.getByRole("button", { name: /^v1/ }).click();
  await bench.button("Roll back to v1").click();
  await bench.dialog.getByRole("button", { name: "Roll back to v1" }).click();
  await expect(page.getByText("v1 is live again, as v3")).toBeVisible();
  await expect(bench.versions.getByRole("button", { name: /^v3/ })).toContainText("Back to v1");
  const fourth = await bot.post("/v1/handoffs", handoff({ customer: customer("Fourth") }));
  expect(await offered(olga, fourth.id)).toBe("Ida Nyberg");
});

test.describe("a script that goes wrong", () => {
  test.use({ faults: [/a script (rests|is not in force)/] });

  test("18 Scripts: a VIP goes where the rule says and the panel says why; a loop is refused, and one on disk stops nothing", async ({
    desk,
    bot,
    as,
    server,
    watch,
  }) => {
    watch.allow(refusals(422));
    const past = await bot.post("/v1/handoffs", handoff({ customer: customer("Vip of old"), tags: ["vip"] }));
    await as("ida").post(`/v1/sessions/${past.id}/takeover`);
    await as("ida").post(`/v1/sessions/${past.id}/end`, { reason: "resolved" });
    await desk("ida");
    const jonas = await desk("jonas");

    const olga = await desk("olga", { status: "away", path: "/app/scripts" });
    const { page } = olga;
    const bench = new Bench(page);
    await bench.make("vip");
    const rule = (word: string) => `-- title: VIPs to Jonas
function assign(session, agents)
  if not session.tags.vip ${word} return nil end
  for i = 1, #agents do
    if agents[i].name == "Jonas Brandt" then return agents[i].id, "a VIP, to Jonas" end
  end
end
`;
    await bench.write(rule("than"));
    await expect(bench.problems).toContainText("Line 3");
    await bench.write(rule("then"));
    await expect(bench.problems).toBeHidden();
    await bench.saved();
    await bench.side.getByRole("radio", { name: "A chat" }).check({ force: true });
    await bench.side.getByRole("radio", { name: /Vip of old/ }).check({ force: true });
    await bench.button(/^Dry run/).click();
    await expect(bench.side.getByRole("heading", { name: /^Goes to .?Jonas Brandt/ })).toBeVisible();
    await bench.publish("VIPs know Jonas");
    await expect(page.getByText("v1 is live")).toBeVisible();
    await expect(bench.script("vip")).toContainText("On, published v1");

    // The next VIP goes there, and the panel says why: to the agent, and to an admin with the way to the script.
    const vip = await bot.post("/v1/handoffs", handoff({ customer: customer("Next vip"), tags: ["vip"] }));
    expect(await offered(as("olga"), vip.id)).toBe("Jonas Brandt");
    await jonas.turn(`/app/chats/${vip.id}`);
    await jonas.panel.getByRole("button", { name: "Why this agent?" }).click();
    await expect(jonas.panel).toContainText(/Jonas Brandt.? got this chat\./);
    await expect(jonas.panel).toContainText("A VIP, to Jonas.");
    await expect(jonas.panel).toContainText(/Decided by vip, version [0-9a-f]{7}\./);
    await expect(jonas.panel).toContainText(/Ida Nyberg\s*free, not chosen/);
    await expect(jonas.panel.getByRole("link", { name: "Open in the editor" })).toBeHidden();

    await olga.turn(`/app/chats/${vip.id}`);
    await olga.panel.getByRole("button", { name: "Why this agent?" }).click();
    await expect(olga.panel).toContainText("Decided by vip, version v1.");
    await olga.panel.getByRole("button", { name: "Keep as a test" }).click();
    await bench.dialog.getByRole("textbox", { name: "Name of the test" }).fill("a vip");
    await bench.dialog.getByRole("button", { name: "Keep as a test" }).click();
    await expect(page.getByText("Kept as a test of vip")).toBeVisible();
    await olga.panel.getByRole("link", { name: "Open in the editor" }).click();
    await expect(bench.side.getByRole("heading", { name: /^Goes to .?Jonas Brandt/ })).toBeVisible();
    await expect(bench.side.getByText("The same answer.")).toBeVisible();
    await bench.button("Run tests").click();
    await expect(bench.side.getByText("The test passes")).toBeVisible();

    // An endless loop does not get past the gate.
    const loop = "function assign(session, agents)\n  while true do end\nend\n";
    await bench.write(loop);
    await bench.saved();
    await page.keyboard.press("ControlOrMeta+Enter");
    await expect(bench.side.getByRole("heading", { name: "Fails in line 2" })).toBeVisible();
    await expect(bench.side.getByText(/Stopped after .* in line 2\./)).toBeVisible();
    await expect(page.locator(".cm-failing")).toBeVisible();
    await bench.publish("I break it on purpose");
    await expect(bench.dialog).toContainText("Not published. The running version stays.");
    await expect(bench.dialog.getByRole("alert")).toContainText(/a vip fails|line 2/);
    await page.keyboard.press("Escape");
    const still = await bot.post("/v1/handoffs", handoff({ customer: customer("Still vip"), tags: ["vip"] }));
    expect(await offered(as("olga"), still.id)).toBe("Jonas Brandt");

    // Put on the disk by hand it is in force, stops nothing, and the page tells of it.
    const scripts = join(server.folder, "scripts");
    await mkdir(scripts, { recursive: true });
    await writeFile(join(scripts, "loop.lua"), `-- order: 1\n${loop}`);
    await expect(bench.script("loop")).toContainText("On, on disk");
    for (let n = 1; n <= 5; n++) {
      const { id } = await bot.post("/v1/handoffs", handoff({ customer: customer(`In the loop ${n}`), tags: ["vip"] }));
      if (n < 3) expect(await offered(as("olga"), id), "the next script answers").toBe("Jonas Brandt");
      else await offered(as("olga"), id);
    }
    await expect(bench.script("loop")).toContainText("resting");
    await bench.script("loop").click();
    await expect(page.getByText(/^Switched off by the server after repeated errors/)).toBeVisible();
    await bench.button("See the errors").click();
    const failure = bench.side.getByRole("listitem").first();
    await expect(failure).toContainText(/Stopped after .* in line 3\./);
    await expect(failure).toContainText("while true do end");
    await expect(bench.side).toContainText("Answered instead: vip.");

    // A file that does not compile leaves what is below it.
    await rm(join(scripts, "loop.lua"));
    await writeFile(join(scripts, "least_busy.lua"), "function assign(\n");
    await expect(bench.script("least_busy")).toContainText("broken");
    await bench.script("least_busy").click();
    await expect(page.getByText(/In force instead: built in\./)).toBeVisible();
    const last = await bot.post("/v1/handoffs", handoff({ customer: customer("Nobody special") }));
    await offered(as("olga"), last.id);
  });
});

test("18 Scripts: two admins meet in one draft, and nothing is lost", async ({ desk, as, watch }) => {
  watch.allow(refusals(409));
  const { page } = await desk("olga", { status: "away", path: "/app/scripts/round_robin" });
  const bench = new Bench(page);
  await expect(bench.editor).toBeVisible();
  await bench.write("-- mine\n");
  await bench.saved();
  const { draft } = await as("olga").get<{ draft: { rev: number } }>("/v1/scripts/round_robin");
  await as("olga").put("/v1/scripts/round_robin/draft", { source: "-- of another window\n", rev: draft.rev });
  await bench.write("-- mine, and more\n");
  await expect(page.getByText(/^Olga Owner saved another draft at/)).toBeVisible();
  await bench.button("Look at theirs").click();
  await expect(page.getByRole("heading", { name: /^Draft of .?Olga Owner/ })).toBeVisible();
  await expect(page.locator(".cm-changedLine").first()).toContainText("of another window");
  await bench.button("Keep mine").click();
  await expect(bench.editor).toBeVisible();
  await bench.saved();

  // What was typed a moment ago is there after leaving and coming back.
  await bench.write("-- typed and left\n");
  await page.goto(new URL("/app/", page.url()).href);
  await page.goto(new URL("/app/scripts/round_robin", page.url()).href);
  await expect(bench.editor).toContainText("typed and left");
  await bench.saved();
  await bench.button("More for round_robin").click();
  await page.getByRole("menuitem", { name: "Throw the draft away" }).click();
  await bench.dialog.getByRole("button", { name: "Throw the draft away" }).click();
  await expect(bench.editor).toContainText("title: Round robin");
  await expect(page.getByText("No changes")).toBeVisible();
});

test("18 Scripts: a queue gets another strategy, supervisors read, and agents have no such page", async ({
  desk,
  as,
  server,
}) => {
  const olga = await desk("olga", { status: "away", path: "/app/scripts" });
  await olga.page.getByRole("combobox", { name: "general" }).selectOption({ label: "Round robin" });
  await expect(olga.page.getByText(/Strategy of .?general.? changed/)).toBeVisible();
  const { data } = await as("olga").get<{ data: { strategy: string }[] }>("/v1/queues");
  expect(data[0]!.strategy).toBe("round_robin");

  const sam = await desk("sam", { status: "away", path: "/app/scripts/round_robin" });
  const bench = new Bench(sam.page);
  await expect(bench.editor).toBeVisible();
  await expect(bench.editor).toHaveAttribute("aria-readonly", "true");
  await expect(sam.page.getByText("You can read and run scripts. Admins change them.")).toBeVisible();
  await expect(bench.button(/^Publish/)).toBeHidden();
  await bench.button(/^Dry run/).click();
  await expect(bench.side.getByRole("heading", { name: /^Goes to/ })).toBeVisible();

  const ida = await desk("ida", { path: "/app/scripts" });
  await expect(ida.page.getByText("This page is for people with another role.")).toBeVisible();
  await expect(ida.page.getByRole("link", { name: "Scripts" })).toBeHidden();
  await ida.turn(new URL("/app/", server.url).pathname);
  await ida.page.getByRole("button", { name: /^Me\b/ }).click();
  await ida.page.getByRole("button", { name: "Why did I get nothing?" }).click();
  await expect(ida.dialog("Why did I get nothing?")).toContainText("No chat of your queues was given out");
});

test("20 Access: into the editor and out of it with the keyboard only", async ({ desk }) => {
  const { page } = await desk("olga", { status: "away", path: "/app/scripts/least_busy" });
  const bench = new Bench(page);
  await expect(bench.editor).toBeVisible();
  const inside = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className ?? "");
  for (let presses = 0; presses < 40 && !(await inside()).includes("cm-content"); presses++)
    await page.keyboard.press("Tab");
  expect(await inside()).toContain("cm-content");
  await expect(bench.editor).toHaveAccessibleDescription(/press Escape, then Tab/);

  // Letters are letters here, and Tab indents.
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type("c j g ");
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  expect(await bench.text()).toMatch(/^ {2}c j g -- title/);
  await expect(page).toHaveURL(/least_busy$/);

  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect.poll(inside).not.toContain("cm-content");
  await page.keyboard.press("Shift+Tab");
  await expect.poll(inside).toContain("cm-content");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`20 Access: the page of scripts has no faults, ${colorScheme}`, async ({ desk, bot, as }) => {
    const { id } = await bot.post("/v1/handoffs", handoff({ tags: ["vip"] }));
    await desk("ida");
    await offered(as("olga"), id);
    const olga = await desk("olga", { status: "away", path: "/app/scripts", reducedMotion: "reduce", colorScheme });
    const { page } = olga;
    const bench = new Bench(page);
    const close = async () => {
      await page.keyboard.press("Escape");
      await expect(bench.dialog).toBeHidden();
    };
    await expect(bench.script("least_busy")).toBeVisible();
    await sound(page, "no script is open");
    await bench.button("New script").click();
    await expect(bench.dialog).toBeVisible();
    await sound(page, "new script");
    await close();
    await bench.make("vip");
    await expect(page.locator(".cm-line").first()).toBeVisible();
    await bench.button(/^Dry run/).click();
    await expect(bench.side.getByRole("heading", { name: /^No opinion|^Goes to/ })).toBeVisible();
    await sound(page, "a dry run");
    await bench.write("function assign(session, agents)\n  return agnts[1].id\nend\n\nfunction tag(\n");
    await expect(bench.problems).toBeVisible();
    await sound(page, "problems");
    await bench.write(to("Ida Nyberg", "Ida takes it"));
    await expect(bench.problems).toBeHidden();
    await bench.button(/^Publish v1$/).click();
    await expect(bench.dialog).toBeVisible();
    await sound(page, "publish");
    await bench.dialog.getByRole("textbox", { name: /^Why/ }).fill("Ida");
    await bench.dialog.getByRole("button", { name: /^Publish/ }).click();
    await expect(page.getByText("v1 is live")).toBeVisible();
    await bench.write(to("Jonas Brandt", "Jonas takes it"));
    await bench.saved();
    await page.keyboard.press("ControlOrMeta+Shift+D");
    await expect(page.locator(".cm-deletedChunk")).toBeVisible();
    await sound(page, "compared, in one");
    await page.getByRole("radio", { name: "Side by side" }).check({ force: true });
    await expect(page.locator(".cm-mergeView")).toBeVisible();
    await sound(page, "compared, side by side");
    await page.keyboard.press("ControlOrMeta+Shift+D");
    await bench.tab("Trial");
    await sound(page, "a trial to start");
    await bench.button("Start shadow").click();
    await expect(bench.side.getByRole("heading", { name: "A shadow runs" })).toBeVisible();
    await sound(page, "a trial that runs");
    await bench.tab("Errors");
    await sound(page, "errors");
    await bench.tab("Docs");
    await bench.side.getByRole("searchbox").fill("session");
    await sound(page, "docs");

    await olga.turn(`/app/chats/${id}`);
    await olga.panel.getByRole("button", { name: "Why this agent?" }).click();
    await expect(olga.panel).toContainText(/Ida Nyberg.? got this chat\./);
    await sound(page, "why this agent");
    await page.getByRole("button", { name: /^Me\b/ }).click();
    await page.getByRole("button", { name: "Why did I get nothing?" }).click();
    await expect(bench.dialog).toContainText("got this chat");
    await sound(page, "why I got nothing");
  });
}
