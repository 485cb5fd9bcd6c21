/** The gates of a sign-in: all that must let the user through, on Okta's side and on Akto's, each weighed by its evidence. */
import { describeDenial, type PolicyAnswer } from "../access/policy.ts";
import { signInPolicyTestimony } from "../access/sign-in-policy.ts";
import { askStatus } from "../access/user-status.ts";
import { emailDomain } from "../email-domain.ts";
import { type Fact, type Gate, lower, type Testimony, weigh } from "../evidence.ts";
import { clean, quoted } from "../text.ts";
import type { AktoRequest, AppForUser, LoginFacts, OktaSide } from "./facts.ts";
import { type RecordedFact, recordedWord } from "./recorded.ts";
import type { Check } from "./report.ts";

/** A gate, and its line in the report. */
export interface LoginGate extends Gate<"okta" | "akto"> {
  readonly check: Check;
}

/** Whatever must let the user through, in the order in which a sign-in meets it. */
export function loginGates(facts: LoginFacts): LoginGate[] {
  const { request, okta, recorded, signedIn = false } = facts;
  return [
    ...(request ? [requestGate(request, signedIn)] : []),
    ...(okta ? oktaGates(okta, request, recorded) : []),
    ...aktoGates(facts),
  ];
}

function gate(
  id: string,
  by: LoginGate["by"],
  testimonies: readonly Testimony[],
  /** What is said of a yes that has a catch, and what is left out of sight with a word rather than a warning. */
  { catches = false, unseen = "skip" as "skip" | "warn" } = {},
): LoginGate {
  const answer = weigh(testimonies);
  const { says, certain, leading, overruled } = answer;
  const [other] = overruled;
  const guessed = leading?.grade === "guessed";
  const status =
    says === "no"
      ? certain
        ? "fail"
        : "warn"
      : says === "open"
        ? guessed
          ? "warn"
          : unseen
        : catches || other
          ? "warn"
          : guessed
            ? "skip"
            : "pass";
  const message = `${leading?.message ?? ""}${other ? ` And yet: ${other.message}` : ""}`;
  const hint = status === "pass" || status === "skip" ? undefined : leading?.hint;
  return {
    by,
    answer,
    check: {
      id,
      status,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(status === "skip" || !leading ? {} : { evidence: leading.grade }),
    },
  };
}

// What a real sign-in does not show of Akto's request: a test has its own address of the server and its own redirect URI,
// and it sends PKCE.
const untested = new Set(["okta-domain", "auth-server-id", "redirect-uri", "pkce"]);

const isFault = ({ status, id }: Check) => status === "fail" && id !== "access-policy";

/** The checks of Akto's request that say no, although a sign-in by the same app has just succeeded. */
export function overruledBySignIn({ request, signedIn }: LoginFacts): Check[] {
  if (!request || !signedIn) return [];
  return request.checks.filter((check) => isFault(check) && !untested.has(check.id));
}

/** What Okta says to Akto's own request, whoever signs in. A no turns everyone away (Okta behavior). */
function requestGate({ checks, unheard, unknown }: AktoRequest, signedIn: boolean): LoginGate {
  const faults = checks.filter((check) => isFault(check) && (!signedIn || untested.has(check.id)));
  const open = unheard ?? unknown;
  const said: Testimony[] = faults.map(({ message, hint, evidence = "told" }) => ({
    says: "no",
    grade: evidence,
    message,
    hint,
  }));
  const [odd] = checks.filter(
    ({ id, status, evidence }) => id !== "access-policy" && status === "warn" && evidence === "seen",
  );
  if (said.length === 0 && open === null && odd) {
    const { message, hint } = odd;
    return gate("okta.request", "okta", [{ says: "yes", grade: "seen", message, hint }], { catches: true });
  }
  if (said.length === 0) {
    said.push(
      open === null
        ? { says: "yes", grade: "seen", message: "Okta accepts the request that Akto makes." }
        : { says: "open", grade: "seen", message: open },
    );
  }
  return gate("okta.request", "okta", said, { unseen: unheard === null ? "skip" : "warn" });
}

function oktaGates(
  side: OktaSide,
  request: AktoRequest | undefined,
  recorded: Fact<RecordedFact> | undefined,
): LoginGate[] {
  const { status, app, policy } = side;
  const accepted = request?.accepted === true;
  const gates = [statusGate(status), appGate(app, accepted), signInPolicyGate(side), policyGate(policy, request)];
  return recorded ? [...gates, recordedGate(recorded, gates)] : gates;
}

/** The app's authentication policy: what Okta's own simulation says goes before our own reading of its rules. */
function signInPolicyGate({ signIn, simulated }: OktaSide): LoginGate {
  const id = "okta.sign_in_policy";
  const said = simulated ? [signInPolicyTestimony(simulated, "told")] : [];
  if (!signIn.known) said.push({ says: "open", grade: "predicted", message: signIn.why });
  else if (signIn.value) said.push(signInPolicyTestimony(signIn.value, lower(signIn.grade, "predicted")));
  else said.push({ says: "yes", grade: signIn.grade, message: "Okta has no authentication policy for the app." });
  const depends = simulated?.kind === "depends" || (signIn.known && signIn.value?.kind === "depends");
  return gate(id, "okta", said, { unseen: depends ? "warn" : "skip" });
}

/**
 * What Okta recorded of the user's last sign-in. A refusal since which nothing was changed stands, whatever the settings let
 * expect; any other is told, and decides nothing.
 */
function recordedGate(recorded: Fact<RecordedFact>, others: readonly LoginGate[]): LoginGate {
  const id = "okta.recorded";
  const { says, status, message, hint } = recordedWord(recorded);
  const open = others.some(({ check, answer }) => check.id === "okta.sign_in_policy" && answer.says === "open");
  const last = recorded.known ? recorded.value.last : null;
  // What its authentication policy says hangs on the moment: another one may be better.
  if (says === "no" && !(open && last?.stage === "policy")) {
    const contradicts = others.every(({ answer }) => answer.says === "yes");
    const yet = contradicts ? " However, with Okta's settings as they are now, nothing stands in the way." : "";
    // Where the settings say no as well, their remedy is the nearer one.
    const remedy = others.some(({ answer }) => answer.says === "no") ? {} : { hint };
    return gate(id, "okta", [{ says, grade: "recorded", message: `${message}${yet}`, ...remedy }]);
  }
  if (says === "open") return gate(id, "okta", [{ says, grade: "recorded", message, hint }], { unseen: "warn" });
  const check = { id, status, message, ...(hint === undefined ? {} : { hint }) };
  return {
    by: "okta",
    answer: weigh([{ says: "yes", grade: "recorded", message: "" }]),
    check: status === "skip" ? check : { ...check, evidence: "recorded" },
  };
}

function statusGate(status: string): LoginGate {
  const id = "okta.status";
  const answer = askStatus(status);
  switch (answer.kind) {
    case "in":
      return gate(id, "okta", [{ says: "yes", grade: "told", message: "The user is active in Okta." }]);
    case "unknown":
      return gate(id, "okta", [{ says: "open", grade: "told", message: answer.message }]);
    case "first":
      return gate(id, "okta", [{ says: "yes", grade: "told", message: answer.message }], { catches: true });
    case "out":
      return gate(id, "okta", [{ says: "no", grade: "told", message: answer.message, hint: answer.hint }]);
  }
}

function appGate(app: Fact<AppForUser>, accepted: boolean): LoginGate {
  const id = "okta.assignment";
  if (!app.known) return gate(id, "okta", [{ says: "open", grade: "told", message: app.why }]);
  const { grade, value } = app;
  const say = (says: "yes" | "no", message: string, hint?: string) =>
    gate(id, "okta", [{ says, grade, message, hint }]);
  if (value.kind === "missing") {
    return say(
      "no",
      `Okta doesn't know the client ${quoted(value.clientId)}.`,
      "Compare the client id with the app's General tab in Okta.",
    );
  }
  const label = quoted(value.label);
  const inactive = `The app ${label} is inactive.`;
  if (!value.active && !accepted) return say("no", inactive, "Activate it in Okta: Applications → the app.");
  if (!value.active && value.assigned !== false) {
    return gate(id, "okta", [
      { says: "no", grade, message: inactive },
      { says: "yes", grade: "seen", message: `Okta accepts a request with the client id of the app ${label}.` },
    ]);
  }
  if (value.assigned === "everybody") {
    return say("yes", `Everybody in the org can sign in to the app ${label} (Federation Broker Mode).`);
  }
  return value.assigned
    ? say("yes", `The user is assigned to the app ${label}.`)
    : say(
        "no",
        `The user isn't assigned to the app ${label}: Okta turns them away.`,
        "Assign the user, or a group they are in, in Okta: Applications → the app → Assignments.",
      );
}

const policyHint =
  "In Okta: Security → API → the server → Access Policies, let a rule for this app cover the user, the authorization code grant, and the scopes openid, email, and profile.";

/** The access policies: what Okta itself says to Akto's request goes before our own reading of them. */
function policyGate(policy: Fact<PolicyAnswer>, request: AktoRequest | undefined): LoginGate {
  const denied = request?.checks.find(
    ({ id, status, evidence }) => id === "access-policy" && status === "fail" && evidence === "seen",
  );
  const said: Testimony[] = denied ? [{ says: "no", grade: "seen", message: denied.message, hint: policyHint }] : [];
  if (!policy.known) said.push({ says: "open", grade: "predicted", message: policy.why });
  else if (policy.value.kind === "allowed") {
    const { policy: name, rule } = policy.value;
    const message = `The rule ${quoted(rule)} of the access policy ${quoted(name)} lets the sign-in through.`;
    said.push({ says: "yes", grade: policy.grade, message });
  } else {
    const message = `Okta's access policies deny the sign-in: ${clean(describeDenial(policy.value))}.`;
    said.push({ says: "no", grade: policy.grade, message, hint: policyHint });
    if (request?.accepted && policy.value.why !== "people") {
      // Asked without a user, Okta finds a rule that the API token doesn't show; for whom it is can't be told.
      const found = "Okta doesn't refuse Akto's request, so a rule of its access policies allows it";
      said.push(
        { says: "yes", grade: "seen", message: `${found}.`, hint: policyHint },
        { says: "open", grade: "seen", message: `${found}, and whether that one covers the user can't be seen.` },
      );
    }
  }
  return gate("okta.policy", "okta", said);
}

const userGateIds = ["claims.email", "claims.preferred_username", "email.domain"];

/** Whether Akto lets the user in (Akto behavior: it needs both claims, and the account's one email domain). */
function aktoGates(facts: LoginFacts): LoginGate[] {
  const { user, token } = facts;
  const unseen = "accessToken" in token ? token.unseenUser : undefined;
  if (!user && unseen !== undefined) {
    return userGateIds.map((id) => gate(id, "akto", [{ says: "open", grade: "told", message: unseen }]));
  }
  if (!user) {
    // A what-if is about groups: who has them, it does not ask.
    return userGateIds.map((id) => ({
      by: "akto",
      answer: weigh([{ says: "yes", grade: "seen", message: "" }]),
      check: { id, status: "skip", message: "No user was named." },
    }));
  }
  // Of a token that was captured, userinfo was not asked: what it would say is told by Okta's API.
  const read = !("predicted" in token) && !("accessToken" in token && token.captured === true);
  const [has, lacks] = read ? ["has", "lacks"] : ["would have", "would lack"];
  const grade = read ? "seen" : "told";
  const shown: Record<string, string> = { email: "email address", preferred_username: "login" };
  const claim = (name: string, value: string | null | undefined, hint: string) =>
    gate(`claims.${name}`, "akto", [
      value === undefined
        ? {
            says: "open",
            grade,
            message: `This API token doesn't show the user's ${shown[name]}, without which Akto turns them away.`,
          }
        : value === null
          ? { says: "no", grade, message: `Userinfo ${lacks} the claim ${name}: Akto turns the user away.`, hint }
          : { says: "yes", grade, message: `Userinfo ${has} the claim ${name}.` },
    ]);
  return [
    claim(
      "email",
      user.email,
      "Give the user an email address in Okta, and let the access policy grant the scope email.",
    ),
    claim("preferred_username", user.preferredUsername, "Let the access policy grant the scope profile."),
    domainGate(facts, user.email),
  ];
}

const domainHint =
  "Akto takes the organization's domain from the login of the admin who submitted the SSO configuration; --organization-domain names it for these checks.";

function domainGate(
  { organizationDomain, domainWithoutSso, membership }: LoginFacts,
  email: string | null | undefined,
): LoginGate {
  const id = "email.domain";
  if (email === null || email === undefined) {
    const check = { id, status: "skip", message: "There is no email address to compare." } as const;
    // What is wrong with that is said by the gate before.
    return { by: "akto", answer: weigh([{ says: "yes", grade: "told", message: "" }]), check };
  }
  const told = organizationDomain.known && organizationDomain.grade === "told";
  if (!told && domainWithoutSso !== undefined && emailDomain(email) === domainWithoutSso.toLowerCase()) {
    const message = `Akto finds no SSO for the email domain ${quoted(domainWithoutSso)}: if the account's own is another one, it turns the user away.`;
    return gate(id, "akto", [{ says: "open", grade: "seen", message, hint: domainHint }], { unseen: "warn" });
  }
  const said: Testimony[] = [];
  if (organizationDomain.known) {
    const { value: expected, grade } = organizationDomain;
    const domain = emailDomain(email);
    const theirs = grade === "guessed" ? "that of Akto's team" : "the organization's";
    said.push(
      domain === expected.toLowerCase()
        ? {
            says: "yes",
            grade,
            message:
              grade === "guessed"
                ? `The email domain is ${clean(expected)}, which most of Akto's team have; Akto doesn't say which is the account's own.`
                : `The email domain is the organization's: ${clean(expected)}`,
          }
        : {
            says: "no",
            // That one domain leads here does not say that no other does.
            grade: grade === "seen" ? "guessed" : grade,
            message: `The email domain ${quoted(domain)} is not ${theirs}, ${quoted(expected)}: Akto turns the user away${grade === "guessed" ? ", unless the organization's is another" : ""}.`,
            hint: domainHint,
          },
    );
  } else
    said.push({ says: "open", grade: "told", message: "The organization's email domain in Akto is not known here." });
  // Whoever is in the account got in before, whatever most of the others' addresses look like.
  if (
    membership.kind === "member" &&
    said[0]?.grade !== "seen" &&
    !(organizationDomain.known && said[0]?.grade === "told")
  ) {
    return gate(id, "akto", [{ says: "yes", grade: "told", message: "The user is in Akto's team already." }]);
  }
  return gate(id, "akto", said);
}
