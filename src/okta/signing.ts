/** Signs requests to an org: the one place from which a credential is sent, and it is sent to its own org only. */
import { Failure } from "../core/failure.ts";
import { once } from "../core/once.ts";
import { clean, quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import type { ServiceAppSettings } from "./settings.ts";

/** How to sign requests: an API token, or a service app with a key of its own (`authorizationMode: PrivateKey`). */
export type OktaCredentials = { readonly token: string } | ServiceAppSettings;

export interface SigningOptions {
  /** The org's origin, see `parseOktaDomain`. */
  readonly origin: string;
  readonly credentials: OktaCredentials;
  readonly http: HttpClient;
}

/**
 * An HTTP client that signs what it sends with these credentials. A change is never sent twice unasked: when its answer is
 * lost, the failure says that it may have been carried out.
 *
 * Failures, beside those of `http`: `okta.foreign_link` for an address that is not the org's, `okta.token_invalid`,
 * `okta.private_key_invalid`, `okta.service_app_refused`.
 */
export function createSignedHttp({ origin, credentials, http }: SigningOptions): HttpClient {
  const send: HttpClient["fetch"] = async (address, request = {}) => {
    stayAt(origin, address);
    const isRead = ["GET", "HEAD"].includes((request.method ?? "GET").toUpperCase());
    return http.fetch(address, isRead ? request : { repeatable: false, ...request });
  };
  if ("token" in credentials) {
    const authorization = `SSWS ${credentials.token}`;
    return {
      fetch: async (address, request = {}) => {
        checkToken(credentials.token);
        return send(address, { ...request, headers: { ...request.headers, authorization } });
      },
    };
  }
  const signedIn = once(async () => {
    const { signInServiceApp } = await import("./service-app.ts");
    return signInServiceApp(origin, credentials, { fetch: send });
  });
  return { fetch: async (address, request) => (await signedIn()).fetch(address, request) };
}

function stayAt(origin: string, address: string): void {
  const target = URL.canParse(address) ? new URL(address).origin : "null";
  if (target === origin) return;
  throw new Failure(
    "unavailable",
    "okta.foreign_link",
    `Okta's answer leads to another host, ${quoted(target === "null" ? address : target)}, where the token must not go.`,
    { hint: `Check that ${clean(origin)} is your org, and that no proxy in between changes answers.` },
  );
}

/** What can't be sent in a header is refused here: the HTTP library's own error would quote it. */
function checkToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new Failure("auth", "okta.token_invalid", "The Okta API token has characters in it that no token has.", {
    hint: "Copy it again, without spaces or line breaks.",
  });
}
