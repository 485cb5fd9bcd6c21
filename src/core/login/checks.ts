/** The checks in the report on a sign-in of what the mapping makes of the groups. */

import type { RoleTrace } from "../roles/resolve.ts";
import { roleLabel } from "../roles/roles.ts";
import { type Difference, differenceWords, suggestNames } from "../similar.ts";
import { clean, count, quoted } from "../text.ts";
import type { LoginFacts } from "./facts.ts";
import type { Check } from "./report.ts";

/** A check, its hint left out where there is none. */
export const check = (id: string, status: Check["status"], message: string, hint?: string): Check =>
  hint === undefined ? { id, status, message } : { id, status, message, hint };

/** What the mapping makes of the groups. */
export function mappingChecks(facts: LoginFacts, trace: RoleTrace): Check[] {
  const { api, token, mapping, mappingUnseen, customRolesUnseen } = facts;
  if (mappingUnseen !== undefined) return [check("mapping.match", "skip", mappingUnseen)];
  if (api.kind === "unasked" && trace.source === "none") {
    return [check("mapping.match", "skip", "Which groups there are to look up in the mapping isn't known.")];
  }
  const whatIf = "groups" in token;
  const checks = [matchCheck(mapping.size, trace, whatIf)];
  for (const { group, role, outcome } of trace.candidates) {
    if (outcome === "unknown_role" && customRolesUnseen !== undefined) {
      checks.push(
        check("mapping.role", "warn", `Whether Akto has the role ${quoted(role)} isn't known: ${customRolesUnseen}`),
      );
    } else if (outcome === "unknown_role") {
      checks.push(
        check(
          "mapping.role",
          "warn",
          `The entry for ${quoted(group)} is skipped: Akto has no role ${quoted(role)}.`,
          "Map the group to a role that exists.",
        ),
      );
    }
    if (outcome === "base_role_unresolvable") {
      checks.push(
        check(
          "mapping.role",
          "warn",
          `The entry for ${quoted(group)} is skipped: the custom role ${quoted(role)} has a base role that Akto can't find.`,
          "A custom role based on Threat Engineer or Threat Viewer never resolves at sign-in: base it on another.",
        ),
      );
    }
  }
  return [...checks, ...nearMisses(trace, [...mapping.keys()]).map((pair) => nameCheck(pair, whatIf))];
}

function matchCheck(
  entries: number,
  { decidedBy, group, role, groups, candidates }: RoleTrace,
  whatIf: boolean,
): Check {
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
        return check(id, "warn", "The mapping is empty.", "Add an entry: `akto-okta mapping add`.");
      }
      return check(
        id,
        "warn",
        unmatched(groups.length, candidates.length > 0, whatIf),
        "`akto-okta mapping list` shows the entries.",
      );
  }
}

/** Why no entry decides. */
function unmatched(groups: number, passedOver: boolean, whatIf: boolean): string {
  if (passedOver) return `Akto skips every entry for ${whatIf ? "these" : "the user's"} groups.`;
  if (groups === 0) return "There is no group to look up in the mapping.";
  return groups === 1
    ? `${whatIf ? "This" : "The user's"} group is not in the mapping.`
    : `None of ${whatIf ? "these" : "the user's"} ${count(groups, "group")} is in the mapping.`;
}

/** A user's group, and the mapped name that it was probably meant to have. */
interface NamePair {
  readonly group: string;
  readonly mapped: string;
  readonly difference: Difference;
}

function nameCheck({ group, mapped, difference }: NamePair, whatIf: boolean): Check {
  const sure = difference !== "similar";
  const unmapped = whatIf ? `${quoted(group)} isn't mapped.` : `The user is in ${quoted(group)}, which isn't mapped.`;
  return check(
    "mapping.name",
    "warn",
    `${unmapped} The mapped name ${quoted(mapped)} ${differenceWords[difference]}${sure ? ", and names must match exactly" : ""}.`,
    difference === "path"
      ? "Map the name with its path, as the token has it, or let the claim carry just the name (Keycloak: “Full group path” off)."
      : sure
        ? `${whatIf ? `Name ${quoted(mapped)} here, if that is the group that you mean. Otherwise, map` : "Map"} the name exactly as Okta has it.`
        : "If it is meant for this group, map the name exactly as Okta has it.",
  );
}

// A user may be in thousands of groups: who reads further is not helped by more.
const comparedGroups = 500;

/**
 * The user's groups that a person would take for a mapped one. Where nothing decides, a name that is only a few letters away
 * is one as well.
 */
function nearMisses({ groups, decidedBy }: RoleTrace, mapped: readonly string[]): NamePair[] {
  const missing = mapped.filter((name) => !groups.includes(name));
  const found = groups
    .slice(0, comparedGroups)
    .filter((group) => !mapped.includes(group))
    .flatMap((group) =>
      suggestNames(group, missing, 1).map(({ name, difference }) => ({ group, mapped: name, difference })),
    );
  return found.filter(({ difference }) => difference !== "similar" || decidedBy === "default");
}
