/** Mapped groups that the claim keeps out of the access token: what becomes of their entries, in words. Pure. */
import type { ClaimGroup, ServerClaim } from "../model/okta.ts";
import { listed, quoted } from "../text.ts";
import { predictClaim } from "./claim.ts";
import { describeFilter, describePrediction } from "./describe.ts";

/** A mapped name, and the groups that have it. */
export interface NamedGroups {
  readonly name: string;
  readonly groups: readonly ClaimGroup[];
}

/** The Okta API token with which Akto asks for groups that the access token doesn't bring. */
export type TokenOfAkto = "stored" | "refused" | "none" | "unknown";

/** Whether the claim keeps one of these groups, which all have the same name, out of the token. */
export function isKeptOut(claims: readonly ServerClaim[], groups: readonly ClaimGroup[]): boolean {
  return groups.some((group) => predictClaim(claims, [group]).kind === "none_match");
}

/**
 * What to warn of when these groups are mapped: that the claim doesn't bring them to Akto, and what follows. Nothing of what
 * only Okta can tell.
 *
 * @param claims the authorization server's; `null` without API Access Management, when no claim can be added
 */
export function keptOutWarnings(
  mapped: readonly NamedGroups[],
  claims: readonly ServerClaim[] | null,
  token: TokenOfAkto,
): string[] {
  if (claims === null || mapped.length === 0) return [];
  const prediction = predictClaim(claims, []);
  // A claim that brings nothing at all brings these neither.
  if (prediction.kind === "no_claim" || prediction.kind === "not_list") {
    return token === "stored" ? [] : [`${describePrediction(prediction).message} ${consequence(token)}`];
  }
  if (prediction.kind !== "none_match") return [];
  const { claim } = prediction;
  const out = mapped.filter(({ groups }) => isKeptOut(claims, groups));
  const isImported = ({ groups }: NamedGroups) =>
    claim.valueType === "GROUPS" && groups.some(({ type }) => type === "APP_GROUP");
  const [imported, others] = [out.filter(isImported), out.filter((each) => !isImported(each))];
  const names = (of: readonly NamedGroups[]) => listed(of.map(({ name }) => quoted(name)));
  return [
    ...(others.length === 0
      ? []
      : [
          `The claim's filter (${describeFilter(claim)}) keeps ${names(others)} out of the access token. ${consequence(token)} \`akto-okta doctor --fix\` widens it.`,
        ]),
    ...(imported.length === 0
      ? []
      : [
          `${names(imported)} ${imported.length === 1 ? "is" : "are"} imported, and the claim's filter (${describeFilter(claim)}) carries Okta's own groups only. ${consequence(token)} \`akto-okta doctor\` names the expression to use.`,
        ]),
  ];
}

function consequence(token: TokenOfAkto): string {
  switch (token) {
    case "stored":
      return "Akto asks for such groups with its API token only where the token brings no other group.";
    case "refused":
      return "Akto gets no group with the API token that it stores: nobody gets a role by them.";
    case "none":
      return "Akto stores no API token to ask for groups with: nobody gets a role by them.";
    case "unknown":
      return "Akto could ask for such groups only with an API token, and only if the access token brings no other group.";
  }
}
