import { slowDown } from "./bench.mjs";

/** Runs in each frame before anything of it does: notes when a click came, and when the widget was drawn. */
function observe() {
  const clock = () => performance.timeOrigin + performance.now();
  addEventListener("click", () => (window.clickedAt ??= clock()), true);
  if (window === window.top) return;
  const look = () => {
    const main = document.querySelector("main");
    if (main && main.getBoundingClientRect().height > 0) setTimeout(() => (window.drawnAt = clock()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function atShop(bench, before) {
  const window = await bench.window();
  await before(window);
  await window.page.goto(bench.host.origin);
  await window.page.getByRole("button", { name: "Open chat" }).waitFor();
  return window;
}

/** clickToChat is the time from a visitor's first click on the launcher until he sees the chat, with nothing kept. */
export async function clickToChat(bench) {
  const window = await atShop(bench, ({ page }) => page.addInitScript(observe));
  const { page } = window;
  await page.getByRole("button", { name: "Open chat" }).click();
  const frame = page.frameLocator("iframe[title='Parcel help']");
  await frame.getByRole("main").waitFor();
  const inside = page.frames().find((one) => one !== page.mainFrame());
  const drawn = await inside.waitForFunction("window.drawnAt");
  const time = (await drawn.jsonValue()) - (await page.evaluate("clickedAt"));
  await window.close();
  return time;
}

/** loaderScript is how long widget.js works when a page of somebody else loads it. */
export async function loaderScript(bench, slow) {
  const window = await atShop(bench, async (window) => {
    await slowDown(window, slow);
    await bench.browser.startTracing(window.page, { categories: ["devtools.timeline"] });
  });
  await window.page.waitForLoadState();
  const trace = JSON.parse((await bench.browser.stopTracing()).toString());
  await window.close();
  const ours = ({ name, args }) => name === "EvaluateScript" && args.data?.url?.endsWith("/widget.js");
  const found = trace.traceEvents.filter(ours);
  if (found.length === 0) throw new Error("the trace does not tell of widget.js");
  return found.reduce((sum, { dur }) => sum + dur / 1000, 0);
}
