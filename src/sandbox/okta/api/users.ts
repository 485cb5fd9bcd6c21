/** `/api/v1/users`: who is in the org. */
import type { Need } from "../caller.ts";
import { forbidden, notFound } from "../errors.ts";
import { type Property, parseFilter } from "../filter.ts";
import { type Call, isoTime, isoTimeOrNull, ok, paged, type Route, route } from "../routes.ts";
import type { AdminRole, OktaState, UserRecord, UserStatus } from "../types.ts";

/** A user as Okta shows it in a list. */
export function userView(user: UserRecord, origin: string) {
  return {
    id: user.id,
    status: user.status,
    created: isoTime(user.created),
    activated: user.status === "STAGED" ? null : isoTime(user.created),
    statusChanged: isoTime(user.statusChanged),
    lastLogin: isoTimeOrNull(user.lastLogin),
    lastUpdated: isoTime(user.lastUpdated),
    passwordChanged: user.hasPassword ? isoTime(user.created) : null,
    type: { id: userType },
    profile: { mobilePhone: null, secondEmail: null, ...user.profile },
    credentials: { ...(user.hasPassword && { password: {} }), provider: { type: "OKTA", name: "OKTA" } },
    _links: { self: { href: `${origin}/api/v1/users/${user.id}` } },
  };
}

const userType = "oty1AktoSandboxUser0";

const withPassword = [
  "lifecycle/suspend",
  "lifecycle/reset_password",
  "credentials/forgot_password",
  "lifecycle/expire_password",
  "credentials/change_recovery_question",
  "lifecycle/reset_factors",
  "credentials/change_password",
  "lifecycle/deactivate",
];

/** What can be done with a user now. */
const actions: Readonly<Partial<Record<UserStatus, readonly string[]>>> = {
  STAGED: ["lifecycle/activate"],
  PROVISIONED: ["suspend", "reset_password", "reactivate", "reset_factors", "deactivate"].map(
    (to) => `lifecycle/${to}`,
  ),
  ACTIVE: withPassword,
  PASSWORD_EXPIRED: withPassword,
  SUSPENDED: ["lifecycle/unsuspend", "lifecycle/deactivate"],
  DEPROVISIONED: ["lifecycle/activate"],
};

/** A user as Okta shows them alone: with what can be done with them. */
export function fullUserView(user: UserRecord, origin: string) {
  const shown = userView(user, origin);
  const { href } = shown._links.self;
  const meta = `${origin}/api/v1/meta`;
  const possible = (actions[user.status] ?? []).map((path) => [
    path.slice(path.indexOf("/") + 1).replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    { href: `${href}/${path}`, method: "POST" },
  ]);
  const links = {
    ...Object.fromEntries(possible),
    schema: { href: `${meta}/schemas/user/osc1AktoSandboxUser0` },
    self: { href },
    type: { href: `${meta}/types/user/${userType}` },
  };
  return { ...shown, _links: links };
}

/**
 * The user that `me`, an id, a login or an unambiguous short login (the part before `@`) names.
 *
 * @throws ApiError E0000007
 */
export function userOf(call: Call): UserRecord {
  const name = call.param("userId");
  if (name === "me") {
    if (!call.caller.user) throw notFound("me", "User");
    return call.caller.user;
  }
  const found = findUser(call.state, name);
  if (!found) throw notFound(name, "User");
  return found;
}

/** The user with this id, login or unambiguous short login. */
export function findUser(state: OktaState, name: string): UserRecord | undefined {
  const byId = state.users.get(name);
  if (byId) return byId;
  const wanted = name.toLowerCase();
  const users = [...state.users.values()];
  const byLogin = users.find((user) => user.profile.login.toLowerCase() === wanted);
  if (byLogin) return byLogin;
  const short = users.filter((user) => user.profile.login.toLowerCase().split("@")[0] === wanted);
  return short.length === 1 ? short[0] : undefined;
}

/** Whether the caller's roles are for a group that the user is in; everyone is in one. */
function seen({ state, caller }: Call, user: UserRecord): boolean {
  return user === caller.user || [...state.memberships.groupsOf(user.id)].some(caller.sees);
}

const property: Property<UserRecord> = (user, name) => {
  if (name.startsWith("profile.")) {
    const value = user.profile[name.slice("profile.".length)];
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
  }
  switch (name) {
    case "id":
      return user.id;
    case "status":
      return user.status;
    case "created":
      return isoTime(user.created);
    case "lastUpdated":
      return isoTime(user.lastUpdated);
    default:
      return undefined;
  }
};
const searchable = (name: string) => /^(id|status|created|lastUpdated|activated|profile\.\w+)$/.test(name);
const filterable = (name: string) => /^(id|status|lastUpdated|profile\.(login|email|firstName|lastName))$/.test(name);

function listUsers(call: Call) {
  const [q, search, filter] = ["q", "search", "filter"].map((name) => call.query.get(name)?.trim() || undefined);
  const tests: ((user: UserRecord) => boolean)[] = [];
  if (search !== undefined) tests.push(parseFilter(search, property, searchable));
  else if (filter !== undefined) tests.push(parseFilter(filter, property, filterable));
  // Without a filter of their own, deprovisioned users are left out (Okta behavior).
  else tests.push((user) => user.status !== "DEPROVISIONED");
  if (q !== undefined) {
    const start = q.toLowerCase();
    tests.push(({ profile }) =>
      [profile.firstName, profile.lastName, profile.email, `${profile.firstName} ${profile.lastName}`].some((text) =>
        text.toLowerCase().startsWith(start),
      ),
    );
  }
  const limits = q === undefined ? { standard: 200, most: 200 } : { standard: 10, most: 200 };
  return paged(
    call,
    call.state.users,
    limits,
    (user) => tests.every((test) => test(user)) && seen(call, user),
    (user) => userView(user, call.origin),
  );
}

/** A user without any admin role may still see themself. @throws ApiError E0000006 */
export function demandUser(call: Call, user: UserRecord, need: Need): void {
  if (user === call.caller.user) return;
  call.caller.demand(need);
  if (!seen(call, user)) throw forbidden();
}

function getUser(call: Call) {
  const user = userOf(call);
  demandUser(call, user, "users.read");
  return ok(fullUserView(user, call.origin));
}

const roleLabels: Readonly<Record<AdminRole, string>> = {
  SUPER_ADMIN: "Super Administrator",
  ORG_ADMIN: "Organization Administrator",
  APP_ADMIN: "Application Administrator",
  USER_ADMIN: "Group Administrator",
  HELP_DESK_ADMIN: "Help Desk Administrator",
  READ_ONLY_ADMIN: "Read Only Administrator",
  REPORT_ADMIN: "Report Administrator",
  API_ACCESS_MANAGEMENT_ADMIN: "API Access Management Administrator",
  GROUP_MEMBERSHIP_ADMIN: "Group Membership Administrator",
};

function listUserRoles(call: Call) {
  const user = userOf(call);
  call.caller.demand("roles.read");
  const rows = user.roles.map((type) => ({
    id: `ra1${user.id.slice(3, 12)}${type.length.toString(36)}${type.slice(0, 2)}5d7`,
    label: roleLabels[type],
    type,
    status: "ACTIVE",
    created: isoTime(user.created),
    lastUpdated: isoTime(user.lastUpdated),
    assignmentType: "USER",
    _links: { assignee: { href: `${call.origin}/api/v1/users/${user.id}` } },
  }));
  return ok(rows);
}

export const userRoutes: readonly Route[] = [
  route("GET", "/api/v1/users", "users.read", listUsers),
  route("GET", "/api/v1/users/{userId}", undefined, getUser),
  route("GET", "/api/v1/users/{userId}/roles", undefined, listUserRoles),
];
