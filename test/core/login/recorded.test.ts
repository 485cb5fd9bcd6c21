/** What Okta's log says of the next sign-in: how far a record goes as evidence. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/core/evidence.ts";
import { ago } from "../../../src/core/history/ago.ts";
import type { RecordedChange } from "../../../src/core/history/changes.ts";
import type { RecordedSignIn } from "../../../src/core/history/sign-ins.ts";
import { stages } from "../../../src/core/history/steps.ts";
import {
  type RecordedFact,
  recordedNotes,
  recordedWord,
  refusalWords,
  refusedBefore,
} from "../../../src/core/login/recorded.ts";
import { event, person, thing } from "../../log-events.ts";

const now = new Date("2026-11-26T12:00:00.000Z");
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const signIn = (over: Partial<RecordedSignIn> = {}): RecordedSignIn => ({
  at: minutesAgo(180),
  user: { id: "00u1", login: "jane@acme.example", name: "Jane" },
  outcome: "failure",
  stage: "authorization",
  reason: "no_matching_policy",
  message: "No access policy lets this sign-in through.",
  hint: "Look at the rules.",
  transaction: "t",
  events: [],
  ...over,
});
const change = (over: Partial<RecordedChange> = {}): RecordedChange => ({
  at: minutesAgo(60),
  by: { id: "00u2", login: "ines@acme.example", name: "Ines Duarte" },
  kind: "membership",
  ofUser: true,
  certain: true,
  message: "Ines Duarte removed Jane from the group “Akto”.",
  event: event("group.user_membership.remove", { actor: person("ines") }),
  ...over,
});
const fact = (over: Partial<RecordedFact> = {}): RecordedFact => ({
  last: signIn(),
  changes: [],
  now,
  days: 14,
  ...over,
});
const word = (over: Partial<RecordedFact> = {}) => recordedWord(known(fact(over), "recorded"));

describe("a user's last sign-in, as Okta recorded it", () => {
  it("is told with Okta's own word, and when it was", () => {
    expect(word()).toEqual({
      says: "no",
      status: "warn",
      message:
        "Okta refused the user's last sign-in to Akto 3 hours ago: No access policy lets this sign-in through (no_matching_policy).",
      hint: "Look at the rules.",
    });
    expect(refusalWords(signIn({ reason: null }))).toBe("No access policy lets this sign-in through.");
  });

  it("is a no only where its cause lies in Okta's settings for good", () => {
    const says = (over: Partial<RecordedSignIn>) => word({ last: signIn(over) }).says;
    expect(says({ stage: "assignment", reason: "app.generic.unauth_app_access_attempt" })).toBe("no");
    expect(says({ stage: "policy", reason: "Sign-on policy evaluation resulted in DENY" })).toBe("no");
    expect(says({ reason: "no_matching_scope" })).toBe("no");
    expect(says({ stage: "token", reason: "user_claim_evaluation_failure" })).toBe("no");
    // What isn't known here may be lasting.
    expect(says({ reason: "some_new_reason" })).toBe("open");
    expect(says({ reason: "access_denied" })).toBe("open");
    // Whether Akto has another secret since, Okta's log can't tell.
    expect(says({ stage: "token", reason: "invalid_client" })).toBe("open");
    // The user's own doing, or a request's: the next one may be better.
    expect(says({ stage: "session", reason: "INVALID_CREDENTIALS" })).toBe("nothing");
    expect(says({ reason: "mismatched_redirect_uri" })).toBe("nothing");
    expect(says({ stage: "token", reason: "invalid_grant" })).toBe("nothing");
  });

  it("says nothing of the next one once something that matters was changed", () => {
    expect(word({ changes: [change()] })).toEqual({
      says: "nothing",
      status: "warn",
      message: `${word().message} Since then, 60 minutes ago: Ines Duarte removed Jane from the group “Akto”.`,
    });
    // What came before is the cause, not the cure.
    expect(word({ changes: [change({ at: minutesAgo(240) })] }).says).toBe("no");
  });

  it("passes where it went well, warns where that isn't known, and is passed over where there is none", () => {
    expect(word({ last: signIn({ outcome: "success", stage: "done", reason: null }) })).toEqual({
      says: "nothing",
      status: "pass",
      message: "Okta signed the user in to Akto 3 hours ago.",
    });
    expect(word({ last: signIn({ outcome: "unknown", message: "The log has no more." }) })).toMatchObject({
      says: "nothing",
      status: "warn",
      message: expect.stringContaining("The log has no more."),
    });
    expect(word({ last: null })).toMatchObject({
      says: "nothing",
      status: "skip",
      message: expect.stringMatching(/no sign-in .* 14 days/),
    });
    expect(recordedWord(unknown("No log."))).toEqual({ says: "nothing", status: "skip", message: "No log." });
  });

  it("never says no of one that was not refused, nor after a change", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("success", "failure", "unknown"),
        fc.constantFrom(...stages),
        fc.option(fc.string()),
        fc.array(fc.integer({ min: 0, max: 400 })),
        (outcome, stage, reason, changed) => {
          const changes = changed.map((minutes) => change({ at: minutesAgo(minutes) }));
          const { says, message } = word({ last: signIn({ outcome, stage, reason }), changes });
          expect(message).not.toBe("");
          if (outcome !== "failure" || changed.some((minutes) => minutes < 180)) expect(says).toBe("nothing");
        },
      ),
    );
  });
});

describe("what was changed", () => {
  it("is noted with who did it: the user's own first, and of the rest only what is about this sign-on for certain", () => {
    const app = change({ kind: "app", ofUser: false, message: "Ines Duarte changed the app.", at: minutesAgo(5) });
    const other = change({ kind: "policy", ofUser: false, certain: false, message: "Ines Duarte changed a rule." });
    expect(recordedNotes(fact({ changes: [app, other, change()] }))).toEqual([
      "Changed in Okta 60 minutes ago: Ines Duarte removed Jane from the group “Akto”. (“ines@acme.example”)",
      "Changed in Okta 5 minutes ago: Ines Duarte changed the app. (“ines@acme.example”)",
    ]);
    expect(recordedNotes(undefined)).toEqual([]);
  });

  it("names no login of Okta itself", () => {
    const actor = thing("SystemPrincipal", "Okta System");
    const own = change({ event: event("application.user_membership.remove", { actor }) });
    expect(recordedNotes(fact({ changes: [own] }))[0]).not.toContain("(");
  });

  it("is told once however often it was done, and no more than three things are", () => {
    const again = Array.from({ length: 9 }, (_, minutes) => change({ at: minutesAgo(minutes * 10) }));
    expect(recordedNotes(fact({ changes: again }))).toHaveLength(1);
    const many = again.map((one, index) => ({ ...one, message: `Change ${index}.` }));
    expect(recordedNotes(fact({ changes: many }))).toHaveLength(3);
  });

  it("stands with a refusal that came before a sign-in which went well", () => {
    expect(refusedBefore(fact({ changes: [change()] }))).toEqual([
      "Okta refused the user's sign-in to Akto before this one, 3 hours ago: No access policy lets this sign-in through (no_matching_policy). Since then, 60 minutes ago: Ines Duarte removed Jane from the group “Akto”.",
    ]);
    expect(refusedBefore(fact({ last: signIn({ outcome: "success" }) }))).toEqual([]);
    expect(refusedBefore(fact({ last: null }))).toEqual([]);
    expect(refusedBefore(undefined)).toEqual([]);
  });
});

describe("how long ago something was", () => {
  it.each([
    [0, "just now"],
    [-30, "just now"],
    [1.9, "just now"],
    [2, "2 minutes ago"],
    [119, "119 minutes ago"],
    [120, "2 hours ago"],
    [47 * 60, "47 hours ago"],
    [48 * 60, "2 days ago"],
  ])("is told of %d minutes as people say it", (minutes, said) => {
    expect(ago(minutesAgo(minutes), now)).toBe(said);
  });

  it("is not told of a time that can't be read", () => {
    expect(ago("", now)).toBe("at a time that isn't known");
  });
});
