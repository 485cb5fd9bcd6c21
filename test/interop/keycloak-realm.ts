/** A Keycloak realm in which each client has one peculiarity, and one user. */

/** Every client's secret. */
export const clientSecret = "a-secret-of-the-interop-run";

/** Where Akto itself is sent back to. */
const aktoCallback = "https://app.akto.io/authorization-code/callback";

/** The realm's only user. */
export const user = { username: "priya", password: "a-password-of-the-interop-run" };

/** In Keycloak a group has a path, `/Akto Admins`; the claim holds its last part, unless told otherwise. */
const groupsMapper = (config: Readonly<Record<string, string>> = {}) => ({
  name: "groups",
  protocol: "openid-connect",
  protocolMapper: "oidc-group-membership-mapper",
  config: {
    "claim.name": "groups",
    "full.path": "false",
    "access.token.claim": "true",
    "id.token.claim": "true",
    "userinfo.token.claim": "true",
    ...config,
  },
});

/** As many groups as make the token too large for a request's header. */
const manyGroups = {
  name: "many groups",
  protocol: "openid-connect",
  protocolMapper: "oidc-hardcoded-claim-mapper",
  config: {
    "claim.name": "groups",
    "claim.value": JSON.stringify(Array.from({ length: 5_000 }, (_, index) => `Group number ${index}`)),
    "jsonType.label": "JSON",
    "access.token.claim": "true",
    "id.token.claim": "false",
    "userinfo.token.claim": "false",
  },
};

const signedBy = (algorithm: string) => ({
  attributes: { "id.token.signed.response.alg": algorithm, "access.token.signed.response.alg": algorithm },
});

/** The clients by their id: what each has beside what all have. */
const clients = {
  plain: {},
  "full-path": { protocolMappers: [groupsMapper({ "full.path": "true" })] },
  "no-claim": { protocolMappers: [] },
  "id-token-claim": {
    protocolMappers: [groupsMapper({ "access.token.claim": "false", "userinfo.token.claim": "false" })],
  },
  es256: signedBy("ES256"),
  ps256: signedBy("PS256"),
  eddsa: signedBy("EdDSA"),
  "pkce-required": { attributes: { "pkce.code.challenge.method": "S256" } },
  "dpop-required": { attributes: { "dpop.bound.access.tokens": "true" } },
  "par-required": { attributes: { "require.pushed.authorization.requests": "true" } },
  "request-object-required": { attributes: { "request.object.required": "request or request_uri" } },
  consent: { consentRequired: true },
  "consent-refused": { consentRequired: true },
  lightweight: { attributes: { "client.use.lightweight.access.token.enabled": "true" } },
  disabled: { enabled: false },
  "implicit-only": { standardFlowEnabled: false, implicitFlowEnabled: true },
  "other-redirect-uri": { redirectUris: [aktoCallback] },
  "signed-jwt": { clientAuthenticatorType: "client-jwt" },
  "signed-userinfo": { attributes: { "user.info.response.signature.alg": "RS256" } },
  "many-groups": { protocolMappers: [manyGroups] },
} as const;

export type ClientId = keyof typeof clients;

/** The realm, in the form of Keycloak's import. */
export function realm(name: string, redirectUri: string): object {
  return {
    realm: name,
    enabled: true,
    sslRequired: "none",
    groups: [{ name: "Akto Admins" }],
    users: [
      {
        username: user.username,
        email: "priya.raman@brightwell.example",
        emailVerified: true,
        firstName: "Priya",
        lastName: "Raman",
        enabled: true,
        groups: ["/Akto Admins"],
        credentials: [{ type: "password", value: user.password, temporary: false }],
      },
    ],
    clients: Object.entries(clients).map(([clientId, own]) => ({
      clientId,
      enabled: true,
      protocol: "openid-connect",
      publicClient: false,
      secret: clientSecret,
      standardFlowEnabled: true,
      redirectUris: [aktoCallback, redirectUri],
      protocolMappers: [groupsMapper()],
      ...own,
    })),
  };
}
