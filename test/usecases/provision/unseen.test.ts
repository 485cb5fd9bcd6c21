/** A plan makes nothing that may be there already, only hidden from the API token. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { temporaryFolder } from "../../program.ts";
import { command } from "../login/world.ts";

it("A plan ends where the token shows no group at all, and where it shows none of a server's claims", async () => {
  const sandbox = await startSandbox({ scenario: "healthy" });
  try {
    const file = join(temporaryFolder(), "akto-okta.yaml");
    writeFileSync(file, (await command(sandbox, ["sso", "export"])).stdout);
    const plan = (fault: string) => {
      sandbox.faults.set([fault]);
      return command(sandbox, ["sso", "plan", "-f", file]);
    };
    const noGroups = await plan("empty,path=/api/v1/groups");
    expect(noGroups.failure).toMatchObject({ kind: "auth", code: "okta.groups_unseen" });
    const noClaims = await plan("empty,path=/api/v1/authorizationServers/default/claims");
    expect(noClaims.failure?.message).toMatch(/^This API token shows no claim of the authorization server/);
    expect(noGroups.stdout + noClaims.stdout).toBe("");
  } finally {
    await sandbox.close();
  }
});
