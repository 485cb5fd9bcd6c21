import fc from "fast-check";
import { expect, test } from "vitest";
import { isRecord } from "../../src/core/json.ts";
import { changedApp, readApp } from "../../src/okta/apps.ts";
import { readAuthServer, readClaim, readPolicy, readRule } from "../../src/okta/auth-servers.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { filterString, readGroup, readUser } from "../../src/okta/people.ts";
import type { OktaOrg } from "../../src/okta/types.ts";
import { hostileText } from "../hostile.ts";
import { answering, anyBody, anyHeader, anyJson, anyStatus, effort, spoiled, survives, survivesLater } from "./fuzz.ts";
import { app, claim, error, group, keys, origin, policy, rule, secret, server, token, user } from "./okta-answers.ts";

const readers = [
  ["a group", readGroup, group],
  ["a user", readUser, user],
  ["an app", readApp, app],
  ["an authorization server", readAuthServer, server],
  ["a claim", readClaim, claim],
  ["a policy", readPolicy, policy],
  ["a rule", readRule, rule],
] as const;

test.each(readers)(
  "%s is read or refused, whatever it is",
  (what, read, valid) => {
    expect(read(valid)).toBeDefined();
    const { runs } = effort();
    fc.assert(
      fc.property(
        fc.oneof(anyJson(keys), spoiled(valid, keys)),
        (value) => void survives(what, value, () => read(value)),
      ),
      runs,
    );
  },
  effort().timeout,
);

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  let left = 500;
  for await (const _ of items) if (left-- === 0) return;
}

const answers: readonly (readonly [what: string, valid: unknown, ask: (org: OktaOrg) => Promise<unknown>])[] = [
  ["groups", [group], (org) => drain(org.groups({ search: "a", members: true }))],
  ["groupsNamed", [group], (org) => org.groupsNamed("Akto Admins")],
  ["createGroup", group, (org) => org.createGroup("x")],
  ["removeGroup", {}, (org) => org.removeGroup("00g1")],
  ["groupUsers", [user], (org) => drain(org.groupUsers("00g1"))],
  ["user", user, (org) => org.user("00u1")],
  ["user by email", [user], (org) => org.user("ada@acme.example")],
  ["userGroups", [group], (org) => org.userGroups("00u1")],
  ["firstPageOfUserGroups", [group], (org) => org.firstPageOfUserGroups("00u1")],
  ["whoAmI", user, (org) => org.whoAmI()],
  ["tokenInfo", [token], (org) => org.tokenInfo()],
  ["apps.byClientId", app, (org) => org.apps.byClientId("0oa1")],
  ["apps.all", [app], (org) => drain(org.apps.all())],
  ["apps.addRedirectUri", app, (org) => org.apps.addRedirectUri("0oa1", "https://b.example/")],
  ["apps.clientSecret", [secret], (org) => org.apps.clientSecret("0oa1")],
  ["apps.groups", [{ id: "00g1", _embedded: { group } }], (org) => drain(org.apps.groups("0oa1"))],
  ["apps.users", [user], (org) => drain(org.apps.users("0oa1"))],
  ["authServers.all", [server], (org) => org.authServers.all()],
  ["authServers.byId", server, (org) => org.authServers.byId("aus1")],
  ["authServers.claims", [claim], (org) => org.authServers.claims("aus1")],
  ["authServers.scopes", [{ name: "openid" }], (org) => org.authServers.scopes("aus1")],
  ["authServers.policies", [policy], (org) => org.authServers.policies("aus1")],
  ["authServers.setPolicyClients", policy, (org) => org.authServers.setPolicyClients("aus1", "00p1", ["0oa1"])],
  [
    "authServers.changeRule",
    rule,
    (org) =>
      org.authServers.changeRule("aus1", "00p1", "0pr1", {
        grantTypes: ["authorization_code"],
        scopes: ["openid"],
        groups: ["EVERYONE"],
        users: [],
      }),
  ],
];

// The whole way, the SDK's models and its reading of links and errors included.
test.each(answers)(
  "%s of an org is answered or fails, whatever Okta says",
  async (what, valid, ask) => {
    const link = fc.oneof(
      anyHeader,
      fc
        .tuple(
          fc.constantFrom(origin, "https://evil.example", "//evil.example", "javascript:", ""),
          anyHeader,
          fc.constantFrom('; rel="next"', ";rel=next", '; rel="self"', "; rel", ""),
        )
        .map(([host, path, rel]) => `<${host}/api/v1/groups?after=${path}>${rel}`),
    );
    const json = fc.oneof(fc.constant(valid), spoiled(valid, keys), spoiled(error, keys), anyJson(keys));
    const answer = fc.record({
      status: anyStatus,
      headers: fc.oneof(
        fc.constant({}),
        link.map((each) => ({ link: each })),
      ),
      body: anyBody(json),
    });
    const { runs } = effort(4);
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), async (given) => {
        const org = createOktaOrg({
          origin,
          token: "00token",
          http: answering(...given, { body: JSON.stringify(valid) }),
        });
        await survivesLater(what, given, () => ask(org));
      }),
      runs,
    );
  },
  effort().timeout,
);

test(
  "a change of an app touches what it names and nothing else",
  () => {
    const settings = anyJson(keys).filter(isRecord);
    fc.assert(
      fc.property(settings, settings, settings, fc.array(fc.webUrl()), (rest, client, credentials, redirectUris) => {
        const before = {
          ...rest,
          settings: { notes: rest, oauthClient: { ...client, redirect_uris: ["old"] } },
          credentials: { signing: rest, oauthClient: credentials },
        };
        expect(changedApp(before, { redirectUris })).toEqual({
          ...before,
          settings: { ...before.settings, oauthClient: { ...client, redirect_uris: redirectUris } },
        });
      }),
      effort().runs,
    );
  },
  effort().timeout,
);

test(
  "no text can leave its quotes in a search",
  () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const quoted = filterString(text);
        expect(quoted.slice(1, -1).replaceAll(/\\(?:u[0-9a-f]{4}|.)/g, "")).not.toMatch(/["\\]/);
        expect(JSON.parse(quoted)).toBe(text);
      }),
      effort().runs,
    );
  },
  effort().timeout,
);
