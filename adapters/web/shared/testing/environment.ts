import type { Environment } from "vitest/runtime";

/** Code compiled as for browsers, without a document. Tests of components ask for one in their first line. */
const environment: Environment = {
  name: "browser-code",
  viteEnvironment: "client",
  setup: () => ({ teardown: () => undefined }),
};

export default environment;
