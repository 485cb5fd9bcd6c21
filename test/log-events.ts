/** Events of the System Log as the adapter reads them, and whole sign-ins made of them. */
import type { LogParty, SystemLogEvent } from "../src/core/model/log.ts";

export const about = { clientId: "0oaclient", appId: "0oaapp" };

const party = (id: string, type: string, name: string, login: string | null = null): LogParty => ({
  id,
  type,
  name,
  login,
  detail: new Map(),
  changed: [],
});
export const person = (name: string): LogParty => party(`00u${name}`, "User", name, `${name}@acme.example`);
export const client = party(about.clientId, "PublicClientApp", "Akto");
export const app = party(about.appId, "AppInstance", "Akto");
export const thing = (type: string, name: string, id = `id-${name}`): LogParty => party(id, type, name);

let count = 0;

/** An event with these parts; each has an id of its own. */
export function event(type: string, parts: Partial<SystemLogEvent> = {}): SystemLogEvent {
  count += 1;
  return {
    id: `event-${String(count).padStart(6, "0")}`,
    at: "2026-11-26T10:42:00.000Z",
    type,
    title: "",
    result: "SUCCESS",
    reason: null,
    actor: party("", "", ""),
    targets: [],
    clientId: null,
    transaction: null,
    session: null,
    debug: new Map(),
    ...parts,
  };
}

/** How a sign-in can end. */
export const ends = {
  success: { outcome: "success", stage: "done", reason: null },
  password: { outcome: "failure", stage: "session", reason: "INVALID_CREDENTIALS" },
  unassigned: { outcome: "failure", stage: "assignment", reason: "app.generic.unauth_app_access_attempt" },
  denied: { outcome: "failure", stage: "policy", reason: "Sign-on policy evaluation resulted in DENY" },
  factor: { outcome: "unknown", stage: "policy", reason: null },
  policy: { outcome: "failure", stage: "authorization", reason: "no_matching_policy" },
  claim: { outcome: "failure", stage: "token", reason: "user_claim_evaluation_failure" },
  secret: { outcome: "failure", stage: "token", reason: "invalid_client" },
  nothing: { outcome: "unknown", stage: "token", reason: null },
} as const;
export type End = keyof typeof ends;

/**
 * The events of a sign-in, as Okta writes them.
 *
 * @param seconds when it begins
 */
export function signIn(
  name: string,
  end: End,
  seconds: number,
  session = `session-${name}-${seconds}`,
): SystemLogEvent[] {
  const user = person(name);
  const at = (after: number) => new Date(Date.UTC(2026, 10, 26) + (seconds + after) * 1000).toISOString();
  const request = (step: string) => `request-${name}-${seconds}-${step}`;
  const page = { at: at(0), actor: user, transaction: request("page"), targets: [app] };
  if (end === "password") {
    return [event("user.session.start", { ...page, result: "FAILURE", reason: "INVALID_CREDENTIALS" })];
  }
  const authorize = { at: at(2), transaction: request("authorize"), session };
  const byUser = { ...authorize, actor: user, targets: [app] };
  const byClient = { ...authorize, actor: client, clientId: about.clientId, targets: [user] };
  const start = event("user.session.start", { ...page, session });
  const refused = (reason: string) => event("app.oauth2.as.authorize", { ...byClient, result: "FAILURE", reason });
  const evaluated = (result: string, word = result) =>
    event("policy.evaluate_sign_on", {
      ...byUser,
      result,
      reason: `Sign-on policy evaluation resulted in ${word}`,
      targets: [app, thing("Rule", "Rule 1")],
    });
  if (end === "unassigned") {
    const attempt = event("app.generic.unauth_app_access_attempt", { ...byUser, result: "FAILURE" });
    return [start, attempt, refused("access_denied")];
  }
  if (end === "denied") return [start, evaluated("DENY"), refused("access_denied")];
  if (end === "factor") return [start, evaluated("CHALLENGE")];
  const entered = [start, evaluated("ALLOW", "AUTHENTICATED"), event("user.authentication.sso", byUser)];
  if (end === "policy") return [...entered, refused("no_matching_policy")];
  const code = event("app.oauth2.as.authorize.code", byClient);
  if (end === "nothing") return [...entered, code];
  // The app asks for the tokens by itself: another request, without the user's session.
  const token = { at: at(3), transaction: request("token"), actor: client, clientId: about.clientId };
  if (end === "secret") {
    const wrong = { ...token, result: "FAILURE", reason: "invalid_client" };
    return [...entered, code, event("app.oauth2.invalid_client_credentials", wrong)];
  }
  const ofUser = { ...token, targets: [user] };
  if (end === "claim") {
    const failed = { ...ofUser, result: "FAILURE", reason: "user_claim_evaluation_failure" };
    return [
      ...entered,
      code,
      event("app.oauth2.as.evaluate.claim", failed),
      event("app.oauth2.as.token.grant", { ...failed, reason: "access_denied" }),
    ];
  }
  return [
    ...entered,
    code,
    event("app.oauth2.as.token.grant.id_token", ofUser),
    event("app.oauth2.as.token.grant.access_token", ofUser),
  ];
}
