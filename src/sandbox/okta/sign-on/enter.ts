/**
 * What Okta asks of a user on the way to an app, before the authorization server's own policy: whether they are
 * assigned, and what the app's authentication policy says. Each answer goes into the log.
 */
import type { KoaContextWithOIDC } from "oidc-provider";
import { isAssigned } from "../api/assignments.ts";
import { appEntity, entity, userEntity } from "../log/entities.ts";
import { oidcRequest, sessionOf } from "../log/oidc.ts";
import type { LogDraft } from "../log/types.ts";
import { AccessDenied } from "../oidc/library.ts";
import { appOfClient } from "../state.ts";
import type { OktaState } from "../types.ts";
import { accessOf, policyOfApp, ruleFor } from "./evaluate.ts";

/** What Okta says to whoever is not assigned to the app. */
export const notAssigned = "User is not assigned to the client application.";
/** What Okta says when the app's authentication policy denies. */
export const signOnDenied = "The resource owner or authorization server denied the request.";

/** @throws AccessDenied */
export function enterApp(ctx: KoaContextWithOIDC, userId: string, state: OktaState): void {
  const app = appOfClient(state, ctx.oidc.client?.clientId);
  const user = state.users.get(userId);
  if (!app || !user) throw new AccessDenied(notAssigned);
  const about = {
    actor: userEntity(user),
    session: sessionOf(ctx),
    clientId: app.clientId,
    request: oidcRequest(ctx),
  };
  const record = (draft: Pick<LogDraft, "eventType" | "displayMessage" | "target" | "result" | "reason">) =>
    state.log.record({ ...about, ...draft });

  state.log.release(ctx.oidc.entities.Interaction?.uid ?? "", { session: about.session });

  // In Federation Broker Mode everybody may sign in (Okta behavior).
  if (!app.implicitAssignment && !isAssigned(app, userId, state)) {
    record({
      eventType: "app.generic.unauth_app_access_attempt",
      displayMessage: "User attempted unauthorized access to app",
      target: [appEntity(app)],
      result: "FAILURE",
    });
    throw new AccessDenied(notAssigned);
  }

  const policy = policyOfApp(app, state);
  const rule = policy && ruleFor(policy, { userId, groupIds: state.memberships.groupsOf(userId), place: "browser" });
  const access = rule ? accessOf(rule) : "DENY";
  const outcome = access === "ALLOW" ? "AUTHENTICATED" : "DENY";
  record({
    eventType: "policy.evaluate_sign_on",
    displayMessage: "Evaluation of sign-on policy",
    target: [
      { ...appEntity(app), detailEntry: { signOnModeEvaluationResult: outcome, signOnModeType: "OPENID_CONNECT" } },
      ...(policy ? [entity("PolicyEntity", policy, { policyType: "ACCESS_POLICY" })] : []),
      ...(rule ? [entity("Rule", rule)] : []),
    ],
    result: access,
    reason: `Sign-on policy evaluation resulted in ${outcome}`,
  });
  if (access === "DENY") throw new AccessDenied(signOnDenied);

  record({
    eventType: "user.authentication.sso",
    displayMessage: "User single sign on to app",
    target: [appEntity(app), { ...userEntity(user, "AppUser") }],
    result: "SUCCESS",
  });
}
