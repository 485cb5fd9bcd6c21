import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Tests that put something in the place of a module or of the clock: what they change must reach no other file. */
const apart = [
  "test/http/*.test.ts",
  "test/oidc/answers.test.ts",
  "test/project/patterns.test.ts",
  "test/store/*.test.ts",
  "test/terminal/live-list.test.ts",
];

export default defineConfig({
  define: { __VERSION__: JSON.stringify(version) },
  test: {
    globalSetup: ["test/build.ts"],
    // Ten times what the slowest test takes on a quiet machine: a busy one fails nothing.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Most tests wait for processes and servers rather than compute.
    maxWorkers: 2,
    // Nothing of the developer's own shell reaches a test.
    env: { NO_COLOR: "1", TZ: "UTC" },
    projects: [
      // The modules are loaded once for all of them, which saves a third of the time.
      { extends: true, test: { name: "shared", include: ["test/**/*.test.ts"], exclude: apart, isolate: false } },
      { extends: true, test: { name: "apart", include: apart } },
    ],
  },
});
