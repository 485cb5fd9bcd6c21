/** What the management API changes, written into the log: one event a change, and who made it. */
import { isRecord } from "../../../core/json.ts";
import { isAssigned } from "../api/assignments.ts";
import { findUser } from "../api/users.ts";
import type { Call, Reply, Route } from "../routes.ts";
import { appEntity, clientEntity, entity, groupEntity, systemActor, unknownActor, userEntity } from "./entities.ts";
import type { LogEntity, LogRequest } from "./types.ts";

/** What a change is called: its event type, its sentence, and what type of thing it makes if it makes one. */
type Change = readonly [eventType: string, displayMessage: string, makes?: string];

const app = "/api/v1/apps/{appId}";
const group = "/api/v1/groups/{groupId}";
const user = "/api/v1/users/{userId}";
const server = "/api/v1/authorizationServers/{authServerId}";
const signOn = "/api/v1/policies/{policyId}";

/** The events of a thing that is made, changed, deleted, and switched on and off. */
function lifeOf(one: string, collection: string, made: Change, changed: Change, deleted: Change): [string, Change][] {
  return [
    [`POST ${collection}`, made],
    [`PUT ${one}`, changed],
    [`DELETE ${one}`, deleted],
  ];
}
const switched = (one: string, events: string, noun: string): [string, Change][] =>
  ["activate", "deactivate"].map((name) => [
    `POST ${one}/lifecycle/${name}`,
    [`${events}.${name}`, `${name === "activate" ? "Activate" : "Deactivate"} ${noun}`],
  ]);
const policies = (one: string, collection: string): [string, Change][] => [
  ...lifeOf(
    one,
    collection,
    ["policy.lifecycle.create", "Create policy", "PolicyEntity"],
    ["policy.lifecycle.update", "Update policy"],
    ["policy.lifecycle.delete", "Delete policy"],
  ),
  ...switched(one, "policy.lifecycle", "policy"),
  ...lifeOf(
    `${one}/rules/{ruleId}`,
    `${one}/rules`,
    ["policy.rule.add", "Add policy rule", "PolicyRule"],
    ["policy.rule.update", "Update policy rule"],
    ["policy.rule.delete", "Delete policy rule"],
  ),
  ...switched(`${one}/rules/{ruleId}`, "policy.rule", "policy rule"),
];

/** Event types and sentences as in Okta's catalog of event types. */
const changes: ReadonlyMap<string, Change> = new Map<string, Change>([
  ...lifeOf(
    group,
    "/api/v1/groups",
    ["group.lifecycle.create", "Create Okta group", "UserGroup"],
    ["group.profile.update", "Update Okta group"],
    ["group.lifecycle.delete", "Delete Okta group"],
  ),
  [`PUT ${group}/users/{userId}`, ["group.user_membership.add", "Add user to group membership"]],
  [`DELETE ${group}/users/{userId}`, ["group.user_membership.remove", "Remove user from group membership"]],

  ...lifeOf(
    app,
    "/api/v1/apps",
    ["application.lifecycle.create", "Create application", "AppInstance"],
    ["application.lifecycle.update", "Update application"],
    ["application.lifecycle.delete", "Delete application"],
  ),
  ...switched(app, "application.lifecycle", "application"),
  [`PUT ${app}/groups/{groupId}`, ["group.application_assignment.add", "Add assigned application to group"]],
  [`DELETE ${app}/groups/{groupId}`, ["group.application_assignment.remove", "Remove assigned application from group"]],
  [`POST ${app}/users`, ["application.user_membership.add", "Add user to application membership", "AppUser"]],
  [`POST ${app}/users/{userId}`, ["application.user_membership.update", "Update user's application membership"]],
  [`DELETE ${app}/users/{userId}`, ["application.user_membership.remove", "Remove user's application membership"]],
  [`PUT ${app}/policies/{policyId}`, ["application.policy.sign_on.update", "Update sign on policy of application"]],
  ["POST /api/v1/internal/apps/{appId}/settings/oauth/idToken", ["application.lifecycle.update", "Update application"]],
  [
    `POST ${app}/credentials/secrets`,
    ["app.oauth2.credentials.lifecycle.create", "Create client secret", "OAuth2Secret"],
  ],
  [`DELETE ${app}/credentials/secrets/{secretId}`, ["app.oauth2.credentials.lifecycle.delete", "Delete client secret"]],
  ...switched(`${app}/credentials/secrets/{secretId}`, "app.oauth2.credentials.lifecycle", "client secret"),

  ...lifeOf(
    server,
    "/api/v1/authorizationServers",
    ["oauth2.as.created", "OAuth2 authorization server created", "AuthorizationServer"],
    ["oauth2.as.updated", "OAuth2 authorization server updated"],
    ["oauth2.as.deleted", "OAuth2 authorization server deleted"],
  ),
  [`POST ${server}/lifecycle/activate`, ["oauth2.as.activated", "OAuth2 authorization server activated"]],
  [`POST ${server}/lifecycle/deactivate`, ["oauth2.as.deactivated", "OAuth2 authorization server deactivated"]],
  [`POST ${server}/credentials/lifecycle/keyRotate`, ["app.oauth2.as.key.rollover", "OAuth2 key rollover"]],
  ...lifeOf(
    `${server}/claims/{claimId}`,
    `${server}/claims`,
    ["oauth2.claim.created", "OAuth2 claim created", "OAuth2Claim"],
    ["oauth2.claim.updated", "OAuth2 claim updated"],
    ["oauth2.claim.deleted", "OAuth2 claim deleted"],
  ),
  ...lifeOf(
    `${server}/scopes/{scopeId}`,
    `${server}/scopes`,
    ["oauth2.scope.created", "OAuth2 scope created", "OAuth2Scope"],
    ["oauth2.scope.updated", "OAuth2 scope updated"],
    ["oauth2.scope.deleted", "OAuth2 scope deleted"],
  ),
  ...policies(`${server}/policies/{policyId}`, `${server}/policies`),
  ...policies(signOn, "/api/v1/policies"),

  ["POST /api/v1/users", ["user.lifecycle.create", "Create Okta user", "User"]],
  [`PUT ${user}`, ["user.account.update_profile", "Update user profile for Okta"]],
  [`POST ${user}`, ["user.account.update_profile", "Update user profile for Okta"]],
  [`DELETE ${user}`, ["user.lifecycle.delete.initiated", "Initiate user delete"]],
  ...["activate", "reactivate", "deactivate", "suspend", "unsuspend"].map((name): [string, Change] => [
    `POST ${user}/lifecycle/${name}`,
    [`user.lifecycle.${name}`, `${name.charAt(0).toUpperCase()}${name.slice(1)} Okta user`],
  ]),
  [`POST ${user}/lifecycle/expire_password`, ["user.account.expire_password", "Expire user password"]],
  [`POST ${user}/lifecycle/unlock`, ["user.account.unlock", "Unlock user account"]],
  ["DELETE /api/v1/api-tokens/current", ["system.api_token.revoke", "Revoke API token"]],
  ["DELETE /api/v1/api-tokens/{apiTokenId}", ["system.api_token.revoke", "Revoke API token"]],
]);

const keyOf = ({ method, segments }: Route) => `${method} /${segments.join("/")}`;

/** Whether the log has a word for what the route does. */
export const isLogged = (route: Route): boolean => changes.has(keyOf(route));

/**
 * Looks at what a request is about to change; the function that it gives writes the event, once that is done.
 * What is deleted can only be named before.
 */
export function watchChange(route: Route, call: Call, request: LogRequest): (reply: Reply) => void {
  const change = changes.get(keyOf(route));
  if (!change) return () => {};
  const [eventType, displayMessage, makes] = change;
  const { log } = call.state;
  const { user, app, tokenId } = call.caller;
  const actor = user ? userEntity(user) : app ? clientEntity(app) : unknownActor;
  const [before, debugData] = [targetsOf(call), serverData(call)];
  const assignedBefore = appsOfMember(call);
  return (reply) => {
    const target = makes === undefined ? before : [madeThing(makes, reply, call), ...before];
    log.record({ eventType, displayMessage, actor, target, debugData, tokenId, request, result: "SUCCESS" });
    for (const [instance, member] of lost(assignedBefore, appsOfMember(call))) {
      log.record({
        eventType: "application.user_membership.remove",
        displayMessage: "Remove user's application membership",
        actor: systemActor,
        target: [member, instance],
        result: "SUCCESS",
      });
    }
  };
}

/** What the path names, the innermost first. */
function targetsOf(call: Call): LogEntity[] {
  const { state } = call;
  const param = (name: string) => call.param(name);
  const server = state.authorizationServers.get(param("authServerId"));
  const policy =
    server?.policies.find(({ id }) => id === param("policyId")) ?? state.signOnPolicies.get(param("policyId"));
  const rule = policy?.rules.find(({ id }) => id === param("ruleId"));
  const claim = server?.claims.get(param("claimId"));
  const scope = server?.scopes.get(param("scopeId"));
  const user = param("userId") === "" ? undefined : findUser(state, param("userId"));
  const group = state.groups.get(param("groupId"));
  const app = state.apps.get(param("appId"));
  const token = state.apiTokens.get(param("apiTokenId") || (call.caller.tokenId ?? ""));
  const policyType = server ? "OAUTH_AUTHORIZATION_POLICY" : "ACCESS_POLICY";
  const found = [
    rule && entity("PolicyRule", rule),
    policy && entity("PolicyEntity", policy, { policyType }),
    claim && entity("OAuth2Claim", claim),
    scope && entity("OAuth2Scope", scope),
    user && userEntity(user, app ? "AppUser" : "User"),
    group && groupEntity(group),
    app && appEntity(app),
    server && entity("AuthorizationServer", server),
    call.path.startsWith("/api/v1/api-tokens/") && token && entity("Token", token),
  ];
  return found.filter((one): one is LogEntity => one !== undefined && one !== false);
}

function serverData(call: Call): Record<string, string> | undefined {
  const server = call.state.authorizationServers.get(call.param("authServerId"));
  return server && { authorizationServer: server.id, authorizationServerName: server.name };
}

/** What was made, as the answer shows it. */
function madeThing(type: string, { body }: Reply, { state }: Call): LogEntity {
  const shown = isRecord(body) ? body : {};
  const id = String(shown.id ?? "unknown");
  const user = state.users.get(id);
  if (user) return userEntity(user, type);
  const profile = isRecord(shown.profile) ? shown.profile : {};
  return entity(type, { id, name: String(shown.label ?? shown.name ?? profile.name ?? id) });
}

type Assigned = ReadonlyMap<string, readonly [LogEntity, LogEntity]>;

/** The apps that a group's member is assigned to, where the request is about one. */
function appsOfMember(call: Call): Assigned {
  const { state, path } = call;
  const user = /^\/api\/v1\/groups\/[^/]+\/users\//.test(path) ? findUser(state, call.param("userId")) : undefined;
  if (!user) return new Map();
  const apps = [...state.apps.values()].filter((app) => isAssigned(app, user.id, state));
  return new Map(apps.map((app) => [app.id, [appEntity(app), userEntity(user, "AppUser")]]));
}

const lost = (before: Assigned, after: Assigned) =>
  [...before].filter(([id]) => !after.has(id)).map(([, pair]) => pair);
