import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { controlPath, createFaults } from "../../src/sandbox/faults.ts";
import { startSandbox } from "../../src/sandbox/index.ts";

const faults = createFaults([]);
const body = JSON.stringify({ groups: ["Akto Admins", "Akto Security"] });
const server = createServer(
  faults.between("okta", (_request, response) => {
    carriedOut++;
    response.writeHead(200, { link: '<http://127.0.0.1:1/api/v1/groups?after=x>; rel="next"' }).end(body);
  }),
);
let carriedOut = 0;
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => faults.set([]));

const get = (path = "/api/v1/groups") => fetch(`${origin}${path}`);

describe("a fault", () => {
  test("strikes the side, the path and the number of requests that it names", async () => {
    faults.set(["503,times=2,path=/api/v1/groups", "500,on=akto"]);
    expect((await get("/api/v1/users")).status).toBe(200);
    expect((await get()).status).toBe(503);
    expect((await get()).status).toBe(503);
    expect((await get()).status).toBe(200);
    expect(faults.list()).toEqual(["500,on=akto"]);
  });

  test("of the rate limit says when it resets, on the sandbox's clock", async () => {
    faults.set(["429=30", "clock-skew=-3600"]);
    const response = await get();
    expect(response.status).toBe(429);
    const reset = Number(response.headers.get("x-rate-limit-reset"));
    const here = Date.now() / 1000;
    expect(reset).toBeGreaterThan(here - 3600);
    expect(reset).toBeLessThan(here - 3500);
    expect(await response.json()).toMatchObject({ errorCode: "E0000047" });
  });

  test("drops the connection, before or after the request is carried out, cuts the body, or names another host in Link", async () => {
    carriedOut = 0;
    faults.set(["drop"]);
    await expect(get()).rejects.toThrow();
    expect(carriedOut).toBe(0);
    faults.set(["lost"]);
    await expect(get()).rejects.toThrow();
    expect(carriedOut).toBe(1);
    faults.set(["truncate"]);
    expect(await (await get()).text()).toBe(body.slice(0, Math.floor(body.length / 2)));
    faults.set(["link-host=https://elsewhere.example"]);
    const response = await get();
    expect(response.headers.get("link")).toBe('<https://elsewhere.example/api/v1/groups?after=x>; rel="next"');
    expect(await response.text()).toBe(body);
  });

  test("delays an answer", async () => {
    faults.set(["latency=300,path=/slow"]);
    const first = await Promise.race([get("/slow"), get("/fast")]);
    expect(new URL(first.url).pathname).toBe("/fast");
  });

  test("comes and goes by the control endpoint, and an unreadable one changes nothing", async () => {
    const put = (list: unknown) =>
      fetch(`${origin}${controlPath}`, { method: "PUT", body: JSON.stringify({ faults: list }) });
    expect(await (await put(["latency=1", "500"])).json()).toEqual({ faults: ["latency=1", "500"] });
    expect((await get()).status).toBe(500);
    for (const wrong of [["explode"], ["500,times=0"], ["latency=soon"], "500"]) {
      expect((await put(wrong)).status).toBe(400);
    }
    expect((await get()).status).toBe(500);
    expect(await (await fetch(`${origin}${controlPath}`, { method: "DELETE" })).json()).toEqual({ faults: [] });
    expect((await get()).status).toBe(200);
  });

  test("strikes a running sandbox: its pages, its JSON, its clock, and Akto's own calls to Okta", async () => {
    const { okta, akto, faults: active, close } = await startSandbox({ aktoConfigured: true });
    const groups = () =>
      fetch(`${okta.url}/api/v1/groups?limit=2`, { headers: { authorization: `SSWS ${okta.token}` } });
    active.set(["link-host=https://elsewhere.example"]);
    expect((await groups()).headers.get("link")).toMatch(
      /<https:\/\/elsewhere\.example\/api\/v1\/groups\?limit=2&after=/,
    );
    active.set(["truncate"]);
    await expect((await groups()).json()).rejects.toThrow(SyntaxError);
    active.set(["clock-skew=86400"]);
    const skewed = await groups();
    const tomorrow = Date.now() / 1000 + 86_000;
    expect(Number(skewed.headers.get("x-rate-limit-reset"))).toBeGreaterThan(tomorrow);
    expect(Date.parse(skewed.headers.get("date") ?? "") / 1000).toBeGreaterThan(tomorrow);

    const seenByAkto = async () => {
      const headers = { "x-api-key": akto.apiKey };
      const response = await fetch(`${akto.url}/api/fetchOktaGroups`, { method: "POST", headers, body: "{}" });
      return ((await response.json()) as { oktaGroupNames: string[] }).oktaGroupNames.length;
    };
    active.set(["429,times=1"]);
    expect([await seenByAkto(), await seenByAkto()]).toEqual([0, 14]);
    await close();
  });

  test("keeps events out of the System Log for a while", async () => {
    const { okta, faults: active, close } = await startSandbox();
    const ask = (method: string, path: string, body: string | null = null) =>
      fetch(`${okta.url}${path}`, { method, body, headers: { authorization: `SSWS ${okta.token}` } });
    const logged = async () => (await (await ask("GET", "/api/v1/logs?limit=5")).json()) as unknown[];
    active.set(["log-delay=60"]);
    await ask("POST", "/api/v1/groups", '{"profile":{"name":"New"}}');
    expect(await logged()).toEqual([]);
    active.set([]);
    expect(await logged()).toMatchObject([{ eventType: "group.lifecycle.create" }]);
    await close();
  });

  test("that can't be read is refused before anything starts", () => {
    expect(() => createFaults(["teapot"])).toThrow("There is no fault “teapot”.");
  });
});
