import { execa } from "execa";
import { expect, it } from "vitest";

// `npm run soak` goes on for minutes; this shows that it runs at all, and finds nothing in its first round.
it("loses nothing while two processes at once change the mapping over a bad network", async () => {
  const { stdout, exitCode } = await execa("node", ["scripts/soak/soak.js", "--seconds", "0", "--seed", "1"], {
    reject: false,
  });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ rounds: 1, lost: [], problems: [] });
  expect(report.commands).toBeGreaterThanOrEqual(6);
  expect(exitCode).toBe(0);
});
