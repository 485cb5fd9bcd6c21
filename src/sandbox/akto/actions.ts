/**
 * The dashboard's actions: `POST /api/<action>` with an API key. Answers and refusals are byte for byte what the real
 * dashboard was seen to answer, see `test/fixtures/akto-recorded-answers.json`.
 */
import { builtInRole } from "../../core/roles/roles.ts";
import { type AktoAccount, type AktoApiKey, type AktoSso, defaultRoleName } from "./account.ts";
import { inHashOrder } from "./hash-order.ts";
import { type DashboardAnswer, type DashboardRequest, html, json } from "./http.ts";
import { field, groupNames, type OrgClient } from "./org-client.ts";
import { dashboardShell } from "./pages.ts";

/** A refusal with the sentence that the dashboard shows. */
class Refusal extends Error {}

interface Call {
  readonly account: AktoAccount;
  readonly org: OrgClient;
  readonly owner: AktoApiKey;
  readonly body: unknown;
}

type Action = (call: Call) => Promise<object> | object;

const asterisks = "*".repeat(22);

// The dashboard sends back what it was shown: a row of asterisks is never a token.
const isMask = (token: string) => token.includes("***");

const text = (body: unknown, name: string) => {
  const value = field(body, name);
  return typeof value === "string" ? value : "";
};

/** The fields of the Okta actions' bean: each action answers with all of them, and fills in those that it has set. */
function bean(fields: {
  readonly sso?: Omit<AktoSso, "mapping" | "managementApiToken" | "syncGroupsToUserTags"> | null;
  readonly token?: string | null;
  readonly groups?: readonly string[];
  readonly mapping?: AktoSso["mapping"];
  readonly sync?: boolean;
}): object {
  const { sso, token, groups = [], mapping, sync = false } = fields;
  return {
    authorisationServerId: sso?.authorisationServerId ?? null,
    clientId: sso?.clientId ?? null,
    managementApiToken: token ? asterisks : null,
    oktaDomain: sso?.oktaDomain ?? null,
    oktaGroupNames: groups,
    oktaGroupToAktoUserRoleMap: mapping ? Object.fromEntries(inHashOrder(mapping)) : null,
    redirectUri: sso?.redirectUri ?? null,
    syncGroupsToUserTags: sync,
  };
}

const wholeBean = (sso: AktoSso) =>
  bean({ sso, token: sso.managementApiToken, mapping: sso.mapping, sync: sso.syncGroupsToUserTags });

function activeSso(account: AktoAccount): AktoSso {
  if (account.sso) return account.sso;
  throw new Refusal("Okta SSO is not configured.");
}

function readMapping(body: unknown): Map<string, string> | null {
  const given = field(body, "oktaGroupToAktoUserRoleMap");
  if (typeof given !== "object" || given === null) return null;
  return new Map(Object.entries(given).map(([group, role]) => [group, String(role)]));
}

function checkRoles(account: AktoAccount, mapping: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  for (const role of mapping.values()) {
    if (!builtInRole(role) && !account.customRoles.some(({ name }) => name === role)) {
      throw new Refusal(
        `Invalid Akto role: ${role}. Value must be a valid standard role (ADMIN, MEMBER, DEVELOPER, GUEST) or an existing custom role name.`,
      );
    }
    if (seen.has(role)) {
      throw new Refusal(
        `One-to-one mapping required: each Akto role can be assigned to only one Okta group. Role ${role} is mapped more than once.`,
      );
    }
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
      return account.sso ? wholeBean(account.sso) : bean({});
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
      return wholeBean(account.sso);
    },
  ],
  [
    "deleteOktaSso",
    ({ account }) => {
      if (account.sso) account.sessions.clear();
      account.sso = null;
      return bean({});
    },
  ],
  [
    "fetchOktaGroups",
    async ({ account, org }) => {
      const { oktaDomain, managementApiToken } = activeSso(account);
      if (!managementApiToken) {
        throw new Refusal("Management API token is not configured. Configure it in Edit to fetch Okta groups.");
      }
      // The first page only, and nothing at all when Okta refuses: Akto behavior.
      const list = await org
        .getJson(`${org.scheme}://${oktaDomain}/api/v1/groups`, `SSWS ${managementApiToken}`)
        .catch(() => []);
      return bean({ groups: groupNames(list) });
    },
  ],
  [
    "saveOktaGroupRoleMapping",
    ({ account, body }) => {
      const sso = activeSso(account);
      const mapping = readMapping(body);
      checkRoles(account, mapping ?? new Map());
      const token = savedToken(sso.managementApiToken, field(body, "managementApiToken"));
      const sync = field(body, "syncGroupsToUserTags") === true;
      if (sync && !token) throw new Refusal("Set a Management API token before enabling group sync.");
      account.sso = { ...sso, mapping, managementApiToken: token, syncGroupsToUserTags: sync };
      return bean({ token, mapping, sync });
    },
  ],
]);

const accountActions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["getCustomRoles", ({ account }) => ({ customRoles: "SUCCESS", roles: customRoles(account) })],
  ["getTeamData", ({ account }) => team(account)],
]);

function customRoles({ customRoles }: AktoAccount): object[] {
  return customRoles.map(({ baseRole, defaultInviteRole, name }) => ({
    allowedFeaturesForUser: [],
    apiCollectionsId: [],
    baseRole,
    defaultInviteRole,
    name,
    threatProtectionEnabled: null,
  }));
}

/** How Akto spells a role in a sentence. */
const spelled = (role: string) => (role === "MEMBER" ? defaultRoleName : role.replaceAll("_", " "));

function team({ members, invitations }: AktoAccount): object[] {
  const joined = Array.from(members.values(), ({ login, name, role, scopeRoleMapping }, index) => ({
    id: index + 1,
    login,
    name,
    role: role ?? defaultRoleName,
    ...(scopeRoleMapping && { scopeRoleMapping: Object.fromEntries(scopeRoleMapping) }),
  }));
  const invited = Array.from(invitations.values())
    .filter(({ login }) => !members.has(login))
    .map(({ login, role }) => ({
      id: 1,
      login,
      name: "-",
      role: `Invitation sent for ${spelled(role)}`,
      isInvitation: true,
    }));
  return [...joined, ...invited];
}

/** Why the key's owner may not call the action about this product, or `null`: Akto's own sentence. */
function forbidden(
  account: AktoAccount,
  owner: AktoApiKey,
  isOktaAction: boolean,
  product: string | undefined,
): string | null {
  const scoped = account.members.get(owner.login)?.scopeRoleMapping;
  const role = scoped ? scoped.get(product ?? "API") : owner.role;
  if (role === undefined || role === "NO_ACCESS") {
    return "You do not have access to this product. Please ask Admin to grant access or navigate to accessible product";
  }
  if (!isOktaAction) return null;
  if (role !== "ADMIN") return `The role '${spelled(role)}' does not have access.`;
  return account.planHasSso ? null : "The feature AKTO_SSO is not part of your plan.";
}

/** Answers `POST /api/<action>`. */
export async function answerAction(
  account: AktoAccount,
  org: OrgClient,
  request: DashboardRequest,
): Promise<DashboardAnswer> {
  const owner = account.apiKeys.get(request.apiKey ?? "");
  if (!owner) return html(403, "<html><body><h2>HTTP ERROR 403 Forbidden</h2></body></html>\n", latin1);
  const name = request.url.pathname.slice("/api/".length);
  const oktaAction = oktaActions.get(name);
  const action = oktaAction ?? accountActions.get(name);
  // Not a 404: the dashboard's own page, with an access token of the key's owner in it (Akto behavior).
  if (!action || request.method !== "POST") return html(200, dashboardShell);
  const refuse = (status: number, message: string) => json(status, { actionErrors: [message] });
  const reason = forbidden(account, owner, oktaAction !== undefined, request.product);
  if (reason !== null) return refuse(403, reason);
  try {
    const body: unknown = JSON.parse(request.body || "{}");
    return json(200, await action({ account, org, owner, body }));
  } catch (error) {
    if (error instanceof Refusal) return refuse(422, error.message);
    return html(500, "<h1>Internal error</h1>");
  }
}

// As the web server in front of the dashboard answers, not the dashboard itself.
const latin1 = { "content-type": "text/html;charset=iso-8859-1" };
