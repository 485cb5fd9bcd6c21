/** One real sign-in on a loopback address: the authorization code flow with state, nonce and PKCE. */
import { createHash } from "node:crypto";
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  type IDToken,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { aktoScopes } from "../core/address.ts";
import { Failure } from "../core/failure.ts";
import { count } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import type { Endpoint } from "./answers.ts";
import { configurationFor, type Issuer } from "./discover.ts";
import { explain, tokenType } from "./explain.ts";
import { type Arrived, clockTolerance, idTokenClaim, idTokenTime } from "./id-token.ts";
import { type Arrival, type LoopbackListener, listen } from "./listener.ts";
import type { Stage } from "./refusals.ts";

/** What a completed sign-in brought. The tokens were checked; they are secrets and are never shown. */
export interface SignedIn {
  readonly accessToken: string;
  readonly idTokenClaims: Readonly<Record<string, unknown>>;
  readonly userinfo: Readonly<Record<string, unknown>>;
}

/** How it ended, for the page in the browser. */
export type SignInOutcome =
  | { readonly kind: "signed_in"; readonly signedIn: SignedIn }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface SignInRequest {
  readonly http: HttpClient;
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where to listen on 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  /** How long to wait for the browser to come back, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Has the provider ask who signs in, also where the browser is signed in already (OpenID Connect Core section 3.1.2.1,
   * `prompt=login`).
   */
  readonly anotherUser?: boolean | undefined;
  /** Ends the wait; its reason is thrown when that is a `Failure`. */
  readonly signal?: AbortSignal;
  /** Wraps the sign-in once the port is taken: nothing is changed elsewhere for a sign-in that can't begin. */
  readonly around?: (run: () => Promise<SignedIn>) => Promise<SignedIn>;
  /** Called once, when the listener is ready: start the browser, or show the URL. */
  onAuthorizeUrl(url: string): void | Promise<void>;
  /**
   * The page for the waiting browser, see `renderResultPage`. It is asked once, with the outcome; what it throws fails the sign-in, and the
   * page is then asked for again, with that failure.
   */
  render(outcome: SignInOutcome): string | Promise<string>;
  /**
   * Takes the redirected URL typed in by the user, beside listening for it. The signal is aborted when the
   * browser came back after all.
   */
  readonly paste?: (signal: AbortSignal, check: (typed: string) => true | string) => Promise<string>;
}

/**
 * Signs a user in and reads userinfo, with exactly the scopes that Akto asks for.
 *
 * @throws Failure of the codes in `explain.ts`, `refusals.ts` and `listener.ts`, `oidc.timeout` (`unavailable`),
 *   `oidc.paste_invalid` (`usage`), `interrupted`, and what `http`, `render` and `around` throw
 */
export async function signIn(request: SignInRequest): Promise<SignedIn> {
  let arrived: Arrived | undefined;
  const answered = new Set<Endpoint>();
  const configuration = configurationFor(request.issuer, request, (endpoint, headers) => {
    answered.add(endpoint);
    if (endpoint !== "token") return;
    const there = Date.parse(headers.get("date") ?? "");
    arrived = { here: Date.now(), there: Number.isNaN(there) ? undefined : there };
  });
  const secrets: FlowSecrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  const listener = await listen(request.port, secrets.state);
  const run = async () => {
    const url = await authorizeUrl(configuration, listener.redirectUri, secrets, request.anotherUser ?? false);
    await request.onAuthorizeUrl(url.href);
    const arrival = await waitForArrival(listener, request);
    const clocks = () => arrived ?? { here: Date.now(), there: undefined };
    return answerWith(arrival, request, () => complete(configuration, arrival.url, secrets, clocks, answered));
  };
  try {
    return await (request.around?.(run) ?? run());
  } finally {
    await listener.close();
  }
}

interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

async function authorizeUrl(
  configuration: Configuration,
  redirectUri: string,
  flow: FlowSecrets,
  anotherUser: boolean,
): Promise<URL> {
  return buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: aktoScopes.join(" "),
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: "S256",
    ...(anotherUser && { prompt: "login" }),
  });
}

async function waitForArrival(listener: LoopbackListener, request: SignInRequest): Promise<Arrival> {
  const { timeoutMs, signal, paste } = request;
  const done = new AbortController();
  const timeout = AbortSignal.timeout(timeoutMs);
  const stopped = new Promise<never>((_, reject) => {
    const stop = (error: () => unknown) => () => reject(error());
    const onTimeout = stop(() => timedOut(timeoutMs, listener.turnedAway()));
    const onAbort = stop(() => interruption(signal));
    timeout.addEventListener("abort", onTimeout, { signal: done.signal });
    signal?.addEventListener("abort", onAbort, { signal: done.signal });
    if (signal?.aborted) onAbort();
  });
  try {
    const ways = [listener.arrival, stopped];
    if (paste) {
      const check = (typed: string) => (isRedirected(typed, listener.redirectUri) ? true : notRedirected(listener));
      ways.push(paste(done.signal, check).then((typed) => pasted(typed, listener)));
    }
    return await Promise.race(ways);
  } finally {
    done.abort();
  }
}

function timedOut(timeoutMs: number, turnedAway: number): Failure {
  const strangers =
    turnedAway > 0 ? " Something did come back, but without this sign-in's state, so it was rejected." : "";
  return new Failure(
    "unavailable",
    "oidc.timeout",
    `The browser did not come back within ${count(Math.ceil(timeoutMs / 1000), "second")}.${strangers}`,
    {
      hint: "Sign in again, or give more time with --timeout. From a remote shell, paste the address that the browser ends on.",
    },
  );
}

function interruption(signal: AbortSignal | undefined): Failure {
  return signal?.reason instanceof Failure ? signal.reason : new Failure("interrupted", "interrupted", "Interrupted.");
}

function isRedirected(typed: string, redirectUri: string): boolean {
  const url = URL.canParse(typed.trim()) ? new URL(typed.trim()) : undefined;
  return url !== undefined && `${url.origin}${url.pathname}` === redirectUri && url.search !== "";
}

const notRedirected = ({ redirectUri }: LoopbackListener) =>
  `That is not the address that the browser was sent back to: copy the whole address bar; it begins with ${redirectUri}?`;

function pasted(typed: string, listener: LoopbackListener): Arrival {
  if (!isRedirected(typed, listener.redirectUri)) {
    throw new Failure("usage", "oidc.paste_invalid", "That is not the address that the browser was sent back to.", {
      hint: `Copy the whole address from the browser's address bar; it begins with ${listener.redirectUri}`,
    });
  }
  return { url: new URL(typed.trim()), answer: async () => {} };
}

async function complete(
  configuration: Configuration,
  url: URL,
  flow: FlowSecrets,
  arrived: () => Arrived,
  answered: ReadonlySet<Stage | Endpoint>,
): Promise<SignedIn> {
  const inStage = async <Value>(stage: Stage, run: () => Promise<Value>): Promise<Value> => {
    try {
      return await run();
    } catch (error) {
      throw explain(error, stage, arrived(), answered.has(stage));
    }
  };
  const tokens = await inStage(url.searchParams.has("error") ? "authorization" : "token", () =>
    authorizationCodeGrant(configuration, url, {
      expectedState: flow.state,
      expectedNonce: flow.nonce,
      pkceCodeVerifier: flow.verifier,
      idTokenExpected: true,
    }),
  );
  // openid-client takes a DPoP-bound token too, which Akto would send as a Bearer token all the same.
  if (tokens.token_type.toLowerCase() !== "bearer") throw tokenType(tokens.token_type);
  const claims = tokens.claims();
  if (!claims) throw idTokenClaim("claims", undefined);
  checkWhatTheLibraryLeaves(claims, tokens.access_token, configuration.clientMetadata().client_id, arrived());
  const userinfo = await inStage("userinfo", () => fetchUserInfo(configuration, tokens.access_token, claims.sub));
  return { accessToken: tokens.access_token, idTokenClaims: claims, userinfo };
}

/**
 * What openid-client leaves to its caller in the code flow: `at_hash` (OpenID Connect Core section 3.1.3.8, RS256 and
 * its kin), audiences beside this client (3.1.3.7 point 3), `azp` of a token with a single audience (point 5), an `iat` far from now
 * (point 10), and a `sub` that is empty.
 */
function checkWhatTheLibraryLeaves(claims: IDToken, accessToken: string, clientId: string, arrived: Arrived): void {
  const refuse = (claim: string) => idTokenClaim(claim, claims);
  if (claims.sub === "") throw refuse("sub");
  if (Array.isArray(claims.aud) && claims.aud.some((audience) => audience !== clientId)) throw refuse("aud");
  if (claims.azp !== undefined && claims.azp !== clientId) throw refuse("azp");
  if (Math.abs(arrived.here / 1000 - claims.iat) > clockTolerance) throw idTokenTime("iat", claims.iat, arrived);
  if (claims.at_hash !== undefined) {
    const fits = ["sha256", "sha384", "sha512"].some(
      (algorithm) => claims.at_hash === halfHash(algorithm, accessToken),
    );
    if (!fits) throw refuse("at_hash");
  }
}

function halfHash(algorithm: string, text: string): string {
  const digest = createHash(algorithm).update(text, "ascii").digest();
  return digest.subarray(0, digest.length / 2).toString("base64url");
}

/** Runs the exchange, then answers the waiting browser with its outcome. */
async function answerWith(arrival: Arrival, request: SignInRequest, run: () => Promise<SignedIn>): Promise<SignedIn> {
  try {
    const signedIn = await run();
    await arrival.answer(await request.render({ kind: "signed_in", signedIn }));
    return signedIn;
  } catch (error) {
    const failure =
      error instanceof Failure
        ? error
        : new Failure("bug", "bug", "Something unexpected went wrong.", {
            hint: "The terminal says more.",
            cause: error,
          });
    await arrival.answer(await request.render({ kind: "failed", failure }));
    throw error;
  }
}
