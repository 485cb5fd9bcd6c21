/** One authorization server as an `oidc-provider`, set up to behave as Okta's does. */
import { randomBytes } from "node:crypto";
import type { Configuration, Provider } from "oidc-provider";
import { isRecord } from "../../../core/json.ts";
import { errorBody, newErrorId } from "../errors.ts";
import { recordSignIns } from "../log/sign-ins.ts";
import { appOfClient } from "../state.ts";
import type { AppRecord } from "../types.ts";
import {
  checkAssertion,
  grantedScopes,
  lifetime,
  type ProviderOptions,
  scopesOf,
  signInPolicy,
  wordsOf,
} from "./access.ts";
import type { Issuer } from "./issuers.ts";
import { Provider as OidcProvider } from "./library.ts";
import { asksOffline, grantedOffline, offlineParameter, shownScopes } from "./offline.ts";
import { errorPage } from "./pages.ts";
import { profileClaims, scopeClaims } from "./profile.ts";
import { authorizationRefusal, isUnknownClient, type Refusal, tokenRefusal } from "./refusals.ts";
import { isAnswer, ownClaimsOf, shapeAccessToken, withOktaIdToken } from "./tokens.ts";

/** The only resource of a custom server: its audience, under a name that is always a URI. */
const resource = "urn:okta:resource";

const originOf = (ctx: { protocol: string; host: string }) => `${ctx.protocol}://${ctx.host}`;

/** The settings of `oidc-provider` for one authorization server. */
function configuration(options: ProviderOptions): Configuration {
  const { issuer, state, keys, adapter } = options;
  const { server } = issuer;
  const prefix = server ? "/v1" : "/oauth2/v1";
  const ownClaims = [...(server?.claims.values() ?? [])].filter((claim) => !claim.system);
  const scopes = scopesOf(issuer);

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
      introspection: `${prefix}/introspect`,
      revocation: `${prefix}/revoke`,
    },
    cookies: {
      names: { session: "sid", interaction: "okta-signin", resume: "okta-resume" },
      keys: [state.org.id],
      // A loopback host's cookies aren't bound to a port, so a browser sends them to every port of it: harmless here.
      long: { signed: true, httpOnly: true, sameSite: "lax" },
      short: { signed: true, httpOnly: true, sameSite: "lax" },
    },
    // Okta's own SDKs sign their proofs with RS256.
    enabledJWA: { dPoPSigningAlgValues: ["RS256", "ES256"] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      // The proof of an app that must bring one needs a nonce, which the first answer gives (Okta behavior).
      dPoP: {
        enabled: true,
        nonceSecret: randomBytes(32),
        requireNonce: (ctx) => appOfClient(state, ctx.oidc.client?.clientId)?.client.dpop_bound_access_tokens ?? false,
      },
      introspection: { enabled: true },
      revocation: { enabled: true },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx) => (server || ctx.oidc.params?.grant_type === "client_credentials" ? resource : []),
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, _resource, client) => ({
          scope: grantedScopes(ctx, client.clientId, options).join(" "),
          accessTokenFormat: server ? "jwt" : "opaque",
          accessTokenTTL: lifetime(ctx, options),
          ...(server
            ? { audience: server.audiences[0] ?? issuer.url, jwt: { sign: { alg: "RS256" } } }
            : { audience: issuer.url }),
        }),
      },
    },
    scopes,
    extraParams: [offlineParameter],
    issueRefreshToken: async (ctx, client) => client.grantTypeAllowed("refresh_token") && grantedOffline(ctx),
    // The app says whether each use of a refresh token gives a new one (Okta: `ROTATE`).
    rotateRefreshToken(ctx) {
      const rotation = appOfClient(state, ctx.oidc.client?.clientId)?.client.refresh_token;
      return isRecord(rotation) && rotation.rotation_type === "ROTATE";
    },
    expiresWithSession: async () => false,
    claims: {
      openid: ["sub", "auth_time", ...ownClaims.map((claim) => claim.name)],
      profile: [...scopeClaims.profile],
      email: [...scopeClaims.email],
    },
    conformIdTokenClaims: false,
    responseTypes: ["code"],
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => checkAssertion(claims.exp, options.now()),
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
      RefreshToken: 90 * 24 * 3600,
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
      const offline = asksOffline(ctx) && client.grantTypeAllowed("refresh_token");
      grant.addOIDCScope(scopes.filter((scope) => offline || scope !== "offline_access").join(" "));
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

/** A refusal in the form that the rest of Okta uses. */
function oktasOwn({ error, error_description = "" }: Refusal) {
  return errorBody({ code: error, message: error_description, causes: [] }, newErrorId());
}

const isRefusal = (body: unknown): body is Refusal => isRecord(body) && typeof body.error === "string";

/** A provider for the issuer. */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new OidcProvider(options.issuer.url, configuration(options));
  provider.proxy = false;
  recordSignIns(provider, options.issuer, options.state);
  // While a secret is being rotated, both work (Okta behavior); the library knows only one.
  provider.Client.prototype.compareClientSecret = function compare(secret) {
    const secrets = appOfClient(options.state, this.clientId)?.secrets ?? [];
    return secrets.some((one) => one.status === "ACTIVE" && one.secret === secret);
  };
  const { redirectUriAllowed } = provider.Client.prototype;
  provider.Client.prototype.redirectUriAllowed = function allowed(uri) {
    const { client } = appOfClient(options.state, this.clientId) ?? {};
    const wildcards = client?.wildcard_redirect === "SUBDOMAIN" ? client.redirect_uris : [];
    return redirectUriAllowed.call(this, uri) || wildcards.some((pattern) => coversUri(pattern, uri));
  };
  // A proof is passed over where the app doesn't ask for one: its tokens are bearer tokens (Okta behavior).
  for (const { prototype } of [provider.AccessToken, provider.ClientCredentials]) {
    const bind = prototype.setThumbprint;
    prototype.setThumbprint = function setThumbprint(_, input) {
      if (appOfClient(options.state, this.clientId)?.client.dpop_bound_access_tokens)
        bind.call(this, "jkt", String(input));
    };
  }
  const details = new WeakMap<object, string>();
  provider.on("grant.error", (ctx, error) => {
    if (error.error_detail !== undefined) details.set(ctx.req, error.error_detail);
  });
  const scopes = new WeakMap<object, string>();
  provider.on("grant.success", (ctx) => {
    scopes.set(ctx.req, shownScopes(ctx, wordsOf(ctx.oidc.entities.AccessToken?.scope)).join(" "));
  });
  provider.use(async (ctx, next) => {
    await next();
    const location = ctx.response.get("location");
    if (ctx.status === 303 && location !== "") {
      // The library's own page repeats its own words.
      ctx.body = "";
      ctx.status = 302;
      const app = appOfClient(options.state, ctx.oidc?.client?.clientId);
      ctx.set("location", withOktaWords(location, originOf(ctx), app));
    }
    if (ctx.path.endsWith("/token") && isAnswer(ctx.body)) {
      const body = await withOktaIdToken(ctx.body, options);
      ctx.body = { ...body, scope: scopes.get(ctx.req) ?? body.scope };
    } else if (ctx.path.endsWith("/token") && isRefusal(ctx.body)) {
      const { status } = ctx;
      const { client, params } = ctx.oidc;
      const app = appOfClient(options.state, client?.clientId);
      const refusal = tokenRefusal(ctx.body, details.get(ctx.req), String(params?.grant_type ?? ""), app);
      ctx.body = isUnknownClient(refusal) ? oktasOwn(refusal) : refusal;
      ctx.status = refusal.error === "invalid_client" ? 401 : status;
    }
    if (ctx.path.includes("/.well-known/") && typeof ctx.body === "object") {
      ctx.body = metadata(ctx.body, originOf(ctx), options.issuer);
    }
  });
  return provider;
}

/** Whether a redirect URI is one that a registered one with a `*` in its first label stands for (Okta: `SUBDOMAIN`). */
function coversUri(pattern: string, uri: string): boolean {
  const [, before, after] = /^(https?:\/\/[^./*]*)\*([^./*]*\..*)$/.exec(pattern) ?? [];
  if (before === undefined || after === undefined || !uri.startsWith(before) || !uri.endsWith(after)) return false;
  return /^[\w-]+$/.test(uri.slice(before.length, uri.length - after.length));
}

/**
 * A refusal on its way back to the app, in Okta's words, in the query or in the fragment. Okta sends no `iss` along (RFC 9207).
 */
function withOktaWords(location: string, origin: string, app: AppRecord | undefined): string {
  if (!URL.canParse(location)) return location;
  const url = new URL(location);
  const inFragment = !url.searchParams.has("iss");
  const answer = inFragment ? new URLSearchParams(url.hash.slice(1)) : url.searchParams;
  if (!answer.has("iss")) return location;
  answer.delete("iss");
  answer.delete("scope");
  const error = answer.get("error");
  if (error !== null) {
    const given = { error, error_description: answer.get("error_description") ?? undefined };
    const refusal = authorizationRefusal(given, app, origin);
    answer.set("error", refusal.error);
    if (refusal.error_description) answer.set("error_description", refusal.error_description);
  }
  if (inFragment) url.hash = answer.toString();
  return url.href;
}

const publishedClaims =
  "ver jti iss aud iat exp sub auth_time amr idp nonce name nickname preferred_username given_name middle_name family_name email email_verified profile zoneinfo locale address phone_number picture website gender birthdate updated_at at_hash c_hash".split(
    " ",
  );

/** Okta's metadata: endpoints stand on the issuer's own origin, whichever host was asked. */
function metadata(body: object, origin: string, issuer: Issuer): object {
  const own = new URL(issuer.url).origin;
  const published = [...(issuer.server?.scopes.values() ?? [])].filter(
    (scope) => scope.metadataPublish === "ALL_CLIENTS",
  );
  const entries = Object.entries(body)
    .filter(([name]) => name !== "authorization_response_iss_parameter_supported")
    .map(([name, value]) => [
      name,
      typeof value === "string" && value.startsWith(`${origin}/`) ? `${own}${value.slice(origin.length)}` : value,
    ]);
  return {
    ...Object.fromEntries(entries),
    // Nobody is told a server's own claims, and only those of its scopes that are for everyone (Okta behavior).
    claims_supported: publishedClaims,
    ...(issuer.server ? { scopes_supported: published.map((scope) => scope.name) } : {}),
  };
}
