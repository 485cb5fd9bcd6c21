/** Facts that Okta's sign-in endpoints and Akto's own sign-in address tell without an API token. */
import type { Context } from "../../context.ts";
import { initiateLoginUri, issuerOf, type OktaDomain, parseAuthServerId } from "../../core/address.ts";
import type { InitiateLoginFact, IssuerFact } from "../../core/doctor/facts.ts";
import { canGoOn } from "../../core/failure.ts";
import { once } from "../../core/once.ts";
import type { Settings } from "../../settings.ts";
import { type AktoFacts, needed } from "./akto-facts.ts";
import { type Gatherers, Unknown } from "./source.ts";

/** Gathers them, each once, for the setup as Akto or the profile has it. */
export function signInFacts(
  context: Context,
  settings: Settings,
  akto: AktoFacts,
): Pick<Gatherers, "issuer" | "probe" | "clientSecret" | "initiateLogin" | "initiateLoginUri"> {
  /** The issuer whose endpoints Akto builds from the domain and the server's id. */
  const issuer = once(async () => {
    const { authServerId } = await akto.setup();
    return issuerOf(await akto.domain(), parseAuthServerId(authServerId));
  });
  const uri = async () => {
    const { aktoAccountId } = settings;
    if (aktoAccountId === undefined) throw new Unknown(`There is no ${needed("aktoAccountId")}.`);
    return initiateLoginUri(settings.aktoUrl, aktoAccountId);
  };

  const discovered = once(async (): Promise<IssuerFact> => {
    const { discoverIssuer } = await import("../../oidc/discover.ts");
    try {
      return { kind: "ok", issuer: (await discoverIssuer(await context.http(), await issuer())).issuer };
    } catch (error) {
      if (!canGoOn(error) || error.code.startsWith("okta.")) throw error;
      const { message, hint } = error;
      return { kind: error.code === "oidc.issuer_mismatch" ? "other_name" : "failed", message, hint };
    }
  });
  /** The base of the endpoints, of a server that answers: what the others would answer is then of no interest. */
  const endpoints = async () => {
    if ((await discovered()).kind === "failed") throw new Unknown("The authorization server does not answer.");
    return `${await issuer()}/v1`;
  };

  return {
    initiateLoginUri: uri,
    issuer: discovered,
    probe: async () => {
      const { probeAuthorize } = await import("../../oidc/probe.ts");
      const { clientId, redirectUri } = await akto.setup();
      const authorizationEndpoint = `${await endpoints()}/authorize`;
      const result = await probeAuthorize({ http: await context.http(), authorizationEndpoint, clientId, redirectUri });
      if (result.kind === "unanswered") throw new Unknown(`Okta was not heard on Akto's request: ${result.why}`);
      const said = "said" in result ? result.said : "";
      return { kind: result.kind === "error" && grantErrors.has(result.error) ? "wrong_grant" : result.kind, said };
    },
    clientSecret: async () => {
      const clientSecret = await settings.secret("clientSecret");
      if (clientSecret === undefined) throw new Unknown(`There is no ${needed("clientSecret")}.`);
      const { checkClientSecret, clientSecretFailure } = await import("../../oidc/client-secret.ts");
      const { clientId, redirectUri } = await akto.setup();
      const http = await context.http();
      const tokenEndpoint = `${await endpoints()}/token`;
      const result = await checkClientSecret({ http, tokenEndpoint, clientId, clientSecret, redirectUri });
      if (result.kind === "unknown_client")
        throw new Unknown("Okta knows no such client, so its secret can't be checked.");
      if (result.kind === "refused" && grantErrors.has(result.error)) {
        throw new Unknown("Okta turned the app away for its grant before it looked at the secret.");
      }
      const failure = clientSecretFailure(result, clientId);
      return failure ? { kind: "refused", message: failure.message, hint: failure.hint } : { kind: "accepted" };
    },
    initiateLogin: async () => {
      const { authServerId, domain } = await akto.setup();
      const parsed = await akto.domain();
      // What it should lead to can't be told from a field that is wrong.
      if (parsed.host !== domain) throw new Unknown("The Okta domain is not a bare host.");
      return followInitiateLogin(context, await uri(), parsed, parseAuthServerId(authServerId));
    },
  };
}

/** What Okta answers to an app that may not use the authorization code grant. */
const grantErrors = new Set(["unauthorized_client", "unsupported_response_type"]);

// A dashboard may send the browser on within itself before it sends it to Okta.
const mostHops = 5;

/**
 * Follows Akto's sign-in address for Okta as a browser would that Okta's dashboard sent there, up to where it leaves Akto.
 * Okta adds its issuer (OpenID Connect Core section 4: `iss`).
 */
async function followInitiateLogin(
  context: Context,
  start: string,
  domain: OktaDomain,
  authServerId: string,
): Promise<InitiateLoginFact> {
  const http = await context.http();
  const akto = new URL(start).origin;
  let url = `${start}&iss=${encodeURIComponent(domain.origin)}`;
  for (let hop = 0; hop < mostHops; hop++) {
    const answer = await http.fetch(url, { headers: { accept: "text/html" } });
    const location = answer.headers.get("location");
    if (answer.status < 300 || answer.status >= 400 || location === null || !URL.canParse(location, url)) {
      return hop === 0 ? { kind: "page", status: answer.status } : { kind: "elsewhere", url };
    }
    const next = new URL(location, url);
    if (next.origin !== akto) return readRequest(next, domain, authServerId);
    url = next.href;
  }
  return { kind: "elsewhere", url };
}

function readRequest(url: URL, domain: OktaDomain, authServerId: string): InitiateLoginFact {
  const { origin, pathname: path, searchParams } = url;
  if (!searchParams.has("client_id")) return { kind: "elsewhere", url: `${origin}${path}` };
  return {
    kind: "redirect",
    to: {
      origin,
      path,
      clientId: searchParams.get("client_id"),
      redirectUri: searchParams.get("redirect_uri"),
      responseType: searchParams.get("response_type"),
      scopes: (searchParams.get("scope") ?? "").split(" ").filter((scope) => scope !== ""),
      state: Boolean(searchParams.get("state")),
    },
    expected: { origin: domain.origin, path: `/oauth2/${authServerId}/v1/authorize` },
  };
}
