/** What an event of the System Log says of a sign-in to the app: how far it is, and whether it goes on from there. */
import type { SystemLogEvent } from "../model/log.ts";

/** How far a sign-in gets, in order: into Okta, to the app, past its authentication policy, to a code, to a token. */
export const stages = ["session", "assignment", "policy", "authorization", "token", "done"] as const;
export type Stage = (typeof stages)[number];

/** What an event does to a sign-in. */
export interface Step {
  readonly stage: Stage;
  /**
   * `passed`: it goes on. `asked`: Okta wants something of the user first. `stumbled`: it went wrong, and may be tried
   * again. `failed`: it ends there. `granted`: the app got its access token. `none`: it can't be told.
   */
  readonly effect: "passed" | "asked" | "stumbled" | "failed" | "granted" | "none";
  /** Of a failure, how near to its cause: one request may leave several events, and the nearest names it. */
  readonly nearness: number;
}

/** The app whose sign-ins are looked at. Its id is its client id, unless it was made with another one. */
export interface AboutApp {
  readonly clientId: string;
  readonly appId: string;
}

/** Whether the event speaks of the app. */
export function isAbout(event: SystemLogEvent, { clientId, appId }: AboutApp): boolean {
  const { actor, targets } = event;
  return (
    actor.id === clientId || event.clientId === clientId || targets.some(({ id }) => id === appId || id === clientId)
  );
}

/** Grants by which no person signs in. */
const unattended: ReadonlySet<string | undefined> = new Set(["refresh_token", "client_credentials"]);

/**
 * The words of an OAuth error for “nobody is signed in, and nobody may be asked” (OpenID Connect Core, 3.1.2.6), and for a
 * code that nobody was given: so a client secret is tried out.
 */
const silent: ReadonlySet<string | null> = new Set([
  "login_required",
  "interaction_required",
  "no_existing_session",
  "invalid_grant",
]);

/** Whether the event may be the refusal of a request that was made without a user, as a probe is. */
export const isSilent = ({ reason }: SystemLogEvent): boolean => silent.has(reason);

const refusals: ReadonlySet<string> = new Set(["FAILURE", "DENY", "RATE_LIMIT"]);
const passes: ReadonlySet<string> = new Set(["SUCCESS", "ALLOW"]);

const effectOf = (result: string): Step["effect"] => {
  if (refusals.has(result)) return "failed";
  if (passes.has(result)) return "passed";
  return result === "CHALLENGE" ? "asked" : "none";
};

/**
 * What the event is to a sign-in; `undefined` for what is none of it. Event types are Okta's; one that is unknown here and
 * lies among those of OAuth counts by its outcome, so that a new one is shown and not lost.
 */
export function stepOf(event: SystemLogEvent): Step | undefined {
  const { type, result, reason } = event;
  const effect = effectOf(result);
  const step = (stage: Stage, nearness: number, what = effect): Step => ({ stage, effect: what, nearness });
  switch (type) {
    case "user.session.start":
      return step("session", 3);
    case "user.authentication.sso":
      // That the user was sent to the app; not whether it let them in (Okta's System Log guide).
      return step("assignment", 3);
    case "app.generic.unauth_app_access_attempt":
      return step("assignment", 5, "failed");
    case "policy.evaluate_sign_on":
      // Without an app it is the org's own policy for getting into Okta at all.
      return step(event.targets.some(({ type }) => type.startsWith("App")) ? "policy" : "session", 5);
    case "application.policy.sign_on.deny_access":
      return step("policy", 6, "failed");
    case "user.account.lock":
      return step("session", 4, "stumbled");
  }
  if (type.startsWith("user.authentication.")) {
    const again = effect === "failed" || result === "UNANSWERED" || result === "ABANDONED";
    return step("session", 2, again ? "stumbled" : effect);
  }
  const [, name] = /^app\.oauth2\.(?:as\.)?(.+)$/.exec(type) ?? [];
  if (name === undefined || unattended.has(event.debug.get("grantType"))) return undefined;
  if (name === "authorize.code") return step("authorization", 4);
  if (name === "authorize.scope_denied") return step("authorization", 5);
  // An `access_denied` only repeats what another event of the same request names.
  if (name === "authorize") return step("authorization", reason === "access_denied" ? 1 : 4);
  if (name === "evaluate.claim") return step("token", 6);
  if (name === "invalid_client_credentials") return step("token", 5, "failed");
  if (name === "token.grant.access_token") return step("token", 4, effect === "passed" ? "granted" : effect);
  if (/^token\.grant(\.|$)/.test(name)) return step("token", 4);
  return effect === "failed" ? step(/token/.test(name) ? "token" : "authorization", 2) : undefined;
}
