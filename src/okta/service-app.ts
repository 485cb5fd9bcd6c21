/**
 * A service app signs in with its own key (RFC 7523) and asks with the token that it gets, bound to a key of this run where
 * Okta demands it (DPoP, RFC 9449).
 */
import { createPrivateKey, type KeyObject, webcrypto } from "node:crypto";
import {
  allowInsecureRequests,
  Configuration,
  type CustomFetchOptions,
  clientCredentialsGrant,
  customFetch,
  type DPoPHandle,
  fetchProtectedResource,
  getDPoPHandle,
  modifyAssertion,
  PrivateKeyJwt,
  randomDPoPKeyPair,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from "openid-client";
import { Failure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { quoted } from "../core/text.ts";
import { asResponse, ownFetch } from "../http/answer.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "../http/types.ts";
import { privateKeyInvalid } from "./private-key.ts";
import type { ServiceAppSettings } from "./settings.ts";

/**
 * An HTTP client that signs with a token of the service app. It is asked for when it is first needed, and once more when
 * Okta does not accept it any longer.
 *
 * @param http sends a request as it is
 * @throws Failure `okta.private_key_invalid`; at the first request `okta.service_app_refused`
 */
export async function signInServiceApp(origin: string, app: ServiceAppSettings, http: HttpClient): Promise<HttpClient> {
  const tokenEndpoint = `${origin}/oauth2/v1/token`;
  const { key, kid } = await readKey(app);
  const config = new Configuration(
    { issuer: origin, token_endpoint: tokenEndpoint },
    app.clientId,
    undefined,
    PrivateKeyJwt(kid === undefined ? key : { key, kid }, {
      // Okta wants its token endpoint there, not the issuer (Okta: "Build a JWT for client authentication").
      [modifyAssertion]: (_, payload) => {
        payload.aud = tokenEndpoint;
      },
    }),
  );
  // Our HTTP client decides which addresses may be plain HTTP: only loopback ones.
  allowInsecureRequests(config);
  let answered = false;
  config[customFetch] = ownFetch(async (url: string, { method, headers, body }: CustomFetchOptions) => {
    if (body instanceof ArrayBuffer || body instanceof ReadableStream) throw new TypeError("only texts are sent");
    const request = { method, headers, body: body ?? null };
    if (url !== tokenEndpoint) return asResponse(await http.fetch(url, request));
    // A POST that changes nothing.
    const response = await checkedTokenAnswer(await http.fetch(url, { ...request, repeatable: true }));
    answered = true;
    return response;
  });
  const DPoP = getDPoPHandle(config, await randomDPoPKeyPair());

  const signed = async (token: TokenEndpointResponse, address: string, request: HttpRequest) => {
    const { access_token: accessToken, token_type: type } = token;
    const { method = "GET", headers, body } = request;
    const sent = typeof body === "string" || body instanceof URLSearchParams ? body : null;
    const options = type === "dpop" ? { DPoP } : {};
    try {
      return await fetchProtectedResource(
        config,
        accessToken,
        new URL(address),
        method.toUpperCase(),
        sent,
        new Headers(headers),
        options,
      );
    } catch (error) {
      // An error with a challenge is an answer like any other here.
      if (error instanceof WWWAuthenticateChallengeError) return error.response;
      throw failureWithin(error) ?? error;
    }
  };
  let current: Promise<TokenEndpointResponse> | undefined;
  const send = async (address: string, request: HttpRequest) => {
    current ??= signIn(config, app, DPoP, () => answered);
    const token = current;
    // Of several requests at once, the first drops the token, and the others wait for the new one that it asks for.
    const drop = () => {
      if (current === token) current = undefined;
    };
    token.catch(drop);
    const answer = await signed(await token, address, request);
    if (answer.status === 401) drop();
    return answer;
  };
  return {
    async fetch(address, request = {}) {
      const answer = await send(address, request);
      return answer.status === 401 ? send(address, request) : answer;
    },
  };
}

async function signIn(
  config: Configuration,
  app: ServiceAppSettings,
  DPoP: DPoPHandle,
  answered: () => boolean,
): Promise<TokenEndpointResponse> {
  try {
    return await clientCredentialsGrant(config, { scope: app.scopes.join(" ") }, { DPoP });
  } catch (error) {
    // Nothing that goes wrong before an answer has come is the answer's fault.
    throw failureWithin(error) ?? (answered() ? refused("unavailable", "its answer is not a token") : error);
  }
}

/** What was thrown below the library. */
function failureWithin(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  return error instanceof Error && error.cause !== undefined ? failureWithin(error.cause) : undefined;
}

/** Any answer that isn't a token and doesn't ask for a nonce is a refusal in Okta's words, whatever its form. */
async function checkedTokenAnswer(answer: HttpAnswer): Promise<Response> {
  if (answer.ok) return asResponse(answer);
  const text = await answer.text();
  const json = parseJson(text);
  const { error, error_description: description, errorSummary } = isRecord(json) ? json : {};
  if (error === "use_dpop_nonce") return asResponse(answer, text);
  const said = description ?? errorSummary ?? error ?? `HTTP ${answer.status}`;
  throw refused(answer.status >= 500 ? "unavailable" : "auth", said);
}

function refused(kind: "auth" | "unavailable", said: unknown): Failure {
  return new Failure(kind, "okta.service_app_refused", `Okta did not sign the service app in: ${quoted(said)}.`, {
    hint: "Check its client id, its key (OKTA_CLIENT_PRIVATEKEY, OKTA_CLIENT_KEYID) and that the scopes are granted to it.",
  });
}

/** The key to sign with. If it can't be read, no message quotes it. */
async function readKey({ privateKey, keyId }: ServiceAppSettings): Promise<{ key: webcrypto.CryptoKey; kid?: string }> {
  const json = parseJson(privateKey);
  const jwk = isRecord(json) ? json : undefined;
  const kid = typeof jwk?.kid === "string" ? jwk.kid : keyId;
  try {
    const key = createPrivateKey(jwk ? { key: jwk, format: "jwk" } : privateKey);
    const der = key.export({ type: "pkcs8", format: "der" });
    const imported = await webcrypto.subtle.importKey("pkcs8", der, algorithmOf(key, jwk?.alg), false, ["sign"]);
    return { key: imported, ...(kid ? { kid } : {}) };
  } catch {
    throw privateKeyInvalid("The service app's private key can't be read.");
  }
}

/** RS256 and ES256 unless the key names another of Okta's algorithms (Okta: "Sign the JWT": RS…, ES…). */
function algorithmOf(key: KeyObject, named: unknown): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams {
  if (key.asymmetricKeyType === "rsa") {
    const [, bits = "256"] = /^RS(256|384|512)$/.exec(typeof named === "string" ? named : "") ?? [];
    return { name: "RSASSA-PKCS1-v1_5", hash: `SHA-${bits}` };
  }
  const namedCurve = curves.get(key.asymmetricKeyDetails?.namedCurve ?? "");
  if (namedCurve === undefined) throw new TypeError("neither RSA nor one of NIST's curves");
  return { name: "ECDSA", namedCurve };
}

/** OpenSSL's names and Web Crypto's. */
const curves = new Map([
  ["prime256v1", "P-256"],
  ["secp384r1", "P-384"],
  ["secp521r1", "P-521"],
]);
