/** One authorization server as an `oidc-provider`, set up to behave as Okta's does. */
import { createHash, randomBytes } from "node:crypto";
import { decodeJwt, SignJWT } from "jose";
import type { Configuration, KoaContextWithOIDC, Provider } from "oidc-provider";
import { isAssigned } from "../api/assignments.ts";
import { standardScopes } from "../state.ts";
import type { AppRecord, OktaState, RuleRecord, UserRecord } from "../types.ts";
import { type ClaimRequest, customClaims, TooManyGroups } from "./claims.ts";
import type { Issuer } from "./issuers.ts";
import type { SigningKey } from "./keys.ts";
import { AccessDenied, basePolicy, Check, InvalidRequest, InvalidScope, Provider as OidcProvider } from "./library.ts";
import { errorPage } from "./pages.ts";
import { policyRefusal, ruleFor } from "./policies.ts";
import { authorizationRefusal, type Refusal, tokenRefusal } from "./refusals.ts";
import type { adapterFactory } from "./store.ts";

/** What every provider of the org is made from. */
export interface ProviderOptions {
  readonly issuer: Issuer;
  readonly state: OktaState;
  readonly keys: readonly SigningKey[];
  readonly adapter: ReturnType<typeof adapterFactory>;
  readonly now: () => number;
}

/** The only resource of a custom server: its audience, under a name that is always a URI. */
const resource = "urn:okta:resource";

/** What userinfo and the ID token tell, by scope (Okta behaviour). */
const scopeClaims = {
  profile: ["name", "preferred_username", "given_name", "family_name", "locale", "zoneinfo", "updated_at"],
  email: ["email", "email_verified"],
} as const;

/** The profile of a user as OpenID Connect claims, whatever the scopes. */
export function profileClaims(user: UserRecord) {
  const { firstName, lastName, login, email } = user.profile;
  return {
    name: `${firstName} ${lastName}`.trim(),
    given_name: firstName,
    family_name: lastName,
    preferred_username: login,
    locale: "en_US",
    zoneinfo: "America/Los_Angeles",
    updated_at: Math.floor(user.lastUpdated / 1000),
    // Okta leaves out what a profile has not.
    ...(email && { email, email_verified: true }),
  };
}

/** The claims that the scopes open, of all there are. */
export function claimsOfScopes(scopes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(Object.entries(scopeClaims).flatMap(([scope, names]) => (scopes.has(scope) ? [...names] : [])));
}

/** The app of a client id. */
export function appOfClient(state: OktaState, clientId: string | undefined): AppRecord | undefined {
  return [...state.apps.values()].find((app) => app.clientId === clientId);
}

const originOf = (ctx: { protocol: string; host: string }) => `${ctx.protocol}://${ctx.host}`;

const wordsOf = (text: string | undefined) => (text ?? "").split(" ").filter((word) => word !== "");

/** The rule for the request at hand, or `undefined`; the org server has no rules and lets everything through. */
function accessRule(ctx: KoaContextWithOIDC, options: ProviderOptions, scopes: readonly string[], userId?: string) {
  const { server } = options.issuer;
  const grantType = typeof ctx.oidc.params?.grant_type === "string" ? ctx.oidc.params.grant_type : "authorization_code";
  const clientId = ctx.oidc.client?.clientId ?? "";
  return server && ruleFor(server, { clientId, grantType, scopes, userId }, options.state);
}

/**
 * Refuses a sign-in that Okta would refuse: before the user is known for what is wrong with the request, afterwards
 * for what is wrong with the user.
 */
function checkAccess(ctx: KoaContextWithOIDC, options: ProviderOptions): boolean {
  const { state, issuer } = options;
  const params = ctx.oidc.params ?? {};
  if (params.state === undefined)
    throw new InvalidRequest("The authentication request has an invalid 'state' parameter.");
  const scopes = wordsOf(typeof params.scope === "string" ? params.scope : undefined);
  if (scopes.length === 0) {
    throw new InvalidScope(
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
      "",
    );
  }
  const known = issuer.server ? [...issuer.server.scopes.values()].map((scope) => scope.name) : standardScopes;
  if (scopes.some((scope) => !known.includes(scope))) {
    throw new InvalidScope("One or more scopes are not configured for the authorization server resource.", "");
  }
  const userId = ctx.oidc.session?.accountId;
  const user = userId === undefined ? undefined : state.users.get(userId);
  const signedIn = user?.status === "ACTIVE" ? user.id : undefined;
  if (issuer.server && !accessRule(ctx, options, scopes, signedIn)) throw new AccessDenied(policyRefusal);
  if (signedIn === undefined) return Check.REQUEST_PROMPT;
  const app = appOfClient(state, ctx.oidc.client?.clientId);
  if (!app || !isAssigned(app, signedIn, state)) {
    throw new AccessDenied("User is not assigned to the client application.");
  }
  return Check.NO_NEED_TO_PROMPT;
}

function signInPolicy(options: ProviderOptions) {
  const policy = basePolicy();
  // Okta asks for consent only where a scope was set to need it, which the sandbox's are not.
  policy.remove("consent");
  policy
    .get("login")
    ?.checks.add(
      new Check("no_session", "The user is not signed in.", "login_required", (ctx) => checkAccess(ctx, options)),
    );
  return policy;
}

/** The settings of `oidc-provider` for one authorization server. */
function configuration(options: ProviderOptions): Configuration {
  const { issuer, state, keys, adapter } = options;
  const { server } = issuer;
  const prefix = server ? "/v1" : "/oauth2/v1";
  const ownClaims = [...(server?.claims.values() ?? [])];
  const scopes = server ? Array.from(server.scopes.values(), (scope) => scope.name) : [...standardScopes];
  const oktaScopes = server ? [] : [...state.apps.values()].flatMap((app) => app.oktaScopes);

  return {
    adapter,
    jwks: {
      keys: keys.map((key) => ({ ...key.privateKey.export({ format: "jwk" }), kid: key.id, alg: "RS256", use: "sig" })),
    },
    routes: {
      authorization: `${prefix}/authorize`,
      token: `${prefix}/token`,
      userinfo: `${prefix}/userinfo`,
      jwks: `${prefix}/keys`,
      end_session: `${prefix}/logout`,
    },
    cookies: {
      names: { session: "sid", interaction: "okta-signin", resume: "okta-resume" },
      keys: [state.org.id],
      // The name of a loopback host takes no port, so that a browser sends cookies to every port of it: harmless here.
      long: { signed: true, httpOnly: true, sameSite: "lax" },
      short: { signed: true, httpOnly: true, sameSite: "lax" },
    },
    // Okta's own SDKs sign their proofs with RS256.
    enabledJWA: { dPoPSigningAlgValues: ["RS256", "ES256"] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => (server || ctx.oidc.params?.grant_type === "client_credentials" ? resource : []),
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx) => ({
          scope: [...scopes, ...oktaScopes].join(" "),
          accessTokenFormat: server ? "jwt" : "opaque",
          accessTokenTTL: lifetime(ctx, options),
          ...(server
            ? { audience: server.audiences[0] ?? issuer.url, jwt: { sign: { alg: "RS256" } } }
            : { audience: issuer.url }),
        }),
      },
    },
    scopes,
    claims: {
      openid: ["sub", "auth_time", ...ownClaims.map((claim) => claim.name)],
      profile: [...scopeClaims.profile],
      email: [...scopeClaims.email],
    },
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"],
    pkce: { required: (_ctx, client) => appOfClient(state, client.clientId)?.pkceRequired ?? false },
    ttl: {
      AuthorizationCode: 60,
      IdToken: 3600,
      Session: 7200,
      Interaction: 3600,
      Grant: 7200,
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 3600,
      ClientCredentials: 3600,
    },
    interactions: {
      policy: signInPolicy(options),
      url: (_ctx, interaction) => `${issuer.mountPath}/signin/${interaction.uid}`,
    },
    findAccount(ctx, id) {
      const user = state.users.get(id);
      if (user?.status !== "ACTIVE") return undefined;
      const clientId = ctx.oidc.client?.clientId ?? "";
      return {
        accountId: id,
        claims(_use, scope) {
          const request = { scopes: new Set(wordsOf(scope)), userId: id, clientId };
          return {
            ...ownClaimsOf({ ...request, claimType: "IDENTITY", onlyAlways: true }, options),
            ...profileClaims(user),
            sub: id,
          };
        },
      };
    },
    async loadExistingGrant(ctx) {
      const { account, client, provider } = ctx.oidc;
      if (!account || !client) return undefined;
      const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
      grant.addOIDCScope(scopes.join(" "));
      grant.addResourceScope(resource, scopes.join(" "));
      await grant.save();
      return grant;
    },
    formats: { customizers: { jwt: (ctx, token, parts) => shapeAccessToken(ctx, token, parts, options) } },
    renderError(ctx, out) {
      const app = appOfClient(state, typeof ctx.query.client_id === "string" ? ctx.query.client_id : undefined);
      const refusal = authorizationRefusal(
        { error: out.error, error_description: out.error_description },
        app,
        originOf(ctx),
      );
      ctx.type = "html";
      ctx.body = errorPage(ctx.status, refusal.error, refusal.error_description ?? "");
    },
  };
}

/** How long the access token at hand lives, in seconds, as the rule for it says. */
function lifetime(ctx: KoaContextWithOIDC, options: ProviderOptions): number {
  const { AuthorizationCode: code } = ctx.oidc.entities;
  const { scope } = ctx.oidc.params ?? {};
  const scopes = wordsOf(code?.scope ?? (typeof scope === "string" ? scope : undefined));
  const rule: RuleRecord | undefined = accessRule(ctx, options, scopes, ctx.oidc.account?.accountId);
  return (rule?.accessTokenLifetimeMinutes ?? 60) * 60;
}

/** Gives a JSON Web Token the form of Okta's access tokens, or refuses it. */
function shapeAccessToken(
  ctx: KoaContextWithOIDC,
  token: { accountId?: string; scope?: string; jti: string },
  parts: { header?: Record<string, unknown>; payload: Record<string, unknown> },
  options: ProviderOptions,
): void {
  const { server } = options.issuer;
  if (!server) return;
  const { iss, aud, iat, exp, cnf, client_id: clientId } = parts.payload;
  const issued = Math.floor(options.now() / 1000);
  const scopes = wordsOf(token.scope);
  const userId = token.accountId;
  if (!accessRule(ctx, options, scopes, userId)) throw new AccessDenied(policyRefusal);
  const user = userId === undefined ? undefined : options.state.users.get(userId);
  const request = { scopes: new Set(scopes), userId: userId ?? "", clientId: String(clientId) };
  const authTime = ctx.oidc.entities.AuthorizationCode?.authTime;
  parts.header = { typ: undefined };
  parts.payload = {
    ver: 1,
    jti: `AT.${String(parts.payload.jti)}`,
    iss,
    aud,
    iat: issued,
    exp: issued + Number(exp) - Number(iat),
    cid: clientId,
    ...(user ? { uid: user.id } : {}),
    scp: scopes,
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    sub: user?.profile.login ?? clientId,
    ...(cnf === undefined ? {} : { cnf }),
    ...ownClaimsOf({ ...request, claimType: "RESOURCE", onlyAlways: false }, options),
  };
}

/** The server's own claims; too many groups in one of them refuse the request. */
function ownClaimsOf(request: ClaimRequest, { issuer, state }: ProviderOptions): Record<string, unknown> {
  try {
    return issuer.server ? Object.fromEntries(customClaims(issuer.server, request, state)) : {};
  } catch (error) {
    throw error instanceof TooManyGroups ? new InvalidRequest(error.message) : error;
  }
}

const isRefusal = (body: unknown): body is Refusal =>
  typeof body === "object" && body !== null && "error" in body && typeof body.error === "string";

interface Answer {
  readonly access_token: string;
  readonly id_token: string;
}

const isAnswer = (body: unknown): body is Answer =>
  typeof body === "object" &&
  body !== null &&
  "id_token" in body &&
  typeof body.id_token === "string" &&
  "access_token" in body &&
  typeof body.access_token === "string";

/** The answer with the ID token in Okta's form: its own claims beside the standard ones, and `at_hash`. */
async function withOktaIdToken(answer: Answer, { state, keys, now }: ProviderOptions): Promise<Answer> {
  const [key] = keys;
  if (!key) return answer;
  const { sub, iss, aud, iat = 0, exp = 0, ...claims } = decodeJwt(answer.id_token);
  const issued = Math.floor(now() / 1000);
  const hash = createHash("sha256").update(answer.access_token).digest();
  const payload = {
    sub,
    ver: 1,
    iss,
    aud,
    iat: issued,
    exp: issued + exp - iat,
    jti: `ID.${randomBytes(32).toString("base64url")}`,
    amr: ["pwd"],
    idp: state.org.id,
    ...claims,
    at_hash: hash.subarray(0, hash.length / 2).toString("base64url"),
  };
  const signed = new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: key.id });
  return { ...answer, id_token: await signed.sign(key.privateKey) };
}

/** A provider for the issuer. */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new OidcProvider(options.issuer.url, configuration(options));
  provider.proxy = false;
  // While a secret is rotated both work (Okta behaviour); the library knows one.
  provider.Client.prototype.compareClientSecret = function compare(secret) {
    const secrets = appOfClient(options.state, this.clientId)?.secrets ?? [];
    return secrets.some((one) => one.status === "ACTIVE" && one.secret === secret);
  };
  const details = new WeakMap<object, string>();
  provider.on("grant.error", (ctx, error) => {
    if (error.error_detail !== undefined) details.set(ctx.req, error.error_detail);
  });
  provider.use(async (ctx, next) => {
    await next();
    const location = ctx.response.get("location");
    if (ctx.status === 303 && location !== "") {
      ctx.status = 302;
      ctx.set("location", withOktaWords(location, originOf(ctx)));
    }
    if (ctx.path.endsWith("/token") && isAnswer(ctx.body)) ctx.body = await withOktaIdToken(ctx.body, options);
    else if (ctx.path.endsWith("/token") && isRefusal(ctx.body)) {
      const { status } = ctx;
      ctx.body = tokenRefusal(ctx.body, details.get(ctx.req));
      ctx.status = ctx.body.error === "invalid_client" ? 401 : status;
    }
    if (ctx.path.includes("/.well-known/") && typeof ctx.body === "object") {
      ctx.body = metadata(ctx.body, originOf(ctx), options.issuer);
    }
  });
  return provider;
}

/** A refusal on its way back to the app, in Okta's words. Okta sends no `iss` along (RFC 9207). */
function withOktaWords(location: string, origin: string): string {
  if (!URL.canParse(location)) return location;
  const url = new URL(location);
  if (!url.searchParams.has("iss")) return location;
  url.searchParams.delete("iss");
  url.searchParams.delete("scope");
  const error = url.searchParams.get("error");
  if (error !== null) {
    const refusal = authorizationRefusal(
      { error, error_description: url.searchParams.get("error_description") ?? undefined },
      undefined,
      origin,
    );
    url.searchParams.set("error", refusal.error);
    if (refusal.error_description) url.searchParams.set("error_description", refusal.error_description);
  }
  return url.href;
}

/** Okta's metadata: endpoints stand on the issuer's own origin, whichever host was asked. */
function metadata(body: object, origin: string, issuer: Issuer): object {
  const own = new URL(issuer.url).origin;
  const entries = Object.entries(body)
    .filter(([name]) => name !== "authorization_response_iss_parameter_supported")
    .map(([name, value]) => [
      name,
      typeof value === "string" && value.startsWith(`${origin}/`) ? `${own}${value.slice(origin.length)}` : value,
    ]);
  return Object.fromEntries(entries);
}
