/** Whom a changed mapping concerns, in one line. */
import { clean, count, listed, quoted } from "../text.ts";

/** A group whose entry changed, and how many members it has in Okta. */
export interface ChangedGroup {
  readonly name: string;
  /** `undefined` where Okta doesn't tell it, as to an admin who may not count them. */
  readonly members: number | undefined;
}

// More names than this are counted.
const namedGroups = 2;

/**
 * Who is affected when the entries of these groups change. Somebody in several of them is counted with each.
 *
 * @returns `null` where that can't be known
 */
export function describeAffected(groups: readonly ChangedGroup[]): string | null {
  const named = groups.slice(0, namedGroups).map(({ name }) => quoted(name));
  const rest = groups.length - named.length;
  const names = clean(listed(rest > 0 ? [...named, count(rest, "other group")] : named), 1000);
  if (groups.some(({ members }) => members === undefined)) return null;
  const people = groups.reduce((sum, { members = 0 }) => sum + members, 0);
  if (people === 0) {
    return `Nobody is affected yet: ${names} ${groups.length === 1 ? "has no members" : "have no members"} in Okta.`;
  }
  const who = groups.length === 1 && people === 1 ? "the only member" : "the members";
  const upTo = groups.length === 1 ? "" : "up to ";
  const text = `${upTo}${count(people, "person is", "people are")} affected, ${who} of ${names}: their role is written at their next sign-in.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
