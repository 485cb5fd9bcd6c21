/** `/api/v1/groups`: groups and who is in them. */
import { forbidden, invalid, notFound, unsupported } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Property, parseFilter } from "../filter.ts";
import { type Call, isoTime, limitOf, noContent, ok, paged, type Reply, type Route, route } from "../routes.ts";
import { newGroup } from "../state.ts";
import type { GroupRecord } from "../types.ts";
import { appView } from "./app-view.ts";
import { demandUser, findUser, userOf, userView } from "./users.ts";

/** A group as Okta shows it. */
export function groupView(group: GroupRecord, origin: string) {
  const self = `${origin}/api/v1/groups/${group.id}`;
  const imported = group.type === "APP_GROUP";
  return {
    id: group.id,
    created: isoTime(group.created),
    lastUpdated: isoTime(group.lastUpdated),
    lastMembershipUpdated: isoTime(group.lastMembershipUpdated),
    objectClass: [imported ? "okta:windows_security_principal" : "okta:user_group"],
    type: group.type,
    ...(group.source === null ? {} : { source: { id: group.source } }),
    profile: { name: group.name, description: group.description },
    _links: {
      logo: [
        { name: "medium", href: `${origin}/img/logos/groups/odyssey/okta-medium.png`, type: "image/png" },
        { name: "large", href: `${origin}/img/logos/groups/odyssey/okta-large.png`, type: "image/png" },
      ],
      ...(group.source === null ? {} : { source: { href: `${origin}/api/v1/apps/${group.source}` } }),
      users: { href: `${self}/users` },
      apps: { href: `${self}/apps` },
    },
  };
}

function groupOf(call: Call): GroupRecord {
  const id = call.param("groupId");
  const group = call.state.groups.get(id);
  if (!group) throw notFound(id, "UserGroup");
  if (!call.caller.sees(id)) throw forbidden();
  return group;
}

const property: Property<GroupRecord> = (group, name) => {
  switch (name) {
    case "id":
      return group.id;
    case "type":
      return group.type;
    case "profile.name":
      return group.name;
    case "profile.description":
      return group.description;
    case "created":
    case "lastUpdated":
    case "lastMembershipUpdated":
      return isoTime(group[name]);
    default:
      return undefined;
  }
};
const filterable = (name: string) => /^(id|type|lastUpdated|lastMembershipUpdated)$/.test(name);
const searchable = (name: string) => /^(id|type|created|lastUpdated|lastMembershipUpdated|profile\.\w+)$/.test(name);

function listGroups(call: Call): Reply {
  const { state, query, caller } = call;
  const [q, search, filter] = ["q", "search", "filter"].map((name) => query.get(name) || undefined);
  const stats = query.get("expand")?.split(",").includes("stats") ?? false;
  const view = (group: GroupRecord) => {
    const shown = groupView(group, call.origin);
    if (!stats) return shown;
    return { ...shown, _embedded: { stats: statsOf(call, group) } };
  };
  if (q !== undefined) {
    // A query cannot be paged, and gives 300 groups at most (Okta behavior).
    const start = q.toLowerCase();
    const test = (group: GroupRecord) => caller.sees(group.id) && group.name.toLowerCase().startsWith(start);
    const rows = state.groups.page(undefined, limitOf(query, 300, 300), test)?.rows ?? [];
    return ok(rows.map(view));
  }
  const test =
    search !== undefined
      ? parseFilter(search, property, searchable)
      : filter !== undefined
        ? parseFilter(filter, property, filterable)
        : () => true;
  const limits = { standard: 10_000, most: 10_000 };
  return paged(call, state.groups, limits, (group) => caller.sees(group.id) && test(group), view);
}

function statsOf({ state }: Call, group: GroupRecord) {
  let appsCount = 0;
  for (const app of state.apps.values()) if (app.groups.has(group.id)) appsCount += 1;
  return {
    usersCount: state.memberships.usersOf(group.id).size,
    appsCount,
    groupPushMappingsCount: 0,
  };
}

/** @throws ApiError E0000001: names are unique among Okta's own groups, though an imported one may have the same */
function readProfile(call: Call, except?: GroupRecord): { name: string; description: string | null } {
  const fields = new Fields(call.body);
  const name = fields.requiredText("profile.name", 255);
  const description = fields.text("profile.description", 1024) ?? null;
  fields.done();
  for (const group of call.state.groups.values()) {
    if (group !== except && group.type !== "APP_GROUP" && group.name === name) {
      throw invalid("name", ["name: An object with this field already exists in the current organization"]);
    }
  }
  return { name, description };
}

function createGroup(call: Call): Reply {
  const { name, description } = readProfile(call);
  const seed = description === null ? { name } : { name, description };
  return ok(groupView(call.state.groups.put(newGroup(seed, call.making)), call.origin));
}

function replaceGroup(call: Call): Reply {
  const group = ownGroup(call);
  Object.assign(group, readProfile(call, group), { lastUpdated: call.making.now() });
  return ok(groupView(group, call.origin));
}

function deleteGroup(call: Call): Reply {
  const group = groupOf(call);
  if (group.type === "BUILT_IN") throw unsupported();
  call.state.memberships.dropGroup(group.id);
  for (const app of call.state.apps.values()) app.groups.delete(group.id);
  call.state.groups.delete(group.id);
  return noContent();
}

/** @throws ApiError E0000060: groups that Okta does not own are changed where they come from */
function ownGroup(call: Call): GroupRecord {
  const group = groupOf(call);
  if (group.type !== "OKTA_GROUP") throw unsupported();
  return group;
}

function listMembers(call: Call): Reply {
  const group = groupOf(call);
  const ids = call.state.memberships.usersOf(group.id);
  return paged(
    call,
    call.state.users,
    { standard: 1000, most: 1000 },
    (user) => ids.has(user.id),
    (user) => userView(user, call.origin),
  );
}

function changeMembership(call: Call, change: "add" | "remove"): Reply {
  const group = ownGroup(call);
  const name = call.param("userId");
  const user = findUser(call.state, name);
  if (!user) throw notFound(name, "User");
  call.state.memberships[change](group.id, user.id);
  group.lastMembershipUpdated = call.making.now();
  return noContent();
}

function listGroupApps(call: Call): Reply {
  const group = groupOf(call);
  return paged(
    call,
    call.state.apps,
    { standard: 20, most: 200 },
    (app) => app.groups.has(group.id),
    (app) => appView(app, call.origin),
  );
}

function listUserGroups(call: Call) {
  const user = userOf(call);
  demandUser(call, user, "groups.read");
  const ids = call.state.memberships.groupsOf(user.id);
  return paged(
    call,
    call.state.groups,
    { standard: 200, most: 200 },
    (group) => ids.has(group.id) && (user === call.caller.user || call.caller.sees(group.id)),
    (group) => groupView(group, call.origin),
  );
}

export const groupRoutes: readonly Route[] = [
  route("GET", "/api/v1/groups", "groups.read", listGroups),
  route("POST", "/api/v1/groups", "groups.manage", createGroup),
  route("GET", "/api/v1/groups/{groupId}", "groups.read", (call) => ok(groupView(groupOf(call), call.origin))),
  route("PUT", "/api/v1/groups/{groupId}", "groups.manage", replaceGroup),
  route("DELETE", "/api/v1/groups/{groupId}", "groups.manage", deleteGroup),
  route("GET", "/api/v1/groups/{groupId}/users", "groups.read", listMembers),
  route("PUT", "/api/v1/groups/{groupId}/users/{userId}", "groups.manage", (call) => changeMembership(call, "add")),
  route("DELETE", "/api/v1/groups/{groupId}/users/{userId}", "groups.manage", (call) =>
    changeMembership(call, "remove"),
  ),
  route("GET", "/api/v1/groups/{groupId}/apps", "apps.read", listGroupApps),
  route("GET", "/api/v1/users/{userId}/groups", undefined, listUserGroups),
];
