/** The part of Okta's Expression Language that claims for groups and users are written in. */
import { directoryId } from "../state.ts";
import type { GroupRecord, UserRecord } from "../types.ts";

/** What an expression can refer to. */
export interface Subject {
  readonly user: UserRecord;
  readonly groups: readonly GroupRecord[];
  readonly clientId: string;
}

/** An expression outside this part of the language, or a wrong one; Okta refuses such a claim as well. */
class ExpressionError extends Error {}

/** An expression that Okta accepts and then can't evaluate: it issues no token at all. */
export class EvaluationError extends Error {}

/** A part of an expression, ready to be evaluated. */
type Part = (subject: Subject) => unknown;
type Function = (values: readonly unknown[], subject: Subject) => unknown;

/** The most groups that a group function may be asked for. */
const groupsLimit = 100;

function limited(names: readonly string[], limit: unknown): readonly string[] {
  if (typeof limit !== "number" || limit > groupsLimit) throw new EvaluationError("over the limit");
  return names.slice(0, limit);
}

/** `OKTA` is Okta itself; imported groups go by `active_directory`, or by the id of the app that they came from. */
function fromSource({ source }: GroupRecord, wanted: unknown): boolean {
  if (source === null) return String(wanted).toUpperCase() === "OKTA";
  return wanted === source || (wanted === "active_directory" && source === directoryId);
}

const groupFunction =
  (matches: (name: string, wanted: string) => boolean): Function =>
  ([source, wanted, limit], { groups }) => {
    const found = groups.filter((group) => fromSource(group, source) && matches(group.name, String(wanted)));
    const names = limited(
      found.map(({ name }) => name),
      limit,
    );
    // One that finds nothing gives null (Okta behavior).
    return names.length === 0 ? null : names;
  };

const memberFunction =
  (matches: (group: GroupRecord, wanted: readonly unknown[]) => boolean): Function =>
  (wanted, { groups }) =>
    groups.some((group) => matches(group, wanted));

const isEmpty = (value: unknown) => !Array.isArray(value) || value.length === 0;

const functions: ReadonlyMap<string, Function> = new Map<string, Function>([
  ["Groups.startsWith", groupFunction((name, wanted) => name.startsWith(wanted))],
  ["Groups.endsWith", groupFunction((name, wanted) => name.endsWith(wanted))],
  ["Groups.contains", groupFunction((name, wanted) => name.includes(wanted))],
  [
    "getFilteredGroups",
    ([ids, attribute, limit], { groups }) => {
      const wanted = Array.isArray(ids) ? ids : [];
      const found = groups.filter(({ id }) => wanted.includes(id));
      return limited(
        found.map(({ id, name }) => (attribute === "group.id" ? id : name)),
        limit,
      );
    },
  ],
  ["isMemberOfGroup", memberFunction(({ id }, [wanted]) => id === wanted)],
  ["isMemberOfAnyGroup", memberFunction(({ id }, wanted) => wanted.includes(id))],
  ["isMemberOfGroupName", memberFunction(({ name }, [wanted]) => name === wanted)],
  ["isMemberOfGroupNameStartsWith", memberFunction(({ name }, [wanted]) => name.startsWith(String(wanted)))],
  ["isMemberOfGroupNameContains", memberFunction(({ name }, [wanted]) => name.includes(String(wanted)))],
  ["Arrays.isEmpty", ([list]) => isEmpty(list)],
  // A list with null in it gives nothing, hence Okta's advice to check `Arrays.isEmpty` first.
  ["Arrays.flatten", (lists) => (lists.includes(null) ? null : lists.flat())],
  ["Arrays.toCsvString", ([list]) => (Array.isArray(list) ? list.join(",") : null)],
]);

function nameOf(name: string): Part {
  if (/^app[uU]ser$/.test(name)) return ({ user }) => user;
  if (/^app[uU]ser\.userName$/.test(name)) return ({ user }) => user.profile.login;
  if (name === "app.clientId") return ({ clientId }) => clientId;
  const [, attribute] = /^user\.(?:profile\.)?(\w+)$/.exec(name) ?? [];
  if (attribute === undefined) throw new ExpressionError(`The name is not understood: ${name}`);
  return ({ user: { profile } }) => (Object.hasOwn(profile, attribute) ? profile[attribute] : null);
}

const token = /\s*("(?:[^"\\]|\\.)*"|'[^']*'|\d+|[A-Za-z_][\w.]*|==|!=|&&|\|\||[(){}?:,!])/y;

function parse(text: string): Part {
  const words: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const [, word] = token.exec(text) ?? [];
    if (word === undefined) throw new ExpressionError(`The expression is not understood: ${text}`);
    words.push(word);
  }
  let at = 0;
  const is = (word: string) => words[at]?.toUpperCase() === word;
  const take = (word: string) => is(word) && ++at > 0;
  const expect = (word: string) => {
    if (!take(word)) throw new ExpressionError(`A ${word} is missing: ${text}`);
  };
  const listTo = (end: string): Part[] => {
    const parts: Part[] = [];
    while (!take(end)) {
      if (parts.length > 0) expect(",");
      parts.push(choice());
    }
    return parts;
  };

  function primary(): Part {
    const word = words[at++] ?? "";
    if (word === "(") {
      const inner = choice();
      expect(")");
      return inner;
    }
    if (word === "{") {
      const parts = listTo("}");
      return (subject) => parts.map((part) => part(subject));
    }
    if (word === "!") {
      const inner = primary();
      return (subject) => !inner(subject);
    }
    if (/^["']/.test(word)) return () => word.slice(1, -1).replace(/\\(.)/g, "$1");
    if (/^\d/.test(word)) return () => Number(word);
    if (word === "true" || word === "false") return () => word === "true";
    if (word === "null") return () => null;
    if (!take("(")) return nameOf(word);
    const call = functions.get(word);
    if (!call) throw new ExpressionError(`The function is not understood: ${word}`);
    const parts = listTo(")");
    return (subject) =>
      call(
        parts.map((part) => part(subject)),
        subject,
      );
  }
  function comparison(): Part {
    const left = primary();
    const [same, other] = [take("=="), take("!=")];
    if (!same && !other) return left;
    const right = primary();
    return (subject) => (left(subject) === right(subject)) === same;
  }
  function conjunction(): Part {
    const parts = [comparison()];
    while (take("&&") || take("AND")) parts.push(comparison());
    return parts.length === 1 ? (parts[0] ?? comparison()) : (subject) => parts.every((part) => part(subject));
  }
  function disjunction(): Part {
    const parts = [conjunction()];
    while (take("||") || take("OR")) parts.push(conjunction());
    return parts.length === 1 ? (parts[0] ?? conjunction()) : (subject) => parts.some((part) => part(subject));
  }
  function choice(): Part {
    const condition = disjunction();
    if (!take("?")) return condition;
    const yes = choice();
    expect(":");
    const no = choice();
    return (subject) => (condition(subject) ? yes(subject) : no(subject));
  }

  const whole = choice();
  if (at < words.length) throw new ExpressionError(`The expression does not end where it should: ${text}`);
  return whole;
}

/**
 * Evaluates an expression such as `Groups.startsWith("OKTA", "Akto", 100)`, `user.email`, `appuser.userName` or
 * `"a text"`.
 *
 * @throws ExpressionError, EvaluationError
 */
export const evaluate = (expression: string, subject: Subject): unknown => parse(expression)(subject);

/** Whether the expression is one of this part of the language. */
export function isExpression(expression: string): boolean {
  try {
    parse(expression);
    return true;
  } catch {
    return false;
  }
}
