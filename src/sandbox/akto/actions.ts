/** The dashboard's actions: `POST /api/<action>` with an API key. */
import { builtInRole, defaultRoleId } from "../../core/roles/roles.ts";
import type { AktoAccount, AktoApiKey, AktoSso } from "./account.ts";
import { type DashboardAnswer, type DashboardRequest, html, json } from "./http.ts";
import { field, groupNames, type OrgClient } from "./org-client.ts";

/** A refusal with the sentence that the dashboard shows. */
class Refusal extends Error {}

interface Call {
  readonly account: AktoAccount;
  readonly org: OrgClient;
  readonly owner: AktoApiKey;
  readonly body: unknown;
}

type Action = (call: Call) => Promise<object> | object;

// What Struts, the framework, puts beside an action's own fields.
const frameworkFields = { actionErrors: [], actionMessages: [], errorMessages: [], errors: {}, fieldErrors: {} };

const asterisks = "*".repeat(20);

// The dashboard sends back what it was shown: a row of asterisks is never a token.
const isMask = (token: string) => token.includes("***");

const text = (body: unknown, name: string) => {
  const value = field(body, name);
  return typeof value === "string" ? value : "";
};

/** The fields of the Okta actions' bean: each action answers with all of them. */
function ssoFields(sso: AktoSso | null): object {
  return {
    clientId: sso?.clientId ?? null,
    oktaDomain: sso?.oktaDomain ?? null,
    authorisationServerId: sso?.authorisationServerId ?? null,
    redirectUri: sso?.redirectUri ?? null,
    oktaGroupToAktoUserRoleMap: sso?.mapping ? Object.fromEntries(sso.mapping) : null,
    syncGroupsToUserTags: sso?.syncGroupsToUserTags ?? false,
    managementApiToken: sso?.managementApiToken ? asterisks : null,
    oktaGroupNames: [],
  };
}

function activeSso(account: AktoAccount): AktoSso {
  if (account.sso) return account.sso;
  throw new Refusal("Okta SSO is not set up.");
}

function readMapping(body: unknown): Map<string, string> {
  const given = field(body, "oktaGroupToAktoUserRoleMap");
  if (typeof given !== "object" || given === null) return new Map();
  return new Map(Object.entries(given).map(([group, role]) => [group, String(role)]));
}

function checkRoles(account: AktoAccount, mapping: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  for (const [group, role] of mapping) {
    if (!builtInRole(role) && !account.customRoles.some(({ name }) => name === role)) {
      throw new Refusal(`There is no role ${role}. Choose another one for ${group}.`);
    }
    if (seen.has(role)) throw new Refusal(`A role can have one Okta group only, and ${role} has more.`);
    seen.add(role);
  }
}

/** The token that a save leaves: absent and asterisks keep the stored one, an empty one removes it. */
function savedToken(stored: string | null, incoming: unknown): string | null {
  if (typeof incoming !== "string" || isMask(incoming)) return stored;
  return incoming.trim() === "" ? null : incoming.trim();
}

const oktaActions: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    "fetchOktaSso",
    ({ account }) => {
      if (account.otherSsoActive) throw new Refusal("A different SSO Integration already exists.");
      return ssoFields(account.sso);
    },
  ],
  [
    "addOktaSso",
    ({ account, owner, body }) => {
      if (account.sso || account.otherSsoActive) throw new Refusal("A SSO Integration already exists.");
      account.sso = {
        clientId: text(body, "clientId"),
        clientSecret: text(body, "clientSecret"),
        authorisationServerId: text(body, "authorisationServerId"),
        oktaDomain: text(body, "oktaDomain"),
        redirectUri: text(body, "redirectUri"),
        managementApiToken: savedToken(null, field(body, "managementApiToken")),
        organizationDomain: owner.login.split("@")[1] ?? "",
        mapping: null,
        syncGroupsToUserTags: false,
      };
      return ssoFields(account.sso);
    },
  ],
  [
    "deleteOktaSso",
    ({ account }) => {
      if (account.sso) account.sessions.clear();
      account.sso = null;
      return ssoFields(null);
    },
  ],
  [
    "fetchOktaGroups",
    async ({ account, org }) => {
      const { oktaDomain, managementApiToken } = activeSso(account);
      if (!managementApiToken) throw new Refusal("No Okta API token is stored.");
      // The first page only, and nothing at all when Okta refuses: Akto behaviour.
      const list = await org
        .getJson(`${org.scheme}://${oktaDomain}/api/v1/groups`, `SSWS ${managementApiToken}`)
        .catch(() => []);
      return { ...ssoFields(null), oktaGroupNames: groupNames(list) };
    },
  ],
  [
    "saveOktaGroupRoleMapping",
    ({ account, body }) => {
      const sso = activeSso(account);
      const mapping = readMapping(body);
      checkRoles(account, mapping);
      const managementApiToken = savedToken(sso.managementApiToken, field(body, "managementApiToken"));
      const syncGroupsToUserTags = field(body, "syncGroupsToUserTags") === true;
      if (syncGroupsToUserTags && !managementApiToken) {
        throw new Refusal("Syncing groups to user tags needs an Okta API token.");
      }
      account.sso = { ...sso, mapping, managementApiToken, syncGroupsToUserTags };
      return ssoFields(account.sso);
    },
  ],
]);

const accountActions: ReadonlyMap<string, Action> = new Map<string, Action>([
  [
    "getCustomRoles",
    ({ account }) => ({ roles: account.customRoles.map((role) => ({ ...role, apiCollectionsId: [] })) }),
  ],
  ["getTeamData", ({ account }) => ({ id: 0, users: team(account) })],
]);

function team(account: AktoAccount): object[] {
  const members = Array.from(account.members.values(), ({ login, name, role, scopeRoleMapping }, index) => ({
    id: index + 1,
    login,
    name,
    role: role ?? defaultRoleId,
    ...(scopeRoleMapping && { scopeRoleMapping: Object.fromEntries(scopeRoleMapping) }),
  }));
  const invited = account.invitations
    .filter(({ login }) => !account.members.has(login))
    .map(({ login, role }) => ({ id: 1, login, name: "-", role: `Invitation sent for ${role}`, isInvitation: true }));
  return [...members, ...invited];
}

/** Answers `POST /api/<action>`. */
export async function answerAction(
  account: AktoAccount,
  org: OrgClient,
  request: DashboardRequest,
): Promise<DashboardAnswer> {
  const owner = account.apiKeys.get(request.apiKey ?? "");
  if (!owner) return { status: 403 };
  const name = request.url.pathname.slice("/api/".length);
  const oktaAction = oktaActions.get(name);
  const action = oktaAction ?? accountActions.get(name);
  if (!action || request.method !== "POST") return html(404, "<h1>Not found</h1>");
  const refuse = (status: number, message: string) =>
    json(status, { ...frameworkFields, ...(oktaAction && ssoFields(null)), actionErrors: [message] });
  if (oktaAction && owner.role !== "ADMIN") return refuse(403, `The role ${owner.role} does not have access.`);
  if (oktaAction && !account.planHasSso) return refuse(403, "The feature AKTO_SSO is not part of your plan.");
  try {
    const body: unknown = JSON.parse(request.body || "{}");
    return json(200, { ...frameworkFields, ...(await action({ account, org, owner, body })) });
  } catch (error) {
    if (error instanceof Refusal) return refuse(422, error.message);
    return html(500, "<h1>Internal error</h1>");
  }
}
