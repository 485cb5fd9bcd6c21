import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command } from "../login/world.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterEach(() => sandbox.close());

/** The line on who is affected, or `null`. */
async function affected(args: string[], over: Record<string, string> = {}): Promise<string | null> {
  const { stderr, failure } = await command(sandbox, args, over);
  expect(failure).toBeUndefined();
  return /^ {2}(.*affected.*)$/m.exec(stderr)?.[1] ?? null;
}

describe("after a change of the mapping", () => {
  it("one line says who is affected: on add, remove and import", async () => {
    expect(await affected(["mapping", "add", "Finance", "threat-viewer"])).toBe(
      "1 person is affected, the only member of “Finance”: their role is written at their next sign-in.",
    );
    expect(await affected(["mapping", "remove", "Akto Developers"])).toMatch(/^2 people are affected, the members of/);
    expect(await affected(["mapping", "add", "Warehouse Systems", "developer"])).toBe(
      "Nobody is affected yet: “Warehouse Systems” has no members in Okta.",
    );
    const file = join(temporaryFolder(), "mapping.yaml");
    writeFileSync(file, "mapping:\n  Akto Admins: ADMIN\n  Engineering: DEVELOPER\n");
    expect(await affected(["--yes", "mapping", "import", file])).toMatch(
      /^Up to 7 people are affected, the members of “Akto Security”, “AppSec Contractors” and 3 other groups/,
    );
  });

  it.each<[what: string, args: string[], over: Record<string, string>]>([
    ["without an Okta API token", [], { OKTA_CLIENT_TOKEN: "" }],
    ["offline", ["--offline"], {}],
    ["with --quiet", ["--quiet"], {}],
    ["with --json", ["--json"], {}],
    ["with a token that Okta refuses", [], { OKTA_CLIENT_TOKEN: "00revoked" }],
  ])("nothing is said %s, and the change is made", async (_, args, over) => {
    expect(await affected([...args, "mapping", "add", "Finance", "threat-viewer", "--force"], over)).toBeNull();
  });

  it("nothing is said when Okta fails or limits its rate, and nothing waits for it", async () => {
    for (const fault of ["503", "429=600"]) {
      sandbox.faults.set([`${fault},path=/api/v1/groups`]);
      expect(await affected(["mapping", "remove", "--role", fault === "503" ? "guest" : "developer"])).toBeNull();
    }
  });
});
