import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HttpClient } from "../../../src/http/types.ts";
import { runCommand } from "../provision/command.ts";
import { memoryProfiles, memorySecrets, nothingYet, openWorld, type World } from "../provision/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld(nothingYet);
});
afterEach(() => world.sandbox.close());

const create = ["sso", "setup", "--create-app"];

/** The sandbox's network, but that Okta's token endpoint refuses the client. */
const refusing: () => HttpClient = () => ({
  fetch: async (url, request) =>
    url.endsWith("/v1/token")
      ? Response.json({ error: "invalid_client", error_description: "The client secret is invalid." }, { status: 401 })
      : world.http.fetch(url, request),
});

describe("a setup that asks nothing and makes the app", () => {
  it("ends before Akto's part where Okta refuses the client, and is finished by the next run", async () => {
    const place = { network: refusing(), store: memoryProfiles(), secrets: memorySecrets() };
    await expect(runCommand(world, place, create)).rejects.toMatchObject({
      code: "oidc.client_refused",
      hint: expect.stringMatching(
        /^Done:\n {2}- create the app “Akto” in Okta\n.*^Not done:\n {2}- activate the SSO/ms,
      ),
    });
    expect(await world.akto.fetchSso()).toBeNull();
    await runCommand(world, { ...place, network: world.http }, create);
    expect(await world.snapshot()).toMatchObject({
      live: { apps: [{ label: "Payroll" }, { label: "Akto" }], sso: { clientId: "app Akto" } },
    });
  });

  it("makes a group that nothing maps yet, and lets it through the claim", async () => {
    const place = { network: world.http, store: memoryProfiles(), secrets: memorySecrets() };
    await runCommand(world, place, [...create, "--create-group", "Night Watch"]);
    expect(await world.snapshot()).toMatchObject({
      live: {
        groups: expect.arrayContaining([["Night Watch", "OKTA_GROUP"]]),
        servers: [{ claims: [{ name: "sub" }, { name: "groups", value: "Night Watch" }] }],
        sso: { mapping: [] },
      },
    });
  });
});

describe("a setup that sends nothing to Akto", () => {
  it.each([
    ["keeps no mapping where there is none: what Akto has is not known", undefined],
    ["leaves the copy as it is that is there", [["Finance", "GUEST"]]],
  ] as const)("%s", async (_, mapping) => {
    const { url: aktoUrl, accountId: aktoAccountId } = world.sandbox.akto;
    const store = memoryProfiles({ aktoUrl, aktoAccountId, ...(mapping && { mapping }) });
    await runCommand(world, { network: world.http, store, secrets: memorySecrets() }, [...create, "--offline"]);
    const kept = await store.read();
    expect(kept.clientId).toMatch(/^0oa/);
    expect(kept.mapping).toEqual(mapping);
  });
});
