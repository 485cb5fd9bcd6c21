/** Answers of an Okta org as they should be, to be spoiled. */

export const origin = "https://acme.okta.com";
const self = { href: `${origin}/x` };
export const group = {
  id: "00g1",
  type: "OKTA_GROUP",
  lastUpdated: "2030-01-01T00:00:00.000Z",
  profile: { name: "Akto Admins", description: "d" },
  _embedded: { stats: { usersCount: 3, appsCount: 1 } },
  _links: { self },
};
export const user = {
  id: "00u1",
  status: "ACTIVE",
  created: "2030-01-01T00:00:00.000Z",
  profile: { login: "ada@acme.example", email: "ada@acme.example", firstName: "Ada", lastName: "Byron" },
  credentials: { provider: { type: "OKTA", name: "OKTA" } },
  scope: "GROUP",
};
export const app = {
  id: "0oa1",
  name: "oidc_client",
  label: "Akto",
  status: "ACTIVE",
  signOnMode: "OPENID_CONNECT",
  credentials: {
    oauthClient: {
      client_id: "0oa1",
      client_secret: "secret-secret",
      token_endpoint_auth_method: "client_secret_post",
      pkce_required: true,
    },
  },
  settings: {
    oauthClient: {
      redirect_uris: ["https://a.example/authorization-code/callback"],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      application_type: "web",
      initiate_login_uri: "https://a.example/okta-initiate-login?accountId=1",
      idp_initiated_login: { mode: "DISABLED", default_scope: [] },
    },
  },
  visibility: { hide: { iOS: true, web: true } },
  _links: { self },
};
export const server = {
  id: "aus1",
  name: "default",
  status: "ACTIVE",
  issuer: `${origin}/oauth2/aus1`,
  audiences: ["api"],
  issuerMode: "ORG_URL",
};
export const claim = {
  id: "ocl1",
  name: "groups",
  status: "ACTIVE",
  claimType: "RESOURCE",
  valueType: "GROUPS",
  value: "Akto",
  group_filter_type: "STARTS_WITH",
  conditions: { scopes: ["openid"] },
  alwaysIncludeInToken: true,
  system: false,
};
export const policy = {
  id: "00p1",
  name: "p",
  type: "OAUTH_AUTHORIZATION_POLICY",
  status: "ACTIVE",
  priority: 1,
  conditions: { clients: { include: ["ALL_CLIENTS"] } },
};
export const rule = {
  id: "0pr1",
  name: "r",
  type: "RESOURCE_ACCESS",
  status: "ACTIVE",
  priority: 1,
  conditions: {
    people: { users: { include: [] }, groups: { include: ["EVERYONE"] } },
    grantTypes: { include: ["authorization_code"] },
    scopes: { include: ["*"] },
  },
  actions: { token: { accessTokenLifetimeMinutes: 60 } },
};
export const token = {
  id: "00T1",
  name: "t",
  userId: "00u1",
  clientName: "Okta API",
  expiresAt: "2030-01-01T00:00:00.000Z",
  tokenWindow: "P30D",
  network: { connection: "ANYWHERE" },
};
export const secret = {
  id: "ocs1",
  client_secret: "the-secret",
  status: "ACTIVE",
  created: "2030-01-01T00:00:00.000Z",
};
export const error = {
  errorCode: "E0000001",
  errorSummary: "Api validation failed: x",
  errorLink: "E0000001",
  errorId: "oae1",
  errorCauses: [{ errorSummary: "why" }],
};
export const keys = [
  "id",
  "name",
  "profile",
  "status",
  "type",
  "credentials",
  "settings",
  "oauthClient",
  "conditions",
  "include",
  "errorCode",
  "errorCauses",
  "_embedded",
  "signOnMode",
];
