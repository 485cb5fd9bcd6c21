import { describe, expect, it } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import { makePlan } from "../../src/usecases/provision/apply.ts";
import { type Fault, faults, faulty, Killed } from "./faults.ts";
import { apply, memoryProfiles, openWorld } from "./world.ts";

const okta = "  createGroups: true\n  app: { assignments: [Everyone], initiateLogin: true }";
const mapping = "  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Akto Visitors: GUEST";

async function cleanRun() {
  const world = await openWorld();
  const profiles = memoryProfiles();
  const counted = faulty(world.http, profiles, Number.POSITIVE_INFINITY, "refused");
  await apply(await world.spec(okta, mapping), world.clients(profiles, counted.network));
  const { live, named } = await world.snapshot();
  const state = { live, profile: named(await profiles.read()) };
  await world.sandbox.close();
  return { state: plain(state, world), requests: counted.sent() };
}

async function brokenRun(at: number, fault: Fault) {
  const world = await openWorld();
  const profiles = memoryProfiles();
  const spec = await world.spec(okta, mapping);
  const broken = faulty(world.http, profiles, at, fault);
  const error = await apply(spec, world.clients(broken.store, broken.network)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await apply(spec, world.clients(profiles));
  const { live, named } = await world.snapshot();
  const state = { live, profile: named(await profiles.read()) };
  const again = await makePlan(spec, world.clients(profiles));
  await world.sandbox.close();
  return { error, state: plain(state, world), again: again.plan };
}

/** Without the ports, which are another sandbox's each time. */
function plain(state: unknown, { sandbox }: Awaited<ReturnType<typeof openWorld>>): unknown {
  const text = JSON.stringify(state)
    .replaceAll(new URL(sandbox.okta.url).host, "OKTA")
    .replaceAll(new URL(sandbox.akto.url).host, "AKTO");
  return JSON.parse(text);
}

describe("a run from nothing of which one request goes wrong", async () => {
  const clean = await cleanRun();

  it.each(faults)("is finished by the next one, whichever request it is: %s", { timeout: 120_000 }, async (fault) => {
    for (let at = 1; at <= clean.requests; at++) {
      const { error, state, again } = await brokenRun(at, fault);
      const request = `request ${at} of ${clean.requests}`;
      expect(error instanceof Killed || isFailure(error) || error === null, request).toBe(true);
      expect(state, request).toEqual(clean.state);
      expect(again, request).toEqual({ steps: [], warnings: [] });
    }
  });
});
