import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { createCertificate } from "../../src/sandbox/tls.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { listening, serve } from "./server.ts";

const variables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
beforeEach(() => {
  for (const name of variables) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** A proxy that asks for a name and a password, and tunnels everything to one port, or answers with a status. */
async function startProxy(to: { port: number } | { status: number }) {
  const tunnels: { target: string | undefined; credentials: string }[] = [];
  const server = createServer();
  server.on("connect", (request, socket) => {
    const [, basic = ""] = (request.headers["proxy-authorization"] ?? "").split(" ");
    tunnels.push({ target: request.url, credentials: Buffer.from(basic, "base64").toString() });
    if ("status" in to) return socket.end(`HTTP/1.1 ${to.status} No\r\n\r\n`);
    const onward = connect(to.port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    onward.on("error", () => socket.destroy()).pipe(socket);
    socket.on("error", () => onward.destroy()).pipe(onward);
  });
  const port = await listening(server);
  return { address: `http://127.0.0.1:${port}`, withUser: `http://us%20er:p%40ss@127.0.0.1:${port}`, tunnels };
}

const asking = (url = "https://acme.okta.invalid/") => createHttpClient({ sleep: async () => {} }).fetch(url);

describe("a proxy of the environment", () => {
  test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])(
    "is gone through when %s names it, with its user and password, but not to a loopback address",
    async (variable) => {
      const proxy = await startProxy({ status: 502 });
      vi.stubEnv(variable, proxy.withUser);
      const origin = await serve((_, response) => response.end());
      expect((await asking(origin)).status).toBe(200);
      expect(proxy.tunnels).toEqual([]);
      await expect(asking()).rejects.toMatchObject({ kind: "unavailable" });
      expect(proxy.tunnels).toEqual([{ target: "acme.okta.invalid:443", credentials: "us er:p@ss" }]);
    },
  );

  test.each([
    ["NO_PROXY", "other.example,.okta.invalid"],
    ["no_proxy", "acme.okta.invalid:443"],
    ["NO_PROXY", "*"],
  ])("is gone past for a host that %s names: %s", async (variable, hosts) => {
    const proxy = await startProxy({ status: 502 });
    vi.stubEnv("HTTPS_PROXY", proxy.address);
    vi.stubEnv(variable, hosts);
    await expect(asking()).rejects.toMatchObject({ code: "http.unreachable" });
    expect(proxy.tunnels).toEqual([]);
  });

  test("that turns down the tunnel is blamed itself, without its password", async () => {
    for (const [status, hint] of [
      [407, "username and password"],
      [403, "NO_PROXY"],
    ] as const) {
      const proxy = await startProxy({ status });
      vi.stubEnv("HTTPS_PROXY", proxy.withUser);
      const failure = await asking().catch((error: unknown) => error);
      expect(failure).toMatchObject({
        kind: "unavailable",
        code: "http.proxy_refused",
        message: `The proxy ${new URL(proxy.address).host} let nothing through to acme.okta.invalid: it answered HTTP ${status}.`,
        hint: expect.stringContaining(hint),
      });
      expect(String(failure)).not.toMatch(/p@ss|p%40ss/);
    }
  });

  test("that can't be reached is told from the host behind it", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:1");
    await expect(asking()).rejects.toMatchObject({
      code: "http.proxy_unreachable",
      message: "acme.okta.invalid could not be reached, because the proxy 127.0.0.1:1 could not.",
    });
  });

  test.each(["http://:bad:", "127.0.0.1:3128", "ftp://127.0.0.1/", "http://us%zz:secret@127.0.0.1:1"])(
    "that is no address is named: %s",
    async (address) => {
      vi.stubEnv("HTTPS_PROXY", address);
      const failure = await asking().catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: "usage", code: "http.proxy_invalid" });
      expect(String(failure)).not.toContain("secret");
    },
  );
});

describe("the program", () => {
  test("reaches Okta through a tunnel and trusts an extra authority there, but nobody else", async () => {
    const { cert, key } = await createCertificate("acme.okta.test");
    const asked: (string | undefined)[] = [];
    const okta = createTlsServer({ cert, key }, (request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(200, { "content-type": "application/json" });
      response.end('[{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Akto Admins"}}]');
    });
    const proxy = await startProxy({ port: await listening(okta) });
    const folder = temporaryFolder();
    const env = {
      ...environment(folder),
      HTTPS_PROXY: proxy.withUser,
      OKTA_CLIENT_ORGURL: "https://acme.okta.test",
      OKTA_CLIENT_TOKEN: "00token",
    };
    const authority = join(folder, "authority.pem");
    writeFileSync(authority, cert);

    const trusting = await run(["groups", "list", "--json"], { ...env, NODE_EXTRA_CA_CERTS: authority });
    expect(JSON.parse(trusting.stdout)).toMatchObject({ groups: [{ name: "Akto Admins" }] });
    expect(proxy.tunnels).toEqual([{ target: "acme.okta.test:443", credentials: "us er:p@ss" }]);

    const stranger = await run(["groups", "list", "--json"], { ...env, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(stranger.exitCode).toBe(5);
    expect(stranger.stderr).toContain('"code":"http.tls"');
    // The variable is named for what it does here, and Node's own warning would say the opposite.
    expect(stranger.stderr).toContain("NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect here");
    expect(stranger.stderr).not.toContain("insecure");
    expect(asked).toEqual(["SSWS 00token"]);
  });

  test("works against a sandbox that speaks https, once its certificate is trusted", async () => {
    const sandbox = await startSandbox({ tls: true, aktoConfigured: true });
    const folder = temporaryFolder();
    const authority = join(folder, "authority.pem");
    writeFileSync(authority, sandbox.certificate ?? "");
    const env = { ...environment(folder, sandbox), NODE_EXTRA_CA_CERTS: authority };
    const added = await run(["mapping", "add", "Akto Admins", "admin", "--json"], env);
    await sandbox.close();
    expect(JSON.parse(added.stdout)).toMatchObject({ source: "akto", mapping: [{ group: "Akto Admins" }] });
  });
});
