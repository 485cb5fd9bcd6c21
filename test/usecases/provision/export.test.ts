import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { initiateLoginUri } from "../../../src/core/address.ts";
import { claimFilterTypes } from "../../../src/core/claim/filter.ts";
import { readSpec } from "../../../src/core/plan/spec-read.ts";
import { makePlan } from "../../../src/usecases/provision/apply.ts";
import { readSpecFile } from "../../../src/usecases/provision/file.ts";
import { runCommand } from "./command.ts";
import { memoryProfiles, memorySecrets, openWorld } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const name = fc
  .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
  .filter((text) => text.trim() === text && text !== "Everyone");
const filter = fc.oneof(
  fc.record({ filter: fc.constantFrom(...claimFilterTypes.filter((type) => type !== "REGEX")), value: name }),
  fc.constantFrom({ filter: "REGEX" as const, value: ".*" }, { filter: "REGEX" as const, value: "^(?:A|B\\.c)$" }),
);
const live = fc.record({
  label: name,
  groups: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
  mapped: fc.integer({ min: 0, max: 4 }),
  assigned: fc.integer({ min: 0, max: 4 }),
  filter,
  apiAccessManagement: fc.boolean(),
  sync: fc.boolean(),
  starts: fc.constantFrom("nowhere", "here", "hidden", "elsewhere"),
});
type Live = typeof live extends fc.Arbitrary<infer Value> ? Value : never;

async function differences({ label, groups, mapped, assigned, starts, sync, ...org }: Live) {
  const roles = ["ADMIN", "MEMBER", "GUEST", "DEVELOPER"];
  const world = await openWorld({
    okta: {
      apiAccessManagement: org.apiAccessManagement,
      groups: groups.map((each) => ({ name: each })),
      apps: [{ label, groups: groups.slice(0, assigned) }],
      authorizationServers: [
        {
          id: "default",
          name: "default",
          claims: [{ name: "groups", groupFilterType: org.filter.filter, value: org.filter.value }],
        },
      ],
    },
    akto: {
      sso: { syncGroupsToUserTags: sync },
      mapping: new Map(groups.slice(0, mapped).map((each, index) => [each, roles[index] ?? ""])),
    },
  });
  const { akto, okta } = world.sandbox;
  const app = await world.okta.apps.byClientId(okta.clientId);
  if (starts !== "nowhere") {
    const url = starts === "elsewhere" ? "https://elsewhere.example" : akto.url;
    await world.okta.apps.change(app?.id ?? "", {
      initiateLoginUri: initiateLoginUri(url, akto.accountId),
      idpInitiatedLogin: "SPEC",
      onDashboard: starts !== "hidden",
    });
  }
  const path = join(folder, `${new URL(okta.url).port}.yaml`);
  const place = { network: world.http, store: memoryProfiles(), secrets: memorySecrets() };
  await runCommand(world, place, ["sso", "export", "-o", path], {
    AKTO_OKTA_CLIENT_ID: okta.clientId,
    AKTO_OKTA_AUTH_SERVER_ID: "default",
  });
  const file = await readSpecFile(path);
  const spec = readSpec(file.root, file.name, []);
  const { plan } = await makePlan(spec, world.clients(place.store));
  await world.sandbox.close();
  expect(readFileSync(path, "utf8")).not.toContain(okta.token);
  return plan.steps.flatMap(({ changes }) => changes);
}

it("says what Akto holds and would not take again", async () => {
  const world = await openWorld({ akto: { sso: {}, mapping: new Map([["Akto Admins ", "gone-role"]]) } });
  const said: string[] = [];
  const place = { network: world.http, store: memoryProfiles(), secrets: memorySecrets() };
  await runCommand(world, place, ["sso", "export"], {}, (line) => said.push(line));
  await world.sandbox.close();
  const text = said.join("");
  expect(text).toMatch(/^# “Akto Admins ” has the role “gone-role”, which Akto does not have\./m);
  expect(text).toMatch(/^# “Akto Admins ” has spaces around it/m);
});

it("an export of what is live is a document that nothing differs from, whatever is live", () =>
  fc.assert(
    fc.asyncProperty(live, async (state) => {
      expect(await differences(state)).toEqual([]);
    }),
    { numRuns: 15 },
  ));
