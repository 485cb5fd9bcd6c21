/** Reads what an OpenID Connect app is created or replaced with, under Okta's rules for its settings. */
import { isRecord } from "../../../core/json.ts";
import type { Fields, Json } from "../fields.ts";
import type { Call } from "../routes.ts";
import { appOfClient, type Making, newApp, newSecret, withKeyIds } from "../state.ts";
import type { AppRecord, ClientAuthMethod, OAuthClientSettings } from "../types.ts";

const authMethods: readonly ClientAuthMethod[] = [
  "client_secret_basic",
  "client_secret_post",
  "client_secret_jwt",
  "private_key_jwt",
  "none",
];
const applicationTypes = ["web", "native", "browser", "service"] as const;
const grantTypes: readonly string[] = [
  "authorization_code",
  "client_credentials",
  "implicit",
  "interaction_code",
  "password",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
];
const responseTypes: readonly string[] = ["code", "token", "id_token"];

function isUri(text: string): boolean {
  return URL.canParse(text) && !text.includes("#");
}

function readSettings(fields: Fields, making: Making): OAuthClientSettings {
  const at = (name: string) => `settings.oauthClient.${name}`;
  const applicationType = fields.oneOf(at("application_type"), applicationTypes) ?? "web";
  const grants = fields.texts(at("grant_types")) ?? [];
  const responses = fields.texts(at("response_types")) ?? [];
  const redirects = fields.texts(at("redirect_uris")) ?? [];
  const initiate = fields.text(at("initiate_login_uri"), 1024);
  const mode = fields.oneOf(at("idp_initiated_login.mode"), ["DISABLED", "SPEC", "OKTA"] as const) ?? "DISABLED";
  const dpop = fields.flag(at("dpop_bound_access_tokens")) ?? false;
  const jwks = fields.object(at("jwks")).keys;

  if (grants.length === 0) fields.complain("grant_types", "'grant_types' is a required property.");
  for (const grant of grants) {
    if (!grantTypes.includes(grant)) fields.complain("grant_types", `'${grant}' is not a valid grant type.`);
  }
  for (const response of responses) {
    if (!responseTypes.includes(response)) {
      fields.complain("response_types", `'${response}' is not a valid response type.`);
    }
  }
  const redirecting = grants.includes("authorization_code") || grants.includes("implicit");
  if (redirecting && redirects.length === 0) fields.complain("redirect_uris", "'redirect_uris' must not be empty.");
  if (redirecting && responses.length === 0) fields.complain("response_types", "'response_types' must not be empty.");
  for (const uri of redirects) {
    if (!isUri(uri)) fields.complain("redirect_uris", `'${uri}' is not a valid redirect URI.`);
  }
  if (initiate !== undefined && !isUri(initiate)) {
    fields.complain("initiate_login_uri", "'initiate_login_uri' must be a valid URI.");
  }
  if (mode !== "DISABLED" && initiate === undefined) {
    fields.complain("initiate_login_uri", "'initiate_login_uri' is required for this 'idp_initiated_login' mode.");
  }
  if (dpop && (grants.includes("client_credentials") || grants.includes("implicit"))) {
    fields.complain("dpop_bound_access_tokens", "'client_credentials' and 'implicit' cannot be used with DPoP.");
  }
  return {
    // This is how Okta has an app with refresh tokens rotate them.
    ...(grants.includes("refresh_token") ? { refresh_token: { rotation_type: "STATIC" } } : {}),
    ...fields.object("settings.oauthClient"),
    application_type: applicationType,
    redirect_uris: redirects,
    grant_types: grants,
    response_types: responses,
    initiate_login_uri: initiate,
    idp_initiated_login: { mode, default_scope: fields.texts(at("idp_initiated_login.default_scope")) ?? [] },
    wildcard_redirect: fields.oneOf(at("wildcard_redirect"), ["DISABLED", "SUBDOMAIN"] as const) ?? "DISABLED",
    dpop_bound_access_tokens: dpop,
    ...(Array.isArray(jwks) ? { jwks: { keys: withKeyIds(jwks.filter(isRecord), making) } } : {}),
  };
}

/** What an app shows of itself that nobody can set, or that is a record's own field here. */
const notKept: readonly string[] = [
  "id orn name label status created lastUpdated features signOnMode _links _embedded",
  "credentials.signing credentials.oauthClient.client_id credentials.oauthClient.client_secret",
  "credentials.oauthClient.token_endpoint_auth_method credentials.oauthClient.pkce_required",
  "settings.implicitAssignment settings.oauthClient",
].flatMap((paths) => paths.split(" "));

/** Everything else is kept as it was sent. */
function readRest(body: Json, start = ""): Json {
  const rest = new Map<string, unknown>();
  for (const [key, value] of Object.entries(body)) {
    const path = `${start}${key}`;
    if (!notKept.includes(path)) rest.set(key, isRecord(value) ? readRest(value, `${path}.`) : value);
  }
  return Object.fromEntries(rest);
}

function readCommon(fields: Fields, { making }: Call) {
  const label = fields.requiredText("label", 100);
  const signOnMode = fields.requiredText("signOnMode");
  if (signOnMode !== "" && signOnMode !== "OPENID_CONNECT") {
    fields.complain("signOnMode", "The sandbox holds OpenID Connect apps only.");
  }
  const client = readSettings(fields, making);
  const implicitAssignment = fields.flag("settings.implicitAssignment") ?? false;
  const at = (name: string) => `credentials.oauthClient.${name}`;
  const secretless = client.application_type === "browser" || client.application_type === "native";
  const clientAuthMethod =
    fields.oneOf(at("token_endpoint_auth_method"), authMethods) ?? (secretless ? "none" : "client_secret_basic");
  const pkceRequired = fields.flag(at("pkce_required")) ?? secretless;
  if (clientAuthMethod === "none" && !pkceRequired) {
    fields.complain("pkce_required", "'pkce_required' must be true when 'token_endpoint_auth_method' is 'none'.");
  }
  const secret = fields.text(at("client_secret"), 100);
  if (secret !== undefined && secret.length < 14) {
    fields.complain("client_secret", "'client_secret' must be at least '14' characters long.");
  }
  return {
    settings: { label, client, clientAuthMethod, pkceRequired, implicitAssignment, rest: readRest(fields.body) },
    secret,
  };
}

/** A new app from the body of a creation. @throws ApiError E0000001 */
export function createFrom(fields: Fields, call: Call): AppRecord {
  const { settings, secret } = readCommon(fields, call);
  const clientId = fields.text("credentials.oauthClient.client_id", 100);
  if (clientId !== undefined) {
    if (clientId.length < 6) fields.complain("client_id", "'client_id' must be at least '6' characters long.");
    if (appOfClient(call.state, clientId)) fields.complain("client_id", "'client_id' is already in use.");
  }
  fields.done();
  const app = newApp(
    {
      label: settings.label,
      clientAuthMethod: settings.clientAuthMethod,
      ...(clientId === undefined ? {} : { clientId }),
      ...(secret === undefined ? {} : { clientSecret: secret }),
    },
    call.making,
  );
  return Object.assign(app, settings);
}

/** Replaces an app's settings whole, as Okta does. @throws ApiError E0000001 */
export function updateFrom(fields: Fields, app: AppRecord, call: Call): void {
  const { settings, secret } = readCommon(fields, call);
  const clientId = fields.text("credentials.oauthClient.client_id");
  if (clientId !== undefined && clientId !== app.clientId) {
    fields.complain("client_id", "'client_id' cannot be changed.");
  }
  fields.done();
  Object.assign(app, settings);
  // Federation Broker Mode takes all assignments away (Okta behavior).
  if (app.implicitAssignment) {
    app.groups.clear();
    app.users.clear();
  }
  if (!app.clientAuthMethod.startsWith("client_secret_")) app.secrets = [];
  else if (secret !== undefined && secret !== app.secrets[0]?.secret) app.secrets = [newSecret(call.making, secret)];
  else if (app.secrets.length === 0) app.secrets = [newSecret(call.making)];
}
