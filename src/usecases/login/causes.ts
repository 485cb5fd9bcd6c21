/** Why a sign-in failed: if Okta doesn't name the cause, the setup is searched for it. */
import { selectChecks } from "../../core/doctor/catalog.ts";
import { Failure } from "../../core/failure.ts";
import { runChecks } from "../doctor/run.ts";
import type { World } from "../world/world.ts";
import { type Begun, isRecorded, type RecordedRefusal, recordedRefusal } from "./recorded-refusal.ts";

/** The failures that don't say what in Okta is in the way. */
const open: ReadonlySet<string> = new Set([
  "oidc.refused",
  "oidc.timeout",
  "oidc.access_denied",
  "oidc.no_policy",
  "oidc.server_error",
  "oidc.code_refused",
  "oidc.client_refused",
  "oidc.wrong_client",
  "oidc.unknown_client",
]);

/** What can refuse any sign-in, whoever the user is, and at any redirect URI. */
const suspects = selectChecks(
  [
    "client-id",
    "pkce",
    "scopes",
    "client-secret",
    "app",
    "grant-type",
    "client-auth",
    "dpop",
    "assignments",
    "authentication-policy",
    "access-policy",
    "auth-server",
    "api-access-management",
  ],
  [],
);

/**
 * For how long a late event of the log is waited for, in milliseconds: as long as it may take where nothing else names the
 * cause. Of a browser that did not come back the log has had its time already.
 */
function patienceWith({ code }: Failure, found: number): number {
  if (found > 0 || code === "oidc.timeout") return 0;
  return open.has(code) ? 60_000 : 5_000;
}

/**
 * The failure, with what Okta's log has of it and what `doctor`'s checks find wrong in Okta beside it; as it is where
 * neither has anything.
 */
export async function withCauses(world: World, failure: Failure, begun: Begun): Promise<Failure> {
  if (!open.has(failure.code) && !isRecorded(failure)) return failure;
  return world.context.terminal.during("Looking for the cause …", async (progress) => {
    const faults = open.has(failure.code) ? await faultsInOkta(world) : [];
    const recorded = await recordedRefusal(world, failure, begun, {
      longest: patienceWith(failure, faults.length),
      onWait: (left) => progress.update(`Waiting for Okta's log, for ${Math.ceil(left / 1000)} seconds more at most …`),
    });
    return explained(failure, faults, recorded);
  });
}

/** What is wrong there, each with its remedy. */
async function faultsInOkta(world: World): Promise<string[]> {
  const outcomes = await runChecks(world, suspects);
  const found = outcomes.filter(({ check }) => check.status === "fail").map(({ check }) => check);
  return found.map(({ message, hint }) => (hint === undefined ? `✗ ${message}` : `✗ ${message}\n  → ${hint}`));
}

/** The remedies for what was found wrong come before the log's, which rest on its words only. */
function explained(failure: Failure, faults: readonly string[], recorded: RecordedRefusal | undefined): Failure {
  const { cause = null, hint, more = [] } = recorded ?? {};
  if (faults.length === 0 && cause === null && more.length === 0) return failure;
  const advice =
    faults.length > 0
      ? ["Looked for the cause in Okta, and found:", ...faults]
      : [cause === null ? failure.hint : hint].filter((line) => line !== undefined);
  const message = cause === null ? failure.message : `${failure.message} ${cause}`;
  return new Failure(failure.kind, failure.code, message, { hint: [...advice, ...more].join("\n"), cause: failure });
}
