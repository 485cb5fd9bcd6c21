/** Runs the program against what others made, with the tests' own means, but never among them: `npm run interop`. */
import { defineConfig } from "vitest/config";
import tests from "../../vitest.config.ts";

export default defineConfig({
  ...tests,
  test: {
    ...tests.test,
    projects: undefined,
    include: ["test/interop/**/*.interop.ts"],
    reporters: ["default", "./test/interop/table.ts"],
    setupFiles: ["test/interop/nice.ts"],
    // One server at a time.
    fileParallelism: false,
    testTimeout: 60_000,
    // The first run downloads and builds.
    hookTimeout: 600_000,
  },
});
