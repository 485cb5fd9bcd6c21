import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesIn } from "../../../src/core/history/changes.ts";
import type { SystemLogEvent } from "../../../src/core/model/log.ts";
import { about, app, event, person, thing } from "../../log-events.ts";

const admin = person("ines");
const jane = person("jane");
const group = thing("UserGroup", "Akto Developers", "00gdev");
const server = thing("AuthorizationServer", "default", "aus1");
const policy = (id = "00p1", type = "OAUTH_AUTHORIZATION_POLICY") => ({
  ...thing("PolicyEntity", "Default Policy", id),
  detail: new Map([["policyType", type]]),
});
const concern = { ...about, userId: jane.id, serverId: "aus1", policyIds: ["00p1", "rst1"], groupIds: ["00gdev"] };
const made = (type: string, ...targets: SystemLogEvent["targets"]) => event(type, { actor: admin, targets });
const said = (...events: SystemLogEvent[]) => changesIn(events, concern).map(({ message }) => message);

describe("A change", () => {
  test.each([
    [made("group.user_membership.remove", jane, group), "ines removed jane from the group “Akto Developers”."],
    [made("group.user_membership.add", jane, group), "ines added jane to the group “Akto Developers”."],
    [made("application.user_membership.remove", jane, app), "ines unassigned the app from jane."],
    [made("application.user_membership.add", jane, app), "ines assigned jane to the app."],
    [made("user.lifecycle.suspend", jane), "ines suspended jane."],
    [event("user.account.lock", { actor: jane, targets: [jane] }), "jane was locked out of Okta."],
    [
      made("group.application_assignment.remove", group, app),
      "ines unassigned the app from the group “Akto Developers”.",
    ],
    [made("group.lifecycle.delete", group), "ines deleted the group “Akto Developers”."],
    [
      made("application.lifecycle.update", { ...app, changed: ["redirect_uris", "label"] }),
      "ines changed the app (redirect_uris and label).",
    ],
    [made("application.lifecycle.deactivate", app), "ines deactivated the app."],
    [
      made("app.oauth2.credentials.lifecycle.create", thing("OAuth2Secret", "s"), app),
      "ines created a client secret for the app.",
    ],
    [
      made("oauth2.claim.updated", thing("OAuth2Claim", "groups"), server),
      "ines changed the claim “groups” of the authorization server “default”.",
    ],
    [
      made("oauth2.scope.deleted", thing("OAuth2Scope", "email"), server),
      "ines deleted the scope “email” of the authorization server “default”.",
    ],
    [made("oauth2.as.deactivated", server), "ines deactivated the authorization server “default”."],
    [
      made("policy.rule.update", thing("PolicyRule", "Rule 1"), policy()),
      "ines changed the rule “Rule 1” of the policy “Default Policy”.",
    ],
    [
      made("policy.lifecycle.deactivate", policy("rst1", "ACCESS_POLICY")),
      "ines deactivated the policy “Default Policy”.",
    ],
    [
      event("application.lifecycle.something_new", { actor: admin, targets: [app], title: "New thing" }),
      "ines did “New thing”.",
    ],
  ])("is told with who made it: %#", (change, message) => {
    expect(said(change)).toEqual([message]);
  });

  test("is made by Okta, by somebody, or by a name that can do no harm", () => {
    const by = (actor: SystemLogEvent["actor"]) => said({ ...made("application.lifecycle.update", app), actor });
    expect(by(thing("SystemPrincipal", "Okta System"))).toEqual(["Okta changed the app."]);
    expect(by({ ...admin, name: "", login: null })).toEqual(["Somebody changed the app."]);
    expect(by({ ...admin, name: "\u202eEve" })).toEqual(["\\u{202e}Eve changed the app."]);
  });

  test("of somebody else, of another app, server, policy or group, or one that Okta refused, is none that matters", () => {
    const other = thing("AuthorizationServer", "other", "aus2");
    expect(
      said(
        made("group.user_membership.remove", person("omar"), group),
        made("application.lifecycle.update", thing("AppInstance", "Other")),
        made("application.user_membership.add", jane, thing("AppInstance", "Other")),
        made("oauth2.claim.updated", thing("OAuth2Claim", "groups"), other),
        event("oauth2.claim.updated", { actor: admin, debug: new Map([["authorizationServer", "aus2"]]) }),
        made("policy.rule.update", thing("PolicyRule", "R"), policy("00p9")),
        made("policy.lifecycle.delete", policy("00p9", "PASSWORD")),
        made("group.profile.update", thing("UserGroup", "Other")),
        made("user.account.update_profile", jane),
        made("policy.evaluate_sign_on", app),
        event("application.lifecycle.update", { actor: admin, targets: [app], result: "FAILURE" }),
      ),
    ).toEqual([]);
  });

  test("that may be of another server or policy says so", () => {
    const unsure = changesIn(
      [
        made("oauth2.claim.deleted", thing("OAuth2Claim", "groups")),
        made("policy.rule.delete", thing("PolicyRule", "R"), policy("00p9")),
      ],
      { ...concern, policyIds: undefined },
    );
    expect(unsure.map(({ certain }) => certain)).toEqual([false, false]);
    expect(changesIn([made("oauth2.claim.deleted", thing("OAuth2Claim", "groups"), server)], concern)[0]?.certain).toBe(
      true,
    );
  });
});

test("Changes are told newest first, the user's own before others of the same moment, within the bounds", () => {
  const at = (minute: number) => `2026-11-26T10:${minute}:00.000Z`;
  const events = [
    { ...made("application.lifecycle.update", app), at: at(10) },
    { ...made("group.user_membership.remove", jane, group), at: at(10) },
    { ...made("application.lifecycle.activate", app), at: at(20) },
    { ...made("application.lifecycle.deactivate", app), at: at(30) },
  ];
  const told = changesIn(events, concern, { since: at(10), until: at(30) });
  expect(told.map(({ event }) => event.type)).toEqual([
    "application.lifecycle.activate",
    "group.user_membership.remove",
    "application.lifecycle.update",
  ]);
});

test("Without a user no change of a person is told; the less is known, the less is left out or told for certain", () => {
  const types = fc.constantFrom(
    "oauth2.claim.updated",
    "policy.rule.update",
    "oauth2.as.updated",
    "policy.lifecycle.delete",
  );
  const targets = fc.subarray([
    server,
    thing("AuthorizationServer", "o", "aus2"),
    policy(),
    policy("00p9"),
    app,
    group,
  ]);
  fc.assert(
    fc.property(fc.array(fc.tuple(types, targets)), (list) => {
      const events = list.map(([type, named]) => made(type, ...named));
      const known = changesIn(events, concern);
      const { serverId: _, policyIds: __, ...less } = concern;
      const unknown = changesIn(events, less);
      expect(unknown.length).toBeGreaterThanOrEqual(known.length);
      for (const { certain } of unknown) expect(certain).toBe(false);
    }),
  );
  expect(changesIn([made("group.user_membership.remove", jane, group)], about)).toEqual([]);
});
