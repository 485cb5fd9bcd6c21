/** Okta's SDK for what is written: its calls and models are Okta's own, the way to the network and the signature are ours. */
import type { Client } from "@okta/okta-sdk-nodejs";
import { isRecord, parseJson } from "../core/json.ts";
import { asResponse } from "../http/answer.ts";
import type { HttpClient } from "../http/types.ts";
import { answerFailure } from "./errors.ts";

/**
 * Loads the SDK.
 *
 * @param http signs and sends every request
 */
export async function connectSdk(origin: string, http: HttpClient): Promise<Client> {
  const { default: sdk } = await import("@okta/okta-sdk-nodejs");
  const { ConfigLoader } = await import("@okta/okta-sdk-nodejs/src/config-loader.js");
  // The SDK would read okta.yaml and the environment once more, and fails on a file with nothing in it, whatever is given
  // here: `settings.ts` has read them.
  ConfigLoader.prototype.applyDefaults = () => {};
  class Executor extends sdk.RequestExecutor {
    override async fetch(request: SdkRequest): Promise<Response> {
      const { url: address = "", method = "GET", headers, body } = request;
      const sent = { method, headers: isRecord(headers) ? unsigned(headers) : {}, body: asBody(body) };
      const answer = await http.fetch(address, sent);
      if (answer.ok) return asResponse(answer);
      // The SDK's own error forgets the method and the challenge.
      const json = parseJson(await answer.text());
      throw answerFailure({ method, address, status: answer.status, headers: answer.headers, json });
    }
  }
  const settings = {
    orgUrl: origin,
    userAgent: `akto-okta/${__VERSION__}`,
    requestExecutor: new Executor(),
    cacheMiddleware: null,
    // Never used: it keeps the SDK from making sense of HTTPS_PROXY, which is our HTTP's part.
    httpsProxy: origin,
    authorizationMode: "SSWS",
    // Never sent: what is sent is signed in `signing.ts`, and the SDK's own signing libraries are never run.
    token: "-",
  };
  return new sdk.Client(settings);
}

/** A request as the SDK hands it over. */
interface SdkRequest {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
}

function asBody(body: unknown): string | URLSearchParams | null {
  return typeof body === "string" || body instanceof URLSearchParams ? body : null;
}

/** The SDK's headers without its signature. */
function unsigned(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[0].toLowerCase() !== "authorization",
    ),
  );
}
