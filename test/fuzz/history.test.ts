/** The System Log holds what strangers typed, in shapes that Okta may change: nothing of it may end the reading. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesIn } from "../../src/core/history/changes.ts";
import { signInsIn } from "../../src/core/history/sign-ins.ts";
import { readWindow } from "../../src/core/history/window.ts";
import type { SystemLogEvent } from "../../src/core/model/log.ts";
import { readEvent } from "../../src/okta/logs.ts";
import { readSignInRule, readSimulation } from "../../src/okta/policies.ts";
import { hostileText } from "../hostile.ts";
import { about } from "../log-events.ts";
import { anyJson, effort, expectHarmless, spoiled, survives } from "./fuzz.ts";

const keys = ["actor", "target", "outcome", "debugContext", "debugData", "transaction", "id", "type", "alternateId"];
const event = {
  uuid: "e1",
  published: "2026-11-26T10:42:00.000Z",
  eventType: "policy.evaluate_sign_on",
  displayMessage: "Evaluation of sign-on policy",
  outcome: { result: "DENY", reason: "Sign-on policy evaluation resulted in DENY" },
  actor: { id: "00u1", type: "User", alternateId: "ada@acme.example", displayName: "Ada" },
  client: { id: about.clientId },
  target: [
    { id: about.appId, type: "AppInstance", displayName: "Akto", changeDetails: { from: {}, to: { label: "x" } } },
    { id: "rul1", type: "Rule", displayName: "No one", detailEntry: { policyType: "ACCESS_POLICY" } },
  ],
  transaction: { id: "t1", type: "WEB", detail: {} },
  authenticationContext: { externalSessionId: "s1" },
  debugContext: { debugData: { grantType: "authorization_code", requestUri: "/oauth2/default/v1/authorize" } },
};
const types = fc.oneof(
  fc.constantFrom(
    "user.session.start",
    "policy.evaluate_sign_on",
    "app.oauth2.as.authorize",
    "app.oauth2.as.authorize.code",
    "app.oauth2.as.token.grant.access_token",
    "app.oauth2.invalid_client_credentials",
    "app.generic.unauth_app_access_attempt",
    "group.user_membership.remove",
    "oauth2.claim.updated",
    "policy.rule.update",
    "application.lifecycle.update",
  ),
  hostileText,
);
const concern = { ...about, userId: "00u1", serverId: "aus1" };

describe("The System Log", () => {
  const { runs, timeout } = effort();

  test(
    "is read whatever is in it, and no text of it does harm",
    () => {
      const one = fc
        .tuple(spoiled(event, keys), types, hostileText)
        .map(([value, eventType, name]): unknown =>
          typeof value === "object" && value !== null ? { ...value, eventType, displayMessage: name } : value,
        );
      fc.assert(
        fc.property(fc.array(fc.oneof(one, anyJson(keys)), { maxLength: 12 }), (values) => {
          const read = survives("log events", values, () => {
            const events = values.map(readEvent).filter((each): each is SystemLogEvent => each !== null);
            const { signIns } = signInsIn(events, about);
            return { signIns, changes: changesIn(events, concern) };
          });
          expect(read).toBeDefined();
          for (const { message, hint = "" } of read?.signIns ?? []) {
            expectHarmless(message);
            expectHarmless(hint);
          }
          for (const { message } of read?.changes ?? []) expectHarmless(message);
        }),
        runs,
      );
    },
    timeout,
  );

  test(
    "is asked for any window of time, or refuses it",
    () => {
      const text = fc.oneof(hostileText, fc.stringMatching(/^[\d:TZ +-]{1,20}[mhdw]?$/));
      fc.assert(
        fc.property(text, text, (since, until) => {
          const now = new Date("2026-11-26T12:00:00Z");
          const window = survives("window", [since, until], () => readWindow(since, until, now));
          if (window) expect(window.since.getTime()).toBeLessThan(window.until.getTime());
        }),
        runs,
      );
    },
    timeout,
  );
});

test("An authentication policy's rules and a simulation are read whatever is in them, or refused", () => {
  const rule = {
    id: "rul1",
    name: "R",
    status: "ACTIVE",
    priority: 1,
    conditions: { people: { users: { include: ["00u1"] } }, network: { connection: "ZONE", include: ["nzo1"] } },
    actions: { appSignOn: { access: "DENY" } },
  };
  const simulation = [{ policyType: ["ACCESS_POLICY"], result: { policies: [{ rules: [{ id: "1", name: "R" }] }] } }];
  const { runs } = effort();
  fc.assert(
    fc.property(
      spoiled(rule, ["conditions", "people"]),
      spoiled(simulation, ["evaluation", "result"]),
      (one, other) => {
        survives("rule", one, () => readSignInRule(one));
        expect(survives("simulation", other, () => readSimulation(other))).toBeDefined();
      },
    ),
    runs,
  );
});
