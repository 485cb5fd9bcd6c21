/** Sign-ins at a real Keycloak, at a client of each kind. */
import { beforeAll, describe, it } from "vitest";
import { freePort } from "../program.ts";
import { type ClientId, clientSecret, user } from "./keycloak-realm.ts";
import { startKeycloak, version } from "./keycloak-server.ts";
import { type Expected, expectEnding, withPeer } from "./peer.ts";
import { type Attempt, signIn } from "./sign-in.ts";

interface Case {
  readonly title: string;
  readonly client: ClientId | "unknown";
  readonly expected: Expected;
  readonly attempt?: Partial<Attempt>;
}

/** The provider's page holds the browser, and the visitor gives up. */
const stranded: Expected = { ends: "interrupted", exits: 130 };
const admin: Expected = { ends: "ADMIN", exits: 0, groups: "access_token: Akto Admins" };

const cases: readonly Case[] = [
  { title: "takes the groups of a plain client from the access token", client: "plain", expected: admin },
  {
    title: "names the address that Akto calls, where no authorization server answers",
    client: "plain",
    expected: { ...admin, says: [/answers where Akto calls it, at http:\/\/127\.0\.0\.1:\d+\/oauth2\/default/] },
  },
  {
    title: "takes a group's full path for its name, which is not mapped",
    client: "full-path",
    expected: { ends: "MEMBER", exits: 0, groups: "access_token: /Akto Admins", says: [/not in the mapping/] },
  },
  {
    title: "finds no groups claim",
    client: "no-claim",
    expected: { ends: "MEMBER", exits: 0, groups: "none", says: [/access token has no claim “groups”/] },
  },
  {
    title: "finds the groups claim on the ID token, where Akto never looks",
    client: "id-token-claim",
    expected: { ends: "MEMBER", exits: 0, groups: "none", says: [/in the ID token, where Akto never looks/] },
  },
  { title: "checks tokens that are signed by ES256", client: "es256", expected: admin },
  { title: "checks tokens that are signed by PS256", client: "ps256", expected: admin },
  { title: "checks tokens that are signed by EdDSA", client: "eddsa", expected: admin },
  {
    title: "says that the client requires PKCE, which Akto does not send",
    client: "pkce-required",
    expected: { ...admin, says: [/refuses Akto's request: The app requires PKCE/] },
  },
  {
    title: "says that the client demands DPoP",
    client: "dpop-required",
    expected: { ends: "oidc.dpop_required", exits: 6, says: [/DPoP/] },
  },
  {
    title: "says that the client demands pushed authorization requests",
    client: "par-required",
    expected: { ends: "oidc.par_required", exits: 6, opens: false, says: [/pushed authorization request/i] },
  },
  {
    title: "opens the browser all the same where a page names no cause: the client demands a request object",
    client: "request-object-required",
    expected: { ...stranded, says: [/^! .*answers HTTP 400/m] },
  },
  {
    title: "signs in where consent is asked for and given",
    client: "consent",
    expected: admin,
    attempt: { person: { fields: user, press: "accept" } },
  },
  {
    title: "asks whether consent was declined, where the provider says no more than that access was",
    client: "consent-refused",
    expected: { ends: "oidc.access_denied", exits: 6, says: [/decline consent/] },
    attempt: { person: { fields: user, press: "cancel" } },
  },
  {
    title: "says that userinfo takes no lightweight access token",
    client: "lightweight",
    expected: { ends: "oidc.userinfo_refused", exits: 6, says: [/userinfo.*refused the access token/, /Lightweight/] },
  },
  {
    title: "says that the client is disabled",
    client: "disabled",
    expected: { ends: "oidc.client_disabled", exits: 6, opens: false, says: [/app is disabled/] },
  },
  {
    title: "says that the client is unknown",
    client: "unknown",
    expected: { ends: "oidc.wrong_client", exits: 6, opens: false, says: [/doesn't know the client “unknown”/] },
  },
  {
    title: "says that the client lacks the redirect URI",
    client: "other-redirect-uri",
    expected: { ends: "login.redirect_uri_missing", exits: 2, opens: false, says: [/doesn't have the redirect URI/] },
  },
  {
    title: "says that the client may not use the authorization code grant",
    client: "implicit-only",
    expected: { ends: "oidc.unauthorized_client", exits: 6, opens: false, says: [/authorization code grant/] },
  },
  {
    title: "says that the client secret is wrong",
    client: "plain",
    expected: { ends: "oidc.client_refused", exits: 4, says: [/secret/], neverSays: /grant/ },
    attempt: { clientSecret: "another-secret" },
  },
  {
    title: "says that the client authenticates with a signed JWT",
    client: "signed-jwt",
    expected: { ends: "oidc.client_refused", exits: 4, says: [/client authentication/i] },
  },
  {
    title: "says that a token of thousands of groups is too large for a header",
    client: "many-groups",
    expected: { ends: "oidc.token_too_large", exits: 6, says: [/too large.*431/] },
  },
  {
    title: "says that Akto can't read userinfo that is signed",
    client: "signed-userinfo",
    expected: { ends: "oidc.userinfo_signed", exits: 6, says: [/plain JSON/] },
  },
];

describe("Keycloak", () => {
  let attempt: Omit<Attempt, "clientId">;
  let port: number;
  let keycloakPort: number;
  beforeAll(async () => {
    [port, keycloakPort] = [await freePort(), await freePort()];
    const issuer = `http://127.0.0.1:${keycloakPort}/realms/interop`;
    attempt = { issuer, clientSecret, port, person: { fields: user } };
  });
  withPeer({
    name: "Keycloak",
    version,
    start: () => startKeycloak(keycloakPort, `http://127.0.0.1:${port}/callback`),
  });

  it.for(cases.map((each) => [each.title, each] as const))(
    "%s",
    async ([, { client, expected, attempt: own }], context) => {
      expectEnding(context, await signIn({ ...attempt, clientId: client, ...own }), expected);
    },
  );
});
