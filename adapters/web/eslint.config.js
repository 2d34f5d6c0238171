import svelte from "eslint-plugin-svelte";
import globals from "globals";
import tseslint from "typescript-eslint";
import svelteConfig from "./svelte.config.js";
import { layers } from "./tools/eslint-layers.mjs";

export default tseslint.config(
  { ignores: ["assets", "node_modules", "shared/*.d.ts", "test-results", "playwright-report", "shots"] },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    plugins: { baton: { rules: { layers } } },
    rules: {
      "baton/layers": "error",
      eqeqeq: ["error", "always"],
      // The compiler knows names, and knows them better.
      "no-undef": "off",
      // `!` says what the reader can see and the compiler cannot; a cast would say less.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } },
  },
  {
    // A store that holds thousands of things says itself when they have changed: once for all changes of a frame.
    files: ["dashboard/stores/*.svelte.ts"],
    rules: { "svelte/prefer-svelte-reactivity": "off" },
  },
  {
    files: ["tools/**", "e2e/**", "*.config.{js,ts}"],
    languageOptions: { globals: { ...globals.node } },
  },
);
