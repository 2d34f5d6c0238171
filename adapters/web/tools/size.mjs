// Prints what browsers load, as gzip, and fails when a part outgrows its bound.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { manifests } from "./manifests.mjs";

const packed = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
const raw = (file) => statSync(file).size;
const sum = (files, size) => files.reduce((total, file) => total + size(file), 0);

function below(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.map((name) => `${folder}/${name}`).filter((file) => statSync(file).isFile());
}

/** A built page: what its entry loads, what its routes add, what a language adds. */
class Page {
  constructor(name) {
    this.folder = `assets/${name}`;
    this.chunks = JSON.parse(readFileSync(`${manifests}/${name}.json`, "utf8"));
    const [, main] = readFileSync(`${this.folder}/index.html`, "utf8").match(/type="module"[^>]*\/(assets\/[^"]+)"/);
    this.entry = Object.keys(this.chunks).find((key) => this.chunks[key].file === main);
    const later = this.chunks[this.entry].dynamicImports ?? [];
    this.languages = later.filter((key) => key.includes("virtual:messages/"));
    this.routes = later.filter((key) => !this.languages.includes(key));
  }

  /** The scripts and styles of some chunks and of what these import at once. */
  files(...keys) {
    const seen = new Set();
    const visit = (key) => {
      if (seen.has(key)) return;
      seen.add(key);
      (this.chunks[key].imports ?? []).forEach(visit);
    };
    keys.forEach(visit);
    const found = [...seen].flatMap((key) => [this.chunks[key].file, ...(this.chunks[key].css ?? [])]);
    return [...new Set(found)].map((file) => `${this.folder}/${file}`);
  }

  /** What is loaded before the page can be used, in its largest language if these are chunks of their own. */
  first() {
    const sizes = this.languages.map((key) => ({ key, size: sum(this.files(key), packed) }));
    const [largest] = sizes.sort((a, b) => b.size - a.size);
    return this.files(this.entry, ...(largest ? [largest.key] : []));
  }

  /** What is loaded more when a chunk is needed. */
  added(key) {
    const there = new Set(this.first());
    return this.files(key).filter((file) => !there.has(file));
  }
}

const kB = 1000;
let failed = false;

/** Prints a line of the table; a bound that is passed fails the run. */
function line(what, value, bound, unit = "kB") {
  const shown = unit === "kB" ? (value / kB).toFixed(1) : String(value);
  const limit = bound === undefined ? "" : `of ${unit === "kB" ? (bound / kB).toFixed(0) : bound}`;
  const over = bound !== undefined && value > bound;
  failed ||= over;
  console.log(`${what.padEnd(44)}${shown.padStart(8)} ${limit.padEnd(8)} ${unit}${over ? "   TOO LARGE" : ""}`);
}

const dashboard = new Page("dashboard");
const widget = new Page("widget");
const fonts = (folder) => below(folder).filter((file) => /\.(woff2?|ttf|otf)$/.test(file));

line("widget.js on the host page", packed("assets/widget/widget.js"), 3 * kB);
line("widget: scripts and styles", sum(widget.first(), packed), 28 * kB);
line("widget: requests, with the page", 1 + widget.first().length, 3, "files");
for (const key of widget.routes)
  line(`  later: ${widget.chunks[key].name} of the widget`, sum(widget.added(key), packed), 6 * kB);
line("widget: fonts", fonts("assets/widget").length, 0, "files");
line("dashboard until the inbox can be used", sum(dashboard.first(), packed), 120 * kB);
line("dashboard: fonts", sum(fonts("assets/dashboard"), raw), 55 * kB);
for (const key of dashboard.routes) {
  // What floats serves all routes and is fetched when the browser has time.
  const bound = key.includes("shared/ui/floats") ? 45 * kB : 40 * kB;
  line(`  later: ${dashboard.chunks[key].name}`, sum(dashboard.added(key), packed), bound);
}
// The editor of scripts is fetched by its page.
for (const key of Object.keys(dashboard.chunks).filter((key) => key === "features/scripts/editor/index.ts"))
  line("  later: the editor of scripts", sum(dashboard.added(key), packed), 140 * kB);
// The library that draws charts is fetched with the first chart.
for (const key of Object.keys(dashboard.chunks).filter((key) => key.endsWith("shared/charts/library.ts")))
  line("  later: what draws charts", sum(dashboard.added(key), packed), 220 * kB);
const plain = below("assets").filter((file) => !/\.(br|gz)$/.test(file));
line("all embedded files, uncompressed", sum(plain, raw), 2500 * kB);
line("all embedded files, with their compressed forms", sum(below("assets"), raw), 3500 * kB);

if (failed) {
  console.error("Something is larger than CONTRIBUTING.md allows. Load it later, or make it smaller.");
  process.exit(1);
}
