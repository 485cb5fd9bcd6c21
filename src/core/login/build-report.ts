/** From the facts of a sign-in to the report on it: the role, the path to it, the checks and the notes. Pure. */

import { type Grade, judge, valueIn } from "../evidence.ts";
import { type RoleTrace, resolveGroups, traceRole } from "../roles/resolve.ts";
import { defaultRoleId, roleLabel } from "../roles/roles.ts";
import { check, mappingChecks } from "./checks.ts";
import type { LoginFacts, SignInUser, TokenFact } from "./facts.ts";
import { loginGates, overruledBySignIn } from "./gates.ts";
import { groupChecks } from "./group-checks.ts";
import { membershipNotes } from "./membership.ts";
import { recordedNotes, refusedBefore } from "./recorded.ts";
import type { Check, LoginReport } from "./report.ts";
import { type Doubt, type GroupPath, issuesNoToken } from "./simulate.ts";

/**
 * The user in a userinfo answer. A claim that isn't text, or is empty, counts as missing.
 *
 * @param claims the userinfo answer, or any claims of the same names
 */
export function userFromClaims(claims: Readonly<Record<string, unknown>>): SignInUser {
  const text = (name: string) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === "string" && value.trim() !== "" ? value : null;
  };
  return {
    id: text("sub") ?? "",
    email: text("email"),
    preferredUsername: text("preferred_username"),
    name: text("name"),
  };
}

/** The report on a sign-in with these facts. */
export function buildLoginReport(facts: LoginFacts): LoginReport {
  const trace = traceOf(facts);
  const gates = loginGates(facts);
  const verdict = judge(gates);
  const turnedAwayBy = isRefused(facts.token) ? "okta" : verdict.by;
  const unsure = roleDoubts(facts, trace);
  const { user, membership, mappingCopied } = facts;
  // A what-if is about the mapping that is here.
  const copied = mappingCopied === undefined || "groups" in facts.token ? [] : [mappingCopied];
  const doubts = turnedAwayBy === null ? [...verdict.because, ...unsure, ...copied] : [];
  const recorded = facts.recorded && valueIn(facts.recorded);
  return {
    user: user && { id: user.id, email: user.email ?? "", name: user.name ?? user.preferredUsername ?? "" },
    groups: { source: trace.source, names: trace.groups, ...basisOf(facts) },
    role: { id: trace.role, label: trace.label, decidedBy: trace.decidedBy, group: trace.group },
    admitted: turnedAwayBy === null,
    turnedAwayBy,
    certain: doubts.length === 0,
    roleCertain: unsure.length === 0,
    uncertainBecause: [...new Set(doubts)],
    membership,
    checks: [
      ...gates.map((gate) => gate.check),
      ...overruled(facts),
      ...unseen(facts),
      ...ownSecret(facts),
      ...groupChecks(facts, trace).map((each) =>
        knownFrom(each, each.id === "groups.claim" ? claimGrade(facts) : "told"),
      ),
      ...mappingChecks(facts, trace).map((each) => knownFrom(each, mappingCopied === undefined ? "told" : "guessed")),
    ],
    notes: [
      ...notes(facts, trace, turnedAwayBy, unsure.length === 0),
      ...(facts.okta ? recordedNotes(recorded) : refusedBefore(recorded)),
    ],
    recorded: recorded?.last ?? null,
    changes: recorded?.changes ?? [],
    candidates: trace.candidates,
  };
}

/** The check with its grade of evidence; one that was skipped has none. */
function knownFrom(made: Check, evidence: Grade): Check {
  return made.status === "skip" ? made : { ...made, evidence };
}

/** What the claim is known from: a token that was read, or what Okta's settings would make of it. */
const claimGrade = ({ token }: LoginFacts): Grade =>
  "accessToken" in token ? "seen" : "predicted" in token ? "predicted" : "told";

/** What Akto's request lacks by Okta's settings, although the sign-in has just shown that it lacks nothing. */
function overruled(facts: LoginFacts): Check[] {
  return overruledBySignIn(facts).map(({ message, hint }) =>
    check("okta.request", "warn", `The sign-in succeeded anyway: ${message}`, hint),
  );
}

/** What the API token doesn't show, though the sign-in has just gone over it. */
function unseen({ unseen: sentences = [] }: LoginFacts): Check[] {
  return sentences.map((why) => check("okta.server", "warn", `The sign-in succeeded anyway: ${why}`));
}

/** What no test shows of Akto's own sign-in: that Akto has the same client secret (Akto behavior: it is never told). */
function ownSecret({ signedIn = false }: LoginFacts): Check[] {
  const message = "Akto's own copy of the client secret can't be read: this sign-in used the one given here.";
  return signedIn ? [check("akto.client_secret", "skip", message)] : [];
}

/** Why the role is not certain, though the user gets in. */
function roleDoubts(
  { token, api, mappingUnseen, customRolesUnseen }: LoginFacts,
  { source, candidates }: RoleTrace,
): string[] {
  const claim = "predicted" in token ? token.predicted.doubts.map(({ message }) => message) : [];
  if ("accessToken" in token) claim.push(...(token.doubts ?? []));
  const assumed = source === "management_api" && api.kind === "answered" && api.assumed === true;
  if (assumed)
    claim.push(
      "It isn't known here whether Akto stores an Okta API token: the one that was given is used in its place.",
    );
  if (source !== "access_token" && api.kind === "unasked") claim.push(api.message);
  if (mappingUnseen !== undefined) claim.push(mappingUnseen);
  if (customRolesUnseen !== undefined && candidates.some(({ outcome }) => outcome === "unknown_role")) {
    claim.push(`Akto's custom roles aren't known: ${customRolesUnseen}`);
  }
  return claim;
}

/** What the groups are where nobody read or predicted them. */
function basisOf({ token }: LoginFacts): Pick<LoginReport["groups"], "basis"> {
  if ("groups" in token) return { basis: "given" };
  return "predicted" in token && token.predicted.doubts.some(({ kind }) => kind === "unseen" || onlyOkta.has(kind))
    ? { basis: "assumed" }
    : {};
}

/** Whether Okta fails the token request itself. */
function isRefused(token: TokenFact): boolean {
  return "predicted" in token && issuesNoToken(token.predicted);
}

function traceOf({ token, api, mapping, customRoles }: LoginFacts): RoleTrace {
  const groupsFromApi = api.kind === "answered" ? api.names : null;
  if ("accessToken" in token) {
    return traceRole({ accessToken: token.accessToken, groupsFromApi, mapping, customRoles });
  }
  const groups = "groups" in token ? token.groups : carried(token.predicted);
  if (groups.length === 0) return traceRole({ accessToken: "", groupsFromApi, mapping, customRoles });
  const resolved = resolveGroups(groups, mapping, customRoles);
  return { ...resolved, groups, source: "access_token", claim: { kind: "groups", groups } };
}

/** The names that the token would carry. */
const carried = ({ source, names }: GroupPath) => (source === "access_token" ? names : []);

const onlyOkta: ReadonlySet<Doubt["kind"]> = new Set(["expression", "regex", "filter"]);

function notes(
  { membership, token, mappingUnseen, mappingCopied }: LoginFacts,
  trace: RoleTrace,
  turnedAwayBy: LoginReport["turnedAwayBy"],
  certain: boolean,
): string[] {
  const fallback = roleLabel(defaultRoleId);
  const found: string[] = [];
  const whatIf = "groups" in token;
  if (whatIf) {
    found.push(
      "This is a what-if. Whether a user's groups reach Akto is another question: `akto-okta login explain --user` looks at the claim, and who may sign in, as well.",
    );
  }
  const kinds = "predicted" in token ? token.predicted.doubts.map(({ kind }) => kind) : [];
  if (kinds.includes("unseen")) {
    found.push(
      "The role is a guess: the claims can't be seen, and the access token is assumed to carry all of the user's groups.",
    );
  } else if (kinds.some((kind) => onlyOkta.has(kind))) {
    found.push(
      "The role is a guess: only Okta can evaluate the claim, and it is assumed to carry all of the user's groups.",
    );
  }
  if (mappingCopied !== undefined && "groups" in token) found.push(mappingCopied);
  if (mappingUnseen !== undefined) {
    found.push(
      `The role is a guess: without the mapping, nothing but ${fallback}, Akto's default, or a group's own name can be told.`,
    );
  }
  if (turnedAwayBy === "okta") {
    return [...found, "No sign-in gets as far as Akto: the role is what it would be if Okta let the user in."];
  }
  if (trace.decidedBy === "default" && mappingUnseen === undefined) {
    const none = certain
      ? `None of ${whatIf ? "these" : "the user's"} groups decides a role, so Akto falls back`
      : "None of the groups that are known here decides a role, and without one Akto falls back";
    found.push(`${none} to ${fallback}. Such a user is not kept out, and is not a guest.`);
  }
  if (turnedAwayBy === "akto") return found;
  return [...found, ...membershipNotes(membership, trace.role, certain)];
}
