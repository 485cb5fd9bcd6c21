import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { readEvent } from "../../src/okta/logs.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import { serve } from "../http/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const past = Array.from({ length: 1200 }, (_, index) => ({
    kind: "membership" as const,
    change: "add" as const,
    minutesAgo: 1200 - index,
    by: logins.admin,
    user: logins.developer,
    group: "Finance",
  }));
  sandbox = await startSandbox({ seed: { okta: { past } } });
});
afterAll(() => sandbox.close());

const http = createHttpClient({ sleep: async () => {} });
const hour = 3600_000;
const dayAgo = () => ({ since: new Date(Date.now() - 24 * hour), until: new Date() });

describe("the System Log", () => {
  const log = () => createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http }).log;
  async function events(query: Parameters<ReturnType<typeof log>["pages"]>[0]) {
    const pages = [];
    for await (const page of log().pages(query)) pages.push(page);
    return pages;
  }

  test("is read in order, every page of it, each event once", async () => {
    const pages = await events(dayAgo());
    expect(pages.map((page) => page.length)).toEqual([1000, 200]);
    const all = pages.flat();
    expect(new Set(all.map(({ id }) => id)).size).toBe(1200);
    const times = all.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    const newest = (await events({ ...dayAgo(), newestFirst: true, pageSize: 100 })).flat();
    expect(newest.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toReversed());
  });

  test("is filtered by Okta", async () => {
    const filter = 'eventType eq "group.user_membership.add" and target.type eq "nothing"';
    expect((await events({ ...dayAgo(), filter })).flat()).toEqual([]);
  });

  test("tells who did what to whom", async () => {
    const [event] = (await events(dayAgo())).flat();
    expect(event).toMatchObject({
      type: "group.user_membership.add",
      title: "Add user to group membership",
      result: "SUCCESS",
      reason: null,
      actor: { type: "User", login: logins.admin, name: "Ines Duarte" },
      targets: [
        { type: "User", login: logins.developer, name: "Priya Raman" },
        { type: "UserGroup", login: null, name: "Finance" },
      ],
      session: null,
    });
  });

  test("is always asked with both bounds: without an end it would never stop", async () => {
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "content-type": "application/json" }).end("[]");
    });
    for await (const _ of createOktaOrg({ origin, token: "00token", http }).log.pages(dayAgo()));
    const query = new URL(asked[0] ?? "", origin).searchParams;
    expect([query.get("since"), query.get("until"), query.get("sortOrder"), query.get("limit")]).toEqual([
      expect.stringMatching(/Z$/),
      expect.stringMatching(/Z$/),
      "ASCENDING",
      "1000",
    ]);
    // This machine's clock may be behind, and what ends now ends whenever Okta says so.
    for await (const _ of createOktaOrg({ origin, token: "00token", http }).log.pages({ ...dayAgo(), open: true }));
    const until = new URL(asked[1] ?? "", origin).searchParams.get("until") ?? "";
    expect(Date.parse(until)).toBeGreaterThan(Date.now() + 23 * hour);
  });

  test("that the token may not see is a failure of rights", async () => {
    const unseen = await startSandbox({ scenario: "log-unreadable" });
    try {
      const org = createOktaOrg({ origin: unseen.okta.url, token: unseen.okta.token, http });
      const reading = async () => {
        for await (const _ of org.log.pages(dayAgo()));
      };
      await expect(reading()).rejects.toMatchObject({ kind: "auth", code: "okta.token_powerless" });
    } finally {
      await unseen.close();
    }
  });
});

describe("an event", () => {
  test("is read whatever is missing, null, or of another kind", () => {
    const at = "2026-11-26T10:42:00.000Z";
    const empty = { id: "", type: "", name: "", login: null, detail: new Map(), changed: [] };
    const bare = {
      id: "",
      at,
      type: "",
      title: "",
      result: "",
      reason: null,
      actor: empty,
      targets: [],
      clientId: null,
      transaction: null,
      session: null,
      debug: new Map(),
    };
    expect(readEvent({ published: at })).toEqual(bare);
    const odd = { published: at, uuid: 7, outcome: [], actor: "x", target: null, client: null, transaction: { id: 1 } };
    expect(readEvent({ ...odd, debugContext: { debugData: null } })).toEqual(bare);
    expect(readEvent({ published: at, target: [null, 7, {}] })?.targets).toEqual([empty]);
    expect(readEvent({ published: at, authenticationContext: { externalSessionId: "unknown" } })?.session).toBeNull();
  });

  test("keeps keys that nobody knows as they are, and names what was changed", () => {
    const event = readEvent({
      published: "2026-11-26T10:42:00Z",
      debugContext: { debugData: JSON.parse('{"__proto__":"x","behaviors":{"a":1},"n":null}') },
      target: [{ id: "1", changeDetails: { from: {}, to: { name: "x", priority: 2 } } }],
    });
    expect([...(event?.debug ?? [])]).toEqual([
      ["__proto__", "x"],
      ["behaviors", '{"a":1}'],
      ["n", "null"],
    ]);
    expect(event?.targets[0]?.changed).toEqual(["name", "priority"]);
  });

  test.each([[null], [7], [[]], [{}], [{ published: "yesterday" }]])("%j is none", (value) => {
    expect(readEvent(value)).toBeNull();
  });
});
