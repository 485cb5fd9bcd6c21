/** The checks in the report on a sign-in: would Akto let the user in, where are the groups, what does the mapping say. */
import type { ApiGroups, LoginFacts } from "./login-report.ts";
import type { Check } from "./report.ts";
import { type ClaimReading, decodeAccessToken, type RoleTrace } from "./resolve.ts";
import { roleLabel } from "./roles.ts";
import { clean, count, listed, quoted } from "./text.ts";

const check = (id: string, status: Check["status"], message: string, hint?: string): Check =>
  hint === undefined ? { id, status, message } : { id, status, message, hint };

/** Whether Akto lets the user in: a `fail` among these means that it does not (Akto behaviour). */
export function accessChecks({ user, organisationDomain }: LoginFacts): Check[] {
  if (!user) {
    return ["claims.email", "claims.preferred_username", "email.domain"].map((id) =>
      check(id, "skip", "No user is meant here."),
    );
  }
  const claim = (name: string, value: string | null, hint: string) =>
    value === null
      ? check(`claims.${name}`, "fail", `Userinfo lacks the claim ${name}: Akto turns the user away.`, hint)
      : check(`claims.${name}`, "pass", `Userinfo has the claim ${name}.`);
  return [
    claim(
      "email",
      user.email,
      "Give the user an e-mail address in Okta, and let the access policy grant the scope email.",
    ),
    claim("preferred_username", user.preferredUsername, "Let the access policy grant the scope profile."),
    domainCheck(user.email, organisationDomain),
  ];
}

function domainCheck(email: string | null, expected: string | null): Check {
  const id = "email.domain";
  if (expected === null) {
    return check(id, "skip", "The organisation's e-mail domain in Akto is not known here.");
  }
  if (email === null) return check(id, "skip", "There is no e-mail address to compare.");
  // Akto compares what stands after the first @ and before a second one.
  const domain = email.split("@")[1] ?? "";
  if (domain.toLowerCase() === expected.toLowerCase()) {
    return check(id, "pass", `The e-mail domain is the organisation's: ${clean(expected)}`);
  }
  return check(
    id,
    "fail",
    `The e-mail domain ${quoted(domain)} is not the organisation's, ${quoted(expected)}: Akto turns the user away.`,
    "Akto takes the organisation's domain from the login of the admin who submitted the SSO configuration.",
  );
}

/** Where the groups came from, and why not from elsewhere. */
export function groupChecks(facts: LoginFacts, trace: RoleTrace): Check[] {
  return [claimCheck(facts, trace), apiCheck(facts.api, trace.claim.kind === "groups")];
}

const claimProblems: Record<Exclude<ClaimReading["kind"], "groups">, string> = {
  opaque: "The access token is opaque: no groups can be read from it",
  undecodable: "The access token cannot be decoded",
  no_claim: "The access token has no claim “groups”",
  not_array: "The claim “groups” is not an array, and Akto takes an array of names only",
  not_strings: "The claim “groups” holds something other than names, so Akto takes none of it",
  empty: "The claim “groups” is empty",
};

function claimCheck(facts: LoginFacts, { claim, groups, source }: RoleTrace): Check {
  const id = "groups.claim";
  if (claim.kind === "groups") {
    const places = "accessToken" in facts.token ? "The access token's claim “groups” has" : "The groups taken here:";
    return check(id, "pass", `${places} ${count(claim.groups.length, "group")}.`);
  }
  if (!("accessToken" in facts.token)) return check(id, "warn", "There is no group to go by.");
  const rescued = source === "management_api" && groups.length > 0;
  const misconfigured = claim.kind !== "no_claim" && claim.kind !== "empty";
  return check(
    id,
    misconfigured && !rescued ? "fail" : "warn",
    `${claimProblems[claim.kind]}.`,
    claimHint(claim.kind, facts.token.accessToken, facts.otherClaims),
  );
}

function claimHint(
  kind: Exclude<ClaimReading["kind"], "groups">,
  accessToken: string,
  other: LoginFacts["otherClaims"],
): string {
  if (kind === "opaque") {
    return "Akto needs a custom authorization server (such as “default”): the org's own one gives opaque tokens.";
  }
  const elsewhere = [
    ...(hasGroups(other?.idToken) ? ["the ID token"] : []),
    ...(hasGroups(other?.userinfo) ? ["userinfo"] : []),
  ];
  if (elsewhere.length > 0) {
    return `The groups are in ${listed(elsewhere)}, where Akto never looks. Set the claim's token type to Access Token.`;
  }
  const lookAlikes = groupLikeClaims(accessToken);
  if (lookAlikes.length > 0) {
    return `The token has ${listed(lookAlikes.map(quoted))}; Akto reads a claim named “groups” and no other.`;
  }
  if (kind === "not_array" || kind === "not_strings") return "Let the claim's value type be Groups.";
  return "On the authorization server's Claims tab: “groups”, Access Token, value type Groups, any scope, and a filter that matches the user's groups.";
}

function hasGroups(claims: object | undefined): boolean {
  return claims !== undefined && Object.hasOwn(claims, "groups");
}

/** Claims under another name that look like a list of groups. */
function groupLikeClaims(accessToken: string): string[] {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string") return [];
  return Object.entries(payload)
    .filter(([name, value]) => name !== "groups" && /group|role|memberof/i.test(name) && Array.isArray(value))
    .map(([name]) => name);
}

function apiCheck(api: ApiGroups, claimed: boolean): Check {
  const id = "groups.api";
  switch (api.kind) {
    case "not_needed":
      return check(id, "skip", "The Okta API is not asked: the groups are known.");
    case "answered":
      if (claimed) return check(id, "skip", "The Okta API's answer is not used: the access token has groups.");
      return api.names.length > 0
        ? check(id, "pass", `The Okta API gives ${count(api.names.length, "group")}.`)
        : check(id, "warn", "The Okta API gives no group.", "Put the user in a group in Okta.");
    case "no_token":
      return claimed
        ? check(id, "skip", "The Okta API is not needed: the access token has groups.")
        : check(
            id,
            "skip",
            "The Okta API is not asked: there is no Okta API token.",
            "With a token Akto would ask for the groups that the access token lacks.",
          );
    case "failed":
      return check(
        id,
        claimed ? "skip" : "warn",
        `The Okta API gave no groups, which Akto counts as none: ${clean(api.message)}`,
        "Check the token: is it alive, may its owner see users and groups, is it held to a network zone?",
      );
  }
}

/** What the mapping makes of the groups. */
export function mappingChecks({ mapping }: LoginFacts, trace: RoleTrace): Check[] {
  const checks = [matchCheck(mapping.size, trace)];
  for (const { group, role, outcome } of trace.candidates) {
    if (outcome === "unknown_role") {
      checks.push(
        check(
          "mapping.role",
          "warn",
          `The entry for ${quoted(group)} is passed over: Akto has no role ${quoted(role)}.`,
          "Map the group to a role that exists.",
        ),
      );
    }
    if (outcome === "base_role_unresolvable") {
      checks.push(
        check(
          "mapping.role",
          "warn",
          `The entry for ${quoted(group)} is passed over: the custom role ${quoted(role)} has a base role that Akto does not find.`,
          "A custom role based on Threat Engineer or Threat Viewer never resolves at sign-in: base it on another.",
        ),
      );
    }
  }
  for (const [group, mapped] of nearMisses(trace.groups, new Set(mapping.keys()))) {
    checks.push(
      check(
        "mapping.name",
        "warn",
        `The user is in ${quoted(group)}, and ${quoted(mapped)} is mapped: names must be the same to the letter.`,
        "Map the name exactly as Okta has it.",
      ),
    );
  }
  return checks;
}

function matchCheck(entries: number, { decidedBy, group, role, groups }: RoleTrace): Check {
  const id = "mapping.match";
  const label = roleLabel(role);
  switch (decidedBy) {
    case "mapping":
      return check(id, "pass", `${quoted(group)} is mapped to ${clean(label)}.`);
    case "convention":
      return check(
        id,
        "pass",
        `No entry of the mapping applies; the name ${quoted(group)} means ${clean(label)} by Akto's convention.`,
      );
    case "default":
      if (entries === 0) {
        return check(id, "warn", "The mapping is empty.", "akto-okta mapping add GROUP ROLE");
      }
      return check(
        id,
        "warn",
        groups.length === 0
          ? "There is no group to look up in the mapping."
          : `None of the user's ${count(groups.length, "group")} is in the mapping.`,
        "akto-okta mapping list shows the entries.",
      );
  }
}

/** Pairs of a user's group and a mapped name that differ in case, spaces or Unicode form alone. */
function nearMisses(groups: readonly string[], mapped: ReadonlySet<string>): [group: string, mapped: string][] {
  const fold = (name: string) =>
    name
      .normalize("NFKC")
      .replace(/[\s\p{Cf}_-]+/gu, " ")
      .trim()
      .toLowerCase();
  const byFold = new Map(Array.from(mapped, (name) => [fold(name), name]));
  const pairs: [string, string][] = [];
  for (const group of groups) {
    const other = byFold.get(fold(group));
    if (other !== undefined && !mapped.has(group) && !groups.includes(other)) pairs.push([group, other]);
  }
  return pairs;
}
