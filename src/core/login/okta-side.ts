/** What Okta says to a user's sign-in before Akto hears of it: the user's status, the app's assignment, the access policy. */
import { describeDenial, type PolicyAnswer } from "../access/policy.ts";
import { askStatus } from "../access/user-status.ts";
import { clean, quoted } from "../text.ts";
import type { Check } from "./report.ts";

/** Something that couldn't be looked at, and why: a sentence. */
export interface NotLookedAt {
  readonly kind: "unknown";
  readonly why: string;
}

/** The app that Akto signs in with, as it concerns one user. */
export type AppForUser =
  | { readonly kind: "found"; readonly label: string; readonly active: boolean; readonly assigned: boolean }
  | { readonly kind: "missing"; readonly clientId: string }
  | NotLookedAt;

/** Okta's side of a user's sign-in. */
export interface OktaSide {
  /** The user's status in Okta, such as `ACTIVE`. */
  readonly status: string;
  readonly app: AppForUser;
  readonly policy: PolicyAnswer | NotLookedAt;
}

/** The checks of Okta's side. A `fail` among them means that Okta turns the user away (Okta behaviour). */
export function oktaChecks({ status, app, policy }: OktaSide): Check[] {
  return [statusCheck(status), appCheck(app), policyCheck(policy)];
}

/** What Okta says to Akto's own request, whoever signs in: a test makes another one, with PKCE and its own redirect URI. */
export type AktoRequest =
  | { readonly kind: "taken" }
  | {
      readonly kind: "refused";
      /** Whether that is certain: what Akto sends may not be known here. */
      readonly certain: boolean;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | NotLookedAt;

/** The check of Akto's own request. A `fail` means that Okta turns everyone away (Okta behaviour). */
export function requestCheck(request: AktoRequest): Check {
  const id = "okta.request";
  switch (request.kind) {
    case "taken":
      return { id, status: "pass", message: "Okta takes the request that Akto makes." };
    case "unknown":
      return { id, status: "skip", message: request.why };
    case "refused": {
      const { certain, message, hint } = request;
      return { id, status: certain ? "fail" : "warn", message, ...(hint === undefined ? {} : { hint }) };
    }
  }
}

function statusCheck(status: string): Check {
  const id = "okta.status";
  const answer = askStatus(status);
  switch (answer.kind) {
    case "in":
      return { id, status: "pass", message: "The user is active in Okta." };
    case "first":
      return { id, status: "warn", message: answer.message };
    case "out":
      return { id, status: "fail", message: answer.message, hint: answer.hint };
  }
}

function appCheck(app: AppForUser): Check {
  const id = "okta.assignment";
  if (app.kind === "unknown") return { id, status: "skip", message: app.why };
  if (app.kind === "missing") {
    return {
      id,
      status: "fail",
      message: `Okta has no app with the client id ${quoted(app.clientId)}.`,
      hint: "Compare the client id with the app's General tab in Okta.",
    };
  }
  const label = quoted(app.label);
  if (!app.active) {
    return {
      id,
      status: "fail",
      message: `The app ${label} is inactive.`,
      hint: "Activate it in Okta: Applications → the app.",
    };
  }
  return app.assigned
    ? { id, status: "pass", message: `The user is assigned to the app ${label}.` }
    : {
        id,
        status: "fail",
        message: `The user is not assigned to the app ${label}: Okta turns them away.`,
        hint: "Assign the user, or a group they are in, in Okta: Applications → the app → Assignments.",
      };
}

function policyCheck(policy: OktaSide["policy"]): Check {
  const id = "okta.policy";
  switch (policy.kind) {
    case "unknown":
      return { id, status: "skip", message: policy.why };
    case "allowed":
      return {
        id,
        status: "pass",
        message: `The rule ${quoted(policy.rule)} of the access policy ${quoted(policy.policy)} lets the sign-in through.`,
      };
    case "denied":
      return {
        id,
        status: "fail",
        message: `Okta's access policies deny the sign-in: ${clean(describeDenial(policy))}.`,
        hint: "In Okta: Security → API → the server → Access Policies, let a rule for this app cover the user, the authorization code grant and the scopes openid, email and profile.",
      };
  }
}
