/** Sign-ins at oauth2-mock-server, which sends the browser back without asking, and lets its answers be changed. */
import { beforeAll, describe, it } from "vitest";
import { freePort } from "../program.ts";
import { npmPackage } from "./npm-packages.ts";
import { type Expected, expectEnding, withPeer } from "./peer.ts";
import { signIn } from "./sign-in.ts";
import { type Server, serve } from "./tools.ts";

const version = "9.3.0";
const script = new URL("oauth2-mock-server.mjs", import.meta.url).pathname;

async function start(port: number, slashPort: number): Promise<Server> {
  const { folder, node } = await npmPackage("oauth2-mock-server", version);
  return serve(node, [script, folder, String(port), String(slashPort)], {
    cwd: folder,
    ready: `http://127.0.0.1:${slashPort}/.well-known/openid-configuration`,
  });
}

const admin: Expected = { ends: "ADMIN", exits: 0, groups: "access_token: Akto Admins" };

const cases: readonly { readonly title: string; readonly client: string; readonly expected: Expected }[] = [
  { title: "signs in although the server sends a code for `prompt=none`", client: "plain", expected: admin },
  { title: "signs in at an issuer with a slash at its end", client: "slash", expected: admin },
  {
    title: "takes no DPoP token, which Akto could not use",
    client: "dpop-token",
    expected: { ends: "oidc.token_type", exits: 6, says: [/type “DPoP”, and Akto sends Bearer/] },
  },
  {
    title: "names the token endpoint and its status when it is down",
    client: "token-endpoint-down",
    expected: { ends: "oidc.token_unreadable", exits: 5, says: [/token endpoint.*502/] },
  },
  {
    title: "names the userinfo endpoint and its status when it is down",
    client: "userinfo-down",
    expected: { ends: "oidc.userinfo_unreadable", exits: 5, says: [/userinfo.*503/] },
  },
  {
    title: "says why userinfo refused the access token, also without `WWW-Authenticate`",
    client: "userinfo-refuses",
    expected: { ends: "oidc.userinfo_refused", exits: 6, says: [/unknown here/] },
  },
  {
    title: "knows Okta's sentence of a missing feature, whatever its code",
    client: "feature-missing",
    expected: { ends: "oidc.feature_missing", exits: 6, says: [/API Access Management/] },
  },
  {
    title: "knows Okta's sentence of a claim that could not be evaluated, whatever its code",
    client: "claim-fails",
    expected: { ends: "oidc.claim_failed", exits: 6, says: [/claim/], neverSays: /try again/i },
  },
];

describe("oauth2-mock-server", () => {
  let port: number;
  let slashPort: number;
  beforeAll(async () => {
    [port, slashPort] = [await freePort(), await freePort()];
  });
  withPeer({ name: "oauth2-mock-server", version, start: () => start(port, slashPort) });

  it.for(cases.map((each) => [each.title, each] as const))("%s", async ([, { client, expected }], context) => {
    const ending = await signIn({
      issuer: client === "slash" ? `http://127.0.0.1:${slashPort}/` : `http://127.0.0.1:${port}`,
      clientId: client,
      clientSecret: "any-secret-will-do",
      person: {},
    });
    expectEnding(context, ending, expected);
  });
});
