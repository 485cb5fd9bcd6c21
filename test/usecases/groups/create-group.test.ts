import { afterAll, beforeAll, expect, test } from "vitest";
import { createOktaOrg } from "../../../src/okta/org.ts";
import type { ProfileStore } from "../../../src/store/types.ts";
import { createGroup } from "../../../src/usecases/groups/groups.ts";
import { createLedger } from "../../../src/usecases/provision/ledger.ts";
import { faulty } from "../provision/faults.ts";
import { memoryProfiles, memorySecrets, openWorld, type World } from "../provision/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.sandbox.close());

test("a group whose creation is lost on the way back is found again, and noted as this tool's own", async () => {
  const profiles = memoryProfiles();
  const place = { network: world.http, store: profiles, secrets: memorySecrets() };
  const clean = faulty(place, Number.POSITIVE_INFINITY, "refused");
  const org = (http: typeof world.http) =>
    createOktaOrg({ origin: world.sandbox.okta.url, token: world.sandbox.okta.token, http });
  const notes = (store: ProfileStore) => createLedger(store, { org: world.sandbox.okta.url });
  await createGroup(org(clean.network), notes(clean.store), "First", undefined);
  const { network, store } = faulty(place, clean.writes.indexOf("network") + 1, "lost on the way back");
  const lost = await createGroup(org(network), notes(store), "Lost", "by a test");
  expect(lost).toMatchObject({ name: "Lost", description: "by a test" });
  const { created, creating } = await profiles.read();
  expect(created).toMatchObject(["First", "Lost"].map((name) => ({ name, org: world.sandbox.okta.url })));
  expect(creating).toBeUndefined();
  await expect(createGroup(org(world.http), notes(profiles), "Lost", undefined)).rejects.toMatchObject({
    kind: "rule",
    code: "okta.group_exists",
    hint: "Use it: akto-okta mapping add Lost ROLE",
  });
  // Okta's own, of another type than those that are made.
  await expect(createGroup(org(world.http), notes(profiles), "Everyone", undefined)).rejects.toMatchObject({
    code: "okta.group_exists",
  });
});

test("a group that somebody else makes at the same time is theirs, and said to be there", async () => {
  const profiles = memoryProfiles();
  const org = createOktaOrg({ origin: world.sandbox.okta.url, token: world.sandbox.okta.token, http: world.http });
  const beaten = {
    ...org,
    createGroup: async (name: string) => {
      await org.createGroup(name);
      return org.createGroup(name);
    },
  };
  const notes = createLedger(profiles, { org: world.sandbox.okta.url });
  await expect(createGroup(beaten, notes, "Raced", undefined)).rejects.toMatchObject({ code: "okta.group_exists" });
  expect(await profiles.read()).toEqual({});
});
