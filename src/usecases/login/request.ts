/** What Okta says to the request that Akto makes, told by `doctor`'s own checks of it. */
import { selectChecks } from "../../core/doctor/catalog.ts";
import type { AktoRequest } from "../../core/login/facts.ts";
import { runChecks } from "../doctor/run.ts";
import type { World } from "../world/world.ts";

// What stops the browser on its way to Okta and back. The first one that fails is what a person would meet.
const requestIds = ["okta-domain", "auth-server-id", "client-id", "redirect-uri", "pkce", "grant-type", "scopes"];
// What stops the token request after it, as far as an API token tells, and what Okta says of its policies.
const laterIds = ["auth-server", "client-auth", "dpop", "api-access-management", "access-policy"];

/** Asks Okta as Akto does, without a user. Throws only when the program was interrupted. */
export async function askAsAkto(world: World): Promise<AktoRequest> {
  const [outcomes, setup, probe] = await Promise.all([
    runChecks(world, selectChecks([...requestIds, ...laterIds], [])),
    world.setup(),
    world.probe(),
  ]);
  const made = outcomes.map(({ check }) => check);
  // Without the feature groups may be lost; only Okta's own answer says that sign-ins are.
  const standing = made.filter(({ id, evidence }) => id !== "api-access-management" || evidence === "seen");
  const checks = standing.map((check) =>
    // Without a connection to Akto, where its dashboard lies may be no more than the default.
    check.id === "redirect-uri" && setup.known && setup.value.source !== "akto"
      ? { ...check, evidence: "guessed" as const }
      : check,
  );
  const unheard = setup.known && !probe.known ? probe.why : null;
  const skipped = checks.find(({ id, status }) => status === "skip" && requestIds.includes(id));
  const accepted = probe.known && probe.value.kind === "ok";
  return { checks, accepted, unheard, unknown: unheard === null ? (skipped?.message ?? null) : null };
}
