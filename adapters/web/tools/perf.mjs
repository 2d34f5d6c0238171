// Measures how fast the interface is, in a real browser on a real server with 10,000 chats, and prints that beside what it
// is meant to be. It wants a machine that does nothing else: what others do shows as frames that were late. A bound that
// is missed fails nothing, as a busy machine misses them all.
//   npm run perf                                  needs bin/baton (make build), or BATON_BIN
//   npm run perf -- --sessions 500 --runs 1       a quick look
//   npm run perf -- --soak                        ten minutes more: does memory grow?
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Bench } from "./perf/bench.mjs";
import { clickToChat, loaderScript } from "./perf/customer.mjs";
import { firstLook, Inbox } from "./perf/inbox.mjs";
import { Table } from "./perf/table.mjs";

const { values } = parseArgs({
  options: {
    sessions: { type: "string", default: "10000" },
    runs: { type: "string", default: "5" },
    soak: { type: "boolean", default: false },
  },
});
const sessions = Number(values.sessions);
const runs = Number(values.runs);
const updates = 100; // a second
const few = 30; // chats, when the first look is measured

console.log(`Load of the machine: ${loadavg()[0].toFixed(1)}. Figures count when nothing else runs on it.`);
const bench = await Bench.open();
const table = new Table(runs);
try {
  await bench.fill(few);
  await measureFirstLook();
  await measureWidget();
  await bench.fill(sessions - few);
  await measureInbox();
} finally {
  await bench.close();
}

async function measureFirstLook() {
  for (const [slow, drawn, blocked] of [
    [1, 500, 150],
    [4, 1500, 900],
  ]) {
    const looks = await table.repeat(() => firstLook(bench, slow));
    const at = slow === 1 ? "" : `, CPU/${slow}`;
    table.add(`dashboard: first contentful paint${at}`, looks, (look) => look.first, drawn, "ms");
    table.add(`dashboard: largest contentful paint${at}`, looks, (look) => look.largest, drawn, "ms");
    table.add(`dashboard: total blocking time${at}`, looks, (look) => look.blocked, blocked, "ms");
  }
}

async function measureWidget() {
  const clicks = await table.repeat(() => clickToChat(bench));
  table.add("widget: click on the launcher to the chat", clicks, (ms) => ms, 400, "ms");
  const scripts = await table.repeat(() => loaderScript(bench, 4));
  table.add("widget: script on the page, CPU/4", scripts, (ms) => ms, 20, "ms");
}

async function measureInbox() {
  const inbox = await Inbox.open(bench, sessions);
  const much = sessions.toLocaleString("en");
  table.add(`${much} chats: all are in the list`, [inbox.ready], (ms) => ms, undefined, "ms");
  table.add(`${much} chats: memory of scripts`, [await inbox.heap()], (mb) => mb, 40, "MB");
  addFrames(`${much} chats`, await table.repeat(() => inbox.scroll()));

  const storm = bench.storm(updates);
  const what = `${much} chats, ${updates} updates/s`;
  addFrames(what, await table.repeat(() => inbox.scroll()));
  const busy = await table.repeat(() => inbox.busy());
  table.add(`${what}: main thread`, busy, (share) => share, 25, "%");
  const keys = await table.repeat(() => inbox.keys());
  table.add(`${what}: key to frame, p95`, keys, (ms) => ms, 50, "ms");
  if (values.soak) await soak(inbox, what);
  const rate = await storm.end();
  table.add(`${what}: that the server took`, [rate], (n) => n, undefined, "/s");

  const switches = await table.repeat(() => inbox.switchChat(4));
  table.add(`${much} chats: switch of the chat, CPU/4`, switches, (ms) => ms, 100, "ms");
  await inbox.close();
}

function addFrames(what, scrolls) {
  table.add(`${what}: frame while scrolling, p95`, scrolls, (scroll) => scroll.p95, 17.5, "ms");
  table.add(`${what}: frames over 25 ms`, scrolls, (scroll) => scroll.late, 1, "%");
}

/** Ten minutes of updates; what the memory grows by in the second half stays for good. */
async function soak(inbox, what) {
  await inbox.wait(5 * 60);
  const before = await inbox.heap();
  await inbox.wait(5 * 60);
  table.add(`${what}: memory from minute 5 to 10`, [(await inbox.heap()) - before], (mb) => mb, 5, "MB");
}
