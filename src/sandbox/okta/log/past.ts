/** What a seed says of the time before the sandbox was started, written into the log. */
import { randomBytes } from "node:crypto";
import { isAssigned } from "../api/assignments.ts";
import type { AppRecord, OktaState, PastSeed, UserRecord } from "../types.ts";
import { appEntity, clientEntity, entity, groupEntity, systemActor, userEntity } from "./entities.ts";
import type { LogDraft, LogRequest } from "./types.ts";

/** @throws Error when the seed names somebody or something that it does not define */
export function recordPast(state: OktaState, past: readonly PastSeed[], now: number): void {
  for (const seed of past) {
    const at = now - seed.minutesAgo * 60_000;
    const user = named(state.users.values(), ({ profile }) => profile.login, seed.user, "user");
    const [app] = state.apps.values();
    if (seed.kind === "sign-in") {
      if (app) recordSignIn(state, app, user, at, seed.unassigned ?? false);
      continue;
    }
    const by = named(state.users.values(), ({ profile }) => profile.login, seed.by, "user");
    const group = named(state.groups.values(), ({ name }) => name, seed.group, "group");
    const added = seed.change === "add";
    state.log.record({
      eventType: `group.user_membership.${seed.change}`,
      displayMessage: added ? "Add user to group membership" : "Remove user from group membership",
      actor: userEntity(by),
      target: [userEntity(user), groupEntity(group)],
      result: "SUCCESS",
      request: newRequest("/api/internal/groups/membership"),
      at,
    });
    // An app is lost together with the group that it came by.
    if (added || !app?.groups.has(group.id) || isAssigned(app, user.id, state)) continue;
    state.log.record({
      eventType: "application.user_membership.remove",
      displayMessage: "Remove user's application membership",
      actor: systemActor,
      target: [userEntity(user, "AppUser"), appEntity(app)],
      result: "SUCCESS",
      at: at + 500,
    });
  }
}

/** The events of a sign-in: Okta's page, the app, the code, the tokens; or that the user is not assigned. */
function recordSignIn({ log }: OktaState, app: AppRecord, user: UserRecord, at: number, unassigned: boolean): void {
  const session = `idx${randomBytes(16).toString("base64url")}`;
  const about = { actor: userEntity(user), session, target: [appEntity(app)] };
  const write = (milliseconds: number, draft: Omit<LogDraft, "at" | "result"> & Partial<LogDraft>) =>
    log.record({ result: "SUCCESS", ...draft, at: at + milliseconds });
  write(0, {
    ...about,
    eventType: "user.session.start",
    displayMessage: "User login to Okta",
    request: newRequest("/idp/idx/identify"),
  });
  const authorize = newRequest("/oauth2/default/v1/authorize");
  const client = { actor: clientEntity(app), clientId: app.clientId, target: [userEntity(user)] };
  if (unassigned) {
    write(400, {
      ...about,
      eventType: "app.generic.unauth_app_access_attempt",
      displayMessage: "User attempted unauthorized access to app",
      result: "FAILURE",
      request: authorize,
    });
    write(401, {
      ...client,
      eventType: "app.oauth2.as.authorize",
      displayMessage: "OAuth2 authorization request",
      result: "FAILURE",
      reason: "access_denied",
      session,
      request: authorize,
    });
    return;
  }
  write(400, {
    ...about,
    eventType: "policy.evaluate_sign_on",
    displayMessage: "Evaluation of sign-on policy",
    target: [appEntity(app), entity("Rule", { id: "unknown", name: "Catch-all Rule" })],
    result: "ALLOW",
    reason: "Sign-on policy evaluation resulted in AUTHENTICATED",
    request: authorize,
  });
  write(401, {
    ...about,
    eventType: "user.authentication.sso",
    displayMessage: "User single sign on to app",
    request: authorize,
  });
  write(402, {
    ...client,
    eventType: "app.oauth2.as.authorize.code",
    displayMessage: "OAuth2 authorization code request",
    session,
    request: authorize,
  });
  const token = newRequest("/oauth2/default/v1/token");
  for (const [index, kind] of ["id_token", "access_token"].entries()) {
    write(900 + index, {
      ...client,
      eventType: `app.oauth2.as.token.grant.${kind}`,
      displayMessage: `OAuth2 ${kind === "id_token" ? "id token" : "access token"} is granted`,
      request: token,
    });
  }
}

function newRequest(path: string): LogRequest {
  const transaction = randomBytes(18).toString("base64url");
  return { transaction, path, userAgent: "Mozilla/5.0", ip: "127.0.0.1" };
}

function named<T>(records: Iterable<T>, nameOf: (record: T) => string, name: string, kind: string): T {
  for (const record of records) if (nameOf(record) === name) return record;
  throw new Error(`The seed names a ${kind} that it does not define: ${name}`);
}
