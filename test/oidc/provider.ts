/** A small OpenID provider on loopback that can be made to misbehave in any one way. */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";

export const clientId = "0oa1client2id3";
export const clientSecret = "the-client-secret-of-the-tests";

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" } };
}

type Fields = Record<string, unknown>;

/** One way to misbehave: each member changes one thing that the provider says. */
export interface Misbehavior {
  discovery?: (document: Fields) => Fields;
  /** The parameters of the redirect back. */
  answer?: (parameters: URLSearchParams) => void;
  idToken?: (claims: Fields) => Fields;
  /** Signs the ID token in place of the provider's RS256. */
  sign?: (claims: JWTPayload, key: SigningKey) => Promise<string> | string;
  keys?: readonly SigningKey[];
  token?: (body: Fields) => Fields;
  userinfo?: (claims: Fields) => Fields;
  /** Answers the probe itself: an authorization request with `prompt=none`. */
  probe?: (response: ServerResponse, redirectUri: string, request: URLSearchParams) => void;
  /** Answers a path itself. */
  route?: ReadonlyMap<string, (request: IncomingMessage, response: ServerResponse) => void>;
}

export interface Provider {
  readonly issuer: string;
  readonly key: SigningKey;
  misbehavior: Misbehavior;
  /** The forms that came to the token endpoint, since the last reset. */
  readonly exchanges: URLSearchParams[];
  close(): void;
}

export async function startProvider(): Promise<Provider> {
  const key = await signingKey("key-1");
  const codes = new Map<string, { nonce: string | null; challenge: string | null }>();
  const exchanges: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => json(response, { error: String(error) }, 500));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/oauth2/default`;
  const provider: Provider = {
    issuer,
    key,
    misbehavior: {},
    exchanges,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return provider;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", issuer);
    const path = url.pathname.replace("/oauth2/default", "");
    const bad = provider.misbehavior;
    const own = bad.route?.get(path);
    if (own) return own(request, response);
    switch (path) {
      case "/.well-known/openid-configuration": {
        const document = {
          issuer,
          authorization_endpoint: `${issuer}/v1/authorize`,
          token_endpoint: `${issuer}/v1/token`,
          userinfo_endpoint: `${issuer}/v1/userinfo`,
          jwks_uri: `${issuer}/v1/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          authorization_response_iss_parameter_supported: true,
        };
        return json(response, bad.discovery?.(document) ?? document);
      }
      case "/v1/authorize": {
        const { searchParams } = url;
        if (bad.probe && searchParams.get("prompt") === "none") {
          return bad.probe(response, searchParams.get("redirect_uri") ?? "", searchParams);
        }
        const code = randomUUID();
        codes.set(code, { nonce: url.searchParams.get("nonce"), challenge: url.searchParams.get("code_challenge") });
        const parameters = new URLSearchParams({ code, state: url.searchParams.get("state") ?? "", iss: issuer });
        bad.answer?.(parameters);
        response.writeHead(302, { location: `${url.searchParams.get("redirect_uri")}?${parameters}` }).end();
        return;
      }
      case "/v1/token": {
        const form = new URLSearchParams(await text(request));
        exchanges.push(form);
        if (form.get("client_id") !== clientId) {
          const errorSummary = "Invalid value for 'client_id' parameter.";
          return json(response, { errorCode: "invalid_client", errorSummary, errorCauses: [] }, 401);
        }
        if (form.get("client_secret") !== clientSecret) {
          const error_description = "The client secret supplied for a confidential client is invalid.";
          return json(response, { error: "invalid_client", error_description }, 401);
        }
        const granted = codes.get(form.get("code") ?? "");
        const challenge = createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url");
        if (!granted || granted.challenge !== challenge) {
          const error_description = "The authorization code is invalid or has expired.";
          return json(response, { error: "invalid_grant", error_description }, 400);
        }
        const accessToken = `access.${Buffer.from(JSON.stringify({ groups: ["Akto Admins"] })).toString("base64url")}.token`;
        const now = Math.floor(Date.now() / 1000);
        const honest: Fields = {
          iss: issuer,
          aud: clientId,
          sub: "00u1user",
          nonce: granted.nonce,
          iat: now,
          exp: now + 3600,
          at_hash: halfHash(accessToken),
        };
        const claims: JWTPayload = bad.idToken?.(honest) ?? honest;
        const id_token = await (bad.sign ?? signed)(claims, key);
        const body: Fields = { access_token: accessToken, token_type: "Bearer", expires_in: 3600, id_token };
        return json(response, bad.token?.(body) ?? body);
      }
      case "/v1/userinfo": {
        const claims: Fields = { sub: "00u1user", email: "ada@example.com", preferred_username: "ada@example.com" };
        return json(response, bad.userinfo?.(claims) ?? claims);
      }
      case "/v1/keys":
        return json(response, { keys: (bad.keys ?? [key]).map(({ publicJwk }) => publicJwk) });
      default:
        return json(response, { errorCode: "E0000007", errorSummary: "Not found" }, 404);
    }
  }
}

/** An honest RS256 signature, unless the header is to say something else. */
export function signed(
  claims: JWTPayload,
  key: SigningKey,
  kid: string | undefined = key.kid,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const protectedHeader = { alg: "RS256", ...(kid ? { kid } : {}), ...header };
  return new SignJWT(claims).setProtectedHeader(protectedHeader).sign(key.privateKey);
}

/** An ID token with any header, and the signature that an HMAC with `secret` gives, or none. */
export function handMade(header: Fields, claims: JWTPayload, secret?: string | Buffer): string {
  const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  const head = `${part(header)}.${part(claims)}`;
  return `${head}.${secret === undefined ? "" : createHmac("sha256", secret).update(head).digest("base64url")}`;
}

function halfHash(token: string): string {
  return createHash("sha256").update(token).digest().subarray(0, 16).toString("base64url");
}

function json(response: ServerResponse, body: Fields, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
