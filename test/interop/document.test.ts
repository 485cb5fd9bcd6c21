import { expect, it } from "vitest";
import { type PeerResult, withResults } from "./document.ts";

const facts = { date: "2026-02-03", node: "v20.19.0" };
const tried = (name: string, version: string, saw = "exit 0"): PeerResult => ({
  peer: { name, version },
  tried: [{ what: "signs in", saw }],
});
const missing = (name: string, why: string): PeerResult => ({ peer: { name, version: "1.0" }, missing: why });

const section = (name: string, version: string, date: string) =>
  `## ${name} ${version}\n\nTried on ${date} with Node 20.19.0.\n\n| tried | came of it |\n| --- | --- |\n| signs in | exit 0 |\n`;

it("keeps the words before the sections, adds a section, and sorts them", () => {
  const before = `# Title\n\nWords.\n\n${section("Keycloak", "26.1", "2026-01-01")}`;
  expect(withResults(before, [tried("a mock", "2")], facts)).toBe(
    `# Title\n\nWords.\n\n${section("a mock", "2", "2026-02-03")}\n${section("Keycloak", "26.1", "2026-01-01")}`,
  );
});

it("writes a section of another version anew, and changes nothing when the same is found on the same day", () => {
  const before = `# Title\n\n${section("Keycloak", "26.1", "2026-01-01")}`;
  const after = withResults(before, [tried("Keycloak", "27.0")], facts);
  expect(after).toBe(`# Title\n\n${section("Keycloak", "27.0", "2026-02-03")}`);
  expect(withResults(after, [tried("Keycloak", "27.0")], facts)).toBe(after);
});

it("says why a peer was not tried, but keeps what an earlier run found of it", () => {
  const before = `# Title\n\n${section("Keycloak", "1.0", "2026-01-01")}`;
  const after = withResults(before, [missing("Keycloak", "no Java"), missing("Terraform", "no registry")], facts);
  expect(after).toBe(`${before}\n## Terraform 1.0\n\nNot tried on 2026-02-03: no registry\n`);
  expect(withResults(after, [tried("Terraform", "1.0")], facts)).toContain(section("Terraform", "1.0", "2026-02-03"));
});

it("keeps outside text in its cell, and leaves out the ports of a run", () => {
  const saw = "a | b\n<c> at http://127.0.0.1:40123/x";
  const cell = withResults("# Title\n", [tried("Keycloak", "26.1", saw)], facts)
    .split("\n")
    .at(-2);
  expect(cell).toBe("| signs in | a \\| b\\u{0a}\\<c\\> at http://127.0.0.1/x |");
});
