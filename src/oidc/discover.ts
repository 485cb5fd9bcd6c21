/** Discovery: what an issuer says about itself (OpenID Connect Discovery 1.0). */
import {
  allowInsecureRequests,
  ClientError,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  type ServerMetadata,
} from "openid-client";
import { isLoopback, quotedAddress } from "../core/address.ts";
import { Failure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { clean, quoted } from "../core/text.ts";
import type { HttpClient, HttpHeaders } from "../http/types.ts";
import { type Answer, type Endpoint, insteadOf, whatToDo } from "./answers.ts";
import { failureWithin } from "./explain.ts";
import { fetchThrough } from "./fetch.ts";

/** An issuer whose metadata was read and checked: its endpoints are there, and are `https` or loopback. */
export interface Issuer {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userinfoEndpoint: string;
  readonly jwksUri: string;
  /** The whole document, for openid-client. */
  readonly metadata: ServerMetadata;
}

/**
 * Reads `{issuer}/.well-known/openid-configuration` and checks that it speaks of this issuer.
 *
 * @param issuer such as `https://acme.okta.com/oauth2/default`; `http` for a loopback address only
 * @throws Failure `oidc.issuer_invalid`, `oidc.no_such_server`, `oidc.issuer_mismatch`, `oidc.not_an_issuer`,
 *   `oidc.metadata_incomplete`, `oidc.foreign_endpoint` (all `usage`), `oidc.discovery_failed` (`unavailable`), and what `http` throws
 */
export async function discoverIssuer(http: HttpClient, issuer: string): Promise<Issuer> {
  const server = issuerUrl(issuer);
  try {
    const configuration = await discovery(server, "discovery", undefined, None(), {
      execute: server.protocol === "http:" ? [allowInsecureRequests] : [],
      [customFetch]: async (url, { headers }) => {
        const answer = await readWhole(http, url, headers);
        checkDiscovery(issuer, answer);
        return new Response(answer.body, { headers: { "content-type": "application/json" } });
      },
    });
    return checked(issuer, configuration.serverMetadata());
  } catch (error) {
    throw explainDiscovery(issuer, error);
  }
}

async function readWhole(http: HttpClient, url: string, headers: Record<string, string>): Promise<Answer> {
  const response = await http.fetch(url, { headers });
  return { url, status: response.status, headers: response.headers, body: await response.text() };
}

/**
 * openid-client's configuration for one client of the issuer: the secret travels in the form body, as Akto sends it,
 * and the ID token's signature is checked although it comes over TLS.
 *
 * @param onAnswer is told of each answer of the issuer's endpoints that can be of use
 */
export function configurationFor(
  issuer: Issuer,
  client: { readonly http: HttpClient; readonly clientId: string; readonly clientSecret: string },
  onAnswer?: (endpoint: Endpoint, headers: HttpHeaders) => void,
): Configuration {
  const { clientId, clientSecret } = client;
  const configuration = new Configuration(issuer.metadata, clientId, undefined, ClientSecretPost(clientSecret));
  const endpoints = new Map<string, Endpoint>([
    [new URL(issuer.jwksUri).href, "keys"],
    [new URL(issuer.tokenEndpoint).href, "token"],
    [new URL(issuer.userinfoEndpoint).href, "userinfo"],
  ]);
  configuration[customFetch] = fetchThrough(client.http, endpoints, onAnswer);
  if (new URL(issuer.issuer).protocol === "http:") allowInsecureRequests(configuration);
  enableNonRepudiationChecks(configuration);
  return configuration;
}

function issuerUrl(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url && isSecure(url) && url.search === "" && url.hash === "" && url.username === "" && url.password === "") {
    return url;
  }
  throw new Failure("usage", "oidc.issuer_invalid", `${quotedAddress(issuer)} is not an issuer.`, {
    hint: "An issuer is an https URL such as https://acme.okta.com/oauth2/default.",
  });
}

const isSecure = (url: URL) => url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));

/** Throws for anything that isn't an issuer's metadata, with the status and the first words. */
function checkDiscovery(issuer: string, answer: Answer): void {
  const { status, body } = answer;
  const metadata = parseJson(body);
  if (status === 200 && isRecord(metadata)) {
    if (typeof metadata.issuer === "string") return;
    throw notAnIssuer(issuer, "answers discovery without naming an issuer");
  }
  if (status === 404) {
    throw new Failure(
      "usage",
      "oidc.no_such_server",
      `There is no authorization server at ${quotedAddress(issuer)}: it answers HTTP 404 to discovery.`,
      {
        hint: "Compare the domain and the id with Security → API → Authorization Servers in Okta; it must be active, and the built-in one is “default”.",
      },
    );
  }
  const what = `answers HTTP ${status} to discovery ${insteadOf(answer)}`;
  if (status < 500) throw notAnIssuer(issuer, what);
  throw new Failure("unavailable", "oidc.discovery_failed", `${quotedAddress(issuer)} ${what}.`, {
    hint: whatToDo(status),
  });
}

function notAnIssuer(issuer: string, what: string, cause?: unknown): Failure {
  return new Failure("usage", "oidc.not_an_issuer", `${quotedAddress(issuer)} ${what}.`, {
    hint: "Is this the org's sign-in domain? Open the address with /.well-known/openid-configuration after it in a browser.",
    cause,
  });
}

function checked(issuer: string, metadata: ServerMetadata): Issuer {
  const endpoint = (name: "authorization_endpoint" | "token_endpoint" | "userinfo_endpoint" | "jwks_uri") => {
    // The library trusts the document on the types of these.
    const value: unknown = metadata[name];
    if (typeof value !== "string" || !URL.canParse(value) || !isSecure(new URL(value))) {
      throw new Failure(
        "usage",
        "oidc.metadata_incomplete",
        typeof value !== "string"
          ? `${quotedAddress(issuer)} names no ${name}.`
          : `${quotedAddress(issuer)} names a ${name} that is not https: ${quoted(value)}.`,
        { hint: "Use the issuer of an Okta authorization server." },
      );
    }
    return value;
  };
  // OpenID Connect Discovery section 4.3: exactly the same string. openid-client compares parsed URLs.
  if (metadata.issuer !== issuer) throw otherName(issuer, metadata.issuer);
  /** An endpoint that is sent a secret: it is only ever sent to the issuer that it was given for. */
  const ownEndpoint = (name: "token_endpoint" | "userinfo_endpoint", what: string) => {
    const value = endpoint(name);
    const { origin } = new URL(value);
    if (origin === new URL(issuer).origin) return value;
    throw new Failure(
      "usage",
      "oidc.foreign_endpoint",
      `${quotedAddress(issuer)} names a ${name} at ${clean(origin)}: ${what} is not sent there.`,
      { hint: "If that is where the org is, name its issuer as it calls itself there: --issuer URL." },
    );
  };
  return {
    issuer: metadata.issuer,
    authorizationEndpoint: endpoint("authorization_endpoint"),
    tokenEndpoint: ownEndpoint("token_endpoint", "the client secret"),
    userinfoEndpoint: ownEndpoint("userinfo_endpoint", "an access token"),
    jwksUri: endpoint("jwks_uri"),
    metadata,
  };
}

function explainDiscovery(issuer: string, error: unknown): unknown {
  const failure = failureWithin(error);
  if (failure) return failure;
  // An `issuer` that isn't a URL.
  const unreadable = error instanceof TypeError && "code" in error && error.code === "ERR_INVALID_URL";
  if (!unreadable && !(error instanceof ClientError)) return error;
  const advertised =
    error.code === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED" ? advertisedIssuer(error.cause) : undefined;
  if (advertised !== undefined) return otherName(issuer, advertised, error);
  return notAnIssuer(issuer, "does not answer discovery as an issuer does", error);
}

function otherName(issuer: string, advertised: string, cause?: unknown): Failure {
  const usable = URL.canParse(advertised) && isSecure(new URL(advertised));
  return new Failure(
    "usage",
    "oidc.issuer_mismatch",
    `The server at ${quotedAddress(issuer)} calls itself ${quoted(advertised)}.`,
    {
      hint: usable
        ? `If that is your org, say so: --issuer ${quoted(advertised).slice(1, -1)}`
        : "An issuer must be an https URL: check the authorization server's settings.",
      cause,
    },
  );
}

function advertisedIssuer(cause: unknown): string | undefined {
  const body = isRecord(cause) ? cause.body : undefined;
  return isRecord(body) && typeof body.issuer === "string" ? body.issuer : undefined;
}
