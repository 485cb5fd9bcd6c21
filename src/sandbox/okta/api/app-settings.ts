/** Reads what an OpenID Connect app is created or replaced with, under Okta's rules for its settings. */
import { isRecord } from "../../../core/json.ts";
import type { Fields } from "../fields.ts";
import type { Call } from "../routes.ts";
import { appOfClient, newApp, newSecret } from "../state.ts";
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

function readSettings(fields: Fields): OAuthClientSettings {
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
    application_type: applicationType,
    redirect_uris: redirects,
    grant_types: grants,
    response_types: responses,
    initiate_login_uri: initiate,
    idp_initiated_login: { mode, default_scope: fields.texts(at("idp_initiated_login.default_scope")) ?? [] },
    post_logout_redirect_uris: fields.texts(at("post_logout_redirect_uris")),
    client_uri: fields.text(at("client_uri")),
    logo_uri: fields.text(at("logo_uri")),
    dpop_bound_access_tokens: dpop,
    ...(Array.isArray(jwks) ? { jwks: { keys: jwks.filter(isRecord) } } : {}),
  };
}

/** What is kept as it was sent: it changes nothing here. */
function readRest(fields: Fields): AppRecord["rest"] {
  const rest: Record<string, unknown> = {};
  for (const name of ["accessibility", "visibility", "profile"]) {
    const value = fields.object(name);
    if (Object.keys(value).length > 0) rest[name] = value;
  }
  return rest;
}

function readCommon(fields: Fields) {
  const label = fields.requiredText("label", 100);
  const signOnMode = fields.requiredText("signOnMode");
  if (signOnMode !== "" && signOnMode !== "OPENID_CONNECT") {
    fields.complain("signOnMode", "The sandbox holds OpenID Connect apps only.");
  }
  const client = readSettings(fields);
  const at = (name: string) => `credentials.oauthClient.${name}`;
  const secretless = client.application_type === "browser" || client.application_type === "native";
  const authMethod =
    fields.oneOf(at("token_endpoint_auth_method"), authMethods) ?? (secretless ? "none" : "client_secret_basic");
  const pkceRequired = fields.flag(at("pkce_required")) ?? secretless;
  if (authMethod === "none" && !pkceRequired) {
    fields.complain("pkce_required", "'pkce_required' must be true when 'token_endpoint_auth_method' is 'none'.");
  }
  const secret = fields.text(at("client_secret"), 100);
  if (secret !== undefined && secret.length < 14) {
    fields.complain("client_secret", "'client_secret' must be at least '14' characters long.");
  }
  return { label, client, authMethod, pkceRequired, secret, rest: readRest(fields) };
}

/** A new app from the body of a creation. @throws ApiError E0000001 */
export function createFrom(fields: Fields, call: Call): AppRecord {
  const { label, client, authMethod, pkceRequired, secret, rest } = readCommon(fields);
  const clientId = fields.text("credentials.oauthClient.client_id", 100);
  if (clientId !== undefined) {
    if (clientId.length < 6) fields.complain("client_id", "'client_id' must be at least '6' characters long.");
    if (appOfClient(call.state, clientId)) fields.complain("client_id", "'client_id' is already in use.");
  }
  fields.done();
  const app = newApp(
    {
      label,
      clientAuthMethod: authMethod,
      pkceRequired,
      ...(clientId === undefined ? {} : { clientId }),
      ...(secret === undefined ? {} : { clientSecret: secret }),
    },
    call.making,
  );
  return Object.assign(app, { client, rest });
}

/** Replaces an app's settings whole, as Okta does. @throws ApiError E0000001 */
export function updateFrom(fields: Fields, app: AppRecord, call: Call): void {
  const { label, client, authMethod, pkceRequired, secret, rest } = readCommon(fields);
  const clientId = fields.text("credentials.oauthClient.client_id");
  if (clientId !== undefined && clientId !== app.clientId) {
    fields.complain("client_id", "'client_id' cannot be changed.");
  }
  fields.done();
  Object.assign(app, { label, client, clientAuthMethod: authMethod, pkceRequired, rest });
  if (!authMethod.startsWith("client_secret_")) app.secrets = [];
  else if (secret !== undefined && secret !== app.secrets[0]?.secret) app.secrets = [newSecret(call.making, secret)];
  else if (app.secrets.length === 0) app.secrets = [newSecret(call.making)];
}
