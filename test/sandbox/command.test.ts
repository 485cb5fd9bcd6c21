import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { describe, expect, test } from "vitest";

/** Starts the built command, and reads what it says when it is ready. */
async function start(...args: string[]) {
  const running = execa("node", ["bin/akto-okta.js", "sandbox", "--json", ...args], { reject: false });
  const line = await new Promise<string>((resolve) => createInterface(running.stdout).once("line", resolve));
  return { running, ready: JSON.parse(line) };
}

const run = (...args: string[]) => execa("node", ["bin/akto-okta.js", "sandbox", ...args], { reject: false });

/** Calls an action of an Akto that speaks https, trusting this certificate. */
async function callTls(akto: { url: string; apiKey: string }, action: string, ca: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { "x-api-key": akto.apiKey };
    const asked = request(`${akto.url}/api/${action}`, { method: "POST", ca, headers }, async (answer) =>
      resolve(JSON.parse(await text(answer))),
    );
    asked.on("error", reject).end("{}");
  });
}

describe("akto-okta sandbox", () => {
  test("says in its first line what opens it, takes faults while it runs, and ends well on SIGTERM", async () => {
    const { running, ready } = await start("--fault", "503,times=1");
    expect(ready.akto).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      apiKey: expect.any(String),
      accountId: expect.any(Number),
    });
    expect(ready.users).toHaveLength(8);
    const groups = () =>
      fetch(`${ready.okta.url}/api/v1/groups`, { headers: { authorization: `SSWS ${ready.okta.token}` } });
    expect((await groups()).status).toBe(503);
    expect((await groups()).status).toBe(200);
    const put = (body: string) => fetch(`${ready.akto.url}/.sandbox/faults`, { method: "PUT", body });
    await put('{"faults":["502"]}');
    expect((await groups()).status).toBe(502);
    // What is still to be answered does not hold it up.
    await put('{"faults":["latency=600000"]}');
    const waiting = expect(groups()).rejects.toThrow();
    await fetch(`${ready.okta.url}/.sandbox/faults`);
    running.kill("SIGTERM");
    expect((await running).exitCode).toBe(0);
    await waiting;
    await expect(groups()).rejects.toThrow();
  });

  test("writes what a shell can read in to standard output, and to nobody's screen what is not there", async () => {
    const running = execa("node", ["bin/akto-okta.js", "sandbox"], { reject: false });
    await new Promise((resolve) => createInterface(running.stdout).once("line", resolve));
    running.kill("SIGTERM");
    const { stdout, stderr } = await running;
    for (const line of stdout.split("\n")) expect(line).toMatch(/^export [A-Z_]+=\S+$/);
    expect(stderr).toContain("load what was written to standard output.\n\nThen try:");
  });

  test("speaks https between its halves too, and takes its certificate away with it", async () => {
    const { running, ready } = await start("--tls", "--akto-configured");
    const certificate = readFileSync(ready.certificateFile, "utf8");
    expect(await callTls(ready.akto, "fetchOktaGroups", certificate)).toMatchObject({
      oktaGroupNames: expect.arrayContaining(["Akto Admins", "Everyone"]),
    });
    running.kill("SIGINT");
    expect((await running).exitCode).toBe(0);
    expect(existsSync(ready.certificateFile)).toBe(false);
  });

  test("refuses an unknown scenario, fault or seed as wrong usage", async () => {
    const failures = await Promise.all([
      run("--scenario", "none"),
      run("--scenario", "claim-on-idtoken"),
      run("--fault", "teapot"),
      run("--seed", "none.yaml"),
      run("--port", "70000"),
    ]);
    expect(failures.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 2]);
    expect(failures[0].stderr).toContain("There is no scenario “none”.");
    expect(failures[1].stderr).toContain("Did you mean “claim-on-id-token”?");
  });

  test("lists its scenarios", async () => {
    const { scenarios } = JSON.parse((await run("--list-scenarios", "--json")).stdout);
    expect(scenarios).toContainEqual({ name: "claim-on-id-token", summary: expect.stringContaining("ID token") });
  });
});
