import { afterAll, describe, expect, it } from "vitest";
import { Failure, isFailure } from "../../../src/core/failure.ts";
import { changesOf } from "../../../src/core/plan/plan.ts";
import type { ProfileStore } from "../../../src/store/types.ts";
import { applyPlan, makePlan } from "../../../src/usecases/provision/apply.ts";
import type { Clients } from "../../../src/usecases/provision/clients.ts";
import { apply, memoryProfiles, nothingYet, openWorld, type World } from "./world.ts";

const okta = "  createGroups: true\n  app: { assignments: [Everyone], initiateLogin: true }";
const mapping = "  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Akto Visitors: GUEST";

const worlds: World[] = [];
const open = async (...args: Parameters<typeof openWorld>) => {
  const world = await openWorld(...args);
  worlds.push(world);
  return world;
};
afterAll(() => Promise.all(worlds.map(({ sandbox }) => sandbox.close())));

describe("apply", () => {
  it("creates from nothing all that Akto needs, and finds nothing to do afterwards", async () => {
    const world = await open();
    const profiles = memoryProfiles();
    const clients = world.clients(profiles);
    const spec = await world.spec(okta, mapping);
    const { planned } = await apply(spec, clients);
    expect(changesOf(planned.plan).map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'add okta.groups["Akto Visitors"]',
      "add okta.app",
      'add okta.app.assignments["Everyone"]',
      "add okta.groupsClaim",
      "add okta.accessPolicy",
      "add okta.accessRule",
      "add akto.sso",
      'add mapping["Akto Admins"]',
      'add mapping["Akto Security"]',
      'add mapping["Akto Visitors"]',
    ]);
    expect((await profiles.read()).created?.map(({ kind }) => kind)).toEqual([
      "group",
      "app",
      "claim",
      "policy",
      "rule",
    ]);
    expect((await makePlan(spec, clients)).plan).toEqual({ compared: ["okta", "akto"], steps: [], warnings: [] });
  });

  it("mends what differs of an app, and leaves alone what others made", async () => {
    const seed = {
      okta: {
        apps: [
          {
            label: "Akto",
            clientId: "0oaexistingakto00001",
            redirectUris: ["https://other.example/callback"],
            pkceRequired: true,
            dpopBoundAccessTokens: true,
            clientAuthMethod: "private_key_jwt",
            groups: ["Engineering"],
          },
        ],
        authorizationServers: [
          {
            id: "default",
            name: "default",
            claims: [{ name: "groups", groupFilterType: "STARTS_WITH", value: "Team" }],
          },
        ],
      },
    } as const;
    const world = await open(seed);
    const profiles = memoryProfiles();
    const spec = await world.spec(
      "  app: { clientId: 0oaexistingakto00001, assignments: [Akto Admins] }",
      "  Akto Admins: ADMIN",
    );
    await apply(spec, world.clients(profiles));
    const { live } = await world.snapshot();
    expect(live).toMatchObject({
      apps: [
        {
          redirectUris: ["https://other.example/callback", `${world.sandbox.akto.url}/authorization-code/callback`],
          pkceRequired: false,
          dpopRequired: false,
          clientAuthMethod: "client_secret_post",
          assigned: ["group Akto Admins", "group Engineering"],
        },
      ],
      // Wider than before, and never narrower: both what it let through and what is mapped.
      servers: [{ claims: [{}, { groupFilterType: "REGEX", value: "^(?:[Tt][Ee][Aa][Mm].*|[Aa][Kk][Tt][Oo].*)$" }] }],
    });
    expect((await makePlan(spec, world.clients(profiles))).plan.steps).toEqual([]);
    expect((await profiles.read()).created).toBeUndefined();
  });

  it("goes on without a claim where the org lacks API Access Management, and says what that means", async () => {
    const world = await open({ okta: { ...nothingYet.okta, apiAccessManagement: false } });
    const spec = await world.spec(okta, mapping);
    const { planned } = await apply(spec, world.clients(memoryProfiles()));
    expect(planned.plan.warnings).toEqual([expect.stringContaining("no API Access Management")]);
    expect(await world.akto.fetchSso()).toMatchObject({ mapping: new Map(spec.mapping) });
  });

  it("does not overwrite a mapping that somebody changed since the plan", async () => {
    const world = await open();
    const profiles = memoryProfiles();
    const clients = world.clients(profiles);
    await apply(await world.spec(okta, mapping), clients);
    const planned = await makePlan(await world.spec(okta, "  Akto Admins: ADMIN"), clients);
    const theirs = new Map([["Akto Admins", "GUEST"]]);
    await world.akto.saveMapping({ mapping: theirs, syncGroupsToUserTags: false });
    const secrets = { clientSecret: async () => undefined, managementToken: { change: "keep" } } as const;
    await expect(applyPlan(planned, clients, { secrets, pause: async () => {} })).rejects.toMatchObject({
      kind: "rule",
      code: "akto.mapping_changed",
    });
    expect(await world.akto.fetchSso()).toMatchObject({ mapping: theirs });
  });
});

describe("an SSO that has to be replaced", () => {
  const seed = {
    okta: {
      ...nothingYet.okta,
      apps: [{ label: "Old", clientId: "0oaoldakto0000000001", clientSecret: "the-old-secret" }],
    },
    akto: {
      sso: { clientSecret: "the-old-secret", managementApiToken: null },
      mapping: new Map([["Akto Guests", "GUEST"]]),
    },
  };

  it("is removed and added with the new app, and ends with the document's mapping", async () => {
    const world = await open(seed);
    const profiles = memoryProfiles();
    const spec = await world.spec(okta, mapping);
    const { planned } = await apply(spec, world.clients(profiles));
    expect(planned.plan.warnings).toEqual([expect.stringContaining("signs every user of the account out")]);
    expect(await world.akto.fetchSso()).toMatchObject({ mapping: new Map(spec.mapping) });
    expect(await profiles.read()).not.toHaveProperty("replacing");
  });

  /** Clients of an Akto that takes no SSO but those with this client id. */
  function refusing(world: World, profiles: ProfileStore, taken: string | undefined): Clients {
    const { akto, ...clients } = world.clients(profiles);
    if (!akto) throw new Error("The world has an Akto.");
    const addSso: typeof akto.addSso = async (sso) => {
      if (sso.clientId === taken) return akto.addSso(sso);
      throw new Failure("rule", "akto.refused", "Akto refused.");
    };
    return { ...clients, akto: { ...akto, addSso } };
  }

  it("gets its mapping back before an interruption ends the run", async () => {
    const world = await open(seed);
    const { akto, ...others } = world.clients(memoryProfiles());
    if (!akto) throw new Error("The world has an Akto.");
    const interruption = new AbortController();
    const deleteSso = async () => {
      interruption.abort(new Failure("interrupted", "interrupted", "Interrupted."));
      await akto.deleteSso();
    };
    const clients = { ...others, akto: { ...akto, deleteSso } };
    const spec = await world.spec(okta, mapping);
    const secrets = { clientSecret: async () => undefined, managementToken: { change: "keep" } } as const;
    const { signal } = interruption;
    await applyPlan(await makePlan(spec, clients), clients, { secrets, signal, pause: async () => {} });
    expect(signal.aborted).toBe(true);
    expect(await world.akto.fetchSso()).toMatchObject({ mapping: new Map(spec.mapping) });
  });

  it("is put back with its mapping when Akto takes no new one", async () => {
    const world = await open(seed);
    const before = await world.akto.fetchSso();
    const clients = refusing(world, memoryProfiles(), before?.clientId);
    const error = await apply(await world.spec(okta, mapping), clients).catch((thrown: unknown) => thrown);
    expect(isFailure(error, "akto.sso_restored") && error.hint).toContain("Not done:");
    expect(await world.akto.fetchSso()).toEqual(before);
  });

  it("is told to be lost when Akto takes none at all, with all that it needs to finish by hand or by the next run", async () => {
    const world = await open(seed);
    const profiles = memoryProfiles();
    const spec = await world.spec(okta, mapping);
    const error = await apply(spec, refusing(world, profiles, undefined)).catch((thrown: unknown) => thrown);
    if (!isFailure(error, "akto.sso_lost")) throw error;
    const { clientId } = (await makePlan(spec, world.clients(profiles))).live.okta?.app ?? {};
    expect(error.hint).toContain("mapping of 1 group is kept in the profile");
    expect(error.hint).toContain(`  Client ID                ${clientId}`);
    expect((await profiles.read()).replacing?.mapping).toEqual([["Akto Guests", "GUEST"]]);
    await apply(spec, world.clients(profiles));
    expect(await world.akto.fetchSso()).toMatchObject({ clientId, mapping: new Map(spec.mapping) });
    expect(await profiles.read()).not.toHaveProperty("replacing");
  });
});
