import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import { runCommand } from "./command.ts";
import { type Fault, faults, faulty, Killed, type Place } from "./faults.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { memoryProfiles, memorySecrets, openWorld, type World } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "akto-okta-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A world as the scenario finds it, and what runs its command there. */
async function begin({ seed, files, before, command, env }: Scenario) {
  const world = await openWorld(seed);
  const place: Place = { network: world.http, store: memoryProfiles(), secrets: memorySecrets() };
  const own = mkdtempSync(join(folder, "run-"));
  for (const [name, content] of Object.entries(files(world))) writeFileSync(join(own, name), content);
  const runWith = (args: readonly string[], where: Place) =>
    runCommand(
      world,
      where,
      args.map((arg) => arg.replace(/^@/, own)),
      env,
    );
  if (before) await runWith(before, place);
  return { world, place, run: (where: Place = place) => runWith(command, where) };
}

/** All that a run leaves behind: both systems, the profile, and which secrets there are. */
async function stateOf(world: World, { store, secrets }: Place): Promise<unknown> {
  const { live, named } = await world.snapshot();
  const kept = [];
  for (const name of ["clientSecret", "oktaToken", "aktoKey"] as const) if (await secrets.get(name)) kept.push(name);
  // Without the ports, which are another sandbox's each time.
  const text = JSON.stringify({ live, profile: named(await store.read()), kept })
    .replaceAll(new URL(world.sandbox.okta.url).host, "OKTA")
    .replaceAll(new URL(world.sandbox.akto.url).host, "AKTO");
  return JSON.parse(text);
}

async function cleanRun(scenario: Scenario) {
  const { world, place, run } = await begin(scenario);
  const counted = faulty(place, Number.POSITIVE_INFINITY, "refused");
  await run(counted);
  const state = await stateOf(world, place);
  const left = await scenario.left(world, place);
  await world.sandbox.close();
  return { state, left, writes: counted.writes };
}

async function brokenRun(scenario: Scenario, at: number, fault: Fault) {
  const { world, place, run } = await begin(scenario);
  const error = await run(faulty(place, at, fault)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const between = await world.akto.fetchSso();
  await run();
  const state = await stateOf(world, place);
  await world.sandbox.close();
  return { error, between, state };
}

describe.each(scenarios)("$name, of which one write goes wrong", async (scenario) => {
  const clean = await cleanRun(scenario);

  it("leaves nothing to do when all goes well", () => {
    expect(clean.left).toEqual([]);
  });

  it.each(faults)("is finished by the next run, whichever write it is: %s", async (fault) => {
    for (const [index, what] of clean.writes.entries()) {
      // On this machine no answer gets lost; a process can be killed all the same.
      if (what === "here" && fault !== "the process is killed after it") continue;
      const { error, between, state } = await brokenRun(scenario, index + 1, fault);
      const write = `write ${index + 1} of ${clean.writes.length}`;
      expect(error === null || error instanceof Killed || isFailure(error), `${write}: ${error}`).toBe(true);
      // Whoever lives to see a failure leaves the account with the old SSO or the new one.
      if (isFailure(error) && scenario.keepsSso) expect(between, write).not.toBeNull();
      expect(state, write).toEqual(clean.state);
    }
  });
});
