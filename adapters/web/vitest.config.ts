import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";
import { messagesPlugin } from "./tools/messages.mjs";

export default defineConfig({
  plugins: [messagesPlugin(), svelte(), svelteTesting()],
  test: {
    include: ["{shared,dashboard,widget}/**/*.test.ts"],
    // Components ask for a document with a first line `// @vitest-environment happy-dom`.
    environment: "node",
    setupFiles: ["shared/test-setup.ts"],
    passWithNoTests: true,
  },
});
