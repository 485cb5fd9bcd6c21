/** Facts that Okta's sign-in endpoints tell without an API token. */
import type { Context } from "../../context.ts";
import { issuerOf, parseAuthServerId } from "../../core/address.ts";
import { valueIn } from "../../core/evidence.ts";
import { canGoOn } from "../../core/failure.ts";
import { once } from "../../core/once.ts";
import type { ClientSecretFact, IssuerFact, ProbeFact } from "../../core/picture.ts";
import { clean, quoted } from "../../core/text.ts";
import type { Settings } from "../../settings/settings.ts";
import { type AktoFacts, notForOrg } from "./akto.ts";
import { fact, need, type Picture, Unseen } from "./read.ts";

/** What can be asked without a token, for the setup as Akto or the profile has it. */
export type SignInFacts = Pick<Picture, "issuer" | "probe" | "clientSecret">;

/** The facts, each read when it is first asked for. */
export function signInFacts(context: Context, settings: Settings, akto: AktoFacts): SignInFacts {
  /** The issuer whose endpoints Akto builds from the domain and the server's id. */
  const ownIssuer = once(async () => {
    const { authServerId } = await need(akto.setup);
    return issuerOf(await need(akto.domain), parseAuthServerId(authServerId));
  });
  const issuer = fact(async (): Promise<IssuerFact> => {
    const { discoverIssuer } = await import("../../oidc/discover.ts");
    try {
      return { kind: "ok", issuer: (await discoverIssuer(await context.http(), await ownIssuer())).issuer };
    } catch (error) {
      if (!canGoOn(error) || error.code.startsWith("okta.")) throw error;
      const { code, message, hint } = error;
      // Akto asks for no such document: an answer that may be a proxy's says nothing of the endpoints that it does ask.
      if (unread.has(code)) throw new Unseen(message, error);
      return code === "oidc.issuer_mismatch"
        ? { kind: "other_name", message, hint }
        : { kind: "failed", message, hint, absent: code === "oidc.no_such_server" };
    }
  }, "seen");
  /** The base of the endpoints that Akto calls, where a server answers there. */
  const endpoints = async (more: () => Promise<string> = async () => "") => {
    const address = await ownIssuer();
    if (valueIn(await issuer())?.kind === "failed") {
      throw new Unseen(`No authorization server answers where Akto calls it, at ${clean(address)}.${await more()}`);
    }
    return `${address}/v1`;
  };
  /** What the server that the person names says to Akto's request, where there is none that Akto would ask. */
  const namedServer = async (): Promise<string> => {
    const named = settings.issuerOverride;
    if (named === undefined || named === (await ownIssuer())) return "";
    const { discoverIssuer } = await import("../../oidc/discover.ts");
    const { probeAuthorize, probeFailure } = await import("../../oidc/probe.ts");
    const elsewhere = ` The issuer that was given, ${clean(named)}, is a different address.`;
    try {
      const http = await context.http();
      const { clientId, redirectUri } = await need(akto.setup);
      const { authorizationEndpoint } = await discoverIssuer(http, named);
      const result = await probeAuthorize({ http, authorizationEndpoint, clientId, redirectUri });
      const failure = result.kind === "unanswered" ? null : probeFailure(result, { clientId, redirectUri });
      return failure ? `${elsewhere} It refuses Akto's request: ${failure.message}` : elsewhere;
    } catch (error) {
      if (!canGoOn(error)) throw error;
      return elsewhere;
    }
  };

  const probe = fact(async (): Promise<ProbeFact> => {
    const { probeAuthorize } = await import("../../oidc/probe.ts");
    const { clientId, redirectUri } = await need(akto.setup);
    const authorizationEndpoint = `${await endpoints(namedServer)}/authorize`;
    const result = await probeAuthorize({ http: await context.http(), authorizationEndpoint, clientId, redirectUri });
    // Okta's answer is no answer to Akto's request unless it names its cause.
    if (result.kind === "unanswered") throw new Unseen(`Akto's own request could not be asked: ${result.why}`);
    const said = "said" in result ? result.said : "";
    return { kind: result.kind === "error" && grantErrors.has(result.error) ? "wrong_grant" : result.kind, said };
  }, "seen");

  return {
    issuer,
    probe,
    clientSecret: fact(async (): Promise<ClientSecretFact> => {
      const { clientId, redirectUri } = await need(akto.setup);
      const domain = await need(akto.domain);
      const own = await settings.domain();
      // A secret is only ever sent to the org, and with the client, that it was given for.
      const owner = settings.clientId;
      if (owner !== undefined && owner !== clientId && (await settings.origin("clientSecret")) !== undefined) {
        throw new Unseen(
          `The client secret here belongs to the client ${quoted(owner)}, and Akto uses ${quoted(clientId)}: it isn't sent with another client id.`,
        );
      }
      const isOwn = own?.origin === domain.origin;
      const issuer = isOwn ? settings.issuerOverride : undefined;
      const addresses = { domain, issuer, clientId };
      const clientSecret = isOwn
        ? await settings.secretFor("clientSecret", addresses)
        : await settings.keptSecret("clientSecret", addresses);
      if (clientSecret === undefined) throw new Unseen(await notForOrg(settings, "clientSecret", domain));
      const asked = await probe();
      if (asked.known && asked.value.kind === "wrong_client") {
        throw new Unseen("Okta doesn't know this client, so its secret can't be checked.");
      }
      if (asked.known && asked.value.kind === "feature_missing") {
        throw new Unseen("The org accepts no sign-in at custom authorization servers.");
      }
      const { checkClientSecret, clientSecretFailure } = await import("../../oidc/client-secret.ts");
      const http = await context.http();
      const tokenEndpoint = `${await endpoints()}/token`;
      const result = await checkClientSecret({ http, tokenEndpoint, clientId, clientSecret, redirectUri });
      if (result.kind === "unknown_client")
        throw new Unseen("Okta doesn't know this client, so its secret can't be checked.");
      if (result.kind === "refused" && grantErrors.has(result.error)) {
        throw new Unseen("Okta turned the app away for its grant before it looked at the secret.");
      }
      if (result.kind === "unreadable") throw new Unseen(result.failure.message, result.failure);
      const failure = clientSecretFailure(result, clientId);
      return failure ? { kind: "refused", message: failure.message, hint: failure.hint } : { kind: "accepted" };
    }, "seen"),
  };
}

/** Answers to discovery that don't name their cause. */
const unread: ReadonlySet<string> = new Set(["oidc.discovery_failed", "oidc.not_an_issuer"]);

/** What Okta answers to an app that may not use the authorization code grant. */
const grantErrors = new Set(["unauthorized_client", "unsupported_response_type"]);
