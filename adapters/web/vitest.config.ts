import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { messagesPlugin } from "./tools/messages.mjs";

export default defineConfig({
  plugins: [messagesPlugin(), svelte(), svelteTesting()],
  test: {
    include: ["{shared,dashboard,widget}/**/*.test.ts"],
    // Code for browsers without a document. Components ask for one with a first line `// @vitest-environment happy-dom`.
    environment: "./shared/testing/environment.ts",
    setupFiles: ["shared/test-setup.ts"],
    reporters: ["default", "./tools/count-reporter.mjs"],
  },
});
