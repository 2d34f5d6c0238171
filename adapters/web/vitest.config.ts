import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  test: {
    include: ["{shared,dashboard,widget}/**/*.test.ts"],
    // Components ask for a document with a first line `// @vitest-environment happy-dom`.
    environment: "node",
    passWithNoTests: true,
  },
});
