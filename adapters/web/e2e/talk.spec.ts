// A talk in both windows.
import type { Frame, Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { inside } from "./pages/shop.ts";
import { picture, text, type GivenFile } from "./files.ts";

/** The texts of one side, in the order in which they stand. */
const of = (who: string, said: string[]) => said.filter((line) => line.startsWith(who));

test("2 Chat both ways: twenty fast messages of each side, in one order for both", async ({ talk, as }) => {
  const { ida, hana, session } = await talk();
  const lines = (who: string) => Array.from({ length: 20 }, (_, at) => `${who} ${at + 1}`);
  const write = async (say: (words: string) => Promise<void>, who: string) => {
    for (const line of lines(who)) await say(line);
  };
  await Promise.all([write((line) => ida.say(line), "ida"), write((line) => hana.say(line), "hana")]);

  await expect(ida.thread).toContainText("hana 20");
  await expect(hana.thread).toContainText("ida 20");
  await expect.poll(() => hana.said()).toHaveLength(41);
  const [atIda, atHana] = [await ida.said(), await hana.said()];
  expect(atIda).toEqual(atHana);
  expect(of("ida", atIda)).toEqual(lines("ida"));
  expect(of("hana", atIda)).toEqual(lines("hana"));
  const kept = (await as("ida").events(session)).map(({ event }) => event.data.text).filter(Boolean);
  expect(atIda).toEqual(kept);
  await expect(ida.thread.getByRole("article").first().getByRole("time")).toHaveAttribute("datetime", /^20/);
});

test("2 Chat both ways: typing is shown and goes, and receipts tell how far a message has got", async ({ talk }) => {
  const { ida, hana } = await talk();
  await hana.composer.pressSequentially("Hello?");
  await expect(ida.thread).toContainText("is typing");
  await hana.composer.press("Enter");
  await expect(ida.thread).toContainText("Hello?");
  await expect(ida.thread).not.toContainText("is typing");
  await expect(hana.thread).toContainText("Read");

  await ida.composer.pressSequentially("Yes");
  await expect(hana.thread).toContainText("Ida is typing");
  await expect(hana.thread).not.toContainText("Ida is typing");

  // The customer is away, has the page open, looks at the chat.
  const url = hana.page.url();
  await hana.button("Close chat").click();
  await hana.page.goto("about:blank");
  await ida.composer.press("Enter");
  const receipt = ida.thread.getByRole("article").last();
  await expect(receipt).toContainText(/Sent$/);
  await hana.page.goto(url);
  await expect(receipt).toContainText(/Delivered/);
  await hana.launcher.click();
  await expect(receipt).toContainText(/Read \d/);

  // And the agent is at another page, and comes back.
  await ida.page.getByRole("link", { name: "Team" }).click();
  await hana.say("Are you there?");
  await expect(hana.thread).toContainText("Delivered");
  await ida.page.goBack();
  await expect(ida.thread).toContainText("Are you there?");
  await expect(hana.thread.getByText(/^Read \d/)).toBeVisible();
});

/** give hands files to an element as a paste or a drop does. */
async function give(field: Locator, how: "paste" | "drop", { name, mimeType, buffer }: GivenFile): Promise<void> {
  await field.evaluate(
    (element, { how, name, mimeType, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      const init = { bubbles: true, cancelable: true };
      if (how === "paste") element.dispatchEvent(new ClipboardEvent("paste", { ...init, clipboardData: data }));
      else
        for (const type of ["dragenter", "dragover", "drop"])
          element.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: data }));
    },
    { how, name, mimeType, bytes: [...buffer] },
  );
}

test.describe("with small files only", () => {
  test.use({ options: { "limits.attachment": "64KiB" } });

  test("3 Files: by picker, paste and drop, from both sides, and never without a token", async ({
    talk,
    server,
    as,
    watch,
  }) => {
    // The picture has a tab to itself, whose policy also keeps the test's own script out.
    watch.allow(/Blocked script execution in '\S+\/v1\/attachments\//);
    const { ida, hana, session } = await talk();
    const files = ida.page.getByRole("list", { name: "Files to send" });

    const [chooser] = await Promise.all([ida.page.waitForEvent("filechooser"), ida.button("Attach files").click()]);
    await chooser.setFiles(picture("door.png"));
    await give(ida.composer, "paste", picture("pasted.png"));
    await give(ida.thread, "drop", picture("dropped.png"));
    await give(ida.thread, "drop", text("trace.txt", "left at the door"));
    await expect(files.getByRole("listitem")).toHaveCount(4);
    await expect(files.getByRole("progressbar")).toHaveCount(0);
    await ida.say("Is this your door?");
    await expect(ida.thread.getByRole("img", { name: "Picture: door.png" })).toBeVisible();
    await expect(hana.thread.getByRole("img", { name: "door.png" })).toBeVisible();
    await expect(hana.thread.getByRole("img", { name: "pasted.png" })).toBeVisible();
    await expect(hana.thread.getByRole("img", { name: "dropped.png" })).toBeVisible();
    await expect(hana.thread.getByRole("button", { name: /trace\.txt/ })).toBeVisible();

    await hana.chat.locator("input[type=file]").setInputFiles(picture("mine.png"));
    await hana.say("No, mine is this one");
    const theirs = ida.thread.getByRole("img", { name: "Picture: mine.png" });
    await expect(theirs).toBeVisible();
    await expect.poll(() => theirs.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);

    // What cannot go is said before it leaves, with what could.
    await give(ida.composer, "paste", { ...text("large.txt", "x".repeat(70_000)) });
    await expect(files).toContainText(/Too large: .* At most 6\d/);
    await give(ida.composer, "paste", text("setup.exe", "MZ"));
    await expect(files).toContainText(/EXE.? files cannot be sent. These can: png/);
    await hana.chat.locator("input[type=file]").setInputFiles(text("large.txt", "x".repeat(70_000)));
    await expect(hana.chat.getByRole("alert")).toContainText("large.txt is too large. Files may have up to 6");
    await hana.chat.locator("input[type=file]").setInputFiles(text("setup.exe", "MZ"));
    await expect(hana.chat.getByRole("alert")).toContainText("setup.exe cannot be sent. You can send png");

    // Both open what the other has sent.
    await theirs.click();
    await expect(ida.page.getByRole("dialog").getByRole("img", { name: /mine\.png/ })).toBeVisible();
    await ida.page.keyboard.press("Escape");
    const [tab] = await Promise.all([
      hana.page.waitForEvent("popup"),
      hana.thread.getByRole("button", { name: "door.png" }).click(),
    ]);
    await tab.waitForURL(/\/v1\//);

    const sent = (await as("ida").events(session)).flatMap(
      ({ event }) => (event.data.attachments as { id: string }[] | undefined) ?? [],
    );
    expect(sent).toHaveLength(5);
    for (const { id } of sent) expect((await fetch(`${server.url}/v1/attachments/${id}`)).status).toBe(401);
  });
});

/** slow lets a window send no more than some bytes in a second. */
async function slow(page: Page, window: Page | Frame, bytes: number): Promise<void> {
  const network = await page.context().newCDPSession(window);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytes,
  });
}

/** watched notes each step of the first progress bar of a window, until it is full or gone. */
const watched = (window: Page | Frame) =>
  window.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const steps: number[] = [];
        const look = () => {
          const bar = document.querySelector("progress");
          const part = bar ? bar.value / bar.max : 0;
          if (bar && part !== steps.at(-1)) steps.push(part);
          if (steps.length > 0 && (!bar || part >= 1)) return resolve(steps);
          requestAnimationFrame(look);
        };
        look();
      }),
  );

test("3 Files: how far a slow file has got is seen on both sides, and nothing is sent before it has arrived", async ({
  talk,
}) => {
  const { ida, hana } = await talk();
  const large = (name: string) => text(name, "x".repeat(240_000));
  const climbs = (steps: number[]) => {
    expect(steps.length, `steps ${steps.join()}`).toBeGreaterThan(3);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.some((part) => part > 0.1 && part < 0.9)).toBe(true);
  };
  const files = ida.page.getByRole("list", { name: "Files to send" });
  await slow(ida.page, ida.page, 120_000);
  const atIda = watched(ida.page);
  await give(ida.composer, "paste", large("log.txt"));
  await expect(files).toContainText(/Uploading, \d+ %/);
  await ida.composer.fill("Here is the log");
  await expect(ida.page.getByRole("button", { name: /^Send/ })).toBeDisabled();
  climbs(await atIda);
  await expect(files.getByRole("listitem")).toContainText("240 kB");
  await ida.composer.press("Enter");
  await expect(hana.thread.getByRole("button", { name: /log\.txt/ })).toBeVisible();

  const chat = await inside(hana);
  await slow(hana.page, chat, 120_000);
  const atHana = watched(chat);
  await hana.chat.locator("input[type=file]").setInputFiles(large("mine.txt"));
  await expect(hana.chat.getByRole("progressbar", { name: "mine.txt" })).toBeVisible();
  await expect(hana.button("Send")).toBeDisabled();
  climbs(await atHana);
  await hana.say("And mine");
  await expect(ida.thread.getByText("mine.txt")).toBeVisible();
});
