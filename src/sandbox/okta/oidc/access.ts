/** Who may sign in for what: the checks that Okta makes at the authorization and the token endpoint. */
import type { KoaContextWithOIDC } from "oidc-provider";
import { enterApp } from "../sign-on/enter.ts";
import { appOfClient, standardScopes } from "../state.ts";
import type { OktaState, RuleRecord } from "../types.ts";
import type { Issuer } from "./issuers.ts";
import type { SigningKey } from "./keys.ts";
import { AccessDenied, basePolicy, Check, InvalidClientAuth, InvalidRequest, InvalidScope } from "./library.ts";
import { policyRefusal, ruleFor } from "./policies.ts";
import type { adapterFactory } from "./store.ts";

/** What every provider of the org is built from. */
export interface ProviderOptions {
  readonly issuer: Issuer;
  readonly state: OktaState;
  readonly keys: readonly SigningKey[];
  readonly adapter: ReturnType<typeof adapterFactory>;
  readonly now: () => number;
}

/** The words of a parameter that lists them with spaces. */
export const wordsOf = (text: string | undefined) => (text ?? "").split(" ").filter((word) => word !== "");

/** The scopes that may be asked for on a user's behalf. */
export const scopesOf = ({ server }: Issuer): readonly string[] =>
  server ? Array.from(server.scopes.values(), ({ name }) => name) : standardScopes;

function requestedScopes({ oidc: { params = {} } }: KoaContextWithOIDC): string[] {
  return wordsOf(typeof params.scope === "string" ? params.scope : undefined);
}

/** The rule for the request at hand, or `undefined`; the org server has no rules and lets everything through. */
export function accessRule(
  ctx: KoaContextWithOIDC,
  options: ProviderOptions,
  scopes: readonly string[],
  userId?: string,
) {
  const { server } = options.issuer;
  const asked = ctx.oidc.params?.grant_type;
  // A refresh token continues the grant that it came from.
  const grantType = typeof asked === "string" && asked !== "refresh_token" ? asked : "authorization_code";
  const clientId = ctx.oidc.client?.clientId ?? "";
  return server && ruleFor(server, { clientId, grantType, scopes, userId }, options.state);
}

/**
 * Refuses a sign-in that Okta would refuse: before the user is known for what is wrong with the request, afterwards
 * for what is wrong with the user.
 */
function checkAccess(ctx: KoaContextWithOIDC, options: ProviderOptions): boolean {
  const { state, issuer } = options;
  if (ctx.oidc.params?.state === undefined) {
    throw new InvalidRequest("The authentication request has an invalid 'state' parameter.");
  }
  const scopes = requestedScopes(ctx);
  demandSome(scopes);
  demandKnown(scopes, scopesOf(issuer));
  const userId = ctx.oidc.session?.accountId;
  const user = userId === undefined ? undefined : state.users.get(userId);
  const signedIn = user?.status === "ACTIVE" ? user.id : undefined;
  // The app comes first: someone who may not use it is told so, whatever the server's policy says.
  if (signedIn !== undefined) enterApp(ctx, signedIn, state);
  if (issuer.server && !accessRule(ctx, options, scopes, signedIn)) throw new AccessDenied(policyRefusal);
  return signedIn === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
}

/** @throws InvalidScope */
function demandSome(scopes: readonly string[]): void {
  if (scopes.length > 0) return;
  throw new InvalidScope(
    "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    "",
  );
}

/** @throws InvalidScope */
function demandKnown(scopes: readonly string[], known: readonly string[]): void {
  if (scopes.every((scope) => known.includes(scope))) return;
  throw new InvalidScope("One or more scopes are not configured for the authorization server resource.", "");
}

/** What a client may ask for. A service app gets the Okta scopes that it was granted, and is refused any other. */
export function grantedScopes(ctx: KoaContextWithOIDC, clientId: string, { issuer, state }: ProviderOptions) {
  if (issuer.server || ctx.oidc.params?.grant_type !== "client_credentials") return scopesOf(issuer);
  const granted = appOfClient(state, clientId)?.oktaScopes ?? [];
  const asked = requestedScopes(ctx);
  demandSome(asked);
  if (!asked.every((scope) => scope.startsWith("okta."))) demandKnown(asked, granted);
  if (!asked.every((scope) => granted.includes(scope))) throw new InvalidScope(noneGranted, "");
  return granted;
}

/** Of Okta's scopes that were not granted to the service app; refused as `consent_required`. */
export const noneGranted = "You are not allowed any of the requested scopes.";

/** How long what a client signs to show who it is may be good for, in seconds (Okta: "Build a JWT for client authentication"). */
const longestAssertion = 3600;

/** @throws InvalidClientAuth for one that is good for longer */
export function checkAssertion(exp: unknown, now: number): void {
  if (typeof exp !== "number" || exp <= now / 1000 + longestAssertion) return;
  throw new InvalidClientAuth("The client_assertion token has an expiration too far into the future.");
}

/** When the sign-in page is shown, and who is refused on the way to it. */
export function signInPolicy(options: ProviderOptions) {
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

/** How long the access token at hand lives, in seconds, as the rule for it says. */
export function lifetime(ctx: KoaContextWithOIDC, options: ProviderOptions): number {
  const { AuthorizationCode, RefreshToken } = ctx.oidc.entities;
  const code = AuthorizationCode ?? RefreshToken;
  const scopes = code ? wordsOf(code.scope) : requestedScopes(ctx);
  const rule: RuleRecord | undefined = accessRule(ctx, options, scopes, ctx.oidc.account?.accountId);
  return (rule?.accessTokenLifetimeMinutes ?? 60) * 60;
}
