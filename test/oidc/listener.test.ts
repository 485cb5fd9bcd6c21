import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { type LoopbackListener, listen } from "../../src/oidc/listener.ts";

const state = "the-state-of-this-sign-in";
const open: LoopbackListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function listening(): Promise<LoopbackListener> {
  const listener = await listen(0, state);
  open.push(listener);
  return listener;
}

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a browser asks before a page's script may ask, also of a network that is nearer than the page's. */
const preflight = {
  origin: "https://evil.example",
  "access-control-request-method": "GET",
  "access-control-request-private-network": "true",
};

/** What a browser says of a request that a page of another site caused. */
const fetchedAs = (mode: string, destination: string) => ({
  "sec-fetch-site": "cross-site",
  "sec-fetch-mode": mode,
  "sec-fetch-dest": destination,
});

/** One request, with any Host header. */
function send(listener: LoopbackListener, { path = "/callback", method = "GET", host, headers = {} }: Sent = {}) {
  const url = new URL(listener.redirectUri);
  return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const sent = request({
      host: url.hostname,
      port: url.port,
      path,
      method,
      headers: { host: host ?? url.host, ...headers },
    });
    sent.on("error", reject);
    sent.on("response", async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response), headers: response.headers });
    });
    sent.end();
  });
}

/** Whether anybody listens there. */
function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

describe("the loopback listener", () => {
  it("lets the browser's request through, however many connections somebody else keeps open without one", async () => {
    const listener = await listening();
    const { hostname: host, port } = new URL(listener.redirectUri);
    const sockets: Socket[] = [];
    let closed = 0;
    for (let index = 0; index < 300; index++) {
      const socket = connect({ host, port: Number(port) });
      socket.on("error", () => {});
      socket.on("close", () => closed++);
      await once(socket, "connect");
      // Some begin a request, and never end it.
      if (index % 3 === 0) socket.write("GET /callback HTTP/1.1\r\nHost: ");
      sockets.push(socket);
    }
    const browser = send(listener, { path: `/callback?code=abc&state=${state}` });
    const arrival = await listener.arrival;
    await arrival.answer("<!doctype html><p>Done");
    expect((await browser).status).toBe(200);
    expect(closed).toBeGreaterThan(200);
    for (const socket of sockets) socket.destroy();
  });

  it("takes the one answer with the right state, holds it until there is a page, and is closed meanwhile", async () => {
    const listener = await listening();
    const browser = send(listener, { path: `/callback?code=abc&state=${state}` });
    const arrival = await listener.arrival;
    expect(arrival.url.searchParams.get("code")).toBe("abc");
    expect(arrival.url.href.startsWith(listener.redirectUri)).toBe(true);
    expect(await reachable("127.0.0.1", Number(arrival.url.port))).toBe(false);
    await arrival.answer("<!doctype html><p>Done");
    const { status, body, headers } = await browser;
    expect({ status, body }).toEqual({ status: 200, body: "<!doctype html><p>Done" });
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
  });

  it("turns away a request with two hosts, of which one would have been right", async () => {
    const listener = await listening();
    const { hostname, port, host } = new URL(listener.redirectUri);
    const socket = connect({ host: hostname, port: Number(port) });
    const lines = [`GET /callback?code=abc&state=${state} HTTP/1.1`, `Host: ${host}`, "Host: evil.example", "", ""];
    socket.write(lines.join("\r\n"));
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 421 /);
    expect(await reachable(hostname, Number(port))).toBe(true);
    await listener.close();
  });

  it.each<[what: string, status: number, sent: Sent]>([
    ["another path", 404, { path: "/" }],
    ["the icon that browsers ask for", 404, { path: "/favicon.ico" }],
    ["a path that only begins alike", 404, { path: `/callback/?state=${state}` }],
    ["a path that only ends alike", 404, { path: `/x/../callback%2f?state=${state}` }],
    ["HEAD", 405, { path: `/callback?state=${state}`, method: "HEAD" }],
    ["what a form of another page sends", 405, { path: `/callback?state=${state}`, method: "POST" }],
    ["a preflight", 405, { path: `/callback?state=${state}`, method: "OPTIONS", headers: preflight }],
    ["a script of a page", 403, { path: `/callback?state=${state}`, headers: fetchedAs("cors", "empty") }],
    ["an image or a frame", 403, { path: `/callback?state=${state}`, headers: fetchedAs("navigate", "iframe") }],
    ["another host (DNS rebinding)", 421, { path: `/callback?state=${state}`, host: "evil.example" }],
    ["localhost in place of 127.0.0.1", 421, { path: `/callback?state=${state}`, host: "localhost" }],
    ["a request line with another origin", 421, { path: `http://evil.example/callback?state=${state}` }],
    ["no state", 400, { path: "/callback?code=abc" }],
    ["another state", 400, { path: "/callback?code=abc&state=forged" }],
    ["a state that begins alike", 400, { path: `/callback?code=abc&state=${state}x` }],
    ["the state twice", 400, { path: `/callback?code=abc&state=${state}&state=${state}` }],
    ["an error without the state", 400, { path: "/callback?error=access_denied" }],
  ])("turns away %s (%i), tells nothing, and goes on waiting", async (_, status, sent) => {
    const listener = await listening();
    const answer = await send(listener, sent);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(state);
    expect(answer.headers).toMatchObject({ connection: "close", "cross-origin-resource-policy": "same-origin" });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(listener.turnedAway()).toBe(status === 400 ? 1 : 0);
    const browser = send(listener, { path: `/callback?code=right&state=${state}` });
    const arrival = await listener.arrival;
    expect(arrival.url.searchParams.get("code")).toBe("right");
    await arrival.answer("done");
    expect((await browser).body).toBe("done");
  });

  it("does not take a second answer, also not over a connection that was there before", async () => {
    const listener = await listening();
    const url = new URL(listener.redirectUri);
    const early = connect({ host: url.hostname, port: Number(url.port) });
    early.write(`GET /favicon.ico HTTP/1.1\r\nhost: ${url.host}\r\n`);
    const browser = send(listener, { path: `/callback?code=first&state=${state}` });
    const arrival = await listener.arrival;
    early.write("\r\n");
    await arrival.answer("done");
    await browser;
    await expect(send(listener, { path: `/callback?code=second&state=${state}` })).rejects.toThrow("ECONNREFUSED");
    expect((await listener.arrival).url.searchParams.get("code")).toBe("first");
    early.destroy();
  });

  it("does not wait for a browser that has gone", async () => {
    const listener = await listening();
    const url = new URL(listener.redirectUri);
    const socket = connect({ host: url.hostname, port: Number(url.port) });
    socket.write(`GET /callback?state=${state} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);
    const arrival = await listener.arrival;
    socket.destroy();
    await arrival.answer("nobody reads this");
  });

  it("listens on 127.0.0.1 and no other address of the machine", async () => {
    const port = Number(new URL((await listening()).redirectUri).port);
    expect(await reachable("127.0.0.1", port)).toBe(true);
    expect(await reachable("127.0.0.2", port)).toBe(false);
    expect(await reachable("::1", port)).toBe(false);
  });

  it("answers no address that is longer than any that Okta sends, and goes on waiting", async () => {
    const listener = await listening();
    expect((await send(listener, { path: `/callback?state=${"x".repeat(40_000)}` })).status).toBe(431);
    const browser = send(listener, { path: `/callback?code=right&state=${state}` });
    await (await listener.arrival).answer("done");
    await browser;
  });

  it("is gone when it is closed, with every connection that was kept open", async () => {
    const listener = await listening();
    const url = new URL(listener.redirectUri);
    const idle = connect({ host: url.hostname, port: Number(url.port) });
    await once(idle, "connect");
    const closed = once(idle, "close");
    await listener.close();
    await closed;
    expect(await reachable("127.0.0.1", Number(url.port))).toBe(false);
  });

  it("says which port is in use, and what to do", async () => {
    const port = Number(new URL((await listening()).redirectUri).port);
    await expect(listen(port, state)).rejects.toMatchObject({
      code: "oidc.port_in_use",
      kind: "usage",
      hint: expect.stringContaining("--port"),
    });
  });
});
