import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/build.ts"],
    testTimeout: 30_000,
    // Most tests wait for processes and servers rather than compute.
    maxWorkers: 2,
    hookTimeout: 30_000,
    // Nothing of the developer's own shell reaches a test.
    env: { NO_COLOR: "1", TZ: "UTC" },
  },
});
