/** Okta's words for a refusal in plain ones, and what to do about it. */
import { aktoScopes } from "../address.ts";
import type { SystemLogEvent } from "../model/log.ts";
import { clean, listed, quoted } from "../text.ts";
import type { Stage, Step } from "./steps.ts";

/** What became of a sign-in, and what to do. */
export interface Words {
  readonly message: string;
  readonly hint?: string | undefined;
}

const people = "Directory → People";
const accessPolicies = "Security → API → the authorization server → Access Policies";
const signInPolicies = "Security → Authentication Policies";

/** Why Okta lets somebody not even into Okta, by its own reason. */
const sessionReasons = new Map<string, Words>([
  [
    "INVALID_CREDENTIALS",
    {
      message: "Okta did not accept the user name or the password.",
      hint: `Have the user try again, or reset the password: ${people}.`,
    },
  ],
  [
    "VERIFICATION_ERROR",
    {
      message: "Okta could not verify the user: the user name, the password or the second factor was wrong.",
      hint: `Have the user try again, or reset what they sign in with: ${people}.`,
    },
  ],
  ["LOCKED_OUT", { message: "The user is locked out of Okta.", hint: `Unlock the user in Okta: ${people}.` }],
  [
    "PASSWORD_EXPIRED",
    { message: "The user's password has expired.", hint: "The user has to choose a new one on Okta's sign-in page." },
  ],
  ["INVALID_USERNAME", { message: "Okta has no user with that name.", hint: `Look the login up in Okta: ${people}.` }],
]);

const clientSecret: Words = {
  message: "Okta did not accept the client secret that was sent for the app.",
  hint: "Compare the secret in Akto with the app's in Okta; `akto-okta sso apply --replace-sso` gives Akto a new one.",
};

/** What the authorization and the token endpoint refuse, by Okta's own reason. */
const reasons = new Map<string, Words>([
  [
    "no_matching_policy",
    {
      message: "No access policy of the authorization server lets this sign-in through.",
      hint: `${accessPolicies}: a rule must cover the app, the user, the authorization code grant and the scopes ${listed(aktoScopes)}. \`akto-okta doctor\` says which of them is missing.`,
    },
  ],
  [
    "no_matching_scope",
    {
      message: "The authorization server's access policy does not allow a scope that Akto asks for.",
      hint: `${accessPolicies}: the rule must allow ${listed(aktoScopes)}.`,
    },
  ],
  [
    "mismatched_redirect_uri",
    {
      message: "The redirect URI that Akto sent is not one of the app's.",
      hint: "Add it to the app's Sign-in redirect URIs, to the letter; `akto-okta doctor --fix` does.",
    },
  ],
  [
    "invalid_client_id",
    {
      message: "Okta doesn't know an active app with the client id that was sent.",
      hint: "Compare Akto's client id with the app's General tab.",
    },
  ],
  ["invalid_client", clientSecret],
  [
    "invalid_grant",
    {
      message: "The code that Akto sent for the tokens was no longer valid: too old, or already used.",
      hint: "Sign in again. If it happens again, something between Akto and Okta sends the request twice.",
    },
  ],
  [
    "user_claim_evaluation_failure",
    {
      message: "A claim could not be evaluated for this user, so Okta gave no token.",
      hint: "Security → API → the authorization server → Claims: look at the expressions, and try them for the user on the Token Preview tab. A group function accepts a limit of 100 at most.",
    },
  ],
  [
    "invalid_scope",
    {
      message: "The authorization server doesn't have a scope that was requested.",
      hint: `Akto asks for ${listed(aktoScopes)}: see Security → API → the authorization server → Scopes.`,
    },
  ],
  [
    "access_denied",
    {
      message: "Okta denied the request, and its log gives no more specific cause.",
      hint: "`akto-okta login explain --user` looks at the usual causes: the assignment, the app's authentication policy, the access policy.",
    },
  ],
  [
    "consent_required",
    {
      message: "Okta wanted the user's consent, and could not ask for it.",
      hint: "Trust the app, so that Okta does not ask for consent: the app's General tab.",
    },
  ],
]);

/** The name of the first target whose type starts so. */
function nameOf({ targets }: SystemLogEvent, ...types: readonly string[]): string | undefined {
  return targets.find(({ type, name }) => name !== "" && types.some((start) => type.toLowerCase().startsWith(start)))
    ?.name;
}

/**
 * A refusal in plain words. One that is unknown here is told in Okta's own.
 *
 * @param event the one that names the cause
 * @param all those of the whole sign-in
 */
export function explainRefusal(event: SystemLogEvent, all: readonly SystemLogEvent[]): Words {
  const { type, reason } = event;
  if (type === "app.generic.unauth_app_access_attempt") return notAssigned;
  if (type === "policy.evaluate_sign_on") return deniedByPolicy(event);
  if (type === "application.policy.sign_on.deny_access") {
    return {
      message: "The app's authentication policy asks for a factor that the user does not have.",
      hint: `Have the user enroll one that the policy accepts, or change the rule: ${signInPolicies}.`,
    };
  }
  if (type === "app.oauth2.invalid_client_credentials") return clientSecret;
  if (type === "user.session.start") return noSession(reason);
  const known = reasons.get(reason ?? "");
  const claim = nameOf(event, "claim", "oauth2claim") ?? claimIn(all);
  if (known && reason === "user_claim_evaluation_failure" && claim !== undefined) {
    return {
      ...known,
      message: `The claim ${quoted(claim)} could not be evaluated for this user, so Okta gave no token.`,
    };
  }
  return known ?? inOktasWords(event);
}

const notAssigned: Words = {
  message: "The user isn't assigned to the app.",
  hint: "Assign the user, or a group they are in, on the app's Assignments tab. If they are assigned, look at the app's authentication policy.",
};

function deniedByPolicy(event: SystemLogEvent): Words {
  const rule = nameOf(event, "rule", "policyrule");
  const by = rule === undefined ? "" : `, by its rule ${quoted(rule)}`;
  if (!event.targets.some(({ type }) => type.startsWith("App"))) {
    return {
      message: `The org's global session policy denied the user${by}.`,
      hint: "Security → Global Session Policy: change the rule, or remove the user from what it applies to.",
    };
  }
  return {
    message: `The app's authentication policy denied the user${by}.`,
    hint: `${signInPolicies}: change the rule, or remove the user from what it applies to.`,
  };
}

function noSession(reason: string | null): Words {
  return (
    sessionReasons.get(reason ?? "") ?? {
      message: `Okta did not let the user in${reason === null ? "" : `: ${quoted(reason)}`}.`,
      hint: `Look at the user in Okta: ${people}.`,
    }
  );
}

const claimIn = (events: readonly SystemLogEvent[]): string | undefined =>
  events.map((event) => event.debug.get("claimName")).find((name) => name);

function inOktasWords({ title, type, reason, result }: SystemLogEvent): Words {
  const what = title === "" ? type : title;
  return {
    message: `Okta recorded ${quoted(what)} as ${clean(result)}${reason === null ? "" : `: ${quoted(reason)}`}.`,
    hint: "Find the transaction in Okta's console, Reports → System Log, for everything that Okta recorded about it.",
  };
}

const later = "An event can be minutes late: look again in a while.";

/** Of a sign-in without an end in the log: how far it came, and what may have become of it. */
export function explainUnfinished(stage: Stage, effect: Step["effect"]): Words {
  if (effect === "asked") {
    return {
      message: "Okta asked for another factor, and the log shows no answer.",
      hint: `The user stopped there, or is still signing in. ${later}`,
    };
  }
  if (effect === "stumbled") {
    return {
      message: "A factor or the password was not accepted, and the user stopped there.",
      hint: `Have the user try again, or reset what they sign in with: ${people}.`,
    };
  }
  if (effect === "none") {
    return { message: "The log has this sign-in, and doesn't say what came of its last step.", hint: later };
  }
  switch (stage) {
    case "authorization":
      return {
        message: "Okta gave Akto a code, and the log shows no request for the tokens.",
        hint: `Akto did not ask, could not reach Okta, or was refused in the same minute as somebody else. ${later}`,
      };
    case "token":
      return { message: "Okta gave Akto a token, and the log does not say which.", hint: later };
    case "policy":
      return {
        message: "The app's authentication policy let the user in, and the log shows nothing after that.",
        hint: later,
      };
    case "session":
      return { message: "The user got into Okta, and the log shows nothing after that.", hint: later };
    default:
      return { message: "Okta sent the user on to the app, and the log shows nothing after that.", hint: later };
  }
}
