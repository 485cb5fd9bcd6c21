/** `/api/v1/apps/{appId}/groups` and `/users`: who may sign in to an app. */
import { isRecord } from "../../../core/json.ts";
import { invalid, notFound } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, isoTime, noContent, ok, paged, type Reply, type Route, route } from "../routes.ts";
import type { AppGroupRecord, AppRecord, OktaState, UserRecord } from "../types.ts";
import { appOf } from "./apps.ts";
import { groupView } from "./groups.ts";
import { findUser, userView } from "./users.ts";

/** Whether the user is assigned to the app, alone or through a group. */
export function isAssigned(app: AppRecord, userId: string, state: OktaState): boolean {
  return app.users.has(userId) || assigningGroup(app, userId, state) !== undefined;
}

/** @throws ApiError E0000001: in Federation Broker Mode nobody is assigned (Okta behavior) */
function demandAssignments(app: AppRecord, what: string, whom: string): void {
  if (!app.implicitAssignment) return;
  const why = `It is not possible to assign ${whom} to an AppInstance that has Federation Broker Mode enabled`;
  throw invalid(what, [why]);
}

function assigningGroup(app: AppRecord, userId: string, state: OktaState): string | undefined {
  const groups = state.memberships.groupsOf(userId);
  for (const groupId of app.groups.keys()) if (groups.has(groupId)) return groupId;
  return undefined;
}

function groupAssignmentView(call: Call, app: AppRecord, groupId: string, assignment: AppGroupRecord) {
  const self = `${call.origin}/api/v1/apps/${app.id}`;
  const group = call.query.get("expand") === "group" ? call.state.groups.get(groupId) : undefined;
  return {
    id: groupId,
    lastUpdated: isoTime(assignment.lastUpdated),
    priority: assignment.priority,
    profile: assignment.profile,
    ...(group ? { _embedded: { group: groupView(group, call.origin) } } : {}),
    _links: {
      app: { href: self },
      self: { href: `${self}/groups/${groupId}` },
      group: { href: `${call.origin}/api/v1/groups/${groupId}` },
    },
  };
}

function listGroups(call: Call): Reply {
  const app = appOf(call);
  const q = call.query.get("q")?.toLowerCase() ?? "";
  return paged(
    call,
    call.state.groups,
    { standard: 20, most: 200 },
    (group) => app.groups.has(group.id) && group.name.toLowerCase().startsWith(q),
    (group) => groupAssignmentView(call, app, group.id, assignmentOf(app, group.id)),
  );
}

/** @throws ApiError E0000007 */
function assignmentOf(app: AppRecord, groupId: string): AppGroupRecord {
  const assignment = app.groups.get(groupId);
  if (!assignment) throw notFound(groupId, "GroupAppAssignment");
  return assignment;
}

function getGroup(call: Call): Reply {
  const app = appOf(call);
  const groupId = call.param("groupId");
  return ok(groupAssignmentView(call, app, groupId, assignmentOf(app, groupId)));
}

function assignGroup(call: Call): Reply {
  const app = appOf(call);
  const groupId = call.param("groupId");
  demandAssignments(app, "GroupAppAssignment", "groups");
  if (!call.state.groups.has(groupId)) throw notFound(groupId, "UserGroup");
  const fields = new Fields(call.body ?? {});
  const present = app.groups.get(groupId);
  const priority = fields.number("priority", 0, 10_000) ?? present?.priority ?? app.groups.size;
  fields.done();
  const assignment = { priority, lastUpdated: call.making.now(), profile: fields.object("profile") };
  app.groups.set(groupId, assignment);
  return ok(groupAssignmentView(call, app, groupId, assignment));
}

function unassignGroup(call: Call): Reply {
  const app = appOf(call);
  const groupId = call.param("groupId");
  assignmentOf(app, groupId);
  app.groups.delete(groupId);
  return noContent();
}

function appUserView(call: Call, app: AppRecord, user: UserRecord) {
  const own = app.users.get(user.id);
  const since = own?.created ?? app.created;
  return {
    id: user.id,
    externalId: null,
    created: isoTime(since),
    lastUpdated: isoTime(own?.lastUpdated ?? since),
    scope: own ? "USER" : "GROUP",
    status: user.status === "ACTIVE" ? "ACTIVE" : "SUSPENDED",
    statusChanged: isoTime(since),
    passwordChanged: null,
    syncState: "DISABLED",
    credentials: { userName: own?.userName ?? user.profile.login },
    profile: own?.profile ?? {},
    ...(call.query.get("expand") === "user" ? { _embedded: { user: userView(user, call.origin) } } : {}),
    _links: {
      app: { href: `${call.origin}/api/v1/apps/${app.id}` },
      user: { href: `${call.origin}/api/v1/users/${user.id}` },
    },
  };
}

function listUsers(call: Call): Reply {
  const app = appOf(call);
  const q = call.query.get("q")?.toLowerCase() ?? "";
  return paged(
    call,
    call.state.users,
    { standard: 50, most: 500 },
    ({ id, profile }) =>
      isAssigned(app, id, call.state) &&
      [profile.login, profile.email, profile.firstName, profile.lastName].some((text) =>
        text.toLowerCase().startsWith(q),
      ),
    (user) => appUserView(call, app, user),
  );
}

/** @throws ApiError E0000007 when there is no such user, or they are not assigned */
function assignedUser(call: Call, app: AppRecord): UserRecord {
  const name = call.param("userId");
  const user = findUser(call.state, name);
  if (!user || !isAssigned(app, user.id, call.state)) throw notFound(name, "AppUser");
  return user;
}

function getUser(call: Call): Reply {
  const app = appOf(call);
  return ok(appUserView(call, app, assignedUser(call, app)));
}

function assignUser(call: Call): Reply {
  const app = appOf(call);
  demandAssignments(app, "AppUser", "users");
  const fields = new Fields(call.body);
  const id = fields.requiredText("id");
  const userName = fields.text("credentials.userName", 100);
  fields.done();
  const user = call.state.users.get(id);
  if (!user) throw notFound(id, "User");
  const now = call.making.now();
  const profile = fields.object("profile");
  app.users.set(id, { userName: userName ?? user.profile.login, profile, created: now, lastUpdated: now });
  return ok(appUserView(call, app, user));
}

function updateUser(call: Call): Reply {
  const app = appOf(call);
  const user = assignedUser(call, app);
  const fields = new Fields(call.body);
  const userName = fields.text("credentials.userName", 100);
  fields.done();
  const now = call.making.now();
  const own = app.users.get(user.id) ?? { userName: user.profile.login, profile: {}, created: now, lastUpdated: now };
  const profile = isRecord(fields.at("profile")) ? { ...own.profile, ...fields.object("profile") } : own.profile;
  app.users.set(user.id, { ...own, userName: userName ?? own.userName, profile, lastUpdated: now });
  return ok(appUserView(call, app, user));
}

function unassignUser(call: Call): Reply {
  const app = appOf(call);
  app.users.delete(assignedUser(call, app).id);
  return noContent();
}

const groupPath = "/api/v1/apps/{appId}/groups";
const userPath = "/api/v1/apps/{appId}/users";

export const assignmentRoutes: readonly Route[] = [
  route("GET", groupPath, "apps.read", listGroups),
  route("GET", `${groupPath}/{groupId}`, "apps.read", getGroup),
  route("PUT", `${groupPath}/{groupId}`, "apps.manage", assignGroup),
  route("DELETE", `${groupPath}/{groupId}`, "apps.manage", unassignGroup),
  route("GET", userPath, "apps.read", listUsers),
  route("POST", userPath, "apps.manage", assignUser),
  route("GET", `${userPath}/{userId}`, "apps.read", getUser),
  route("POST", `${userPath}/{userId}`, "apps.manage", updateUser),
  route("DELETE", `${userPath}/{userId}`, "apps.manage", unassignUser),
];
