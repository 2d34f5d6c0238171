import { slowDown } from "./bench.mjs";
import { quantile } from "./table.mjs";

const person = "sam"; // who may see all chats
const rest = 1000; // ms after which nothing of a first look comes any more
const lateFrame = 25;
const frames = 300;
const presses = 60;

/** Runs in a page before anything of it does. */
function observe() {
  const seen = { first: 0, largest: 0, blocked: 0 };
  const on = (type, hear) =>
    new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true });
  on("paint", ({ name, startTime }) => name === "first-contentful-paint" && (seen.first = startTime));
  on("largest-contentful-paint", ({ startTime }) => (seen.largest = startTime));
  on("longtask", ({ duration }) => (seen.blocked += duration - 50));
  Object.assign(window, { seen });
}

/** firstLook opens the dashboard in a new browser, with nothing kept, on a processor that is `slow` times slower. */
export async function firstLook(bench, slow) {
  const window = await bench.window(person);
  const { page } = window;
  await page.addInitScript(observe);
  await slowDown(window, slow);
  await page.goto(`${bench.server.url}/app/`);
  await page.getByRole("tab", { name: /^All/ }).waitFor();
  await page.waitForTimeout(rest * slow);
  const seen = await page.evaluate("seen");
  await window.close();
  return seen;
}

/** Inbox is a window that shows all chats. */
export class Inbox {
  #bench;
  #window;
  #chats = []; // their addresses; both stand in the strip

  constructor(bench, window) {
    this.#bench = bench;
    this.#window = window;
  }

  static async open(bench, sessions) {
    await bench.as(person).put("/v1/me", { status: "away" });
    const taken = bench.sessions.slice(0, 2);
    for (const id of taken) await bench.as(person).post(`/v1/sessions/${id}/takeover`);
    const inbox = new Inbox(bench, await bench.window(person));
    inbox.#chats = taken.map((id) => `/app/chats/${id}`);
    await inbox.#show(sessions);
    return inbox;
  }

  get #page() {
    return this.#window.page;
  }

  async #show(sessions) {
    const began = performance.now();
    await this.#page.goto(this.#bench.server.url + this.#chats[0]);
    await this.#page.getByRole("tab", { name: /^All/ }).click();
    // Rows have at least 40 pixels each.
    await this.#page.waitForFunction(
      (height) => document.querySelector("#inbox-list .scroller")?.scrollHeight >= height,
      sessions * 40,
    );
    this.ready = performance.now() - began;
    await this.#page.waitForTimeout(2 * rest);
  }

  wait(seconds) {
    return this.#page.waitForTimeout(1000 * seconds);
  }

  /** heap gives the megabytes that scripts hold, without what nobody needs any more. */
  async heap() {
    await this.#window.cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.#window.cdp.send("Runtime.getHeapUsage");
    return usedSize / 1e6;
  }

  /** scroll goes down the list, a row and a half with each frame. */
  async scroll() {
    const times = await this.#page.evaluate(async (count) => {
      const list = document.querySelector("#inbox-list .scroller");
      const frame = () => new Promise(requestAnimationFrame);
      const between = [];
      for (let before = await frame(); between.length < count;) {
        list.scrollTop += 97;
        const now = await frame();
        between.push(now - before);
        before = now;
      }
      return between;
    }, frames);
    const late = times.filter((time) => time > lateFrame).length;
    return { p95: quantile(times, 0.95), late: (100 * late) / times.length };
  }

  /** busy gives how much of five seconds the main thread worked, in per cent. */
  async busy() {
    const before = await this.#metrics();
    await this.wait(5);
    const after = await this.#metrics();
    return (100 * (after.TaskDuration - before.TaskDuration)) / (after.Timestamp - before.Timestamp);
  }

  async #metrics() {
    await this.#window.cdp.send("Performance.enable");
    const { metrics } = await this.#window.cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /** keys goes down the list by J and gives the time from the key to the picture. */
  async keys() {
    await this.#page.evaluate(() => document.activeElement?.blur());
    // The open chat may stand at the end of the list, from where there is no way down.
    for (let press = 0; press < presses; press++) await this.#page.keyboard.press("k");
    await this.#page.evaluate(() => {
      window.pressed = [];
      window.onkeydown = ({ timeStamp }) =>
        requestAnimationFrame(() => setTimeout(() => window.pressed.push(performance.now() - timeStamp)));
    });
    for (let press = 0; press < presses; press++) {
      await this.#page.keyboard.press("j");
      await this.#page.waitForTimeout(37); // is no multiple of a frame
    }
    await this.#page.waitForFunction((count) => window.pressed.length >= count, presses);
    return quantile(await this.#page.evaluate("pressed"), 0.95);
  }

  /** switchChat goes to the other of the two chats in the strip, and gives the time until its talk is drawn. */
  async switchChat(slow) {
    await slowDown(this.#window, slow);
    this.#chats.reverse();
    const time = await this.#page.evaluate(async (address) => {
      const link = document.querySelector(`nav a[href="${address}"]`);
      const shown = () => document.querySelector("[role=log]")?.getAttribute("aria-label");
      const before = shown();
      const began = performance.now();
      link.click();
      while (shown() === before || !document.querySelector("[role=log] .bubble")) {
        await new Promise(requestAnimationFrame);
      }
      await new Promise((drawn) => setTimeout(drawn));
      return performance.now() - began;
    }, this.#chats[0]);
    await slowDown(this.#window, 1);
    await this.#page.waitForTimeout(rest);
    return time;
  }

  close() {
    return this.#window.close();
  }
}
