/** What others made, and what nobody asked for, is left as it is. */
import { afterEach, describe, expect, it } from "vitest";
import type { SandboxSeed } from "../../../src/sandbox/types.ts";
import { makePlan } from "../../../src/usecases/provision/apply.ts";
import { planRemoval } from "../../../src/usecases/provision/remove.ts";
import { runCommand } from "./command.ts";
import { apply, memoryProfiles, memorySecrets, nothingYet, openWorld, type World } from "./world.ts";

const worlds: World[] = [];
afterEach(() => Promise.all(worlds.splice(0).map(({ sandbox }) => sandbox.close())));

async function open(seed: SandboxSeed) {
  const world = await openWorld(seed);
  worlds.push(world);
  const place = { network: world.http, store: memoryProfiles(), secrets: memorySecrets() };
  return {
    world,
    place,
    clients: world.clients(place.store),
    run: (...args: string[]) => runCommand(world, place, args),
  };
}

const existing: SandboxSeed = {
  okta: {
    apps: [
      {
        label: "Akto (production)",
        clientId: "0oaexistingakto00001",
        initiateLoginUri: "https://elsewhere.example/start",
        idpInitiatedLogin: "SPEC",
        groups: ["Engineering"],
      },
    ],
  },
};

describe("an app that is there", () => {
  it("keeps its label, its assignments and its sign-in from Okta when nothing is said about them", async () => {
    const { world, run } = await open(existing);
    const before = (await world.snapshot()).live;
    await run("sso", "setup", "--create-app", "--client-id", "0oaexistingakto00001");
    expect((await world.snapshot()).live).toEqual({ ...(before as object), sso: expect.anything() });
  });

  it("is found by the client id that Akto has, so that a second one isn't made", async () => {
    const { world, run } = await open({ ...existing, akto: { sso: {} } });
    const apps = (await world.snapshot()).live;
    await run("sso", "setup", "--create-app");
    expect(await world.snapshot()).toMatchObject({ live: { apps: (apps as { apps: unknown }).apps } });
  });

  it("that Akto has and Okta doesn't is nothing to go by: nothing is made before that is settled", async () => {
    const { world, run } = await open({ ...existing, akto: { sso: { clientId: "0oagone0000000000001" } } });
    const before = (await world.snapshot()).live;
    await expect(run("sso", "setup", "--create-app")).rejects.toMatchObject({ code: "akto.sso_differs" });
    expect((await world.snapshot()).live).toEqual(before);
  });

  it("stays assigned to an imported group, although one of Okta's own bears the same name", async () => {
    const groups = [{ name: "Staff" }, { name: "Staff", type: "APP_GROUP" as const }];
    const { world, clients } = await open({ okta: { groups, apps: [{ label: "Akto", groups: [] }] } });
    const app = await world.okta.apps.byClientId(world.sandbox.okta.clientId);
    const imported = (await world.okta.groupsNamed("Staff")).find(({ type }) => type === "APP_GROUP");
    await world.okta.apps.assignGroup(app?.id ?? "", imported?.id ?? "");
    const { plan } = await makePlan(await world.spec("  app: { assignments: [Staff] }", "  Staff: ADMIN"), clients);
    expect(plan.steps.filter(({ action }) => action.kind === "assignment")).toEqual([]);
  });

  it("gets a tile with the sign-in from Okta's dashboard, without which nobody could start it there", async () => {
    const { world, clients } = await open(nothingYet);
    const spec = await world.spec("  app: { assignments: [Everyone], initiateLogin: true }", "  Akto Admins: ADMIN");
    await apply(spec, clients);
    expect(await world.snapshot()).toMatchObject({
      live: { apps: [{}, { idpInitiatedLogin: "SPEC", onDashboard: true }] },
    });
  });
});

describe("what Akto keeps", () => {
  const kept = async (world: World) => {
    const sso = await world.akto.fetchSso();
    return [sso?.hasManagementApiToken, sso?.syncGroupsToUserTags, [...(sso?.mapping.keys() ?? [])]];
  };

  it("beside the connection is changed by the setup's flags, and stays without them", async () => {
    const { world, run } = await open({ akto: { sso: {}, mapping: new Map([["Akto Admins", "ADMIN"]]) } });
    await run("sso", "setup", "--create-app", "--sync-tags");
    expect(await kept(world)).toEqual([true, true, ["Akto Admins"]]);
    await run("sso", "setup", "--create-app");
    expect(await kept(world)).toEqual([true, true, ["Akto Admins"]]);
    await expect(run("sso", "setup", "--create-app", "--remove-management-token")).rejects.toMatchObject({
      code: "akto.token_needed",
    });
    await run("sso", "setup", "--create-app", "--remove-management-token", "--no-sync-tags");
    expect(await kept(world)).toEqual([false, false, ["Akto Admins"]]);
  });
});

describe("a claim that lets too many groups through", () => {
  const crowd: SandboxSeed = {
    okta: {
      ...nothingYet.okta,
      groups: [
        { name: "Akto Admins" },
        { name: "Akto Guests" },
        ...Array.from({ length: 101 }, (_, n) => ({ name: `Akto ${n}` })),
      ],
    },
  };
  const mapped = "  Akto Admins: ADMIN\n  Akto Guests: GUEST";
  const wide = {
    name: "groups",
    status: "ACTIVE",
    claimType: "RESOURCE",
    valueType: "GROUPS",
    groupFilterType: "STARTS_WITH",
    value: "Akto",
    scopes: [],
  } as const;

  it("is narrowed to the mapped ones where this tool made it", async () => {
    const { world, place, clients } = await open(crowd);
    const { id } = await world.okta.authServers.createClaim("default", wide);
    await place.store.update(() => ({ created: [{ kind: "claim", name: "groups", parent: "default", id }] }));
    await apply(await world.spec("", mapped), clients);
    expect(await world.okta.authServers.claims("default")).toContainEqual({
      ...wide,
      id,
      groupFilterType: "REGEX",
      value: "^(?:Akto Admins|Akto Guests)$",
    });
  });

  it.each([
    ["of somebody else's", wide, ""],
    ["that the file names", null, "  groupsClaim: { filter: REGEX, value: '^Akto.*$' }"],
  ])("%s is left, with a warning", async (_, claim, okta) => {
    const { world, clients } = await open(crowd);
    if (claim) await world.okta.authServers.createClaim("default", claim);
    const { plan } = await makePlan(await world.spec(okta, mapped), clients);
    expect(plan.warnings).toContainEqual(expect.stringContaining("over 100 of the org's groups"));
    expect(plan.steps.some(({ action }) => action.kind === "claim")).toBe(claim === null);
  });
});

describe("sso remove --okta", () => {
  const made = "  app: { assignments: [Everyone] }";

  it.each([
    [
      "a rule of somebody else's",
      async ({ okta }: World, policyId: string) => {
        await okta.authServers.createRule("default", policyId, {
          name: "Theirs",
          grantTypes: ["client_credentials"],
          scopes: ["*"],
          groups: ["EVERYONE"],
        });
      },
      ["policy"],
    ],
    [
      "another app",
      async ({ okta }: World, policyId: string) => {
        const clients = [];
        for await (const { clientId } of okta.apps.all()) clients.push(clientId);
        await okta.authServers.setPolicyClients("default", policyId, clients);
      },
      ["policy", "rule"],
    ],
  ] as const)("leaves the access policy that has %s by now", async (_, change, kinds) => {
    const { world, clients, run } = await open(nothingYet);
    await apply(await world.spec(made, "  Akto Admins: ADMIN"), clients);
    const [policy] = await world.okta.authServers.policies("default");
    await change(world, policy?.id ?? "");
    const { kept } = await planRemoval(clients, { org: world.sandbox.okta.url });
    expect(kept.map(({ object }) => object.kind)).toEqual(kinds);
    await run("sso", "remove", "--okta");
    expect((await world.okta.authServers.policies("default")).map(({ id }) => id)).toEqual([policy?.id]);
    expect(await world.snapshot()).toMatchObject({ live: { apps: [{ label: "Payroll" }], sso: null } });
  });
});
