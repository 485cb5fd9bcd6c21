/** The Akto dashboard's answers, read by guards: what isn't as expected is named, not guessed at. */

import { Failure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import type { AktoSso, CustomRole, TeamMember } from "../core/model/akto.ts";
import { sortedMapping } from "../core/roles/mapping.ts";
import { defaultRoleId } from "../core/roles/roles.ts";
import { clean } from "../core/text.ts";

/** An answer that isn't what the action promises. `what` names the part, never its content. */
export function unexpectedAnswer(action: string, what: string): Failure {
  return new Failure(
    "unavailable",
    "akto.unexpected_answer",
    `Akto's answer to ${action} is not what was expected: ${what}.`,
    {
      hint: "Check that the Akto URL is the dashboard's own; a newer or older Akto may answer differently.",
    },
  );
}

/** The fields of one answer. Akto answers each of them, as `null` where there is nothing (Akto behavior). */
class Fields {
  readonly #action: string;
  readonly #record: Record<string, unknown>;
  readonly #path: string;

  constructor(action: string, value: unknown, path = "") {
    if (!isRecord(value)) throw unexpectedAnswer(action, `${path === "" ? "it" : path} is not an object`);
    this.#action = action;
    this.#record = value;
    this.#path = path === "" ? "" : `${path}.`;
  }

  /** The same fields, once all of these are there: what an answer leaves out is not known to be nothing. */
  with(...names: readonly string[]): this {
    const missing = names.find((name) => this.#record[name] === undefined);
    if (missing === undefined) return this;
    throw unexpectedAnswer(this.#action, `${this.#path}${missing} is missing`);
  }

  optional(name: string): string | undefined {
    const value = this.#record[name] ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    throw unexpectedAnswer(this.#action, `${this.#path}${name} is not text`);
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw unexpectedAnswer(this.#action, `${this.#path}${name} is missing`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#record[name] ?? false;
    if (typeof value === "boolean") return value;
    throw unexpectedAnswer(this.#action, `${this.#path}${name} is neither true nor false`);
  }

  list<Item>(name: string, read: (item: unknown, path: string) => Item): Item[] {
    const value = this.#record[name] ?? [];
    if (!Array.isArray(value)) throw unexpectedAnswer(this.#action, `${this.#path}${name} is not a list`);
    return value.map((item, index) => read(item, `${this.#path}${name}[${index}]`));
  }

  entries(name: string): [string, unknown][] {
    const value = this.#record[name] ?? {};
    if (!isRecord(value)) throw unexpectedAnswer(this.#action, `${this.#path}${name} is not an object`);
    return Object.entries(value);
  }
}

/** `fetchOktaSso`: the SSO, or `null` when every field is `null`, as Akto answers without one. */
export function readSso(answer: unknown): AktoSso | null {
  const action = "fetchOktaSso";
  const fields = new Fields(action, answer).with(
    "clientId",
    "oktaDomain",
    "authorisationServerId",
    "redirectUri",
    "oktaGroupToAktoUserRoleMap",
    "syncGroupsToUserTags",
    "managementApiToken",
  );
  const clientId = fields.optional("clientId");
  const oktaDomain = fields.optional("oktaDomain");
  if (clientId === undefined && oktaDomain === undefined) return null;
  const mapping = new Map<string, string>();
  for (const [group, role] of fields.entries("oktaGroupToAktoUserRoleMap")) {
    if (typeof role !== "string") throw unexpectedAnswer(action, `the role of group ${clean(group, 60)} is not text`);
    mapping.set(group, role);
  }
  return {
    clientId: clientId ?? "",
    oktaDomain: oktaDomain ?? "",
    authorisationServerId: fields.optional("authorisationServerId") ?? "",
    redirectUri: fields.optional("redirectUri") ?? "",
    mapping: sortedMapping(mapping),
    syncGroupsToUserTags: fields.flag("syncGroupsToUserTags"),
    hasManagementApiToken: (fields.optional("managementApiToken") ?? "") !== "",
  };
}

/** `fetchOktaGroups`: the names. */
export function readGroupNames(answer: unknown): string[] {
  const action = "fetchOktaGroups";
  return new Fields(action, answer).with("oktaGroupNames").list("oktaGroupNames", (item, path) => {
    if (typeof item === "string") return item;
    throw unexpectedAnswer(action, `${path} is not text`);
  });
}

/** `getCustomRoles`: names and base roles as Akto spells them. */
export function readCustomRoles(answer: unknown): CustomRole[] {
  const action = "getCustomRoles";
  return new Fields(action, answer).with("roles").list("roles", (item, path) => {
    const fields = new Fields(action, item, path);
    return { name: fields.required("name"), baseRole: fields.optional("baseRole") ?? "" };
  });
}

/**
 * What Akto answers in a role id's place where it stores none: the name of its default role, which is no id (Akto
 * behavior). In access per product it stands for that role.
 */
const nameOfDefaultRole = "SECURITY ENGINEER";

/** `getTeamData`: the account's members, in a bare array (Akto behavior). */
export function readTeam(answer: unknown): TeamMember[] {
  const action = "getTeamData";
  if (!Array.isArray(answer)) throw unexpectedAnswer(action, "it is not a list");
  return answer.map((item, index) => {
    const fields = new Fields(action, item, `[${index}]`).with("role");
    const role = fields.optional("role") ?? nameOfDefaultRole;
    // A sentence stands in an invitation's role: that it was sent, and for what.
    const invited = fields.flag("isInvitation") || role.startsWith("Invitation sent");
    return {
      login: fields.required("login"),
      name: fields.optional("name") ?? "",
      storedRole: invited || role === nameOfDefaultRole ? null : role,
      scopedRoles: new Map(
        fields.entries("scopeRoleMapping").map(([product, scoped]) => {
          if (typeof scoped !== "string") throw unexpectedAnswer(action, `[${index}].scopeRoleMapping has no text`);
          return [product, scoped === nameOfDefaultRole ? defaultRoleId : scoped];
        }),
      ),
      invited,
    };
  });
}

/** The sentences with which Akto refuses, if the body is such a refusal. */
export function readActionErrors(answer: unknown): string[] {
  if (!isRecord(answer) || !Array.isArray(answer.actionErrors)) return [];
  return answer.actionErrors.filter((each) => typeof each === "string" && each.trim() !== "");
}
