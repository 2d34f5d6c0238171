import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type UserConfig } from "vite";
import { firstChunk } from "./tools/first-chunk.mjs";
import { messagesPlugin } from "./tools/messages.mjs";
import { themePlugin } from "./tools/theme.mjs";
import { usedTokens } from "./tools/used-tokens.mjs";

// One file describes three builds, chosen by --mode: the dashboard, the page inside the widget's frame, and the
// loader that a host page includes. Each empties its own folder below assets/ and nothing else.

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const server = {
  // The API of a running `baton serve`.
  fs: { allow: [path(".")] },
  proxy: { "/v1": { target: "http://127.0.0.1:8080", ws: true } },
};

// The browsers of the last two years; light-dark() of the tokens wants no older ones.
const browsers = ["chrome123", "edge123", "firefox120", "safari17.5"];

const shared = { target: browsers, modulePreload: { polyfill: false }, assetsInlineLimit: 0, manifest: true } as const;

/**
 * Vite wraps each import that is made later in a function that fetches styles before it. The widget has none to fetch, and
 * no bytes for that.
 */
const bareImports = {
  name: "baton-bare-imports",
  enforce: "pre",
  load: (id: string) =>
    id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : undefined,
} as const;

const targets: Record<string, UserConfig> = {
  dashboard: {
    root: path("dashboard"),
    base: "/app/",
    publicDir: false,
    plugins: [messagesPlugin(), themePlugin(), svelte({ configFile: path("svelte.config.js") })],
    build: {
      ...shared,
      outDir: path("assets/dashboard"),
      emptyOutDir: true,
      rolldownOptions: {
        experimental: { lazyBarrel: true },
        output: { codeSplitting: { groups: [{ debugName: "first", name: firstChunk() }] } },
      },
    },
    server,
  },
  widget: {
    root: path("widget"),
    base: "/widget/",
    publicDir: false,
    plugins: [messagesPlugin(), bareImports, usedTokens("widget", "shared/base.css")],
    build: {
      ...shared,
      outDir: path("assets/widget"),
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: { output: { codeSplitting: { groups: [{ debugName: "first", name: firstChunk() }] } } },
    },
    server,
  },
  loader: {
    publicDir: false,
    build: {
      ...shared,
      outDir: path("assets/widget"),
      emptyOutDir: false,
      lib: {
        entry: path("widget/loader/loader.ts"),
        name: "BatonLoader",
        formats: ["iife"],
        fileName: () => "widget.js",
      },
    },
  },
};

export default defineConfig(({ mode }) => targets[mode] ?? targets.dashboard!);
