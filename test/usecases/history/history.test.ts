/** `login history`, and what reports take from Okta's log, against a sandbox in which people really sign in. */
import { describe, expect, it, onTestFinished } from "vitest";
import { readWindow } from "../../../src/core/history/window.ts";
import { createHttpClient } from "../../../src/http/client.ts";
import { createOktaOrg } from "../../../src/okta/org.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { changesSince, spoiltBetween } from "../../../src/usecases/history/changes.ts";
import { concernOf, readHistory } from "../../../src/usecases/history/history.ts";
import { lastSignIns, readSignIns } from "../../../src/usecases/history/sign-ins.ts";
import { waitForAttempt } from "../../../src/usecases/history/wait.ts";
import { createWorld } from "../../../src/usecases/world/world.ts";
import { command, connectedTo } from "../login/world.ts";

async function start(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Signs in to Akto from Okta's dashboard, as far as that goes. */
async function visit({ akto }: Sandbox, login: string): Promise<void> {
  await new Visitor().signIn(`${akto.url}/okta-initiate-login?accountId=${akto.accountId}`, login);
}

const orgOf = ({ okta }: Sandbox) =>
  createOktaOrg({ origin: okta.url, token: okta.token, http: createHttpClient({ sleep: async () => {} }) });
const aboutIn = ({ okta }: Sandbox) => ({ clientId: okta.clientId, appId: okta.clientId });
/** Up to the next second: a window's end is no longer in it, and the events were made this very moment. */
const lastDay = () => readWindow(undefined, undefined, new Date(Date.now() + 1000));
const idOf = ({ users }: Sandbox, login: string) => users.find((user) => user.login === login)?.id ?? "";

describe("The history", () => {
  it.each([
    [
      "sign-on-policy-denies",
      "policy",
      "Sign-on policy evaluation resulted in DENY",
      /authentication policy denied .*“No developers”/,
    ],
    ["policy-for-some", "authorization", "no_matching_policy", /No access policy/],
    ["policy-lacks-scope", "authorization", "no_matching_scope", /scope that Akto asks for/],
    ["no-assignment", "assignment", "app.generic.unauth_app_access_attempt", /isn't assigned/],
    ["group-taken-away", "assignment", "app.generic.unauth_app_access_attempt", /isn't assigned/],
    ["client-secret-wrong", "token", "invalid_client", /client secret/],
    ["claim-not-evaluated", "token", "user_claim_evaluation_failure", /claim could not be evaluated/],
    ["redirect-uri-missing", "authorization", "mismatched_redirect_uri", /redirect URI/],
  ])(
    "of %s names the cause that the scenario was made with, and no other",
    async (scenario, stage, reason, message) => {
      const sandbox = await start({ scenario });
      const before = await readSignIns(orgOf(sandbox), aboutIn(sandbox), { window: lastDay(), failed: true });
      // One was refused before already where the scenario is of something that has gone on for a while.
      expect(before.signIns).toHaveLength(scenario === "group-taken-away" ? 1 : 0);
      await visit(sandbox, logins.developer);
      const { signIns } = await readSignIns(orgOf(sandbox), aboutIn(sandbox), { window: lastDay(), failed: true });
      expect(signIns).toHaveLength(before.signIns.length + 1);
      for (const one of signIns) {
        expect(one).toMatchObject({ outcome: "failure", stage, reason, hint: expect.any(String) });
        expect(one.message).toMatch(message);
      }
    },
  );

  it("tells who did what before a sign-in that used to work", async () => {
    const sandbox = await start({ scenario: "group-taken-away" });
    await visit(sandbox, logins.developer);
    const world = createWorld(connectedTo(sandbox), await connectedTo(sandbox).settings({}));
    const { signIns, changes } = await readHistory(world, { window: lastDay(), login: logins.developer });
    expect(signIns.map(({ outcome }) => outcome)).toEqual(["failure", "failure", "success"]);
    expect(changes).toMatchObject({
      known: true,
      value: [
        { message: "Okta unassigned the app from Priya Raman.", ofUser: true },
        {
          message: "Ines Duarte removed Priya Raman from the group “Akto Developers”.",
          by: { login: logins.admin },
          kind: "membership",
          certain: true,
        },
      ],
    });
  });

  it("is read newest first, no further than its limit takes, and says whether that is all", async () => {
    const past = Array.from({ length: 300 }, (_, index) => ({
      kind: "sign-in" as const,
      user: index % 3 === 0 ? logins.contractor : logins.developer,
      minutesAgo: index + 20,
    }));
    const sandbox = await start({ seed: { okta: { past } } });
    const pages: number[] = [];
    const ask = (query: object) =>
      readSignIns(orgOf(sandbox), aboutIn(sandbox), { window: lastDay(), ...query }, (events) => pages.push(events));
    const some = await ask({ limit: 5 });
    expect([some.signIns.length, some.complete]).toEqual([5, false]);
    expect(pages.at(-1)).toBeLessThan(300);
    const times = some.signIns.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().toReversed());
    const all = await ask({});
    expect([all.signIns.length, all.complete]).toEqual([300, true]);
    expect(all.signIns.slice(0, 5)).toEqual(some.signIns);
    const theirs = await ask({ limit: 200, user: { id: idOf(sandbox, logins.contractor), login: logins.contractor } });
    expect([theirs.signIns.length, theirs.complete]).toEqual([100, true]);
    // Half a minute off the sign-ins' own moments, so that none is at an end of it.
    const window = { since: new Date(Date.now() - 99.5 * 60_000), until: new Date(Date.now() - 59.5 * 60_000) };
    expect((await ask({ window })).signIns).toHaveLength(40);
  });

  it("leaves this tool's own probes out, and counts them", async () => {
    const sandbox = await start({ scenario: "healthy" });
    await command(sandbox, ["doctor"]);
    const { signIns, silent } = await readSignIns(orgOf(sandbox), aboutIn(sandbox), { window: lastDay() });
    expect(signIns).toEqual([]);
    expect(silent).toBeGreaterThan(0);
  });

  it("waits as long as Okta asks when its log has been asked too often", async () => {
    const sandbox = await start({ scenario: "healthy" });
    await visit(sandbox, logins.developer);
    const waited: number[] = [];
    const http = createHttpClient({ sleep: async (milliseconds) => void waited.push(milliseconds) });
    sandbox.faults.set(["429=7,times=2,path=/api/v1/logs"]);
    const org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http });
    expect((await readSignIns(org, aboutIn(sandbox), { window: lastDay() })).signIns).toHaveLength(1);
    expect(waited.length).toBe(2);
    for (const milliseconds of waited) expect(milliseconds).toBeGreaterThan(6_000);
  });
});

describe("The last sign-ins of a user", () => {
  it("are theirs alone, and what did not even get into Okta is among them", async () => {
    const sandbox = await start({ scenario: "healthy" });
    await visit(sandbox, logins.developer);
    await visit(sandbox, logins.contractor);
    const { okta, users } = sandbox;
    const hanna = users.find(({ login }) => login.startsWith("hanna"));
    // She is suspended, so that Okta lets her in nowhere.
    await visit(sandbox, hanna?.login ?? "");
    const about = aboutIn(sandbox);
    const of = (login: string) => lastSignIns(orgOf(sandbox), about, { id: idOf(sandbox, login), login });
    expect(await of(logins.developer)).toMatchObject([{ outcome: "success", user: { login: logins.developer } }]);
    expect(await of(hanna?.login ?? "")).toMatchObject([{ outcome: "failure", stage: "session" }]);
    expect(okta.clientId).toBe(about.clientId);
  });

  it("say when to look for what spoilt them", () => {
    const at = (outcome: "success" | "failure", day: number) =>
      ({ outcome, at: `2026-11-${day}T10:00:00.000Z` }) as Parameters<typeof spoiltBetween>[0][number];
    expect(spoiltBetween([])).toBeUndefined();
    expect(spoiltBetween([at("success", 20), at("failure", 19)])).toBeUndefined();
    expect(spoiltBetween([at("failure", 20), at("failure", 19), at("success", 18)])).toEqual({
      since: new Date("2026-11-18T10:00:00.000Z"),
      until: new Date("2026-11-20T10:00:00.000Z"),
    });
    expect(spoiltBetween([at("failure", 20)], 7)?.since).toEqual(new Date("2026-11-13T10:00:00.000Z"));
  });
});

describe("A refusal that has just happened", () => {
  const wait = (sandbox: Sandbox, pause: (milliseconds: number) => Promise<void>, user?: string) =>
    waitForAttempt(
      orgOf(sandbox),
      aboutIn(sandbox),
      { since: new Date(), ...(user ? { user: { id: idOf(sandbox, user), login: user } } : {}) },
      { pause },
    );

  it("is waited for until its events have come", async () => {
    const sandbox = await start({ scenario: "sign-on-policy-denies", faults: ["log-delay=60"] });
    await visit(sandbox, logins.developer);
    const waits: number[] = [];
    const found = await wait(sandbox, async (milliseconds) => {
      waits.push(milliseconds);
      if (waits.length === 3) sandbox.faults.set([]);
    });
    expect(found).toMatchObject({ kind: "found", signIn: { stage: "policy", user: { login: logins.developer } } });
    expect(waits).toEqual([2_000, 3_000, 5_000]);
  });

  it("is given up after a minute, and nobody else's is taken for it", async () => {
    const sandbox = await start({ scenario: "sign-on-policy-denies" });
    await visit(sandbox, logins.contractor);
    let waited = 0;
    const pause = async (milliseconds: number) => {
      waited += milliseconds;
    };
    expect(await wait(sandbox, pause)).toEqual({ kind: "none" });
    expect(waited).toBe(60_000);
    await visit(sandbox, logins.developer);
    expect(await wait(sandbox, pause, logins.contractor)).toEqual({ kind: "none" });
  });

  it("of several people at the same time is nobody's for certain, unless it is known who it was", async () => {
    const sandbox = await start({ scenario: "no-assignment" });
    await visit(sandbox, logins.developer);
    await visit(sandbox, logins.contractor);
    const pause = async () => {};
    expect(await wait(sandbox, pause)).toMatchObject({ kind: "several" });
    expect(await wait(sandbox, pause, logins.contractor)).toMatchObject({
      kind: "found",
      signIn: { user: { login: logins.contractor } },
    });
  });

  it("can't be looked up where the log can't be read", async () => {
    const sandbox = await start({ scenario: "log-unreadable" });
    expect(await wait(sandbox, async () => {})).toMatchObject({
      kind: "unseen",
      failure: { code: "okta.log_unreadable" },
    });
  });
});

describe("Changes", () => {
  it("are told for what this sign-on goes by, with who made them", async () => {
    const sandbox = await start({ scenario: "healthy" });
    const org = orgOf(sandbox);
    const [server] = await org.authServers.all();
    const claims = await org.authServers.claims(server?.id ?? "");
    const groups = claims.find(({ name }) => name === "groups");
    const { id: _, ...claim } = groups ?? { id: "" };
    await org.authServers.replaceClaim(server?.id ?? "", groups?.id ?? "", { ...claim, value: "SSO-" } as never);
    await org.apps.change(sandbox.okta.clientId, { pkceRequired: true });
    await org.createGroup("Elsewhere");
    const world = createWorld(connectedTo(sandbox), await connectedTo(sandbox).settings({}));
    const concern = await concernOf(world, aboutIn(sandbox), undefined);
    const told = await changesSince(org, concern, lastDay());
    expect(told.map(({ message, certain }) => [message, certain])).toEqual([
      ["Ines Duarte changed the app.", true],
      ["Ines Duarte changed the claim “groups” of the authorization server “default”.", true],
    ]);
  });
});
