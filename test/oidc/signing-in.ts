/** Whole sign-ins against a provider, with a browser that is played. */
import { createHttpClient } from "../../src/http/client.ts";
import type { Issuer } from "../../src/oidc/discover.ts";
import { type SignInOutcome, type SignInRequest, signIn } from "../../src/oidc/sign-in.ts";
import { clientId, clientSecret } from "./provider.ts";

export const http = createHttpClient();

/** Follows the authorize URL as a browser without a user would. */
export async function browse(url: string): Promise<Response> {
  return fetch(await redirectOf(url));
}

export async function redirectOf(url: string): Promise<string> {
  const redirect = await fetch(url, { redirect: "manual" });
  return redirect.headers.get("location") ?? "";
}

/** A whole sign-in; `visit` plays the browser. */
export async function signInWith(
  issuer: Issuer,
  over: Partial<SignInRequest> = {},
  visit: (url: string) => Promise<unknown> = browse,
) {
  const outcomes: SignInOutcome[] = [];
  const visits: Promise<unknown>[] = [];
  const request: SignInRequest = {
    http,
    issuer,
    clientId,
    clientSecret,
    port: 0,
    timeoutMs: 20_000,
    onAuthorizeUrl: (url) => {
      visits.push(visit(url));
    },
    render: (outcome) => {
      outcomes.push(outcome);
      return outcome.kind === "failed" ? `failed ${outcome.failure.code}` : "signed in";
    },
    ...over,
  };
  const result = await signIn(request).catch((error: unknown) => error);
  const visited = await Promise.all(visits);
  return { result, outcomes, visited };
}
