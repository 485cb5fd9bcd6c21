import { describe, expect, it } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import type { SandboxSeed } from "../../src/sandbox/types.ts";
import { makePlan } from "../../src/usecases/provision/apply.ts";
import { type Fault, faults, faulty, Killed } from "./faults.ts";
import { apply, memoryProfiles, nothingYet, openWorld } from "./world.ts";

interface Scenario {
  readonly name: string;
  readonly seed: SandboxSeed;
  readonly okta: string;
}

const mapping = "  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Akto Guests: GUEST";
const scenarios: readonly Scenario[] = [
  {
    name: "from nothing",
    seed: {
      okta: { ...nothingYet.okta, groups: [{ name: "Akto Admins" }, { name: "Akto Security" }] },
    },
    okta: "  createGroups: true\n  app: { assignments: [Everyone], initiateLogin: true }",
  },
  {
    name: "that replaces the SSO in Akto",
    seed: {
      okta: {
        apps: [
          { label: "Old", clientSecret: "the-old-secret-000" },
          { label: "New", clientId: "0oanewakto0000000001" },
        ],
      },
      akto: {
        sso: { clientSecret: "the-old-secret-000", managementApiToken: null },
        mapping: new Map([
          ["Akto Guests", "GUEST"],
          ["Akto Admins", "ADMIN"],
        ]),
      },
    },
    okta: "  app: { label: New, clientId: 0oanewakto0000000001 }",
  },
];

async function cleanRun({ seed, okta }: Scenario) {
  const world = await openWorld(seed);
  const profiles = memoryProfiles();
  const counted = faulty(world.http, profiles, Number.POSITIVE_INFINITY, "refused");
  await apply(await world.spec(okta, mapping), world.clients(profiles, counted.network));
  const { live, named } = await world.snapshot();
  const state = { live, profile: named(await profiles.read()) };
  await world.sandbox.close();
  return { state: plain(state, world), requests: counted.sent(), writes: counted.writes };
}

async function brokenRun({ seed, okta }: Scenario, at: number, fault: Fault) {
  const world = await openWorld(seed);
  const profiles = memoryProfiles();
  const spec = await world.spec(okta, mapping);
  const broken = faulty(world.http, profiles, at, fault);
  const error = await apply(spec, world.clients(broken.store, broken.network)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const between = await world.akto.fetchSso();
  await apply(spec, world.clients(profiles));
  const { live, named } = await world.snapshot();
  const state = { live, profile: named(await profiles.read()) };
  const again = await makePlan(spec, world.clients(profiles));
  await world.sandbox.close();
  return { error, between, state: plain(state, world), again: again.plan };
}

/** Without the ports, which are another sandbox's each time. */
function plain(state: unknown, { sandbox }: Awaited<ReturnType<typeof openWorld>>): unknown {
  const text = JSON.stringify(state)
    .replaceAll(new URL(sandbox.okta.url).host, "OKTA")
    .replaceAll(new URL(sandbox.akto.url).host, "AKTO");
  return JSON.parse(text);
}

describe.each(scenarios)("a run $name, of which one request goes wrong", async (scenario) => {
  const clean = await cleanRun(scenario);

  it.each(faults)("is finished by the next one, whichever request it is: %s", { timeout: 120_000 }, async (fault) => {
    const all = Array.from({ length: clean.requests }, (_, index) => index + 1);
    // A read that fails ends the run where it stands, as being killed there does.
    for (const at of fault === "the process is killed after it" ? all : clean.writes) {
      const { error, between, state, again } = await brokenRun(scenario, at, fault);
      const request = `request ${at} of ${clean.requests}`;
      expect(error === null || error instanceof Killed || isFailure(error), request).toBe(true);
      // Whoever lives to see a failure leaves the account with the old SSO or the new one.
      if (isFailure(error) && scenario.seed.akto?.sso) expect(between, request).not.toBeNull();
      expect(state, request).toEqual(clean.state);
      expect(again, request).toMatchObject({ steps: [] });
    }
  });
});
