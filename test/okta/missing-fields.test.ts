import { describe, expect, it } from "vitest";
import { readApp } from "../../src/okta/apps.ts";
import { readAuthServer, readClaim, readPolicy, readRule } from "../../src/okta/auth-servers.ts";
import { readUser } from "../../src/okta/people.ts";
import { readSignInRule } from "../../src/okta/policies.ts";
import { inOrder } from "../../src/okta/read.ts";

const app = {
  id: "0oa1",
  label: "Akto",
  status: "ACTIVE",
  signOnMode: "OPENID_CONNECT",
  credentials: { oauthClient: { client_id: "0oa1", token_endpoint_auth_method: "client_secret_post" } },
  settings: {
    oauthClient: { application_type: "web", redirect_uris: [], grant_types: ["authorization_code"] },
  },
};
const server = { id: "aus1", name: "S", issuer: "https://o/oauth2/aus1", audiences: ["a"], status: "ACTIVE" };
const claim = {
  id: "ocl1",
  name: "groups",
  status: "ACTIVE",
  claimType: "RESOURCE",
  valueType: "GROUPS",
  group_filter_type: "STARTS_WITH",
  value: "Akto",
  conditions: { scopes: [] },
};
const policy = { id: "00p1", name: "P", status: "ACTIVE", conditions: { clients: { include: ["ALL_CLIENTS"] } } };
const rule = {
  id: "0pr1",
  name: "R",
  status: "ACTIVE",
  conditions: {
    people: { groups: { include: ["EVERYONE"] } },
    grantTypes: { include: ["authorization_code"] },
    scopes: { include: ["*"] },
  },
};

/** The thing without what stands at this path. */
function without(thing: object, path: string): unknown {
  const copy = structuredClone(thing);
  const [last = "", ...above] = path.split(".").reverse();
  const parent = above.reverse().reduce<unknown>((at, name) => Reflect.get(Object(at), name), copy);
  Reflect.deleteProperty(Object(parent), last);
  return copy;
}

describe("an answer of Okta's without a field that decides", () => {
  it.each<[what: string, read: (value: unknown) => unknown, thing: object, paths: readonly string[]]>([
    [
      "an app",
      readApp,
      app,
      [
        "status",
        "settings",
        "settings.oauthClient.redirect_uris",
        "settings.oauthClient.grant_types",
        "settings.oauthClient.application_type",
        "credentials.oauthClient.token_endpoint_auth_method",
      ],
    ],
    ["an authorization server", readAuthServer, server, ["status", "issuer", "audiences"]],
    ["a claim", readClaim, claim, ["status", "name", "claimType", "valueType", "value", "conditions"]],
    ["an access policy", readPolicy, policy, ["status", "conditions", "conditions.clients"]],
    [
      "a rule",
      readRule,
      rule,
      ["status", "conditions", "conditions.people", "conditions.grantTypes", "conditions.scopes"],
    ],
  ])("is not read as if it held a value: %s", (_, read, thing, paths) => {
    expect(() => read(thing)).not.toThrow();
    for (const path of paths) {
      expect(() => read(without(thing, path)), path).toThrow(
        expect.objectContaining({
          code: "okta.unexpected_answer",
          message: expect.stringMatching(/ is not (text|a list|an object)\.$/),
        }),
      );
    }
  });

  it("names the field by its whole path", () => {
    expect(() => readApp(without(app, "settings.oauthClient.grant_types"))).toThrow(
      "the app's settings.oauthClient.grant_types is not a list",
    );
  });

  it("tells no order of rules of which one has no place in it", () => {
    const of = (...priorities: (number | undefined)[]) =>
      inOrder(
        priorities.map((priority) => ({ priority })),
        "rules",
      ).map(({ priority }) => priority);
    expect(of(3, 1, 2)).toEqual([1, 2, 3]);
    expect(of(undefined)).toEqual([undefined]);
    expect(() => of(1, undefined)).toThrow("the order of the rules can't be told");
  });

  it("leaves a filter of a kind that is unknown here without one", () => {
    expect(readClaim({ ...claim, group_filter_type: "ENDS_WITH" }).groupFilterType).toBeNull();
  });

  it("tells an email address that isn't shown from one that there isn't", () => {
    const user = (profile: object) => readUser({ id: "00u1", status: "ACTIVE", profile: { login: "ada", ...profile } });
    expect(user({}).email).toBeUndefined();
    expect(user({ email: null }).email).toBeNull();
  });

  it("leaves open what a sign-in rule does that shows no status or no conditions", () => {
    const signIn = {
      id: "r",
      name: "R",
      status: "ACTIVE",
      conditions: null,
      actions: { appSignOn: { access: "ALLOW" } },
    };
    expect(readSignInRule(signIn).rule).toMatchObject({ active: true, access: "allow", others: [] });
    expect(readSignInRule(without(signIn, "status")).rule).toMatchObject({ active: true, access: null });
    expect(readSignInRule(without(signIn, "conditions")).rule.others).toEqual(["conditions that aren't shown"]);
  });
});
