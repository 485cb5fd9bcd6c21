/** What the setup checks about an answer, as soon as enough is known. Each returns a sentence on what was seen. */
import type { Context } from "../../context.ts";
import { issuerOf, type OktaDomain, redirectUri } from "../../core/address.ts";
import { refuseUnsendable } from "../../core/client-secret.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import { clean, quoted } from "../../core/text.ts";
import type { HttpClient } from "../../http/types.ts";
import type { Issuer } from "../../oidc/discover.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { readServer } from "../provision/live.ts";
import { type Client, issuerFor } from "./answers.ts";

/**
 * Whether an Okta org answers at the domain (`/.well-known/okta-organization`, which needs no token).
 *
 * @throws Failure `okta.not_an_org`, and what `http` throws
 */
export async function verifyDomain(http: HttpClient, domain: OktaDomain): Promise<string> {
  const response = await http.fetch(`${domain.origin}/.well-known/okta-organization`, {
    headers: { accept: "application/json" },
  });
  const body: unknown = response.status === 200 ? await response.json().catch(() => null) : null;
  if (typeof body !== "object" || body === null || !("id" in body)) {
    throw new Failure(
      "usage",
      "okta.not_an_org",
      `No Okta org answers at ${clean(domain.host)} (HTTP ${response.status}).`,
      {
        hint: "Use the domain on which your users sign in, such as acme.okta.com or your own domain for Okta.",
      },
    );
  }
  return `An Okta org answers at ${clean(domain.host)}.`;
}

/**
 * Whether the org has the authorization server, as far as its API tells.
 *
 * @throws Failure what `readServer` throws
 */
export async function verifyServer(org: OktaOrg, serverId: string): Promise<string> {
  return (await readServer(org, serverId))
    ? `Okta has the authorization server ${quoted(serverId)}.`
    : "The org lacks API Access Management: the groups come only through the API token.";
}

/** Whether anything answers at the Akto URL; a login page does, too. Throws what `http` throws. */
export async function verifyAktoUrl(http: HttpClient, url: string): Promise<string> {
  await http.fetch(url);
  return `A server answers at ${clean(url)}.`;
}

/** Reads the issuer's metadata. Throws what `discoverIssuer` throws. */
export async function verifyIssuer(http: HttpClient, issuer: string): Promise<Issuer> {
  const { discoverIssuer } = await import("../../oidc/discover.ts");
  return discoverIssuer(http, issuer);
}

/** The client, as far as it can be checked without a user. */
export interface ClientToVerify {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Akto's redirect URI. */
  readonly redirectUri: string;
}

/**
 * Whether the token endpoint accepts the client id and secret.
 *
 * @throws Failure `akto.secret_unsendable`, `oidc.unknown_client`, `oidc.client_refused`, and what `http` throws
 */
export async function verifyClientSecret(
  http: HttpClient,
  { issuer, clientId, clientSecret, redirectUri }: ClientToVerify,
): Promise<string> {
  refuseUnsendable(clientSecret);
  const { checkClientSecret, clientSecretFailure } = await import("../../oidc/client-secret.ts");
  const result = await checkClientSecret({
    http,
    tokenEndpoint: issuer.tokenEndpoint,
    clientId,
    clientSecret,
    redirectUri,
  });
  const failure = clientSecretFailure(result, clientId);
  if (failure) throw failure;
  return "Okta accepts the client id and secret.";
}

/**
 * Whether Okta would let Akto begin a sign-in: its redirect URI, no PKCE, its scopes, an access policy.
 *
 * @throws Failure of the codes of `probeFailure`, and what `http` throws
 */
export async function verifyAktoSignIn(
  http: HttpClient,
  { issuer, clientId, redirectUri }: ClientToVerify,
): Promise<string> {
  const { probeAuthorize, probeFailure } = await import("../../oidc/probe.ts");
  const result = await probeAuthorize({
    http,
    authorizationEndpoint: issuer.authorizationEndpoint,
    clientId,
    redirectUri,
  });
  const failure = probeFailure(result, { clientId, redirectUri });
  if (failure) throw failure;
  return "Okta would start a sign-in for Akto: the redirect URI and scopes are right.";
}

/** Whose API token it is. Throws what `whoAmI` throws. */
export async function verifyOktaToken(org: OktaOrg): Promise<string> {
  const { name, login } = await org.whoAmI();
  // A token that can't read groups is of no use to Akto.
  for await (const _ of org.groups()) break;
  return `The API token belongs to ${clean(name)} (${clean(login)}) and can read groups.`;
}

/**
 * All that can be seen of a sign-in without a user, in the order in which one thing needs the other, each said as it is seen.
 *
 * @param mend is asked to have a redirect URI taken that Okta does not take; without it that is a failure like others
 * @throws Failure what the checks throw, but for an answer that proves nothing, which is a warning
 */
export async function checkSignIn(
  { terminal, http }: Context,
  given: Client,
  mend?: (client: ClientToVerify, refused: Failure) => Promise<void>,
): Promise<void> {
  const client = await http();
  const issuer = await verifyIssuer(client, issuerFor(given));
  terminal.success(`The authorization server answers: ${clean(issuer.issuer)}`);
  const whole = { ...given, issuer, redirectUri: redirectUri(given.aktoUrl) };
  terminal.success(await verifyClientSecret(client, whole));
  try {
    terminal.success(await verifyAktoSignIn(client, whole));
  } catch (error) {
    if (isFailure(error, "oidc.authorize_unanswered")) return terminal.warn(error.message);
    if (!mend || !isFailure(error, "oidc.wrong_redirect_uri")) throw error;
    await mend(whole, error);
    terminal.success(await verifyAktoSignIn(client, whole));
  }
}

/**
 * Makes sure, before anything is made, that the authorization server accepts sign-ins at all. Okta says so to any request,
 * whoever's client id is in it.
 *
 * @throws Failure `okta.no_sign_ins` in an org without API Access Management
 */
export async function demandSignIns(
  { http }: Context,
  {
    domain,
    authServerId,
    aktoUrl,
    clientId,
  }: Pick<Client, "domain" | "authServerId" | "aktoUrl"> & { readonly clientId: string | undefined },
): Promise<void> {
  const { probeAuthorize } = await import("../../oidc/probe.ts");
  const { kind } = await probeAuthorize({
    http: await http(),
    authorizationEndpoint: `${issuerOf(domain, authServerId)}/v1/authorize`,
    clientId: clientId ?? "0oa00000000000000000",
    redirectUri: redirectUri(aktoUrl),
  });
  if (kind !== "feature_missing") return;
  throw new Failure(
    "rule",
    "okta.no_sign_ins",
    "This Okta org has no API Access Management: Okta accepts no sign-in at its custom authorization servers, and Akto signs in at no other.",
    {
      hint: "Nothing was created. Have Okta add API Access Management to the org, or set Akto up with SAML.",
    },
  );
}
