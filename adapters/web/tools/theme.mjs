// Puts shared/theme.js before everything else of the dashboard's page: a file of its own, because the page's policy
// lets no script stand in the page, and not a module, because modules run after the first paint.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../shared/theme.js", import.meta.url));

export function themePlugin() {
  let building = false;
  return {
    name: "baton-theme",
    configResolved(config) {
      building = config.command === "build";
    },
    buildStart() {
      if (!building) return;
      this.emitFile({ type: "asset", name: "theme.js", source: small(readFileSync(source, "utf8")) });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, context) {
        const src = building ? `/app/${fileName(context.bundle)}` : `/app/@fs${source}`;
        return [{ tag: "script", attrs: { src }, injectTo: "head-prepend" }];
      },
    },
  };

  function fileName(bundle) {
    return Object.keys(bundle).find((name) => /\/theme-[^/]+\.js$/.test(name));
  }
}

/** The text without what only people need. */
function small(text) {
  return text.replace(/\n\s*/g, "");
}
