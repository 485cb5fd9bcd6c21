/** How the System Log is asked: filters, bounds, pages, order, and what Okta refuses. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLog, type ShownEvent } from "./log.ts";
import { acme, type RunningOrg, startOrg } from "./org.ts";

let org: RunningOrg;
const seed = {
  ...acme,
  // The log's own limit is a tenth of it.
  rateLimit: 10_000,
  past: Array.from({ length: 250 }, (_, index) => ({
    kind: "membership" as const,
    change: index % 2 === 0 ? ("add" as const) : ("remove" as const),
    minutesAgo: 250 - index,
    by: "ada@acme.example",
    user: index % 5 === 0 ? "linus@acme.example" : "grace@acme.example",
    group: "Akto Security",
  })),
};
beforeAll(async () => {
  org = await startOrg(seed);
});
afterAll(() => org.close());

const userId = (login: string) =>
  [...org.state.users.values()].find(({ profile }) => profile.login === login)?.id ?? "";
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const ask = (query: Record<string, string>) => org.call("GET", `/api/v1/logs?${new URLSearchParams(query)}`);
const times = (events: readonly ShownEvent[]) => events.map(({ published }) => Date.parse(published));

test("A bounded request gives every event once, in order, on pages of which the last has no next", async () => {
  const up = await readLog(org, { limit: "40" });
  expect(up).toHaveLength(250);
  expect(new Set(up.map(({ uuid }) => uuid)).size).toBe(250);
  expect(times(up)).toEqual(times(up).toSorted((a, b) => a - b));
  const down = await readLog(org, { limit: "1000", sortOrder: "DESCENDING" });
  expect(down.map(({ uuid }) => uuid)).toEqual(up.map(({ uuid }) => uuid).toReversed());
});

test("A page holds 100 events unless the request says, and none with a limit of 0", async () => {
  expect((await ask({ until: minutesAgo(0) })).json).toHaveLength(100);
  const none = await ask({ until: minutesAgo(0), limit: "0" });
  expect(none.json).toEqual([]);
  expect(none.headers.get("link")).not.toContain('rel="next"');
});

test("The bounds are kept: since is in, until is not", async () => {
  const { json } = await ask({ since: minutesAgo(300), until: minutesAgo(0), limit: "3" });
  const [first, second, third] = json as ShownEvent[];
  const between = await readLog(org, { since: second?.published ?? "", until: third?.published ?? "" });
  expect(between.map(({ uuid }) => uuid)).toEqual([second?.uuid]);
  expect(first?.published.localeCompare(second?.published ?? "")).toBe(-1);
  expect(await readLog(org, { since: minutesAgo(0) })).toEqual([]);
});

test("Without an end the request polls: its next link never ends", async () => {
  const { json, headers } = await ask({ since: minutesAgo(-60), limit: "5" });
  expect(json).toEqual([]);
  const next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1] ?? "";
  expect((await org.call("GET", next)).headers.get("link")).toContain('rel="next"');
});

test.each([
  ['eventType eq "group.user_membership.add"', 125],
  ['eventType sw "group.user_membership."', 250],
  ['eventType co "MEMBERSHIP" and not (eventType ew ".add")', 125],
  ['target.id eq "LINUS" or target.id eq "nobody"', 50],
  ['target.id eq "LINUS" and target.type eq "UserGroup"', 50],
  ['target.id eq "LINUS" and target.id eq "GRACE"', 0],
  ['actor.id eq "ADA" and (target.alternateId sw "grace@" and outcome.result eq "SUCCESS")', 200],
  ['actor.id ne "ADA"', 0],
  ["outcome.reason pr", 0],
  ['transaction.type eq "WEB"', 250],
])("The filter %s finds %i events", async (filter, found) => {
  const named = filter.replace(/"(ADA|GRACE|LINUS)"/g, (_, name: string) =>
    JSON.stringify(userId(`${name.toLowerCase()}@acme.example`)),
  );
  expect(await readLog(org, { filter: named, limit: "1000" })).toHaveLength(found);
});

test("Words are looked for everywhere in an event, all of them, whatever their case", async () => {
  expect(await readLog(org, { q: "LINUS@acme.example Membership.Add", limit: "1000" })).toHaveLength(25);
  expect(await readLog(org, { q: "nobody" })).toEqual([]);
});

test.each([
  [{ filter: 'published gt "2020-01-01"' }, "E0000053", "field is not valid: published"],
  [{ filter: 'nonsense eq "x"' }, "E0000053", "field is not valid: nonsense"],
  [{ filter: 'eventType eqq "x"' }, "E0000053", "Invalid filter 'eventType eqq \"x\"': "],
  [{ filter: "eventType eq" }, "E0000053", "Invalid filter"],
  [{ filter: '(eventType eq "x"' }, "E0000053", "Invalid filter"],
  [{ filter: 'debugContext.debugData.url co "/oauth"' }, "E0000031", "Operator: co, Field: debugContext.debugData.url"],
  [{ filter: 'debugContext.debugData.requestUri co "x"' }, "E0000031", "Field: debugContext.debugData.requestUri"],
  [{ since: minutesAgo(181 * 1440) }, "E0000053", "over 180 days prior to the current day"],
  [{ until: "yesterday" }, "E0000001", "'until': The date format in your query is not recognized."],
  [{ since: "2024-13-77T00:00:00Z" }, "E0000001", "'since': "],
  [{ limit: "1001" }, "E0000001", "limit"],
  [{ sortOrder: "UP" }, "E0000001", "sortOrder"],
  [{ after: "nonsense" }, "E0000053", "after"],
  [{ q: "x".repeat(41) }, "E0000001", "longer than 40 characters"],
  [{ q: "a b c d e f g h i j k" }, "E0000001", "more than 10 items"],
])("%o is refused with %s", async (query, errorCode, said) => {
  const { status, json } = await ask(query);
  expect(status).toBe(400);
  expect(json).toMatchObject({ errorCode, errorSummary: expect.stringContaining(said) });
});

test("What is older than 90 days is gone, though the question is allowed", async () => {
  const old = await startOrg({ ...acme, past: [{ ...seed.past[0], minutesAgo: 91 * 1440 } as (typeof seed.past)[0]] });
  try {
    const { status, json } = await old.call("GET", `/api/v1/logs?since=${minutesAgo(120 * 1440)}`);
    expect([status, json]).toEqual([200, []]);
  } finally {
    await old.close();
  }
});
