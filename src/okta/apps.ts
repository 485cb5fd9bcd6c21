/** The org's OpenID Connect apps, and who is assigned to them. */
import type {
  ApplicationGroupAssignment,
  AppUser,
  OAuth2ClientSecret,
  OpenIdConnectApplication,
} from "@okta/okta-sdk-nodejs";
import { Failure, isFailure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import type { AssignedGroup, IdpInitiatedLogin, OktaApp, OktaUser } from "../core/model/okta.ts";
import { type Connection, pageSize } from "./connection.ts";
import { unexpectedAnswer } from "./errors.ts";
import { pathTo } from "./links.ts";
import { readUser } from "./people.ts";
import { policyIdIn } from "./policies.ts";
import { Reader } from "./read.ts";
import type { AppChange, OktaApps } from "./types.ts";

/** The link that the SDK's model of an app leaves out. */
interface Linked {
  readonly _links?: { readonly accessPolicy?: { readonly href?: string } };
}

/** Who is assigned, in the largest pages that Okta makes of it (Okta's API reference: `limit` is 500 at most). */
const assigned = { limit: 500, expand: "user" };

const loginModes = new Map<string | null, IdpInitiatedLogin>([
  ["DISABLED", "DISABLED"],
  ["SPEC", "SPEC"],
  ["OKTA", "OKTA"],
]);

/** An app as Okta answers it, or `null` when it isn't an OpenID Connect app. */
export function readApp(value: unknown): OktaApp | null {
  const app = new Reader<OpenIdConnectApplication>(value, "app");
  const credentials = app.within("credentials").within("oauthClient");
  const clientId = credentials.optional("client_id");
  if (app.optional("signOnMode") !== "OPENID_CONNECT" || clientId === null) return null;
  const settings = app.within("settings").within("oauthClient");
  return {
    id: app.text("id"),
    label: app.text("label"),
    clientId,
    active: app.text("status") === "ACTIVE",
    applicationType: settings.text("application_type"),
    redirectUris: settings.list("redirect_uris"),
    grantTypes: settings.list("grant_types"),
    responseTypes: settings.texts("response_types"),
    clientAuthMethod: credentials.text("token_endpoint_auth_method"),
    pkceRequired: credentials.flag("pkce_required"),
    dpopRequired: settings.flag("dpop_bound_access_tokens"),
    initiateLoginUri: settings.optional("initiate_login_uri"),
    idpInitiatedLogin: loginModes.get(settings.within("idp_initiated_login").optional("mode")) ?? "DISABLED",
    onDashboard: !app.within("visibility").within("hide").flag("web"),
    implicitAssignment: app.within("settings").flag("implicitAssignment"),
    wildcardRedirect: (settings.optional("wildcard_redirect") ?? "DISABLED") !== "DISABLED",
    signInPolicyId: policyIdIn(app.as<Linked>().within("_links").within("accessPolicy").optional("href")),
  };
}

const clientIdOf = (app: unknown): string | null =>
  new Reader<OpenIdConnectApplication>(app, "app").within("credentials").within("oauthClient").optional("client_id");
const redirectUrisOf = (app: unknown): string[] =>
  new Reader<OpenIdConnectApplication>(app, "app").within("settings").within("oauthClient").list("redirect_uris");

function oidcApp(value: unknown): OktaApp {
  const app = readApp(value);
  if (app) return app;
  throw unexpectedAnswer("the app is not an OpenID Connect app");
}

/** How Okta's dashboard starts the sign-in: it sends the user to the initiate-login URI (Okta: `SPEC`), or not at all. */
function idpInitiatedLogin(mode: OktaApp["idpInitiatedLogin"], current: unknown = {}) {
  return { default_scope: [], ...(isRecord(current) ? current : {}), mode };
}

/** An app's JSON with the change made, every other field as it was. */
export function changedApp(current: Record<string, unknown>, change: AppChange): Record<string, unknown> {
  const part = (of: unknown): Record<string, unknown> => (isRecord(of) ? of : {});
  const credentials = part(current.credentials);
  const settings = part(current.settings);
  const visibility = part(current.visibility);
  const given = (fields: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return {
    ...current,
    ...given({ label: change.label }),
    ...(change.onDashboard === undefined
      ? {}
      : { visibility: { ...visibility, hide: { ...part(visibility.hide), web: !change.onDashboard } } }),
    credentials: {
      ...credentials,
      oauthClient: {
        ...part(credentials.oauthClient),
        ...given({ token_endpoint_auth_method: change.clientAuthMethod, pkce_required: change.pkceRequired }),
      },
    },
    settings: {
      ...settings,
      oauthClient: {
        ...part(settings.oauthClient),
        ...given({
          redirect_uris: change.redirectUris,
          grant_types: change.grantTypes,
          response_types: change.responseTypes,
          dpop_bound_access_tokens: change.dpopRequired,
          initiate_login_uri: change.initiateLoginUri,
          idp_initiated_login:
            change.idpInitiatedLogin === undefined
              ? undefined
              : idpInitiatedLogin(change.idpInitiatedLogin, part(settings.oauthClient).idp_initiated_login),
        }),
      },
    },
  };
}

/** How often a list on an app is written until the change is in it. */
const mostWrites = 4;

/** The apps of an org. */
export function oktaApps(connection: Connection): OktaApps {
  const pathOf = (appId: string) => pathTo`/api/v1/apps/${appId}`;
  const change = async (appId: string, changes: AppChange): Promise<OktaApp> =>
    oidcApp(await connection.change(pathOf(appId), (current) => changedApp(current, changes)));
  const changeUris = async (appId: string, edit: (uris: readonly string[]) => readonly string[]): Promise<boolean> => {
    const isDone = async () => {
      const redirectUris = redirectUrisOf(await connection.get(pathOf(appId)));
      return edit(redirectUris).length === redirectUris.length;
    };
    if (await isDone()) return false;
    // An app is written whole, without a version: whoever read it before and writes it after this takes the change back.
    for (let write = 1; write <= mostWrites; write++) {
      await connection.change(pathOf(appId), (current) =>
        changedApp(current, { redirectUris: edit(redirectUrisOf(current)) }),
      );
      if (await isDone()) return true;
    }
    throw new Failure(
      "unavailable",
      "okta.change_taken_back",
      `Okta accepted the change of the app's redirect URIs ${mostWrites} times, and each time it was not there afterwards.`,
      { hint: "Somebody else is changing the app at the same time: wait until they are done, then try again." },
    );
  };

  async function* all() {
    for await (const value of connection.each("/api/v1/apps", { limit: pageSize })) {
      const app = readApp(value);
      if (app) yield app;
    }
  }

  return {
    all,
    change,

    async byClientId(clientId) {
      // An app's client id is its id, unless it was created with another one (Okta behavior).
      const byId = await connection.find(pathOf(clientId));
      if (byId !== null && clientIdOf(byId) === clientId) return oidcApp(byId);
      for await (const value of connection.each("/api/v1/apps", { limit: pageSize })) {
        if (clientIdOf(value) === clientId) return oidcApp(value);
      }
      return null;
    },

    async create({ label, redirectUris, clientAuthMethod, initiateLoginUri, idpInitiatedLogin: mode, onDashboard }) {
      const application = {
        name: "oidc_client",
        label,
        signOnMode: "OPENID_CONNECT" as const,
        visibility: { hide: { iOS: !onDashboard, web: !onDashboard } },
        credentials: {
          oauthClient: { autoKeyRotation: true, token_endpoint_auth_method: clientAuthMethod, pkce_required: false },
        },
        settings: {
          oauthClient: {
            application_type: "web",
            redirect_uris: redirectUris,
            response_types: ["code"],
            grant_types: ["authorization_code"],
            idp_initiated_login: idpInitiatedLogin(mode),
            ...(initiateLoginUri === null ? {} : { initiate_login_uri: initiateLoginUri }),
          },
        },
      };
      const answer = await connection.write(({ applicationApi }) => applicationApi.createApplication({ application }));
      const secret = new Reader<OpenIdConnectApplication>(answer, "app")
        .within("credentials")
        .within("oauthClient")
        .text("client_secret");
      return { app: oidcApp(answer), clientSecret: secret };
    },

    addRedirectUri: (appId, uri) => changeUris(appId, (uris) => (uris.includes(uri) ? uris : [...uris, uri])),
    removeRedirectUri: (appId, uri) => changeUris(appId, (uris) => uris.filter((each) => each !== uri)),

    activate: (appId) => connection.write(({ applicationApi }) => applicationApi.activateApplication({ appId })),
    async remove(appId) {
      await connection.write(({ applicationApi }) => applicationApi.deactivateApplication({ appId }));
      await connection.write(({ applicationApi }) => applicationApi.deleteApplication({ appId }));
    },

    async clientSecret(appId) {
      try {
        const secrets = await connection.all(
          pathTo`/api/v1/apps/${appId}/credentials/secrets`,
          (value) => new Reader<OAuth2ClientSecret>(value, "client secret"),
        );
        return secrets.find((secret) => secret.optional("status") === "ACTIVE")?.optional("client_secret") ?? null;
      } catch (error) {
        if (isFailure(error, "okta.token_powerless")) return null;
        throw error;
      }
    },

    async *groups(appId) {
      const list = connection.each(pathTo`/api/v1/apps/${appId}/groups`, { limit: pageSize, expand: "group" });
      for await (const assignment of list) yield readAssignedGroup(assignment);
    },
    async *users(appId) {
      const list = connection.each(pathTo`/api/v1/apps/${appId}/users`, assigned);
      for await (const assignment of list) yield readAssignedUser(assignment);
    },
    async *userPages(appId) {
      for await (const page of connection.pages(pathTo`/api/v1/apps/${appId}/users`, assigned, { ahead: true })) {
        yield page.map(readAssignedUser);
      }
    },

    isAssigned: async (appId, userId) =>
      (await connection.find(pathTo`/api/v1/apps/${appId}/users/${userId}`)) !== null,

    async assignGroup(appId, groupId) {
      await connection.write(({ applicationApi }) =>
        applicationApi.assignGroupToApplication({ appId, groupId, applicationGroupAssignment: {} }),
      );
    },
    unassignGroup: (appId, groupId) =>
      connection.write(({ applicationApi }) => applicationApi.unassignApplicationFromGroup({ appId, groupId })),
  };
}

function readAssignedGroup(value: unknown): AssignedGroup {
  const assignment = new Reader<ApplicationGroupAssignment>(value, "assignment");
  const name = assignment.within("_embedded").within("group").within("profile").optional("name");
  return { id: assignment.text("id"), name };
}

function readAssignedUser(value: unknown): OktaUser {
  if (isRecord(value) && isRecord(value._embedded) && isRecord(value._embedded.user)) {
    return readUser(value._embedded.user);
  }
  // Without the user embedded in it, the assignment itself says enough to identify them.
  const assignment = new Reader<AppUser>(value, "assignment");
  const id = assignment.text("id");
  const profile = assignment.within("profile");
  const login = assignment.within("credentials").optional("userName") ?? id;
  return {
    id,
    login,
    email: profile.has("email") ? profile.optional("email") : undefined,
    name: profile.optional("name") ?? login,
    // The assignment has a status too, but it is the app's, not the user's.
    status: "",
  };
}
