/** `/api/v1/users`: creating, changing and deleting users. */
import { isRecord } from "../../../core/json.ts";
import { invalid } from "../errors.ts";
import { Fields } from "../fields.ts";
import { type Call, isFalse, noContent, ok, type Reply, type Route, route } from "../routes.ts";
import { newUser } from "../state.ts";
import type { UserProfile, UserRecord, UserStatus } from "../types.ts";
import { demandUser, fullUserView, userOf } from "./users.ts";

/**
 * The profile that was sent, laid over the one that there is when only a part is to change.
 *
 * @throws ApiError E0000001
 */
function readProfile(call: Call, fields: Fields, user: UserRecord | undefined, part: boolean): UserProfile {
  const known = part && user ? user.profile : {};
  const sent = new Fields({ profile: { ...known, ...fields.object("profile") } });
  const read = (name: string) => sent.requiredText(`profile.${name}`, 100);
  const profile = {
    ...sent.object("profile"),
    firstName: read("firstName"),
    lastName: read("lastName"),
    login: read("login"),
    email: read("email"),
  };
  for (const other of call.state.users.values()) {
    if (other !== user && other.profile.login.toLowerCase() === profile.login.toLowerCase()) {
      sent.complain("login", "An object with this field already exists in the current organization");
    }
  }
  sent.done();
  return profile;
}

function setStatus(call: Call, user: UserRecord, status: UserStatus): void {
  Object.assign(user, { status, statusChanged: call.making.now(), lastUpdated: call.making.now() });
}

/** Without a password a user chooses it when they first sign in; until then they are `PROVISIONED`. */
const activeStatus = ({ hasPassword }: UserRecord): UserStatus => (hasPassword ? "ACTIVE" : "PROVISIONED");

function createUser(call: Call): Reply {
  const { state, query } = call;
  const fields = new Fields(call.body);
  const profile = readProfile(call, fields, undefined, false);
  const groups = fields.texts("groupIds") ?? [];
  for (const id of groups) if (!state.groups.has(id)) fields.complain("groupIds", `The group '${id}' does not exist.`);
  fields.done();
  const hasPassword = isRecord(fields.at("credentials.password"));
  const user = { ...newUser({ login: profile.login }, call.making), profile, hasPassword };
  const renewed = hasPassword && query.get("nextLogin") === "changePassword";
  user.status = isFalse(query.get("activate")) ? "STAGED" : renewed ? "PASSWORD_EXPIRED" : activeStatus(user);
  state.users.put(user);
  const everyone = [...state.groups.values()].find(({ type }) => type === "BUILT_IN");
  for (const id of [...(everyone ? [everyone.id] : []), ...groups]) state.memberships.add(id, user.id);
  return ok(fullUserView(user, call.origin));
}

function changeUser(call: Call, part: boolean): Reply {
  const user = userOf(call);
  demandUser(call, user, "users.manage");
  const fields = new Fields(call.body);
  const profile = readProfile(call, fields, user, part);
  Object.assign(user, { profile, lastUpdated: call.making.now() });
  if (isRecord(fields.at("credentials.password"))) user.hasPassword = true;
  return ok(fullUserView(user, call.origin));
}

/** The first time it deactivates them, the second time it deletes them (Okta behavior). */
function deleteUser(call: Call): Reply {
  const user = userOf(call);
  if (user.status !== "DEPROVISIONED") setStatus(call, user, "DEPROVISIONED");
  else {
    call.state.memberships.dropUser(user.id);
    for (const app of call.state.apps.values()) app.users.delete(user.id);
    call.state.users.delete(user.id);
  }
  return noContent();
}

/** What each step of a user's lifecycle requires, and where it leads. */
const steps: Readonly<Record<string, { from: readonly UserStatus[]; to: (user: UserRecord) => UserStatus }>> = {
  activate: { from: ["STAGED", "DEPROVISIONED"], to: activeStatus },
  reactivate: { from: ["PROVISIONED", "RECOVERY"], to: activeStatus },
  deactivate: {
    from: ["ACTIVE", "LOCKED_OUT", "PASSWORD_EXPIRED", "PROVISIONED", "RECOVERY", "STAGED", "SUSPENDED"],
    to: () => "DEPROVISIONED",
  },
  suspend: { from: ["ACTIVE", "PASSWORD_EXPIRED", "PROVISIONED"], to: () => "SUSPENDED" },
  unsuspend: { from: ["SUSPENDED"], to: activeStatus },
  expire_password: { from: ["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY"], to: () => "PASSWORD_EXPIRED" },
};

const lifecycle = Object.entries(steps).map(([name, { from, to }]) =>
  route("POST", `/api/v1/users/{userId}/lifecycle/${name}`, "users.manage", (call) => {
    const user = userOf(call);
    if (!from.includes(user.status)) {
      throw invalid(`Cannot ${name} the user`, [`A user with the status ${user.status} can't be changed so.`]);
    }
    setStatus(call, user, to(user));
    if (name === "expire_password") return ok(fullUserView(user, call.origin));
    const activation = `${call.origin}/welcome/${user.id}`;
    const told = ["activate", "reactivate"].includes(name) && isFalse(call.query.get("sendEmail"));
    return ok(told ? { activationUrl: activation, activationToken: user.id } : {});
  }),
);

export const userChangeRoutes: readonly Route[] = [
  route("POST", "/api/v1/users", "users.manage", createUser),
  route("PUT", "/api/v1/users/{userId}", "users.manage", (call) => changeUser(call, false)),
  route("POST", "/api/v1/users/{userId}", "users.manage", (call) => changeUser(call, true)),
  route("DELETE", "/api/v1/users/{userId}", "users.manage", deleteUser),
  ...lifecycle,
];
