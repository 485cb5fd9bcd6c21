/** An OpenID Connect app as Okta shows it. */
import { isRecord } from "../../../core/json.ts";
import { isoTime } from "../routes.ts";
import type { AppRecord } from "../types.ts";

type Json = Readonly<Record<string, unknown>>;

/** What an app has when its creation doesn't say otherwise (Okta behavior). */
const defaults = {
  accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
  visibility: {
    autoLaunch: false,
    autoSubmitToolbar: false,
    hide: { iOS: true, web: true },
    appLinks: { oidc_client_link: true },
  },
  credentials: {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Okta's own template language
    userNameTemplate: { template: "${source.login}", type: "BUILT_IN" },
    signing: {},
    oauthClient: { autoKeyRotation: true },
  },
  universalLogout: {
    status: "DISABLED",
    supportType: "FULL",
    identityStack: "NOT_SHARED",
    protocol: "GLOBAL_TOKEN_REVOCATION",
  },
  settings: {
    app: {},
    notifications: { vpn: { network: { connection: "DISABLED" }, message: null, helpUrl: null } },
    manualProvisioning: false,
    implicitAssignment: false,
    emOptInStatus: "NONE",
    notes: { admin: null, enduser: null },
    oauthClient: {
      client_uri: null,
      logo_uri: null,
      redirect_uris: [],
      response_types: [],
      grant_types: [],
      application_type: "web",
      consent_method: "TRUSTED",
      issuer_mode: "DYNAMIC",
      idp_initiated_login: { mode: "DISABLED", default_scope: [] },
      wildcard_redirect: "DISABLED",
      dpop_bound_access_tokens: false,
      participate_slo: false,
    },
  },
};

/** Merges one object over another, field by field; a `null` over an object changes nothing. */
function over(lower: Json, upper: Json): Json {
  const merged = new Map(Object.entries(lower));
  for (const [key, value] of Object.entries(upper)) {
    const below = merged.get(key);
    if (isRecord(below) && isRecord(value)) merged.set(key, over(below, value));
    else if (value !== undefined && !(isRecord(below) && value === null)) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

/** An app as Okta shows it; its secret only where Okta does, in the answer to its creation or change. */
export function appView(app: AppRecord, origin: string, { secret = false } = {}) {
  const active = app.secrets.find((candidate) => candidate.status === "ACTIVE");
  const jwks = app.client.jwks && { jwks: { keys: app.client.jwks.keys.map((key) => ({ use: null, ...key })) } };
  const settings = over(over(defaults, app.rest), {
    credentials: {
      signing: { kid: app.signingKeyId },
      oauthClient: {
        client_id: app.clientId,
        ...(secret && active ? { client_secret: active.secret } : {}),
        token_endpoint_auth_method: app.clientAuthMethod,
        pkce_required: app.pkceRequired,
      },
    },
    settings: { implicitAssignment: app.implicitAssignment, oauthClient: { ...app.client, ...jwks } },
  });
  return {
    id: app.id,
    orn: `orn:okta:idp:sandbox:apps:oidc_client:${app.id}`,
    name: "oidc_client",
    label: app.label,
    status: app.status,
    lastUpdated: isoTime(app.lastUpdated),
    created: isoTime(app.created),
    features: [],
    signOnMode: "OPENID_CONNECT",
    ...settings,
    _links: links(app, origin),
  };
}

function links(app: AppRecord, origin: string) {
  const self = `${origin}/api/v1/apps/${app.id}`;
  const change = app.status === "ACTIVE" ? "deactivate" : "activate";
  const credentials = app.clientAuthMethod === "private_key_jwt" ? "jwks" : "secrets";
  return {
    uploadLogo: { href: `${self}/logo`, hints: { allow: ["POST"] } },
    appLinks: [
      {
        name: "oidc_client_link",
        href: `${origin}/home/oidc_client/${app.id}/aln5z7uhkbM6y7bMy0g7`,
        type: "text/html",
      },
    ],
    profileEnrollment: { href: `${origin}/api/v1/policies/rst1AktoSandboxEnroll` },
    policies: { href: `${self}/policies`, hints: { allow: ["PUT"] } },
    groups: { href: `${self}/groups` },
    logo: [{ name: "medium", href: `${origin}/assets/img/logos/default.png`, type: "image/png" }],
    clientCredentials: [{ name: credentials, href: `${self}/credentials/${credentials}` }],
    accessPolicy: { href: `${origin}/api/v1/policies/${app.signOnPolicyId}` },
    users: { href: `${self}/users` },
    [change]: { href: `${self}/lifecycle/${change}` },
  };
}
