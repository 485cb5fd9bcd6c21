import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import type { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Failure } from "../../src/core/failure.ts";
import { createHttpClient, type HttpOptions } from "../../src/http/client.ts";
import { createCertificate } from "../../src/sandbox/tls.ts";
import { listening, serve } from "./server.ts";

afterEach(() => vi.unstubAllEnvs());

/** A client that doesn't really wait, and notes how long it would have. */
function patientClient(options: HttpOptions = {}) {
  const waits: number[] = [];
  const said: string[] = [];
  const http = createHttpClient({
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    onWait: (message) => said.push(message),
    ...options,
  });
  return { http, waits, said };
}

/** What a server does with a request. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A handler that goes through `answers`, staying at the last one, and counts. */
function inTurn(...answers: Handler[]) {
  let count = 0;
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    answers[Math.min(count++, answers.length - 1)]?.(request, response);
  };
  return { handler, asked: () => count };
}

const ok = (_: IncomingMessage, response: ServerResponse) => response.end("fine");
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(code, headers).end();
const drop = (request: IncomingMessage) => request.socket.destroy();
/** Goes on without an end, a little at a time; `someFell` is told of a few. */
function drip(stream: Writable, drop: string, someFell: () => void, first = "") {
  stream.write(first);
  let drops = 0;
  const tap = setInterval(() => stream.write(drop, () => ++drops === 3 && someFell()), 5);
  stream.on("close", () => clearInterval(tap));
  stream.on("error", () => clearInterval(tap));
}

describe("an answer", () => {
  test("comes with its status, headers and whole body", async () => {
    const origin = await serve((request, response) => {
      response.writeHead(201, { "x-method": request.method ?? "", "content-type": "application/json" });
      request.pipe(response);
    });
    const answer = await createHttpClient().fetch(`${origin}/a?b=c`, {
      method: "post",
      body: new URLSearchParams({ grant: "code" }),
    });
    expect([answer.status, answer.headers.get("x-method"), await answer.text()]).toEqual([201, "POST", "grant=code"]);
  });

  test("without a body is one for a status that has none", async () => {
    const origin = await serve(status(204));
    const answer = await createHttpClient().fetch(origin, { method: "DELETE" });
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  });

  test("that redirects is handed back, and nobody else is asked with the token", async () => {
    const elsewhere = inTurn(ok);
    const target = await serve(elsewhere.handler);
    const origin = await serve(status(302, { location: target }));
    const answer = await createHttpClient().fetch(origin, { headers: { authorization: "SSWS secret" } });
    expect([answer.status, answer.headers.get("location"), elsewhere.asked()]).toEqual([302, target, 0]);
  });

  test("names its sender once, and the caller's own name wins", async () => {
    const origin = await serve((request, response) => response.end(request.headers["user-agent"]));
    const http = createHttpClient();
    expect(await (await http.fetch(origin)).text()).toMatch(/^akto-okta\/\d/);
    expect(await (await http.fetch(origin, { headers: { "User-Agent": "mine" } })).text()).toBe("mine");
  });
});

describe("a 429", () => {
  test("is waited out until Okta's reset, by Okta's own clock, whatever the method, and said", async () => {
    const server = inTurn(
      status(429, {
        date: "Tue, 01 Jan 2030 00:00:00 GMT",
        "x-rate-limit-reset": String(Date.UTC(2030, 0, 1, 0, 0, 20) / 1000),
      }),
      ok,
    );
    const { http, waits, said } = patientClient();
    const answer = await http.fetch(await serve(server.handler), { method: "POST" });
    expect([answer.status, waits, server.asked()]).toEqual([200, [21_000], 2]);
    expect(said).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ limits how often it can be asked; continuing in 21 s\.$/),
    ]);
  });

  test("is said once for requests that wait side by side", async () => {
    const limited = status(429, { "retry-after": "1" });
    const server = inTurn(limited, limited, ok, ok);
    let release = () => {};
    const bothWait = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = 0;
    const { http, said } = patientClient({
      sleep: async () => {
        waiting += 1;
        if (waiting === 2) release();
        await bothWait;
      },
    });
    const origin = await serve(server.handler);
    await Promise.all([http.fetch(origin), http.fetch(origin)]);
    expect([waiting, said.length, server.asked()]).toEqual([2, 1, 4]);
  });

  test("is waited out for as long as Retry-After says, in seconds or as a date", async () => {
    const date = { date: "Tue, 01 Jan 2030 00:00:00 GMT" };
    const server = inTurn(
      status(429, { ...date, "retry-after": "7" }),
      status(429, { ...date, "retry-after": "Tue, 01 Jan 2030 00:00:30 GMT" }),
      ok,
    );
    const { http, waits } = patientClient();
    await http.fetch(await serve(server.handler));
    expect(waits).toEqual([7000, 30_000]);
  });

  test("that asks for more than the bound, at once or bit by bit, ends in a failure that says for how long", async () => {
    const long = inTurn(status(429, { "retry-after": "3600" }));
    const { http, waits } = patientClient();
    await expect(http.fetch(await serve(long.handler))).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.rate_limited",
      hint: "Try again in 3600 s.",
    });
    expect([waits, long.asked()]).toEqual([[], 1]);

    const endless = inTurn(status(429, { "retry-after": "50" }));
    await expect(http.fetch(await serve(endless.handler))).rejects.toMatchObject({ code: "http.rate_limited" });
    expect(endless.asked()).toBe(3);
  });
});

describe("a service that fails for the moment", () => {
  test.each([500, 502, 503, 504])("with %i is asked again for a read, each time later", async (code) => {
    const server = inTurn(status(code), drop, ok);
    const { http, waits } = patientClient();
    expect((await http.fetch(await serve(server.handler))).status).toBe(200);
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
  });

  test("for good is asked a bounded number of times, and its last answer handed back", async () => {
    const server = inTurn(status(503));
    const { http } = patientClient();
    expect((await http.fetch(await serve(server.handler))).status).toBe(503);
    expect(server.asked()).toBe(4);
  });

  test("is not asked again for a write, unless the caller says that it may be", async () => {
    const { http } = patientClient();
    const failing = inTurn(status(500));
    expect((await http.fetch(await serve(failing.handler), { method: "POST" })).status).toBe(500);
    expect(failing.asked()).toBe(1);
    const dropping = inTurn(drop, ok);
    await expect(http.fetch(await serve(dropping.handler), { method: "PUT" })).rejects.toMatchObject({
      code: "http.unreachable",
      message: expect.stringContaining("the connection was lost"),
    });
    expect(dropping.asked()).toBe(1);
    const lost = inTurn(drop);
    await expect(http.fetch(await serve(lost.handler), { method: "PUT", repeatable: false })).rejects.toMatchObject({
      message: expect.stringContaining("The change may have been made anyway."),
      hint: expect.stringMatching(/^Check whether it was/),
    });
    const repeatable = inTurn(drop, status(503), ok);
    expect((await http.fetch(await serve(repeatable.handler), { method: "POST", repeatable: true })).status).toBe(200);
  });

  test("in the middle of a body is asked again too", async () => {
    const server = inTurn((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.socket?.destroy());
    }, ok);
    const { http } = patientClient();
    expect(await (await http.fetch(await serve(server.handler))).text()).toBe("fine");
  });

  test.each([501, 400, 404])("but %i is an answer like any other", async (code) => {
    const server = inTurn(status(code));
    const { http } = patientClient();
    expect((await http.fetch(await serve(server.handler))).status).toBe(code);
    expect(server.asked()).toBe(1);
  });
});

describe("the limits", () => {
  test.each<[string, (request: IncomingMessage, response: ServerResponse, timeIsUp: () => void) => void]>([
    ["no answer", (_, __, timeIsUp) => timeIsUp()],
    ["half a body", (_, response, timeIsUp) => response.writeHead(200).write("half", timeIsUp)],
    ["a body that drips", (_, response, timeIsUp) => drip(response.writeHead(200), "x", timeIsUp)],
    ["headers that drip", ({ socket }, _, timeIsUp) => drip(socket, "x-drop: 1\r\n", timeIsUp, "HTTP/1.1 200 OK\r\n")],
  ])("on time end %s, and it isn't asked again", async (_, handler) => {
    const limit = new AbortController();
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
    onTestFinished(() => timeout.mockRestore());
    const timeIsUp = () => limit.abort(new DOMException("The time is up.", "TimeoutError"));
    const server = inTurn((request, response) => handler(request, response, timeIsUp));
    const { http } = patientClient({ limits: { requestTime: 200 } });
    await expect(http.fetch(await serve(server.handler))).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.timeout",
      message: expect.stringContaining("within 0.2 s"),
    });
    expect([server.asked(), timeout.mock.calls]).toEqual([1, [[200]]]);
  });

  test("on size cut a body off, also one that was packed small", async () => {
    const { http } = patientClient({ limits: { bodySize: 10_000 } });
    const large = await serve((_, response) => response.end(Buffer.alloc(10_001)));
    const bomb = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5_000_000)));
    });
    const fitting = await serve((_, response) => response.end(Buffer.alloc(10_000)));
    await expect(http.fetch(large)).rejects.toMatchObject({ code: "http.too_large" });
    await expect(http.fetch(bomb)).rejects.toMatchObject({ code: "http.too_large" });
    const announced = await serve((_, response) => response.writeHead(200, { "content-length": 2 ** 40 }).write("[]"));
    await expect(http.fetch(announced)).rejects.toMatchObject({ code: "http.too_large" });
    expect(await (await http.fetch(fitting)).text()).toHaveLength(10_000);
  });

  test("are joined by the packing: what can't be unpacked is said to be broken", async () => {
    for (const encoding of ["gzip", "deflate", "br"]) {
      const origin = await serve((_, response) =>
        response.writeHead(200, { "content-encoding": encoding }).end("nothing that was packed"),
      );
      await expect(patientClient().http.fetch(origin)).rejects.toMatchObject({
        kind: "unavailable",
        code: "http.garbled",
        message: expect.stringMatching(/can't be unpacked: its compression is broken\.$/),
      });
    }
  });

  test.each([
    ["headers without end", `HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(100_000)}\r\n\r\n`, "its headers are too large"],
    ["another protocol", "220 mail.example ESMTP\r\n", "what answers there is not HTTP"],
  ])("know %s for an answer, after which a change may have been made", async (_, bytes, why) => {
    const server = createSocketServer((socket) => socket.on("error", () => {}).once("data", () => socket.end(bytes)));
    const request = { method: "POST", body: "{}", repeatable: false };
    await expect(
      patientClient().http.fetch(`http://127.0.0.1:${await listening(server)}/`, request),
    ).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining(`: ${why}. The change may have been made anyway.`),
    });
  });

  test("are not the only end: an abort's own failure is thrown, during a request and during a wait", async () => {
    const reason = new Failure("interrupted", "run.interrupted", "Interrupted.");
    const during = new AbortController();
    const hanging = await serve(() => during.abort(reason));
    await expect(createHttpClient({ signal: during.signal }).fetch(hanging)).rejects.toBe(reason);

    const waiting = new AbortController();
    const limited = await serve(status(429, { "retry-after": "60" }));
    const http = createHttpClient({ signal: waiting.signal, onWait: () => waiting.abort(reason) });
    await expect(http.fetch(limited)).rejects.toBe(reason);
    await expect(http.fetch(limited)).rejects.toBe(reason);

    const own = new AbortController();
    own.abort();
    await expect(createHttpClient().fetch(hanging, { signal: own.signal })).rejects.toMatchObject({
      kind: "interrupted",
      code: "http.interrupted",
    });
  });
});

describe("a host that can't be reached", () => {
  test("is told from one that refuses", async () => {
    const { http, waits } = patientClient();
    const server = createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(http.fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: "http.unreachable",
      message: `127.0.0.1:${port} could not be reached: it refused the connection.`,
    });
    expect(waits).toEqual([]);
    // What was never sent has changed nothing.
    const failure = await http.fetch(`http://127.0.0.1:${port}`, { method: "PUT", repeatable: false }).catch(String);
    expect(failure).not.toContain("may have been made");
  });

  test("is told apart no further when it speaks something else than HTTP", async () => {
    const server = createSocketServer((socket) => socket.resume().end("SSH-2.0-OpenSSH_9.6\r\n"));
    const { http } = patientClient();
    await expect(http.fetch(`http://127.0.0.1:${await listening(server)}`)).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.unreachable",
    });
  });
});

describe("a server that switches to another protocol unasked", () => {
  test.each(["HTTP/1.1", "HTTP/1.0"])("is refused as one that doesn't speak HTTP, in %s", async (version) => {
    const server = createSocketServer((socket) =>
      socket.resume().write(`${version} 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n`),
    );
    const { http } = patientClient();
    await expect(http.fetch(`http://127.0.0.1:${await listening(server)}`)).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.unreachable",
      message: expect.stringContaining("what answers there is not HTTP"),
    });
  });
});

describe("TLS", () => {
  test("is always checked, also when the environment says not to", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const { cert, key } = await createCertificate();
    let asked = 0;
    const port = await listening(
      createTlsServer({ cert, key }, (_, response) => {
        asked++;
        response.end();
      }),
    );
    await expect(createHttpClient().fetch(`https://127.0.0.1:${port}`)).rejects.toMatchObject({
      kind: "unavailable",
      code: "http.tls",
      hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(asked).toBe(0);
  });

  test("that isn't spoken is told from a certificate", async () => {
    const origin = await serve(ok);
    await expect(createHttpClient().fetch(origin.replace("http:", "https:"))).rejects.toMatchObject({
      code: "http.tls",
      message: expect.stringContaining("the TLS handshake failed"),
    });
  });

  test.each([
    "http://example.com/",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "",
    "//x",
    "http://127.0.0.1.example.com/",
  ])("can't be left out: %j is refused unasked", async (address) => {
    await expect(createHttpClient().fetch(address)).rejects.toMatchObject({ kind: "usage", code: "http.insecure" });
  });
});

test("--debug shows each request and answer in a line, without headers, bodies and secrets of the address", async () => {
  const lines: string[] = [];
  const server = inTurn(drop, (_, response) => {
    response.writeHead(200, { "x-okta-request-id": "Zq1", "set-cookie": "sid=planted-cookie" }).end("planted-body");
  });
  const origin = await serve(server.handler);
  const { http } = patientClient({ log: (line) => lines.push(line) });
  await http.fetch(`${origin}/authorize?state=planted-state&code=planted-code&q=Akto%20%1b`, {
    headers: { authorization: "SSWS planted-token" },
  });
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe(`→ GET ${origin}/authorize?state=***&code=***&q=Akto%20%1B`);
  expect(lines[3]).toMatch(/^← 200 127\.0\.0\.1:\d+\/authorize \(12 bytes, \d+ ms, request Zq1/);
  expect(lines.join("\n")).not.toContain("planted");
});
