import fc from "fast-check";
import { expect, test } from "vitest";
import { signInsIn } from "../../../src/core/history/sign-ins.ts";
import type { SystemLogEvent } from "../../../src/core/model/log.ts";
import { readSignIns } from "../../../src/usecases/history/sign-ins.ts";
import { about, client, type End, ends, event, signIn } from "../../log-events.ts";

const names = ["jane", "omar", "lin"];
const window = { since: new Date(0), until: new Date(), open: true };

/** An org whose log has these events, so many on a page, and how many pages of it were asked for. */
function orgOf(events: readonly SystemLogEvent[], pageSize: number) {
  const newest = [...events].sort((a, b) => (a.at < b.at ? 1 : -1));
  let asked = 0;
  async function* pages() {
    for (let at = 0; at === 0 || at < newest.length; at += pageSize) {
      asked += 1;
      yield newest.slice(at, at + pageSize);
    }
  }
  return { org: { log: { pages } }, asked: () => asked };
}

const attempts = fc.array(
  fc.record({
    name: fc.constantFrom(...names),
    end: fc.constantFrom(...(Object.keys(ends) as End[])),
    after: fc.integer({ min: 1, max: 2000 }),
    probed: fc.boolean(),
  }),
  { maxLength: 25 },
);

test("of a long log only so much is read as a limit takes, and what is found is the newest of all there is", async () => {
  const run = async (
    tries: { name: string; end: End; after: number; probed: boolean }[],
    limit: number,
    pageSize: number,
    failed: boolean,
  ) => {
    let seconds = 0;
    const events = tries.flatMap(({ name, end, after, probed }) => {
      seconds += after;
      const at = new Date(Date.UTC(2026, 10, 26) + (seconds + 30) * 1000).toISOString();
      const probe = { at, actor: client, clientId: about.clientId, result: "FAILURE", reason: "login_required" };
      return [...signIn(name, end, seconds), ...(probed ? [event("app.oauth2.as.authorize", probe)] : [])];
    });
    const { org, asked } = orgOf(events, pageSize);
    const found = await readSignIns(org, about, { window, limit, failed });
    const all = signInsIn(events, about).signIns.filter(({ outcome }) => !failed || outcome === "failure");
    expect(found.signIns).toEqual(all.slice(0, limit));
    expect(found.complete).toBe(all.length <= limit);
    return { asked: asked(), pages: Math.ceil(events.length / pageSize) };
  };
  await fc.assert(
    fc.asyncProperty(
      attempts,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 3, max: 40 }),
      fc.boolean(),
      async (...given) => {
        await run(...given);
      },
    ),
    { numRuns: 500 },
  );
  // A day of one refusal an hour, a page for each: the three newest, one more to know that there are more, and one to be sure that it is whole.
  const hourly = Array.from({ length: 24 }, () => ({
    name: "jane",
    end: "denied" as const,
    after: 3600,
    probed: false,
  }));
  expect(await run(hourly, 3, 3, true)).toEqual({ asked: 5, pages: 24 });
});
