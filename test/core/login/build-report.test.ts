import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/core/evidence.ts";
import type { RecordedSignIn } from "../../../src/core/history/sign-ins.ts";
import { buildLoginReport, userFromClaims } from "../../../src/core/login/build-report.ts";
import type { LoginFacts, OktaSide } from "../../../src/core/login/facts.ts";
import type { LoginReport } from "../../../src/core/login/report.ts";
import { groupPath } from "../../../src/core/login/simulate.ts";
import type { ServerClaim } from "../../../src/core/model/okta.ts";
import { resolveRole } from "../../../src/core/roles/resolve.ts";
import { groupsClaim } from "../../okta-things.ts";

function accessToken(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.e30`;
}

const facts: LoginFacts = {
  user: { id: "00u1", email: "ada@acme.com", preferredUsername: "ada@acme.com", name: "Ada Lovelace" },
  token: { accessToken: accessToken({ groups: ["Everyone", "Akto Admins"] }) },
  api: { kind: "not_needed" },
  mapping: new Map([
    ["Akto Admins", "ADMIN"],
    ["Akto Security", "MEMBER"],
  ]),
  customRoles: [],
  organizationDomain: known("acme.com"),
  membership: { kind: "member", storedRole: "ADMIN", scopedRoles: new Map() },
};

const report = (over: Partial<LoginFacts> = {}) => buildLoginReport({ ...facts, ...over });
/** The statuses by id; where an id occurs twice, the last. */
const statuses = (over: Partial<LoginFacts> = {}) =>
  Object.fromEntries(report(over).checks.map(({ id, status }) => [id, status]));
const user = (over: Partial<NonNullable<LoginFacts["user"]>>): Partial<LoginFacts> => ({
  user: facts.user && { ...facts.user, ...over },
});
const token = (claims: object): Partial<LoginFacts> => ({ token: { accessToken: accessToken(claims) } });

describe("the report on a sign-in", () => {
  it("says of a sign-in that was made that it used another copy of the client secret than Akto's", () => {
    const own = (signedIn: boolean | undefined) =>
      report({ ...(signedIn !== undefined && { signedIn }) }).checks.find(({ id }) => id === "akto.client_secret");
    expect(own(true)).toEqual({
      id: "akto.client_secret",
      status: "skip",
      message: "Akto's own copy of the client secret can't be read: this sign-in used the one given here.",
    });
    expect(own(false)).toBeUndefined();
    expect(own(undefined)).toBeUndefined();
  });

  it("tells the whole story where all is well", () => {
    expect(report()).toEqual({
      user: { id: "00u1", email: "ada@acme.com", name: "Ada Lovelace" },
      groups: { source: "access_token", names: ["Everyone", "Akto Admins"] },
      role: { id: "ADMIN", label: "Admin", decidedBy: "mapping", group: "Akto Admins" },
      admitted: true,
      turnedAwayBy: null,
      certain: true,
      roleCertain: true,
      uncertainBecause: [],
      membership: facts.membership,
      checks: [
        { id: "claims.email", status: "pass", message: expect.any(String), evidence: "seen" },
        { id: "claims.preferred_username", status: "pass", message: expect.any(String), evidence: "seen" },
        { id: "email.domain", status: "pass", message: expect.any(String), evidence: "told" },
        { id: "groups.claim", status: "pass", message: expect.stringContaining("2 groups"), evidence: "seen" },
        { id: "groups.api", status: "skip", message: expect.any(String) },
        { id: "mapping.match", status: "pass", message: "“Akto Admins” is mapped to Admin.", evidence: "told" },
      ],
      notes: [],
      recorded: null,
      changes: [],
      candidates: [{ group: "Akto Admins", role: "ADMIN", via: "mapping", outcome: "won" }],
    });
  });

  it("says the same role as the library, whatever the token and the mapping are", () => {
    const names = fc.constantFrom("Akto Admins", "Akto Security", "akto_guest", "__proto__", "constructor", "");
    const claim = fc.oneof(fc.array(names), fc.string(), fc.constant(null), fc.array(fc.oneof(names, fc.integer())));
    fc.assert(
      fc.property(claim, fc.option(fc.array(names)), fc.boolean(), (groups, api, opaque) => {
        const given = opaque ? "opaque" : accessToken({ groups });
        const { role, groups: seen } = report({
          token: { accessToken: given },
          api: api ? { kind: "answered", names: api } : { kind: "no_token" },
        });
        const resolved = resolveRole({
          accessToken: given,
          groupsFromApi: api,
          mapping: facts.mapping,
          customRoles: facts.customRoles,
        });
        expect({ role: role.id, source: seen.source, names: seen.names, group: role.group }).toEqual({
          role: resolved.role,
          source: resolved.source,
          names: resolved.groups,
          group: resolved.group,
        });
      }),
    );
  });
});

describe("what is not known", () => {
  const because = (over: Partial<LoginFacts>) => {
    const { certain, roleCertain, uncertainBecause } = report(over);
    return [certain, roleCertain, ...uncertainBecause];
  };

  it("is why a captured token makes the role no more than likely", () => {
    const accessTokenOf = accessToken({ groups: ["Akto Admins"] });
    const captured = { accessToken: accessTokenOf, captured: true };
    expect(because({ token: { ...captured, doubts: [] } })).toEqual([true, true]);
    expect(because({ token: { ...captured, doubts: ["It expired."] } })).toEqual([false, false, "It expired."]);
    const nobodys = report({ user: null, token: { ...captured, unseenUser: "They were not looked up." } });
    expect(nobodys).toMatchObject({ admitted: true, certain: false, uncertainBecause: ["They were not looked up."] });
    expect(nobodys.checks[0]).toEqual({ id: "claims.email", status: "skip", message: "They were not looked up." });
    // Userinfo was not asked: what it would say is what Okta's API tells.
    expect(report({ token: captured }).checks[0]).toMatchObject({
      message: "Userinfo would have the claim email.",
      evidence: "told",
    });
  });

  it("is the answer that Okta's API would give to Akto's own token", () => {
    const over: Partial<LoginFacts> = { ...token({}), api: { kind: "unasked", message: "It can't be told." } };
    expect(because(over)).toEqual([false, false, "It can't be told."]);
    expect(report(over).notes.join()).toMatch(/None of the groups that are known here/);
    expect(report(over).checks.at(-1)).toMatchObject({ id: "mapping.match", status: "skip" });
    // What is stored at the next sign-in, an unknown role doesn't say.
    expect(report(over).notes.at(-1)).toBe(
      "Akto stores “Admin” for the user now. Whether the next sign-in changes that hangs on what isn't known here.",
    );
    // With groups in the token, nobody asks.
    expect(because({ api: { kind: "unasked", message: "It can't be told." } })).toEqual([true, true]);
  });

  it("is the mapping, and isn't empty for that", () => {
    const over = { mapping: new Map<string, string>(), mappingUnseen: "Nobody told it." };
    expect(because(over)).toEqual([false, false, "Nobody told it."]);
    expect(report(over).checks.at(-1)).toEqual({ id: "mapping.match", status: "skip", message: "Nobody told it." });
    expect(report(over).notes.join()).not.toMatch(/falls back/);
  });

  it("is whether Akto's mapping is the one that was copied from it", () => {
    const over = { mappingCopied: "It is a copy." };
    // The role is certain as far as the copy goes.
    expect(because(over)).toEqual([false, true, "It is a copy."]);
    expect(report(over).checks.at(-1)).toMatchObject({ id: "mapping.match", status: "pass", evidence: "guessed" });
    const whatIf = report({ ...over, user: null, token: { groups: ["Akto Admins"], inOkta: unknown("Not asked.") } });
    expect([whatIf.certain, whatIf.notes.includes("It is a copy.")]).toEqual([true, true]);
  });

  it("is whether Akto has a role, where its custom roles can't be read", () => {
    const mapping = new Map([["Akto Admins", "pentester"]]);
    expect(because({ mapping, customRolesUnseen: "It failed." })).toEqual([
      false,
      false,
      "Akto's custom roles aren't known: It failed.",
    ]);
    expect(because({ customRolesUnseen: "It failed." })).toEqual([true, true]);
  });

  it("is the email address that the API token doesn't show", () => {
    const made = report({ ...user({ email: undefined }), membership: { kind: "unknown", why: "It failed." } });
    expect(made).toMatchObject({ admitted: true, certain: false });
    expect(made.uncertainBecause.join()).toMatch(/doesn't show the user's email address/);
    expect(made.notes.join()).toMatch(/What Akto has for the user isn't known: It failed\./);
  });
});

describe("whether Akto lets the user in", () => {
  it.each<[what: string, admitted: boolean, over: Partial<LoginFacts>, failed: string | undefined]>([
    ["everything there", true, {}, undefined],
    ["no email", false, user({ email: null }), "claims.email"],
    ["no preferred_username", false, user({ preferredUsername: null }), "claims.preferred_username"],
    ["no name, which Akto does not need", true, user({ name: null }), undefined],
    ["a domain in other letters", true, user({ email: "ada@ACME.Com" }), undefined],
    ["another domain", false, user({ email: "ada@acme.org" }), "email.domain"],
    ["a subdomain", false, user({ email: "ada@eu.acme.com" }), "email.domain"],
    ["an address without @", false, user({ email: "ada" }), "email.domain"],
    ["two @, where Akto takes what stands between", false, user({ email: "ada@evil.com@acme.com" }), "email.domain"],
    ["two @, the first part right", true, user({ email: "ada@acme.com@evil.com" }), undefined],
    [
      "an organization without a known domain",
      true,
      { organizationDomain: unknown("It is not known here.") },
      undefined,
    ],
    ["no user, as in a what-if", true, { user: null }, undefined],
  ])("%s: %s", (_, admitted, over, failed) => {
    const made = report(over);
    expect(made.admitted).toBe(admitted);
    expect(made.checks.filter(({ status }) => status === "fail").map(({ id }) => id)).toEqual(failed ? [failed] : []);
    for (const { status, hint } of made.checks) if (status === "fail") expect(hint).toMatch(/\S/);
  });

  it("says where the domain is told by Akto's team alone, which may not be right", () => {
    const told = (over: Partial<LoginFacts>) =>
      report({ organizationDomain: known("acme.com", "guessed"), membership: { kind: "new" }, ...over }).checks.find(
        ({ id }) => id === "email.domain",
      );
    expect(told({})).toMatchObject({
      status: "skip",
      message:
        "The email domain is acme.com, which most of Akto's team have; Akto doesn't say which is the account's own.",
    });
    expect(told(user({ email: "ada@acme.org" }))).toMatchObject({
      status: "warn",
      evidence: "guessed",
      message: expect.stringMatching(/not that of Akto's team.*unless the organization's is another/),
      hint: expect.stringContaining("--organization-domain"),
    });
  });

  it("skips what it cannot know, and says so", () => {
    expect(statuses({ user: null })).toMatchObject({ "claims.email": "skip", "email.domain": "skip" });
    const stranger = { membership: { kind: "new" }, organizationDomain: unknown("It is not known here.") } as const;
    expect(statuses(stranger)).toMatchObject({ "email.domain": "skip" });
    expect(statuses(user({ email: null }))).toMatchObject({ "email.domain": "skip" });
    expect(report({ user: null }).user).toBeNull();
  });
});

describe("where the groups come from", () => {
  const answered = (...names: string[]): Partial<LoginFacts> => ({ api: { kind: "answered", names } });
  const noToken: Partial<LoginFacts> = { api: { kind: "no_token" } };
  const failed: Partial<LoginFacts> = { api: { kind: "failed", message: "Okta refused the token." } };

  const whatIf = (...groups: string[]) => ({ groups, inOkta: unknown("There is no Okta API token.") });

  it.each<[what: string, over: Partial<LoginFacts>, claim: string, api: string, source: string]>([
    ["an opaque token, no API token", { token: { accessToken: "opaque" }, ...noToken }, "fail", "skip", "none"],
    ["an undecodable token", { token: { accessToken: "a.%.c" }, ...noToken }, "fail", "skip", "none"],
    ["no claim", { ...token({}), ...noToken }, "warn", "skip", "none"],
    ["an empty claim", { ...token({ groups: [] }), ...noToken }, "warn", "skip", "none"],
    ["a claim that is text", { ...token({ groups: "Akto Admins" }), ...noToken }, "fail", "skip", "none"],
    ["a claim with a number in it", { ...token({ groups: ["Akto Admins", 7] }), ...noToken }, "fail", "skip", "none"],
    ["the API instead", { ...token({}), ...answered("Akto Admins") }, "warn", "pass", "management_api"],
    ["the API in place of text", { ...token({ groups: "x" }), ...answered("A") }, "warn", "pass", "management_api"],
    ["the API without groups", { ...token({}), ...answered() }, "warn", "warn", "management_api"],
    ["the API refusing", { ...token({}), ...failed }, "warn", "warn", "none"],
    ["the API beside a claim, which Akto ignores", answered("Akto Security"), "pass", "skip", "access_token"],
    ["a what-if, in which no token is looked at", { token: whatIf("Akto Admins") }, "skip", "skip", "access_token"],
    ["a what-if without groups", { token: whatIf(), ...noToken }, "skip", "skip", "none"],
  ])("%s: claim %s, API %s", (_, over, claim, api, source) => {
    expect(statuses(over)).toMatchObject({ "groups.claim": claim, "groups.api": api });
    expect(report(over).groups.source).toBe(source);
  });

  it("tells a what-if as one, and which of its groups Okta has", () => {
    const near = [{ name: "Akto Admins", difference: "case" }] as const;
    const groups = ["Finance", "akto admins", "Nowhere"];
    const made = report({
      user: null,
      membership: { kind: "unknown" },
      token: {
        groups,
        inOkta: known([
          { name: "Finance", there: true, near: [] },
          { name: "akto admins", there: false, near },
          { name: "Nowhere", there: false, near: [] },
        ]),
      },
    });
    expect(made.groups).toEqual({ source: "access_token", names: groups, basis: "given" });
    expect(made.checks.filter(({ id }) => id === "groups.in_okta")).toMatchObject([
      { status: "pass", message: "Okta has “Finance”, named exactly so.", evidence: "told" },
      {
        status: "warn",
        message:
          "Okta shows no group named exactly “akto admins”; it has “Akto Admins”, which differs in capitalization.",
      },
      { status: "warn", message: "Okta shows no group named exactly “Nowhere”." },
    ]);
    expect(made.notes[0]).toMatch(/^This is a what-if\./);
    expect(JSON.stringify(made)).not.toMatch(/access token's claim|The user is in|of the user's groups/);
    const unasked = report({ user: null, token: { groups, inOkta: unknown("There is no Okta API token.") } });
    expect(unasked.checks).toContainEqual({
      id: "groups.in_okta",
      status: "skip",
      message: "Whether Okta has these groups isn't known: There is no Okta API token.",
    });
  });

  const claimHint = (over: Partial<LoginFacts>) => report(over).checks.find(({ id }) => id === "groups.claim")?.hint;

  it.each<[string, Partial<LoginFacts>, RegExp]>([
    ["the org's own server", { token: { accessToken: "opaque" } }, /custom authorization server/],
    [
      "a claim on the ID token",
      { ...token({}), otherClaims: { idToken: { groups: ["A"] } } },
      /ID token.*Access Token/,
    ],
    ["a claim in userinfo", { ...token({}), otherClaims: { userinfo: { groups: ["A"] } } }, /userinfo.*Access Token/],
    ["a claim under another name", token({ okta_groups: ["A"], scp: ["openid"] }), /“okta_groups”.*“groups”/],
    ["a claim of another type", token({ groups: "A" }), /value type be Groups/],
    ["nothing at all", token({}), /Claims tab/],
  ])("hints at the remedy for %s", (_, over, hint) => {
    expect(claimHint(over)).toMatch(hint);
  });
});

describe("a sign-in that is only predicted", () => {
  const claim = groupsClaim();
  /** What `login explain` gathers for a user in these groups. */
  const predicted = (
    claims: readonly ServerClaim[] | null,
    names: readonly string[],
    { aktoHasToken = true, firstPage = names.length } = {},
  ): Partial<LoginFacts> => {
    const all = names.map((name) => ({ name, type: "OKTA_GROUP" }));
    const path = groupPath({ all, firstPage }, { claims: known(claims), aktoHasToken });
    const api: LoginFacts["api"] =
      path.source === "access_token"
        ? { kind: "not_needed" }
        : aktoHasToken
          ? { kind: "answered", names: path.names, total: names.length }
          : { kind: "no_token" };
    return { token: { predicted: path }, api };
  };
  const said = (over: Partial<LoginFacts>, id: string) => report(over).checks.find((check) => check.id === id);

  it("speaks of a token that would be made, never of one that was read", () => {
    const made = report(predicted([claim], ["Everyone", "Akto Admins"]));
    expect(made).toMatchObject({
      admitted: true,
      certain: true,
      groups: { source: "access_token", names: ["Akto Admins"] },
      role: { id: "ADMIN" },
    });
    const messages = made.checks.map(({ message }) => message);
    expect(messages).toContain("The access token would carry 1 group (starts with “Akto”).");
    expect(messages).toContain("Userinfo would have the claim email.");
    expect(messages.join(" ")).not.toMatch(/access token's|Userinfo has|carries/);
  });

  it.each<[what: string, claims: readonly ServerClaim[] | null, status: string, message: RegExp]>([
    ["a filter that none passes", [{ ...claim, value: "Sec" }], "warn", /lets none.*would carry none/],
    ["no claim at all", [], "warn", /no claim “groups”/],
    ["a claim of another name", [{ ...claim, name: "roles" }], "warn", /the claim “roles” is not named “groups”/],
    ["a claim on the ID token", [{ ...claim, claimType: "IDENTITY" }], "warn", /is on the ID token/],
    ["a claim of the scope groups", [{ ...claim, scopes: ["groups"] }], "warn", /only with the scope “groups”/],
    ["a text", [{ ...claim, valueType: "EXPRESSION", value: '"Akto"' }], "fail", /is not a list/],
    ["no API Access Management", null, "warn", /no API Access Management/],
  ])("says why the token would have no groups: %s", (_, claims, status, message) => {
    const over = predicted(claims, ["Everyone"], { aktoHasToken: false });
    expect(said(over, "groups.claim")).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(said(over, "groups.claim")?.hint).toMatch(/\S/);
    expect(report(over).groups).toEqual({ source: "none", names: [] });
  });

  it("reads an expression where it can be told", () => {
    const reads = (value: string) => {
      const claims = [{ ...claim, valueType: "EXPRESSION", value } as const];
      return report(predicted(claims, ["Everyone", "Akto Admins", "Akto Security"])).groups.names;
    };
    expect(reads('Groups.endsWith("OKTA", "Admins", 10)')).toEqual(["Akto Admins"]);
    expect(reads("{'Akto Security'}")).toEqual(["Akto Security"]);
  });

  it.each(["user.getGroups({'group.type': {'OKTA_GROUP'}}).![name]", 'Groups.contains("okta_ad", "Akto", 50)'])(
    "calls the role a guess where only Okta can evaluate %s",
    (value) => {
      const claims = [{ ...claim, valueType: "EXPRESSION", value } as const];
      const made = report(predicted(claims, ["Everyone", "Akto Admins"]));
      expect(made).toMatchObject({ certain: false, admitted: true, role: { id: "ADMIN" } });
      expect(made.notes[0]).toMatch(/guess.*only Okta can evaluate/);
      expect(made.checks.find(({ id }) => id === "groups.claim")).toMatchObject({ status: "warn" });
    },
  );

  it("turns nobody away over 100 groups, since Okta's own sources differ on what comes of it", () => {
    const names = ["Akto Admins", ...Array.from({ length: 100 }, (_, at) => `Akto ${at}`)];
    const made = report(predicted([claim], ["Everyone", ...names]));
    expect(made).toMatchObject({
      admitted: true,
      certain: false,
      groups: { source: "access_token", names },
      role: { id: "ADMIN", group: "Akto Admins" },
    });
    const limit = said(predicted([claim], names), "groups.claim");
    expect(limit).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/matches 101 .*Okta's own sources differ/),
    });
    expect(made.uncertainBecause).toEqual([limit?.message]);
  });

  it("turns everybody away where Okta can't evaluate the claim", () => {
    const value = 'Groups.startsWith("OKTA", "Akto", 200)';
    const over = predicted([{ ...claim, valueType: "EXPRESSION", value }], ["Akto Admins"]);
    expect(report(over)).toMatchObject({ admitted: false, turnedAwayBy: "okta" });
    expect(report(over).notes).toEqual([expect.stringMatching(/No sign-in gets as far as Akto/)]);
    expect(said(over, "groups.claim")).toMatchObject({
      status: "fail",
      message: expect.stringMatching(/can't evaluate.*issues no token/),
    });
  });

  it("names ids in the place of names, and a token of the org's own server, for what they are", () => {
    const ids = token({ groups: ["00g1ab2cd3EF4gh5ij6k"] });
    expect(said(ids, "groups.claim")).toMatchObject({
      status: "fail",
      message: expect.stringMatching(/holds groups' ids/),
    });
    const org = token({ iss: "https://acme.okta.com", cid: "0oa1", aud: "https://acme.okta.com" });
    expect(said(org, "groups.claim")).toMatchObject({
      status: "fail",
      message: expect.stringMatching(/org's own authorization server/),
    });
  });

  it("takes the first page of the API's groups alone, and says that there are more", () => {
    const over = predicted([], ["Everyone", "Akto Admins"], { firstPage: 1 });
    expect(report(over)).toMatchObject({ groups: { names: ["Everyone"] }, role: { id: "MEMBER" } });
    expect(said(over, "groups.api")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/first page.* 2/),
    });
  });

  it("goes by the groups that Akto's own token shows", () => {
    const all = ["Everyone", "Akto Admins"].map((name) => ({ name, type: "OKTA_GROUP" }));
    const setup = { claims: known([]), aktoHasToken: true, aktoSees: new Set(["Everyone"]) };
    const path = groupPath({ all, firstPage: 2 }, setup);
    const over: Partial<LoginFacts> = {
      token: { predicted: path },
      api: { kind: "answered", names: path.names, total: 2, hidden: 1 },
    };
    expect(report(over)).toMatchObject({ groups: { names: ["Everyone"] }, role: { id: "MEMBER" } });
    expect(said(over, "groups.api")).toMatchObject({
      status: "warn",
      message: "The API token that Akto stores shows it 1 of the user's 2 groups.",
    });
  });

  const well: OktaSide = {
    status: "ACTIVE",
    app: known({ kind: "found", label: "Akto", active: true, assigned: true }),
    signIn: known({ kind: "allowed", rule: "Catch-all Rule" }, "predicted"),
    simulated: null,
    policy: known({ kind: "allowed", policy: "Default", rule: "All", everyone: true, inlineHook: null }, "predicted"),
  };

  it.each<[what: string, side: Partial<OktaSide>, failed: string | null]>([
    ["all is well", {}, null],
    ["the password has expired", { status: "PASSWORD_EXPIRED" }, null],
    ["a password reset is under way", { status: "RECOVERY" }, null],
    ["the account waits for its activation", { status: "PROVISIONED" }, null],
    ["the account is staged", { status: "STAGED" }, "okta.status"],
    ["the user is locked out", { status: "LOCKED_OUT" }, "okta.status"],
    ["the user is suspended", { status: "SUSPENDED" }, "okta.status"],
    ["the user is deactivated", { status: "DEPROVISIONED" }, "okta.status"],
    [
      "nobody assigned the user",
      { app: known({ kind: "found", label: "A", active: true, assigned: false }) },
      "okta.assignment",
    ],
    [
      "the app is inactive",
      { app: known({ kind: "found", label: "A", active: false, assigned: true }) },
      "okta.assignment",
    ],
    ["there is no such app", { app: known({ kind: "missing", clientId: "0oa1" }, "seen") }, "okta.assignment"],
    ["the app is out of sight", { app: unknown("It may not be seen.") }, null],
    [
      "the authentication policy denies",
      { signIn: known({ kind: "denied", rule: "R" }, "predicted") },
      "okta.sign_in_policy",
    ],
    ["Okta's simulation denies", { simulated: { kind: "denied", rule: "R" } }, "okta.sign_in_policy"],
    [
      "the authentication policy depends on the moment",
      { signIn: known({ kind: "depends", on: ["risk"], mayDeny: "R" }) },
      null,
    ],
    ["the authentication policy is out of sight", { signIn: unknown("It may not be seen.") }, null],
    ["there is no authentication policy", { signIn: known(null) }, null],
    ["a policy denies", { policy: known({ kind: "denied", why: "people" }, "predicted") }, "okta.policy"],
    ["the policies are out of sight", { policy: unknown("They may not be seen.") }, null],
  ])("is Okta's to refuse: %s", (_, side, failed) => {
    const made = report({ ...predicted([claim], ["Akto Admins"]), okta: { ...well, ...side } });
    expect(made.turnedAwayBy).toBe(failed === null ? null : "okta");
    const failures = made.checks.filter(({ status }) => status === "fail");
    expect(failures.map(({ id }) => id)).toEqual(failed === null ? [] : [failed]);
    for (const { hint } of failures) expect(hint).toMatch(/\S/);
  });

  it("goes by Okta's own simulation before our reading of the authentication policy", () => {
    const policy = (side: Partial<OktaSide>) => {
      const made = report({ ...predicted([claim], ["Akto Admins"]), okta: { ...well, ...side } });
      const found = made.checks.find(({ id }) => id === "okta.sign_in_policy");
      return [made.turnedAwayBy, made.certain, found?.status, found?.evidence];
    };
    const denied = { kind: "denied", rule: "R" } as const;
    const allowed = { kind: "allowed", rule: "A" } as const;
    expect(policy({ signIn: known(denied, "predicted") })).toEqual(["okta", true, "fail", "predicted"]);
    expect(policy({ signIn: known(denied, "predicted"), simulated: allowed })).toEqual([null, true, "warn", "told"]);
    expect(policy({ signIn: known(allowed, "predicted"), simulated: denied })).toEqual(["okta", true, "fail", "told"]);
    expect(policy({ signIn: unknown("It may not be seen."), simulated: denied })).toEqual([
      "okta",
      true,
      "fail",
      "told",
    ]);
    const depends = { kind: "depends", on: ["risk"], mayDeny: "R" } as const;
    expect(policy({ signIn: known(depends, "predicted") })).toEqual([null, false, "warn", "predicted"]);
    expect(policy({ signIn: known(depends, "predicted"), simulated: allowed })).toEqual([null, true, "pass", "told"]);
  });

  it("is open where the API token doesn't show what decides, or Okta's own answer says the opposite", () => {
    const request = { checks: [], accepted: true, unheard: null, unknown: null };
    const of = (side: Partial<OktaSide>, more: Partial<LoginFacts> = {}) =>
      report({ ...predicted([claim], ["Akto Admins"]), okta: { ...well, ...side }, ...more });
    const strange = of({ status: "FROZEN" });
    expect(strange).toMatchObject({ admitted: true, certain: false });
    expect(strange.uncertainBecause).toEqual([expect.stringContaining("the status “FROZEN” in Okta")]);
    expect(of({ status: "" }).uncertainBecause).toEqual([expect.stringContaining("doesn't show the user's status")]);

    const denied = known({ kind: "denied", why: "no_rule" }, "predicted") satisfies OktaSide["policy"];
    expect(of({ policy: denied })).toMatchObject({ admitted: false, certain: true });
    const disputed = of({ policy: denied }, { request });
    expect(disputed).toMatchObject({ admitted: true, certain: false });
    expect(disputed.checks.find(({ id }) => id === "okta.policy")).toMatchObject({
      status: "warn",
      evidence: "seen",
      message: expect.stringMatching(/doesn't refuse Akto's request.* And yet: .*no active rule/),
    });
    // For whom a rule is, Okta can't say without a user.
    const people = known({ kind: "denied", why: "people" }, "predicted") satisfies OktaSide["policy"];
    expect(of({ policy: people }, { request })).toMatchObject({ admitted: false, certain: true });

    const app = known({ kind: "found", label: "A", active: false, assigned: true } as const);
    expect(of({ app }, { request })).toMatchObject({ admitted: true });
    expect(of({ app }, { request }).checks.find(({ id }) => id === "okta.assignment")).toMatchObject({
      status: "warn",
    });
  });

  it("warns where Akto's request is accepted against what the API token shows", () => {
    const odd = { id: "pkce", status: "warn", message: "Odd.", hint: "Look.", evidence: "seen" } as const;
    const made = report({ request: { checks: [odd], accepted: true, unheard: null, unknown: null } });
    expect(made).toMatchObject({ admitted: true, certain: true });
    expect(made.checks[0]).toEqual({
      id: "okta.request",
      status: "warn",
      message: "Odd.",
      hint: "Look.",
      evidence: "seen",
    });
  });

  it("is only likely where some of the user's groups may not be seen", () => {
    const all = [{ name: "Akto Admins", type: "OKTA_GROUP" }];
    const setup = { claims: known([claim]), aktoHasToken: false };
    const path = groupPath({ all, firstPage: 1, hidden: "Some may not be seen." }, setup);
    expect(report({ token: { predicted: path } })).toMatchObject({
      role: { id: "ADMIN" },
      certain: false,
      uncertainBecause: ["Some may not be seen."],
    });
  });

  describe("and Okta has refused before", () => {
    const now = new Date("2026-11-26T12:00:00.000Z");
    const last: RecordedSignIn = {
      at: "2026-11-26T09:00:00.000Z",
      user: null,
      outcome: "failure",
      stage: "authorization",
      reason: "no_matching_policy",
      message: "No access policy lets this sign-in through.",
      transaction: "t",
      events: [],
    };
    const recorded = (over: Partial<RecordedSignIn> = {}) =>
      known({ last: { ...last, ...over }, changes: [], now, days: 14 }, "recorded");
    const made = (side: Partial<OktaSide>, over: Partial<RecordedSignIn> = {}) =>
      report({ ...predicted([claim], ["Akto Admins"]), okta: { ...well, ...side }, recorded: recorded(over) });
    const check = ({ checks }: LoginReport) => checks.find(({ id }) => id === "okta.recorded");

    it("is a no, and the contradiction to the settings is named", () => {
      const { turnedAwayBy, certain } = made({});
      expect([turnedAwayBy, certain]).toEqual(["okta", true]);
      expect(check(made({}))).toEqual({
        id: "okta.recorded",
        status: "fail",
        message:
          "Okta refused the user's last sign-in to Akto 3 hours ago: No access policy lets this sign-in through (no_matching_policy). However, with Okta's settings as they are now, nothing stands in the way.",
        evidence: "recorded",
      });
    });

    it("leaves open what comes of the next one where the cause isn't known here", () => {
      const strange = made({}, { reason: "some_new_reason", message: "Okta recorded “x” as FAILURE." });
      expect([strange.turnedAwayBy, strange.certain]).toEqual([null, false]);
      expect(check(strange)).toMatchObject({ status: "warn", evidence: "recorded" });
      expect(strange.uncertainBecause).toEqual([expect.stringMatching(/some_new_reason/)]);
    });

    it("agrees with settings that say so too, without a contradiction", () => {
      expect(check(made({ policy: known({ kind: "denied", why: "people" }, "predicted") }))?.message).not.toMatch(
        /yet/,
      );
    });

    it("is no more than a warning of a policy that hangs on the moment", () => {
      const depends: Partial<OktaSide> = {
        signIn: known({ kind: "depends", on: ["risk"], mayDeny: "R" }, "predicted"),
      };
      const report = made(depends, { stage: "policy", reason: "Sign-on policy evaluation resulted in DENY" });
      expect([report.turnedAwayBy, report.certain, check(report)?.status]).toEqual([null, false, "warn"]);
      expect(made(depends).turnedAwayBy).toBe("okta");
    });

    it("says nothing against a sign-in where it went well or was the user's own mistake", () => {
      for (const over of [{ outcome: "success" }, { stage: "session", reason: "INVALID_CREDENTIALS" }] as const) {
        expect(made({}, over)).toMatchObject({ turnedAwayBy: null, certain: true });
      }
      // Nor does a good one get anybody past what is told now.
      const denied: Partial<OktaSide> = { policy: known({ kind: "denied", why: "people" }, "predicted") };
      expect(made(denied, { outcome: "success" }).turnedAwayBy).toBe("okta");
    });

    it("stands with its changes in the report, and as a note after a sign-in that went well", () => {
      const signedIn = report({ ...token({ groups: ["Akto Admins"] }), recorded: recorded() });
      expect(signedIn).toMatchObject({ turnedAwayBy: null, recorded: { reason: "no_matching_policy" }, changes: [] });
      expect(signedIn.notes).toContainEqual(expect.stringMatching(/before this one, 3 hours ago/));
      expect(check(signedIn)).toBeUndefined();
    });
  });

  it("says what the user has to do first where that is all there is", () => {
    for (const status of ["PASSWORD_EXPIRED", "RECOVERY", "PROVISIONED"]) {
      const over = { ...predicted([claim], []), okta: { ...well, status } };
      expect(said(over, "okta.status")).toMatchObject({ status: "warn", message: expect.stringMatching(/first/) });
    }
  });
});

describe("what the mapping makes of them", () => {
  const messages = (over: Partial<LoginFacts>, id: string) =>
    report(over)
      .checks.filter((check) => check.id === id)
      .map(({ message }) => message);

  it("tells the three ways to a role apart", () => {
    expect(statuses()).toMatchObject({ "mapping.match": "pass" });
    expect(statuses(token({ groups: ["Akto Guest"] }))).toMatchObject({ "mapping.match": "pass" });
    expect(messages(token({ groups: ["Akto Guest"] }), "mapping.match")[0]).toContain("convention");
    expect(statuses(token({ groups: ["Everyone"] }))).toMatchObject({ "mapping.match": "warn" });
    expect(messages({ mapping: new Map() }, "mapping.match")).toEqual(["The mapping is empty."]);
    expect(messages(token({ groups: [] }), "mapping.match")).toEqual(["There is no group to look up in the mapping."]);
  });

  it("tells no entry, and entries that are passed over, apart", () => {
    expect(messages(token({ groups: ["Everyone"] }), "mapping.match")).toEqual([
      "The user's group is not in the mapping.",
    ]);
    expect(messages(token({ groups: ["A", "B"] }), "mapping.match")).toEqual([
      "None of the user's 2 groups is in the mapping.",
    ]);
    const gone = { ...token({ groups: ["A"] }), mapping: new Map([["A", "GONE"]]) };
    expect(messages(gone, "mapping.match")).toEqual(["Akto skips every entry for the user's groups."]);
  });

  it("names the entries that Akto passes over for their role", () => {
    const over = {
      ...token({ groups: ["A", "B"] }),
      mapping: new Map([
        ["A", "GONE"],
        ["B", "HUNTER"],
      ]),
      customRoles: [{ name: "HUNTER", baseRole: "THREAT ENGINEER" }],
    };
    expect(messages(over, "mapping.role")).toEqual([
      "The entry for “A” is skipped: Akto has no role “GONE”.",
      "The entry for “B” is skipped: the custom role “HUNTER” has a base role that Akto can't find.",
    ]);
  });

  it.each([
    "akto admins",
    "Akto  Admins",
    " Akto Admins",
    "AKTO_ADMINS",
    "Akto\u00a0Admins",
    "Ａｋｔｏ Admins",
    "\u0410kto Admins",
  ])("notices that %o is nearly a mapped name", (group) => {
    expect(statuses(token({ groups: [group] }))).toMatchObject({ "mapping.name": "warn" });
  });

  it("names the path that a provider writes before a name, and where nothing decides a name a few letters away", () => {
    const saidOf = (groups: string[]) =>
      report(token({ groups })).checks.find(({ id }) => id === "mapping.name")?.message;
    expect(saidOf(["/staff/Akto Admins"])).toBe(
      "The user is in “/staff/Akto Admins”, which isn't mapped. The mapped name “Akto Admins” differs in the path before it, and names must match exactly.",
    );
    expect(saidOf(["Akto Adminss"])).toBe(
      "The user is in “Akto Adminss”, which isn't mapped. The mapped name “Akto Admins” is similar.",
    );
    expect(saidOf(["Akto Admins", "Akto Developerz"])).toBeUndefined();
  });

  it("does not call an exact name nearly right", () => {
    expect(statuses()).not.toHaveProperty("mapping.name");
    expect(statuses(token({ groups: ["Akto Admins", "akto admins"] }))).not.toHaveProperty("mapping.name");
  });
});

describe("the notes", () => {
  const noGroup = token({ groups: ["Everyone"] });
  const away = user({ email: "eve@evil.com" });
  const member = (storedRole: string | null, scopedRoles: [string, string][] = []): Partial<LoginFacts> => ({
    membership: { kind: "member", storedRole, scopedRoles: new Map(scopedRoles) },
  });
  const security = token({ groups: ["Akto Security"] });

  it.each<[what: string, over: Partial<LoginFacts>, notes: readonly RegExp[]]>([
    ["a member whose role stays", member("ADMIN"), []],
    [
      "a member whose role changes",
      member("GUEST"),
      [/stores “Guest” .*by hand .* or the user's groups.*next sign-in stores Admin, .*within two minutes/],
    ],
    [
      "a member without a stored role",
      member(null),
      [/stores no role .*“Security Engineer”.*next sign-in stores Admin/],
    ],
    ["a member without a stored role, in no mapped group", { ...member(null), ...noGroup }, [/not a guest/]],
    [
      "a member with access per product",
      {
        ...member("GUEST", [
          ["API", "GUEST"],
          ["\u001b[2J", "MEMBER"],
        ]),
        ...security,
      },
      [/per product \(API: Guest, \\u\{1b\}\[2J: Security Engineer\): that outranks Security Engineer\.$/],
    ],
    [
      "a member with access per product, who becomes an Admin",
      member(null, [["AGENTIC", "GUEST"]]),
      [/that outranks Admin\. .*Admin role gives the user access to every API collection/],
    ],
    [
      "a user new to the account",
      { membership: { kind: "new" } },
      [
        /new to this Akto account.*first session runs as Security Engineer.*second sign-in stores Admin\. With a login in another Akto account, the first/,
      ],
    ],
    ["a user new to the account, in no mapped group", { membership: { kind: "new" }, ...noGroup }, [/not a guest/]],
    ["an invited user", { membership: { kind: "invited" } }, [/invited.*per product.*outranks every role from Okta/]],
    ["a member in no mapped group", { ...member("MEMBER"), ...noGroup }, [/not kept out, and is not a guest/]],
    [
      "a team that is not known",
      { membership: { kind: "unknown" } },
      [/new to this Akto account, the first session/, /per product/],
    ],
    ["a user who is turned away", { membership: { kind: "new" }, ...away }, []],
    ["a user who is turned away, in no mapped group", { ...away, ...noGroup }, [/not a guest/]],
  ])("for %s", (_, over, expected) => {
    const { notes } = report(over);
    expect(notes).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(notes[index]).toMatch(pattern);
  });
});

describe("outside text", () => {
  it("is harmless in every message, and exact in the data", () => {
    const hostile = "\u001b[2J\u202eevil\n";
    const made = report({
      user: { id: hostile, email: `${hostile}@${hostile}`, preferredUsername: hostile, name: hostile },
      token: { accessToken: accessToken({ groups: [hostile] }) },
      mapping: new Map([[hostile, hostile]]),
      organizationDomain: known(hostile),
      api: { kind: "failed", message: hostile },
      membership: { kind: "member", storedRole: hostile, scopedRoles: new Map([[hostile, hostile]]) },
    });
    for (const text of [...made.checks.flatMap(({ message, hint = "" }) => [message, hint]), ...made.notes]) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(made.groups.names).toEqual([hostile]);
    expect(made.user?.name).toBe(hostile);
  });

  it("reads userinfo's claims only where they are text", () => {
    expect(userFromClaims({ sub: "00u1", email: "a@b.c", preferred_username: "a", name: "A" })).toEqual({
      id: "00u1",
      email: "a@b.c",
      preferredUsername: "a",
      name: "A",
    });
    expect(userFromClaims({ sub: 7, email: ["a@b.c"], preferred_username: " ", name: null })).toEqual({
      id: "",
      email: null,
      preferredUsername: null,
      name: null,
    });
    expect(userFromClaims(JSON.parse('{"__proto__":{"email":"a@b.c"}}')).email).toBeNull();
  });
});
