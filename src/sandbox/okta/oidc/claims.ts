/** The claims that a custom authorization server adds to its tokens. */
import type { AuthorizationServerRecord, ClaimRecord, ClaimType, GroupRecord, OktaState } from "../types.ts";
import { evaluate, isExpression, type Subject } from "./expressions.ts";

/** How many groups a claim is made for. */
const groupsLimit = 100;

/** What Okta says when a groups claim matches too many groups. */
const tooManyGroups = "The groups claim matched too many groups and must be configured to match fewer groups";

export class TooManyGroups extends Error {}

function filterOf(claim: ClaimRecord): (name: string) => boolean {
  const wanted = claim.value.toLowerCase();
  switch (claim.groupFilterType) {
    case "EQUALS":
      return (name) => name.toLowerCase() === wanted;
    case "CONTAINS":
      return (name) => name.toLowerCase().includes(wanted);
    case "REGEX": {
      const expression = compile(claim.value);
      return (name) => expression?.test(name) ?? false;
    }
    default:
      return (name) => name.toLowerCase().startsWith(wanted);
  }
}

/** The expression must match the whole name, and minds its case (Okta behaviour). A broken one matches nothing. */
function compile(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch {
    return undefined;
  }
}

/** A group function whose limit is over 100 gives nothing at all (Okta behaviour). */
const overLimit = (expression: string) =>
  Array.from(expression.matchAll(/\b(?:Groups\.\w+|getFilteredGroups)\([^()]*,\s*(\d+)\s*\)/g)).some(
    ([, limit]) => Number(limit) > groupsLimit,
  );

function claimValue(claim: ClaimRecord, subject: Subject, overHundred: OktaState["overHundredGroups"]): unknown {
  if (claim.valueType === "EXPRESSION" && overLimit(claim.value)) {
    throw new TooManyGroups(`The '${claim.name}' user claim could not be evaluated.`);
  }
  if (claim.valueType !== "GROUPS") return isExpression(claim.value) ? evaluate(claim.value, subject) : null;
  // Imported groups never pass a filter (Okta behavior).
  const own = subject.groups.filter(({ type }) => type !== "APP_GROUP");
  const names = own.map((group) => group.name).filter(filterOf(claim));
  // Okta's own sources differ on what comes of more, so all three can be tried.
  if (names.length > groupsLimit && overHundred === "refused") throw new TooManyGroups(tooManyGroups);
  if (overHundred === "cut") names.splice(groupsLimit);
  // A claim without a value is left out (Okta behaviour).
  return names.length === 0 ? null : names;
}

/** Where the claims are to go. */
export interface ClaimRequest {
  readonly claimType: ClaimType;
  readonly scopes: ReadonlySet<string>;
  readonly userId: string;
  readonly clientId: string;
  /** Leaves out what is marked as not always included: such claims wait in userinfo. */
  readonly onlyAlways: boolean;
}

/**
 * The values of the server's own claims for one token, or for userinfo.
 *
 * @throws TooManyGroups
 */
export function customClaims(
  server: AuthorizationServerRecord,
  request: ClaimRequest,
  state: OktaState,
): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const user = state.users.get(request.userId);
  if (!user) return values;
  const subject: Subject = { user, groups: groupsOf(user.id, state), clientId: request.clientId };
  for (const claim of server.claims.values()) {
    if (claim.system || claim.status !== "ACTIVE" || claim.claimType !== request.claimType) continue;
    if (claim.scopes.length > 0 && !claim.scopes.some((scope) => request.scopes.has(scope))) continue;
    if (request.onlyAlways && !claim.alwaysIncludeInToken) continue;
    const value = claimValue(claim, subject, state.overHundredGroups);
    if (value !== null) values.set(claim.name, value);
  }
  return values;
}

function groupsOf(userId: string, state: OktaState): GroupRecord[] {
  return Array.from(state.memberships.groupsOf(userId), (id) => state.groups.get(id)).filter(
    (group) => group !== undefined,
  );
}
