import { generateKeyPairSync } from "node:crypto";
import { text } from "node:stream/consumers";
import { decodeJwt, jwtVerify } from "jose";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { serve } from "../http/server.ts";

const http = createHttpClient({ sleep: async () => {} });

describe("an answer that isn't Okta's", () => {
  const asking = async (status: number, body: string, headers: Record<string, string> = {}) => {
    const type = { "content-type": "application/json" };
    const origin = await serve((_, response) => response.writeHead(status, { ...type, ...headers }).end(body));
    return createOktaOrg({ origin, token: "00token", http });
  };
  const okta = (errorCode: string, errorSummary = "", causes: unknown = []) =>
    JSON.stringify({ errorCode, errorSummary, errorCauses: causes });

  test.each([
    [200, "<html>planted</html>", "okta.unexpected_answer"],
    [200, "{}", "okta.unexpected_answer"],
    [200, "7", "okta.unexpected_answer"],
    [200, '[{"id":"00g","profile":null}]', "okta.unexpected_answer"],
    [200, "[null]", "okta.unexpected_answer"],
    [302, "planted", "okta.unexpected_answer"],
    [404, "<html>planted</html>", "okta.unexpected_answer"],
    [403, '{"planted":1}', "okta.unexpected_answer"],
    [401, "<html>planted</html>", "okta.unexpected_answer"],
    [401, okta("E0000011"), "okta.token_invalid"],
    [403, okta("E0000005"), "okta.token_invalid"],
    [500, "<html>planted</html>", "okta.failed"],
    [403, okta("E0000006"), "okta.token_powerless"],
    [403, okta("E0000015"), "okta.feature_missing"],
    [400, okta("E0000001", "bad", "planted"), "okta.unexpected_answer"],
    [409, okta("E0009999"), "okta.refused"],
    [503, okta("E0000010"), "okta.failed"],
  ])("such as %i %s is told apart", async (status, body, code) => {
    const org = await asking(status, body);
    const reading = async () => {
      for await (const _ of org.groups());
    };
    const failure = await reading().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain("planted");
  });

  test("and names no cause is told by the request, in words, be it read or written", async () => {
    for (const [status, body] of [
      [404, '{"message":"Not Found","documentation_url":"x"}'],
      [403, "<html>Blocked</html>"],
      [401, ""],
    ] as const) {
      const org = await asking(status, body);
      await expect(org.groupsNamed("x")).rejects.toMatchObject({
        code: "okta.unexpected_answer",
        kind: "unavailable",
        message: `Okta's answer is not what was expected: listing groups (GET /api/v1/groups) got HTTP ${status} without Okta's own error.`,
        hint: expect.stringContaining("proxy"),
      });
      await expect(org.createGroup("x")).rejects.toMatchObject({
        message: `Okta's answer is not what was expected: creating a group (POST /api/v1/groups) got HTTP ${status} without Okta's own error.`,
      });
    }
    await expect((await asking(501, "<html>")).whoAmI()).rejects.toMatchObject({
      code: "okta.failed",
      message: "Okta failed to answer: asking whose token it is (GET /api/v1/users/me) got HTTP 501.",
    });
    await expect((await asking(200, "<html>")).whoAmI()).rejects.toMatchObject({
      message:
        "Okta's answer is not what was expected: what came for asking whose token it is (GET /api/v1/users/me) is not JSON.",
    });
  });

  test("and that the SDK can't read is told by the request, too", async () => {
    for (const body of ["<html>", '{"profile":', ""]) {
      await expect((await asking(200, body)).createGroup("x")).rejects.toMatchObject({
        code: "okta.unexpected_answer",
        kind: "unavailable",
        message:
          "Okta's answer is not what was expected: what came for creating a group (POST /api/v1/groups) could not be read.",
      });
    }
  });

  test("and is nested too deep to be written back is told as that", async () => {
    const settings = `{"oauthClient":{"redirect_uris":[]},"deep":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const org = await asking(
      200,
      `{"id":"0oa","label":"Akto","status":"ACTIVE","signOnMode":"OPENID_CONNECT","credentials":{"oauthClient":{"client_id":"0oa"}},"settings":${settings}}`,
    );
    await expect(org.apps.addRedirectUri("0oa", "https://a.example/b")).rejects.toMatchObject({
      code: "okta.unexpected_answer",
      message: expect.stringContaining("nested too deep to be written back"),
    });
  });

  test("is never blamed for a mistake of this program's, be it made before, or in asking", async () => {
    const mistake = new TypeError("undefined is not a function");
    const failing = { fetch: () => Promise.reject(mistake) };
    const org = createOktaOrg({ origin: "https://acme.okta.com", token: "00token", http: failing });
    for (const call of [
      () => org.whoAmI(),
      () => org.createGroup("x"),
      () => org.apps.addRedirectUri("0oa", "https://a.b/c"),
    ]) {
      await expect(call()).rejects.toBe(mistake);
    }
  });

  test("says “Invalid session” where no credential arrived: nothing of rights, and the proxy is named", async () => {
    const org = await asking(403, okta("E0000005", "Invalid session"));
    await expect(org.whoAmI()).rejects.toMatchObject({
      code: "okta.token_invalid",
      kind: "auth",
      message: "Okta did not accept the credential that was sent: it says “Invalid session” (E0000005).",
      hint: expect.stringMatching(/proxy.*NO_PROXY/),
    });
  });

  test("names the scope that a service app lacks, and where it is to be had", async () => {
    const challenge =
      'Bearer authorization_uri="https://a.okta.com", scope="okta.groups.read", error="insufficient_scope"';
    for (const body of [okta("E0000006", "You do not have permission"), ""]) {
      const org = await asking(403, body, { "www-authenticate": challenge });
      await expect(org.groupsNamed("x")).rejects.toMatchObject({
        code: "okta.token_powerless",
        kind: "auth",
        message:
          "The service app's token doesn't have the scope “okta.groups.read”, which Okta requires for listing groups (GET /api/v1/groups).",
        hint: expect.stringMatching(/OKTA_CLIENT_SCOPES.*Okta API Scopes.*admin role/),
      });
    }
  });

  test("has its texts shown harmless, with every cause", async () => {
    const body = okta("E0000001", "Api validation failed.", [{ errorSummary: "name: \u001b[2J\u202etaken" }, 7, {}]);
    await expect((await asking(400, body)).createGroup("x")).rejects.toMatchObject({
      message: "Okta refused: “Api validation failed: name: \\u{1b}[2J\\u{202e}taken” (E0000001).",
    });
  });

  test("that leads round in a circle, to itself or to nowhere comes to an end", async () => {
    let origin = "";
    let asked = 0;
    const next = ["/api/v1/groups?after=b", "/api/v1/groups?after=a"];
    origin = await serve((_, response) => {
      const link = `<${origin}${next[asked++ % 2]}>; rel="next"`;
      response.writeHead(200, { "content-type": "application/json", link }).end("[]");
    });
    const reading = async (at: string) => {
      for await (const _ of createOktaOrg({ origin: at, token: "00token", http }).groups());
    };
    await expect(reading(origin)).rejects.toMatchObject({ code: "okta.unexpected_answer" });
    expect(asked).toBeLessThan(5);

    const foreign = [
      "//evil.example/x",
      "http://127.0.0.1.evil.example/",
      `${origin}@evil.example/`,
      "javascript:alert(1)",
      "https://a b/",
    ];
    const leadingTo = (url: string) =>
      serve((_, response) =>
        response.writeHead(200, { "content-type": "application/json", link: `<${url}>; rel="next"` }).end("[]"),
      );
    for (const url of foreign) {
      const shown = url.startsWith("javascript:") ? { message: expect.stringContaining(url) } : {};
      const at = await leadingTo(url);
      await expect(reading(at)).rejects.toMatchObject({ code: "okta.foreign_link", ...shown });
    }
    // Relative to what was asked, and so always to itself.
    await expect(reading(await leadingTo("x"))).rejects.toMatchObject({ code: "okta.unexpected_answer" });
  });

  test("whose pages never end, full or empty, is left with a word on it", async () => {
    for (const [items, most, says] of [
      ['[{"id":"00g1","profile":{"name":"A"}}]', 2_500, "after 2,500 pages there are more"],
      ["[]", 100, "100 pages in a row are empty"],
    ] as const) {
      let asked = 0;
      const origin = await serve((_, response) => {
        const link = `<${origin}/api/v1/groups?after=${asked++}>; rel="next"`;
        response.writeHead(200, { "content-type": "application/json", link }).end(items);
      });
      const reading = async () => {
        for await (const _ of createOktaOrg({ origin, token: "00token", http }).groups());
      };
      await expect(reading()).rejects.toMatchObject({
        kind: "unavailable",
        code: "okta.unexpected_answer",
        message: expect.stringContaining(says),
      });
      expect(asked).toBe(most);
    }
  });

  test("that is not in UTF-8 is refused, since a name in it would be another one", async () => {
    const body = Buffer.from('[{"id":"00g1","profile":{"name":"Sécurité"}}]', "latin1");
    const origin = await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(body),
    );
    await expect(createOktaOrg({ origin, token: "00token", http }).groupsNamed("x")).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.garbled",
      message: expect.stringMatching(/^The answer from 127\.0\.0\.1:\d+ is not in UTF-8/),
    });
  });

  test("that redirects, to a page, a change or a token request, takes the token nowhere", async () => {
    const stolen: string[] = [];
    const thief = await serve((request, response) => {
      stolen.push(`${request.method} ${request.headers.authorization}`);
      response.writeHead(200, { "content-type": "application/json" }).end("[]");
    });
    for (const status of [301, 302, 303, 307, 308]) {
      const org = await asking(status, "", { location: `${thief}/api/v1/groups` });
      await expect(org.groupsNamed("G")).rejects.toMatchObject({ code: "okta.unexpected_answer" });
      await expect(org.createGroup("G")).rejects.toMatchObject({ code: "okta.unexpected_answer" });
    }
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = privateKey.export({ format: "pem", type: "pkcs1" }).toString();
    const origin = await serve((_, response) => response.writeHead(307, { location: thief }).end());
    const app = createOktaOrg({ origin, clientId: "0oa", scopes: ["okta.groups.read"], privateKey: key, http });
    await expect(app.groupsNamed("G")).rejects.toMatchObject({ code: "okta.service_app_refused" });
    expect(stolen).toEqual([]);
  });
});

test("a page of groups that is too slow is asked for again smaller, and so are those after it", async () => {
  const limits: (string | null)[] = [];
  let newest = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
    newest = new AbortController();
    return newest.signal;
  });
  onTestFinished(() => timeout.mockRestore());
  const origin = await serve((request, response) => {
    const url = new URL(request.url ?? "", origin);
    limits.push(url.searchParams.get("limit"));
    if (limits.at(-1) === "200") return newest.abort(new DOMException("The time is up.", "TimeoutError"));
    const next = url.searchParams.has("after") ? {} : { link: `<${origin}${request.url}&after=00g1>; rel="next"` };
    const group = { id: "00g1", profile: { name: "G" } };
    response.writeHead(200, { "content-type": "application/json", ...next }).end(JSON.stringify([group]));
  });
  const found: unknown[] = [];
  for await (const group of createOktaOrg({ origin, token: "00token", http }).groups()) found.push(group);
  expect([found.length, limits]).toEqual([2, ["200", "25", "25"]]);
});

describe("a service app", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ format: "pem", type: "pkcs1" }).toString();

  /** Okta's token endpoint as a service app meets it, and groups that take the newest token alone, its proof with it. */
  async function oktaFor(scheme: "Bearer" | "DPoP", verifyWith = publicKey) {
    let tokens = 0;
    const origin = await serve(async (request, response) => {
      const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
        response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
      if (request.url !== "/oauth2/v1/token") {
        const challenge = { "www-authenticate": `${scheme} error="invalid_token"` };
        const { authorization, dpop } = request.headers;
        const { pathname } = new URL(request.url ?? "", origin);
        const proof = scheme === "DPoP" && typeof dpop === "string" ? decodeJwt(dpop) : undefined;
        if (
          authorization !== `${scheme} token-${tokens}` ||
          (scheme === "DPoP" && !(proof?.htm === request.method && proof?.htu === `${origin}${pathname}` && proof?.ath))
        ) {
          return json(401, { errorCode: "E0000011" }, challenge);
        }
        const group = { id: "00g", profile: { name: "G" } };
        return json(200, request.method === "GET" ? [group] : group);
      }
      const form = new URLSearchParams(await text(request));
      const audience = `${origin}/oauth2/v1/token`;
      try {
        await jwtVerify(form.get("client_assertion") ?? "", verifyWith, {
          audience,
          issuer: "0oaservice",
          subject: "0oaservice",
        });
      } catch {
        return json(401, { error: "invalid_client", error_description: "The client_assertion\u001b[2J is invalid." });
      }
      const proof = decodeJwt(String(request.headers.dpop));
      if (scheme === "DPoP" && proof.nonce !== "n1")
        return json(400, { error: "use_dpop_nonce" }, { "dpop-nonce": "n1" });
      if (form.get("scope") !== "okta.groups.read") return json(400, { error: "invalid_scope" });
      json(200, { access_token: `token-${++tokens}`, token_type: scheme, expires_in: 3600 });
    });
    return { origin, expire: () => void tokens++ };
  }
  const org = (origin: string, { scopes = ["okta.groups.read"], key = pem } = {}) =>
    createOktaOrg({ origin, clientId: "0oaservice", scopes, privateKey: key, keyId: "k1", http });

  test.each(["Bearer", "DPoP"] as const)("signs in with its own key and asks with a %s token", async (scheme) => {
    const { origin } = await oktaFor(scheme);
    expect(await org(origin).userGroups("00u")).toEqual([expect.objectContaining({ name: "G" })]);
    const jwk = JSON.stringify(privateKey.export({ format: "jwk" }));
    expect(await org(origin, { key: jwk }).userGroups("00u")).toHaveLength(1);
  });

  test.each(["Bearer", "DPoP"] as const)(
    "writes with a %s token, and gets another when it has run out",
    async (scheme) => {
      const { origin, expire } = await oktaFor(scheme);
      const mine = org(origin);
      expect(await mine.createGroup("G")).toMatchObject({ id: "00g" });
      expire();
      expect(await mine.createGroup("G")).toMatchObject({ id: "00g" });
      expire();
      expect(await mine.userGroups("00u")).toHaveLength(1);
    },
  );

  test.each(["prime256v1", "secp384r1"])("signs in with a key on the curve %s", async (namedCurve) => {
    const pair = generateKeyPairSync("ec", { namedCurve });
    const key = pair.privateKey.export({ format: "pem", type: "sec1" }).toString();
    const { origin } = await oktaFor("Bearer", pair.publicKey);
    expect(await org(origin, { key }).userGroups("00u")).toHaveLength(1);
  });

  test("is told when Okta takes neither its key nor its scopes, and when the key is none", async () => {
    const { origin } = await oktaFor("Bearer");
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const stranger = other.export({ format: "pem", type: "pkcs1" }).toString();
    await expect(org(origin, { key: stranger }).userGroups("00u")).rejects.toMatchObject({
      kind: "auth",
      code: "okta.service_app_refused",
      message: "Okta did not sign the service app in: “The client_assertion\\u{1b}[2J is invalid.”.",
    });
    await expect(org(origin, { scopes: ["okta.apps.manage"] }).userGroups("00u")).rejects.toMatchObject({
      code: "okta.service_app_refused",
    });
    for (const key of ["planted", "{", '{"kty":"planted"}', pem.slice(0, 200)]) {
      const failure = await org(origin, { key })
        .userGroups("00u")
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: "usage", code: "okta.private_key_invalid" });
      expect(String(failure)).not.toContain("planted");
    }
  });
});

describe("a change of an app that somebody else takes back", () => {
  /** An app of which so many writes are lost, since somebody who read it before writes it after each. */
  const app = async (lost: number) => {
    const uris = ["https://acme.example/callback"];
    let writes = 0;
    const origin = await serve(async (request, response) => {
      if (request.method === "PUT") {
        const { settings } = JSON.parse(await text(request));
        if (++writes > lost) uris.splice(0, uris.length, ...settings.oauthClient.redirect_uris);
      }
      const answer = {
        id: "0oa1",
        name: "oidc_client",
        label: "Akto",
        status: "ACTIVE",
        signOnMode: "OPENID_CONNECT",
        credentials: { oauthClient: { client_id: "0oa1" } },
        settings: { oauthClient: { redirect_uris: uris } },
      };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
    return { apps: createOktaOrg({ origin, token: "00token", http }).apps, uris, writes: () => writes };
  };

  test("is made again until it stays", async () => {
    const { apps, uris, writes } = await app(2);
    expect(await apps.addRedirectUri("0oa1", "http://127.0.0.1:9/callback")).toBe(true);
    expect([uris, writes()]).toEqual([["https://acme.example/callback", "http://127.0.0.1:9/callback"], 3]);
  });

  test("is given up at some time, with a word on it", async () => {
    const { apps, writes } = await app(100);
    await expect(apps.removeRedirectUri("0oa1", "https://acme.example/callback")).rejects.toMatchObject({
      kind: "unavailable",
      code: "okta.change_taken_back",
    });
    expect(writes()).toBeLessThan(10);
  });
});
