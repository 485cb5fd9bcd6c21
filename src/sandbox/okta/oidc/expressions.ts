/** The part of Okta's Expression Language that claims for groups and users are written in. */
import type { GroupRecord, UserRecord } from "../types.ts";

/** What an expression can speak of. */
export interface Subject {
  readonly user: UserRecord;
  readonly groups: readonly GroupRecord[];
  readonly clientId: string;
}

/** An expression outside this part of the language, or a wrong one; Okta refuses such a claim as well. */
class ExpressionError extends Error {}

const call = /^Groups\.(startsWith|contains|endsWith)\(\s*"([^"]*)"\s*,\s*"([^"]*)"\s*,\s*(\d+)\s*\)$/;
const allowList = /^getFilteredGroups\(\s*\{([\w",\s]*)\}\s*,\s*"group\.(name|id)"\s*,\s*(\d+)\s*\)$/;
const membership =
  /^(isMemberOfGroupName|isMemberOfGroupNameStartsWith|isMemberOfGroupNameContains)\(\s*"([^"]*)"\s*\)$/;

/** Okta's name for the source of a group in `Groups.…`: its own, or the directory it came from. */
function fromSource(group: GroupRecord, source: string): boolean {
  return source.toUpperCase() === "OKTA" ? group.type !== "APP_GROUP" : group.type === "APP_GROUP";
}

/**
 * Evaluates an expression such as `Groups.startsWith("OKTA", "Akto", 100)`, `user.email`, `appuser.userName` or
 * `"a text"`.
 *
 * @throws ExpressionError
 */
export function evaluate(expression: string, subject: Subject): unknown {
  const text = expression.trim();
  const literal = /^"([^"]*)"$/.exec(text)?.[1] ?? /^'([^']*)'$/.exec(text)?.[1];
  if (literal !== undefined) return literal;

  const attribute = /^user\.(?:profile\.)?(\w+)$/.exec(text)?.[1];
  if (attribute !== undefined) {
    const { profile } = subject.user;
    return Object.hasOwn(profile, attribute) ? profile[attribute] : null;
  }
  if (/^(appuser|appUser)\.userName$/.test(text)) return subject.user.profile.login;
  if (text === "app.clientId") return subject.clientId;

  const [, how, source, wanted, most] = call.exec(text) ?? [];
  if (how !== undefined && source !== undefined && wanted !== undefined) {
    const names = subject.groups
      .filter((group) => fromSource(group, source))
      .map((group) => group.name)
      .filter((name) => {
        if (how === "startsWith") return name.startsWith(wanted);
        return how === "contains" ? name.includes(wanted) : name.endsWith(wanted);
      });
    return names.slice(0, Number(most));
  }
  const [, list = "", shown, limit] = allowList.exec(text) ?? [];
  if (shown !== undefined) {
    const ids = new Set(list.match(/\w+/g));
    const found = subject.groups.filter(({ id }) => ids.has(id));
    return found.map((group) => (shown === "id" ? group.id : group.name)).slice(0, Number(limit));
  }
  const csv = /^Arrays\.toCsvString\((.*)\)$/.exec(text)?.[1];
  if (csv !== undefined) return [evaluate(csv, subject)].flat().join(",");
  const [, test, name] = membership.exec(text) ?? [];
  if (test !== undefined && name !== undefined) {
    return subject.groups.some((group) => {
      if (test === "isMemberOfGroupName") return group.name === name;
      return test.endsWith("Contains") ? group.name.includes(name) : group.name.startsWith(name);
    });
  }
  throw new ExpressionError(`The expression is not understood: ${text}`);
}

/** Whether the expression is one of this part of the language. */
export function isExpression(expression: string): boolean {
  const profile = { login: "", email: "", firstName: "", lastName: "" };
  const dates = { created: 0, lastUpdated: 0, statusChanged: 0, lastLogin: null, hasPassword: true };
  try {
    evaluate(expression, {
      user: { id: "", status: "ACTIVE", profile, roles: [], ...dates },
      groups: [],
      clientId: "",
    });
    return true;
  } catch {
    return false;
  }
}
