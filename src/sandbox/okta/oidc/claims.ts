/** The claims that a custom authorization server adds to its tokens. */
import type { AuthorizationServerRecord, ClaimRecord, ClaimType, GroupRecord, OktaState } from "../types.ts";
import { EvaluationError, evaluate, isExpression, type Subject } from "./expressions.ts";

/** How many groups a groups claim may match before it matters what Okta does with more. */
const groupsLimit = 100;

/** What Okta says when a groups claim matches too many groups, and when an expression can't be evaluated. */
const tooManyGroups = "The groups claim matched too many groups and must be configured to match fewer groups";
const notEvaluated = (name: string) => `The '${name}' user claim could not be evaluated.`;

/** A claim because of which Okta issues no token. */
export class ClaimRefused extends Error {}

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

/** The expression must match the whole name, and is case-sensitive (Okta behavior). An invalid one matches nothing. */
function compile(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch {
    return undefined;
  }
}

function claimValue(claim: ClaimRecord, subject: Subject, overLimit: OktaState["overHundredGroups"]): unknown {
  if (claim.valueType !== "GROUPS") {
    try {
      return isExpression(claim.value) ? evaluate(claim.value, subject) : null;
    } catch (error) {
      throw error instanceof EvaluationError ? new ClaimRefused(notEvaluated(claim.name)) : error;
    }
  }
  // Imported groups never pass a filter (Okta behavior).
  const own = subject.groups.filter(({ type }) => type !== "APP_GROUP");
  const names = own.map((group) => group.name).filter(filterOf(claim));
  if (names.length > groupsLimit && overLimit === "refused") throw new ClaimRefused(tooManyGroups);
  // A claim without a value is left out (Okta behavior).
  if (names.length === 0) return null;
  return overLimit === "cut" ? names.slice(0, groupsLimit) : names;
}

/** Where the claims go. */
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
 * @throws ClaimRefused
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
