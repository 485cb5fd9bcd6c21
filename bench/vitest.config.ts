/** Runs what is measured with the tests' own means, but never among them: `npm run bench`. */
import { defineConfig } from "vitest/config";
import tests from "../vitest.config.ts";

export default defineConfig({
  ...tests,
  test: { ...tests.test, projects: undefined, include: ["bench/**/*.bench.ts"], testTimeout: 600_000 },
});
