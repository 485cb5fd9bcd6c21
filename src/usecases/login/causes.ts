/** Why a sign-in ended without one: where Okta does not name the cause, the set-up is looked at for it. */
import { selectChecks } from "../../core/doctor/catalogue.ts";
import { Failure } from "../../core/failure.ts";
import { runChecks } from "../doctor/run.ts";
import type { World } from "../world/world.ts";

/** The failures that leave open what in Okta stands in the way. */
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

/** What may refuse any sign-in, whoever the user is, and at whichever redirect URI. */
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
    "access-policy",
    "auth-server",
    "api-access-management",
  ],
  [],
);

/** The failure, and what `doctor`'s checks find wrong in Okta beside it; as it is where they find nothing. */
export async function withCauses(world: World, failure: Failure): Promise<Failure> {
  if (!open.has(failure.code)) return failure;
  const outcomes = await world.context.terminal.during("Looking for the cause …", () => runChecks(world, suspects));
  const found = outcomes.filter(({ check }) => check.status === "fail").map(({ check }) => check);
  if (found.length === 0) return failure;
  const causes = found.map(({ message, hint }) => (hint === undefined ? `✗ ${message}` : `✗ ${message}\n  → ${hint}`));
  const { kind, code, message } = failure;
  return new Failure(kind, code, message, {
    hint: ["Looked for the cause in Okta, and found:", ...causes].join("\n"),
    cause: failure,
  });
}
