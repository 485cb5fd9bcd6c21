import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAtServer, serverNames, signInsIn } from "../../../src/core/history/sign-ins.ts";
import type { SystemLogEvent } from "../../../src/core/model/log.ts";
import { about, app, client, type End, ends, event, person, signIn, thing } from "../../log-events.ts";

const told = (events: readonly SystemLogEvent[], user?: Parameters<typeof signInsIn>[2]) =>
  signInsIn(events, about, user).signIns.map((one) => ({
    user: one.user?.name ?? null,
    outcome: one.outcome,
    stage: one.stage,
    reason: one.reason,
  }));
const names = Object.keys(ends) as End[];

describe("A sign-in", () => {
  test.each(names)("that ends by %s is told as one, with where it ended and Okta's own word", (end) => {
    const [only, ...others] = signInsIn(signIn("jane", end, 60), about).signIns;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ ...ends[end], user: { login: "jane@acme.example" }, at: "2026-11-26T00:01:00.000Z" });
    expect(only?.message).toMatch(/^[A-Z].+\.$/);
    if (end !== "success") expect(only?.hint).toMatch(/\.$/);
    expect(only?.transaction).toMatch(/^request-jane-60-/);
  });

  test("at another authorization server is none at Akto's, as far as the log says which it was", () => {
    const at = (server: string | undefined) => {
      const debug = new Map(server === undefined ? [] : [["authorizationServer", server]]);
      const [only] = signInsIn(
        signIn("jane", "success", 0).map((one) => ({ ...one, debug })),
        about,
      ).signIns;
      if (!only) throw new Error("There must be one.");
      return only;
    };
    expect(isAtServer(at("aus1"), ["aus1"])).toBe(true);
    expect(isAtServer(at("aus2"), ["aus1"])).toBe(false);
    expect(isAtServer(at(undefined), ["aus1"])).toBe(true);
    expect(isAtServer(at("aus2"), null)).toBe(true);
    const server = { id: "aus1", name: "default", issuer: "https://o/oauth2/aus1", audiences: [], active: true };
    expect(serverNames("default", { kind: "found", server })).toEqual(["default", "aus1", "default"]);
    expect(serverNames("aus1", undefined)).toEqual(["aus1"]);
    // An alias, and whose it is can't be seen.
    expect(serverNames("default", undefined)).toBeNull();
  });

  test("whose last event says neither yes nor no is not told to have gone on", () => {
    const message = (result: string) =>
      signInsIn([event("app.oauth2.as.authorize", { result, actor: client, targets: [person("jane")] })], about)
        .signIns[0]?.message;
    expect(message("SUCCESS")).toMatch(/gave Akto a code/);
    expect(message("")).toBe("The log has this sign-in, and doesn't say what came of its last step.");
    const allowed = event("policy.evaluate_sign_on", { result: "ALLOW", actor: person("jane"), targets: [app] });
    expect(signInsIn([allowed], about).signIns[0]?.message).toMatch(/^The app's authentication policy let the user in/);
  });

  test("that was refused names the rule, the claim and the secret", () => {
    const message = (end: End) => signInsIn(signIn("jane", end, 0), about).signIns[0]?.message;
    expect(message("denied")).toBe("The app's authentication policy denied the user, by its rule “Rule 1”.");
    expect(message("unassigned")).toBe("The user isn't assigned to the app.");
    expect(message("secret")).toBe("Okta did not accept the client secret that was sent for the app.");
    const [, , , code] = signIn("jane", "nothing", 0);
    const failed = event("app.oauth2.as.evaluate.claim", {
      ...code,
      result: "FAILURE",
      reason: "user_claim_evaluation_failure",
      targets: [person("jane"), thing("claim", "groups\u001b[2J")],
    });
    expect(signInsIn([failed], about).signIns[0]?.message).toBe(
      "The claim “groups\\u{1b}[2J” could not be evaluated for this user, so Okta gave no token.",
    );
  });

  test("after one that was refused, in the same session, is another one", () => {
    const events = [...signIn("jane", "policy", 0, "s"), ...signIn("jane", "success", 20, "s").slice(1)];
    expect(told(events).map(({ outcome }) => outcome)).toEqual(["success", "failure"]);
  });

  test("that is begun anew before the first has its tokens is another one", () => {
    const events = [...signIn("jane", "nothing", 0, "s"), ...signIn("jane", "success", 20, "s").slice(1)];
    expect(told(events).map(({ outcome }) => outcome)).toEqual(["success", "unknown"]);
  });

  test("takes the factor on the phone, and what went wrong with it, along", () => {
    const [start, asked] = signIn("jane", "factor", 0, "s");
    const factor = (result: string, at: string) =>
      event("user.authentication.auth_via_mfa", { at, result, actor: person("jane"), session: "s", transaction: at });
    const events = [
      start,
      asked,
      factor("FAILURE", "2026-11-26T00:01:00.000Z"),
      factor("SUCCESS", "2026-11-26T00:02:00.000Z"),
      ...signIn("jane", "success", 150, "s").slice(1),
    ].filter((one) => one !== undefined);
    expect(told(events)).toEqual([{ user: "jane", ...ends.success }]);
    expect(signInsIn(events, about).signIns[0]?.events).toHaveLength(events.length);
    // Not tried again, it is what the sign-in ended with.
    expect(told(events.slice(0, 3))).toEqual([{ user: "jane", ...ends.factor }]);
  });

  test("of another app, and what is none of a sign-in, is passed over", () => {
    const elsewhere = signIn("jane", "success", 0).map((one) => ({
      ...one,
      clientId: null,
      actor: one.actor.type === "User" ? one.actor : thing("PublicClientApp", "Other"),
      targets: one.targets.filter(({ type }) => type === "User"),
    }));
    const changes = [event("group.user_membership.add", { targets: [person("jane"), app] })];
    const machine = event("app.oauth2.as.token.grant.access_token", {
      actor: client,
      debug: new Map([["grantType", "client_credentials"]]),
    });
    expect(told([...elsewhere, ...changes, machine])).toEqual([]);
  });

  test("without a user is a probe: it is counted, not told", () => {
    const refused = { actor: client, result: "FAILURE", at: "2026-11-26T10:00:00.000Z" };
    const probes = [
      event("app.oauth2.as.authorize", { ...refused, reason: "login_required" }),
      event("app.oauth2.as.token.grant", { ...refused, reason: "invalid_grant" }),
    ];
    expect(signInsIn([...probes, ...signIn("jane", "success", 0)], about)).toMatchObject({
      signIns: [{ outcome: "success" }],
      silent: 2,
    });
    // Of a user who has a code it is how their sign-in ended.
    const late = event("app.oauth2.as.token.grant", {
      ...refused,
      reason: "invalid_grant",
      at: "2026-11-26T00:00:05.000Z",
    });
    expect(told([...signIn("jane", "nothing", 0), late])).toEqual([
      { user: "jane", outcome: "failure", stage: "token", reason: "invalid_grant" },
    ]);
  });

  test("that the app's request can't be laid to, of two at the same time, is nobody's", () => {
    const events = [...signIn("jane", "secret", 0), ...signIn("omar", "secret", 1)];
    expect(told(events)).toEqual([
      expect.objectContaining({ user: null, ...ends.secret }),
      expect.objectContaining({ user: null, ...ends.secret }),
      { user: "omar", ...ends.nothing },
      { user: "jane", ...ends.nothing },
    ]);
  });

  test("of a type and for a reason that nobody knows yet is told in Okta's own words", () => {
    const strange = event("app.oauth2.as.token.quantum_refused", {
      title: "Quantum grant",
      actor: client,
      targets: [person("jane")],
      result: "FAILURE",
      reason: "spooky",
    });
    const [one] = signInsIn([strange], about).signIns;
    expect(one).toMatchObject({ outcome: "failure", stage: "token", reason: "spooky" });
    expect(one?.message).toBe("Okta recorded “Quantum grant” as FAILURE: “spooky”.");
  });
});

describe("Asked for one user", () => {
  const jane = { id: "00ujane", login: "jane@acme.example" };

  test("only theirs are told, by id or, where there is none, by login", () => {
    const events = [...signIn("jane", "success", 0), ...signIn("omar", "policy", 30)];
    expect(told(events, jane)).toEqual([{ user: "jane", ...ends.success }]);
    expect(told(events, { id: null, login: "JANE@acme.example" })).toHaveLength(1);
    expect(told(events, { id: "00uother", login: "jane@acme.example" })).toEqual([]);
  });

  test("those are told too that came no further than Okta's own page, for which Okta names no app", () => {
    const locked = event("user.session.start", { actor: person("jane"), result: "FAILURE", reason: "LOCKED_OUT" });
    expect(told([locked])).toEqual([]);
    expect(told([locked], jane)).toEqual([
      { user: "jane", outcome: "failure", stage: "session", reason: "LOCKED_OUT" },
    ]);
  });
});

describe("Whatever happens at the same time", () => {
  /** Sign-ins of different people, near enough to mix; a token whose request names no user has the time to itself. */
  const script = fc
    .array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 8 })
    .map((steps) => {
      let seconds = 0;
      return steps.map(([end, gap], index) => {
        const alone = end === "secret" || steps[index - 1]?.[0] === "secret" ? 200 : 0;
        seconds += gap + alone;
        return { name: `user${index}`, end, seconds };
      });
    })
    // One that waits for its tokens for good would be taken for the one whose secret was wrong.
    .filter((steps) => !(steps.some(({ end }) => end === "secret") && steps.some(({ end }) => end === "nothing")));

  test("each sign-in is told as if it were alone", () => {
    fc.assert(
      fc.property(script, (steps) => {
        const events = steps.flatMap(({ name, end, seconds }) => signIn(name, end, seconds));
        const expected = steps.map(({ name, end }) => ({ user: name, ...ends[end] }));
        const byUser = (a: { user: string | null }, b: { user: string | null }) =>
          (a.user ?? "").localeCompare(b.user ?? "");
        expect(told(events).sort(byUser)).toEqual(expected.sort(byUser));
      }),
    );
  });

  test("the order in which events come does not matter, nor do events that are no part of a sign-in", () => {
    const strangers = fc.array(
      fc.record({
        type: fc.constantFrom("system.push.send", "user.mfa.factor.update", "app.oauth2.as.token.revoke", "x", ""),
        seconds: fc.nat(400),
        session: fc.constantFrom(null, "session-user0-0", "other"),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(script, strangers, fc.infiniteStream(fc.nat()), (steps, others, numbers) => {
        const events = steps.flatMap(({ name, end, seconds }) => signIn(name, end, seconds));
        const more = others.map(({ type, seconds, session }) =>
          event(type, { at: new Date(Date.UTC(2026, 10, 26) + seconds * 1000).toISOString(), session, actor: client }),
        );
        const shuffled = [...events, ...more]
          .map((one) => ({ one, key: numbers.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(told(shuffled)).toEqual(told(events));
      }),
    );
  });

  test("no event of a sign-in is in two of them, and none that decides is lost", () => {
    fc.assert(
      fc.property(script, (steps) => {
        const events = steps.flatMap(({ name, end, seconds }) => signIn(name, end, seconds));
        const used = signInsIn(events, about).signIns.flatMap((one) => one.events.map(({ id }) => id));
        expect(new Set(used).size).toBe(used.length);
        expect(used.length).toBe(events.length);
      }),
    );
  });
});
