/** What stands before the sandbox's two servers, met with requests written by hand. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Sends the text as it stands, and gives what comes back until the server closes. */
function send(port: string, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    // A server that refuses may close while a body is still on its way.
    socket.on("error", () => {});
    socket.on("close", () => resolve(answer));
  });
}

const head = (...lines: readonly string[]) => [...lines, "Connection: close", "", ""].join("\r\n");
const statusOf = (answer: string) => Number(answer.split(" ")[1]);

describe.each(["okta", "akto"] as const)("the %s server", (side) => {
  const port = () => new URL(sandbox[side].url).port;
  const path = side === "okta" ? "/.well-known/okta-organization" : "/login";

  test.each(["127.0.0.1", "localhost", "127.0.0.1:9", "[::1]", "okta.localhost"])(
    "answers to the name %s",
    async (host) => {
      expect(statusOf(await send(port(), head(`GET ${path} HTTP/1.1`, `Host: ${host}`)))).toBeLessThan(400);
    },
  );

  test.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "0.0.0.0",
    "user@evil.example",
    "",
  ])("does not answer to the name “%s”, which a page elsewhere could have led here", async (host) => {
    expect(statusOf(await send(port(), head(`GET ${path} HTTP/1.1`, `Host: ${host}`)))).toBe(421);
  });

  test("takes the whole address as a request's target, and believes its host before the Host header", async () => {
    const target = `${sandbox[side].url}${path}`;
    expect(statusOf(await send(port(), head(`GET ${target} HTTP/1.1`, "Host: evil.example")))).toBeLessThan(400);
    const elsewhere = head(`GET http://evil.example${path} HTTP/1.1`, "Host: 127.0.0.1");
    expect(statusOf(await send(port(), elsewhere))).toBe(421);
  });

  test("reads no body over 1 MiB, whether its length is told or not", async () => {
    const size = 1024 * 1024 + 1;
    const lines = ["POST /api/fetchOktaSso HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
    const told = head(...lines, `Content-Length: ${size}`);
    expect(statusOf(await send(port(), told, "x".repeat(size)))).toBe(413);
    const untold = head(
      ...lines.map((line) => line.replace("/api/fetchOktaSso", bodyPath)),
      authorization,
      "Transfer-Encoding: chunked",
    );
    const chunk = `${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`;
    expect([400, 413]).toContain(statusOf(await send(port(), untold, chunk)));
  });
  const bodyPath = side === "okta" ? "/api/v1/groups" : "/api/fetchOktaSso";
  const authorization = "Authorization: SSWS 00sandbox-token-of-a-super-admin-000000001";
});

test("an address that is asked for through a proxy is the one that links lead back to", async () => {
  const { url, token } = sandbox.okta;
  const other = url.replace("127.0.0.1", "localhost");
  const asked = head(`GET ${other}/api/v1/groups?limit=1 HTTP/1.1`, "Host: proxy", `Authorization: SSWS ${token}`);
  const answer = await send(new URL(url).port, asked);
  expect(answer).toContain(`<${other}/api/v1/groups?limit=1>; rel="self"`);
});
