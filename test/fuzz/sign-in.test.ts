import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { discoverIssuer, type Issuer } from "../../src/oidc/discover.ts";
import { signIn } from "../../src/oidc/sign-in.ts";
import { hostileText } from "../hostile.ts";
import { clientId, clientSecret, type Misbehavior, type Provider, startProvider } from "../oidc/provider.ts";
import { effort, spoiledText, spoiling, survivesLater } from "./fuzz.ts";

let provider: Provider;
let issuer: Issuer;
const http = createHttpClient({ sleep: async () => {} });
beforeAll(async () => {
  provider = await startProvider();
  issuer = await discoverIssuer(http, provider.issuer);
});
afterAll(() => provider.close());

const keys = ["sub", "iss", "aud", "azp", "nonce", "at_hash", "access_token", "id_token", "token_type", "error"];
const names = fc.constantFrom(
  "code",
  "state",
  "iss",
  "error",
  "error_description",
  "response",
  "id_token",
  "__proto__",
);
const parts = fc.constantFrom("token", "idToken", "userinfo", "keys", "answer", "typed");

/** What a sign-in meets: one part of the conversation spoiled. The typed address is what `--paste` takes. */
const trouble = fc.tuple(
  parts,
  spoiling(keys),
  fc.array(fc.tuple(names, hostileText), { maxLength: 4 }),
  fc.oneof(spoiledText("?code=c&state=s", ["&", "=", "#", "error=x", "%", "\\", "state=&"]), hostileText),
);

test(
  "a sign-in brings tokens or fails, whatever the callback, the tokens, the keys and userinfo are",
  async () => {
    await fc.assert(
      fc.asyncProperty(trouble, async ([part, spoil, parameters, typed]) => {
        const spoilFields = (fields: object) => spoil(fields) as Record<string, unknown>;
        const misbehaviors: Record<typeof part, Misbehavior> = {
          token: { token: spoilFields },
          idToken: { idToken: spoilFields },
          userinfo: { userinfo: spoilFields },
          keys: { keys: [{ ...provider.key, publicJwk: spoilFields(provider.key.publicJwk) }] },
          answer: { answer: (given) => parameters.forEach(([name, value]) => void given.set(name, value)) },
          typed: {},
        };
        provider.misbehavior = misbehaviors[part];
        let address = "";
        const signedIn = await survivesLater(`the sign-in, ${part}`, [part, parameters, typed], () =>
          signIn({
            http,
            issuer,
            clientId,
            clientSecret,
            port: 0,
            timeoutMs: 20_000,
            onAuthorizeUrl: async (url) => {
              address = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
            },
            render: () => "",
            paste: async () => (part === "typed" ? `${address.split("?", 1)}${typed}` : address),
          }),
        );
        // The user is the one whom the ID token names, or nobody.
        if (signedIn) expect(signedIn.userinfo.sub).toBe(signedIn.idTokenClaims.sub);
      }),
      effort(2).runs,
    );
  },
  effort().timeout,
);
