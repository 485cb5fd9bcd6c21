/** The checks in the report on a sign-in: would Akto let the user in, and what does the mapping say. */

import { emailDomain } from "../email-domain.ts";
import type { RoleTrace } from "../roles/resolve.ts";
import { roleLabel } from "../roles/roles.ts";
import { nearMiss } from "../similar.ts";
import { clean, count, quoted } from "../text.ts";
import type { LoginFacts } from "./facts.ts";
import type { Check } from "./report.ts";

/** A check, its hint left out where there is none. */
export const check = (id: string, status: Check["status"], message: string, hint?: string): Check =>
  hint === undefined ? { id, status, message } : { id, status, message, hint };

/** Whether Akto lets the user in: a `fail` among these means that it does not (Akto behaviour). */
export function accessChecks({ user, token, organisationDomain, domainToldByTeam = false }: LoginFacts): Check[] {
  if (!user) {
    return ["claims.email", "claims.preferred_username", "email.domain"].map((id) =>
      check(id, "skip", "No user is meant here."),
    );
  }
  const [has, lacks] = "predicted" in token ? ["would have", "would lack"] : ["has", "lacks"];
  const claim = (name: string, value: string | null, hint: string) =>
    value === null
      ? check(`claims.${name}`, "fail", `Userinfo ${lacks} the claim ${name}: Akto turns the user away.`, hint)
      : check(`claims.${name}`, "pass", `Userinfo ${has} the claim ${name}.`);
  return [
    claim(
      "email",
      user.email,
      "Give the user an e-mail address in Okta, and let the access policy grant the scope email.",
    ),
    claim("preferred_username", user.preferredUsername, "Let the access policy grant the scope profile."),
    domainCheck(user.email, organisationDomain, domainToldByTeam),
  ];
}

function domainCheck(email: string | null, expected: string | null, toldByTeam: boolean): Check {
  const id = "email.domain";
  if (expected === null) {
    return check(id, "skip", "The organisation's e-mail domain in Akto is not known here.");
  }
  if (email === null) return check(id, "skip", "There is no e-mail address to compare.");
  const domain = emailDomain(email);
  if (domain === expected.toLowerCase()) {
    return check(
      id,
      "pass",
      `The e-mail domain is ${toldByTeam ? "that of most of Akto's team" : "the organisation's"}: ${clean(expected)}`,
    );
  }
  return check(
    id,
    "fail",
    toldByTeam
      ? `The e-mail domain ${quoted(domain)} is not that of Akto's team, ${quoted(expected)}: Akto turns the user away, unless the organisation's is another.`
      : `The e-mail domain ${quoted(domain)} is not the organisation's, ${quoted(expected)}: Akto turns the user away.`,
    "Akto takes the organisation's domain from the login of the admin who submitted the SSO configuration; --organisation-domain names it for these checks.",
  );
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
  for (const [group, mapped] of nearMisses(trace.groups, [...mapping.keys()])) {
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

function matchCheck(entries: number, { decidedBy, group, role, groups, candidates }: RoleTrace): Check {
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
        unmatched(groups.length, candidates.length > 0),
        "akto-okta mapping list shows the entries.",
      );
  }
}

/** Why no entry decides. */
function unmatched(groups: number, passedOver: boolean): string {
  if (passedOver) return "Akto passes over every entry that the user's groups have.";
  if (groups === 0) return "There is no group to look up in the mapping.";
  return groups === 1
    ? "The user's group is not in the mapping."
    : `None of the user's ${count(groups, "group")} is in the mapping.`;
}

/** Pairs of a user's group and a mapped name that a person would take for the same. */
function nearMisses(groups: readonly string[], mapped: readonly string[]): [group: string, mapped: string][] {
  const missing = mapped.filter((name) => !groups.includes(name));
  return groups
    .filter((group) => !mapped.includes(group))
    .flatMap((group) => missing.filter((name) => nearMiss(group, name)).map((name): [string, string] => [group, name]));
}
