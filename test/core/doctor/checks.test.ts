import { describe, expect, it } from "vitest";
import { catalog, selectChecks } from "../../../src/core/doctor/catalog.ts";
import type { FactStates } from "../../../src/core/doctor/check.ts";
import { describeFix } from "../../../src/core/doctor/fix.ts";
import { Failure, isFailure } from "../../../src/core/failure.ts";
import type { RecordedSignIn } from "../../../src/core/history/sign-ins.ts";
import type { AktoSso } from "../../../src/core/model/akto.ts";
import type { OktaGroup, OktaUser } from "../../../src/core/model/okta.ts";
import type { SignInRule } from "../../../src/core/model/sign-in-policy.ts";
import type { FactName, Facts } from "../../../src/core/picture.ts";
import { accessPolicy, groupsClaim, oktaApp, signInPolicy } from "../../okta-things.ts";

const uri = "https://app.akto.io/authorization-code/callback";
const initiate = "https://app.akto.io/okta-initiate-login?accountId=1712345678";
const aktoSso: AktoSso = {
  clientId: "0oa1",
  oktaDomain: "acme.okta.com",
  authorisationServerId: "default",
  redirectUri: uri,
  mapping: new Map([["Akto Admins", "ADMIN"]]),
  syncGroupsToUserTags: false,
  hasManagementApiToken: true,
};
const sso = (changes: Partial<AktoSso> = {}) =>
  ({
    kind: "okta",
    sso: { ...aktoSso, ...changes },
    expectedRedirectUri: uri,
    differences: [],
    mappingDiffers: false,
    comparable: true,
  }) as const;
const authServer = {
  id: "default",
  name: "default",
  issuer: "https://acme.okta.com/oauth2/default",
  audiences: [],
  active: true,
};
const group = (changes: Partial<OktaGroup> = {}): OktaGroup => ({
  id: "00g1",
  name: "Akto Admins",
  type: "OKTA_GROUP",
  description: "",
  members: 2,
  ...changes,
});
const person = (changes: Partial<OktaUser> = {}): OktaUser => ({
  id: "00u1",
  login: "ada@acme.com",
  email: "ada@acme.com",
  name: "Ada",
  status: "ACTIVE",
  ...changes,
});
const healthy: Facts = {
  setup: {
    source: "akto",
    domain: "acme.okta.com",
    authServerId: "default",
    clientId: "0oa1",
    redirectUri: uri,
    ownDomain: undefined,
  },
  domain: { host: "acme.okta.com", origin: "https://acme.okta.com" },
  keptOut: [],
  aktoKey: { kind: "accepted" },
  sso: sso(),
  mapping: new Map([["Akto Admins", "ADMIN"]]),
  customRoles: [{ name: "watcher", baseRole: "THREAT VIEWER" }],
  team: [{ login: "ada@acme.com", name: "Ada", storedRole: "ADMIN", scopedRoles: new Map(), invited: false }],
  aktoGroups: ["Everyone", "Akto Admins"],
  aktoToken: { state: "works" },
  groupSight: "all",
  signInPolicy: null,
  recentSignIns: { signIns: [], now: new Date("2026-11-26T12:00:00Z") },
  issuer: { kind: "ok", issuer: "https://acme.okta.com/oauth2/default" },
  probe: { kind: "ok", said: "" },
  clientSecret: { kind: "accepted" },
  startByEmail: { page: "https://app.akto.io/sso-login", domain: "acme.com", leads: { kind: "okta" } },
  initiateLogin: {
    kind: "redirect",
    to: {
      origin: "https://acme.okta.com",
      path: "/oauth2/default/v1/authorize",
      clientId: "0oa1",
      redirectUri: uri,
      responseType: "code",
      scopes: ["openid", "email", "profile"],
      state: true,
    },
    expected: { origin: "https://acme.okta.com", path: "/oauth2/default/v1/authorize" },
  },
  initiateLoginUri: initiate,
  oktaToken: {
    state: "accepted",
    message: "Okta accepts the API token.",
    hint: undefined,
    info: { kind: "seen", name: "akto", expiresInDays: 30, network: "anywhere" },
  },
  app: oktaApp({ initiateLoginUri: initiate, idpInitiatedLogin: "SPEC", onDashboard: true }),
  server: { kind: "found", server: authServer },
  claims: [groupsClaim({ value: "akto" })],
  ownClaims: new Set(),
  policies: [accessPolicy({ clients: ["0oa1"] })],
  mappedGroups: [{ name: "Akto Admins", groups: [group()], suggestions: [] }],
  people: { users: [person()], complete: true },
  unassigned: [],
  conventions: [],
  reach: { orgGroups: 3, usersOver: [], usersAsked: 0, complete: true },
  shadowed: { people: [], complete: true },
  organizationDomain: "acme.com",
};

const known = (changes: Partial<Facts> = {}): FactStates =>
  Object.fromEntries(
    Object.entries({ ...healthy, ...changes }).map(([name, value]) => [name, { known: true, value, grade: "told" }]),
  );

const outcomes = (states: FactStates) => catalog.map((check) => check.evaluate(states));
const bad = (states: FactStates) =>
  outcomes(states)
    .filter(({ check }) => check.status === "fail" || check.status === "warn")
    .map(({ check }) => check.id);

const [claim] = healthy.claims ?? [];
const [policy] = healthy.policies;
const rule = policy?.rules[0];
const { app } = healthy;
const claims = (changes: Partial<NonNullable<typeof claim>>) => (claim ? [{ ...claim, ...changes }] : []);
const policies = (changes: object) => (policy && rule ? [{ ...policy, rules: [{ ...rule, ...changes }] }] : []);
const asks = (...rules: Partial<SignInRule>[]) => ({ signInPolicy: signInPolicy(...rules) });
const devs = { groups: { include: ["00g1"], exclude: [] } };
const refusal = (changes: Partial<RecordedSignIn> = {}): RecordedSignIn => ({
  at: "2026-11-26T09:00:00Z",
  user: { id: "00u1", login: "ada@acme.com", name: "Ada" },
  outcome: "failure",
  stage: "assignment",
  reason: "app.generic.unauth_app_access_attempt",
  message: "The user isn't assigned to the app.",
  transaction: "t1",
  events: [],
  ...changes,
});
const recent = (...signIns: RecordedSignIn[]) => ({
  recentSignIns: { signIns, now: new Date("2026-11-26T12:00:00Z") },
});
const withApp = (changes: object) => (app ? { app: { ...app, ...changes } } : {});

const faults: [string, Partial<Facts>, string[]][] = [
  ["the domain is a URL", { setup: { ...healthy.setup, domain: "https://acme.okta.com" } }, ["okta-domain"]],
  [
    "the domain is the admin console's",
    { setup: { ...healthy.setup, domain: "acme-admin.okta.com" } },
    ["okta-domain"],
  ],
  [
    "the server's field holds the audience",
    { setup: { ...healthy.setup, authServerId: "api://default" } },
    ["auth-server-id"],
  ],
  ["the server's field is empty", { setup: { ...healthy.setup, authServerId: "" } }, ["auth-server-id"]],
  ["Akto refuses the key", { aktoKey: { kind: "refused", message: "No.", hint: undefined } }, ["akto-key"]],
  [
    "another SSO is active",
    { sso: { kind: "other", failure: new Failure("rule", "akto.other_sso", "Another.") } },
    ["akto-sso"],
  ],
  ["no SSO is set up", { sso: { kind: "none" } }, ["akto-sso"]],
  [
    "Akto has another redirect URI, and the profile another client",
    { sso: { ...sso({ redirectUri: `${uri}/` }), differences: ["x"] } },
    ["akto-redirect-uri", "profile"],
  ],
  ["the issuer has another name", { issuer: { kind: "other_name", message: "No.", hint: "x" } }, ["issuer"]],
  [
    "the issuer does not answer",
    { issuer: { kind: "failed", message: "No.", hint: undefined, absent: false } },
    ["issuer"],
  ],
  ["Okta doesn't know this client", { probe: { kind: "wrong_client", said: "" } }, ["client-id"]],
  ["the redirect URI is wrong", { probe: { kind: "wrong_redirect_uri", said: "" } }, ["redirect-uri"]],
  ["the redirect URI has a slash more", withApp({ redirectUris: [`${uri}/`] }), ["redirect-uri"]],
  ["PKCE is demanded", { probe: { kind: "pkce_required", said: "" } }, ["pkce"]],
  ["the scopes are refused", { probe: { kind: "invalid_scope", said: "no" } }, ["scopes"]],
  ["Okta denies the request", { probe: { kind: "access_denied", said: "no" } }, ["access-policy"]],
  ["the secret is wrong", { clientSecret: { kind: "refused", message: "No.", hint: undefined } }, ["client-secret"]],
  ["Akto does not start a sign-in", { initiateLogin: { kind: "page", status: 404 } }, ["okta-initiated-login"]],
  [
    "Akto goes to its login page",
    { initiateLogin: { kind: "elsewhere", url: "https://app.akto.io/sso-login" } },
    ["okta-initiated-login"],
  ],
  ...(
    [
      ["Akto finds nothing by the email domain", { kind: "nowhere", spelled: null }],
      ["Akto finds the email domain in other letters", { kind: "nowhere", spelled: "Acme.com" }],
      ["Akto goes to another app by the email domain", { kind: "elsewhere", to: "https://idp.example/saml" }],
    ] as const
  ).map(([what, leads]): (typeof faults)[number] => [
    what,
    { startByEmail: { ...healthy.startByEmail, leads } },
    ["start-by-email"],
  ]),
  [
    "Akto goes to another server",
    {
      initiateLogin:
        healthy.initiateLogin.kind === "redirect"
          ? {
              ...healthy.initiateLogin,
              expected: { origin: "https://acme.okta.com", path: "/oauth2/other/v1/authorize" },
            }
          : healthy.initiateLogin,
    },
    ["okta-initiated-login"],
  ],
  [
    "the token is refused",
    { oktaToken: { state: "refused", message: "No.", hint: "x", info: { kind: "hidden" } } },
    ["okta-token"],
  ],
  ["the token sees no groups", { groupSight: "none" }, ["okta-token-rights"]],
  [
    "the token ends soon and is held to a zone",
    {
      oktaToken: {
        ...healthy.oktaToken,
        info: { kind: "seen", name: "akto", expiresInDays: 3, network: "restricted" },
      },
    },
    ["okta-token-expiry", "okta-token-network"],
  ],
  ["no app has the client id", { app: null }, ["app"]],
  ["the app is inactive", withApp({ active: false }), ["app"]],
  ["the app lacks the code grant", withApp({ grantTypes: ["implicit"] }), ["grant-type"]],
  ["the app signs its assertions", withApp({ clientAuthMethod: "private_key_jwt" }), ["client-auth"]],
  ["the app runs in the browser", withApp({ applicationType: "browser", clientAuthMethod: "none" }), ["client-auth"]],
  ["DPoP is demanded", withApp({ dpopRequired: true }), ["dpop"]],
  ["the probe finds that the app lacks the code grant", { probe: { kind: "wrong_grant", said: "" } }, ["grant-type"]],
  ["nobody is assigned", { people: { users: [], complete: true } }, ["assignments"]],
  [
    "a mapped group is not assigned",
    { unassigned: [{ id: "00g1", name: "Akto Admins", people: ["Ada"] }] },
    ["group-assignments"],
  ],
  ["Okta starts the sign-in elsewhere", withApp({ initiateLoginUri: null }), ["initiate-login-uri"]],
  ["there is no policy", { policies: [] }, ["access-policy"]],
  ["the authentication policy denies everyone", asks({ access: "deny" }), ["authentication-policy"]],
  ["the authentication policy denies a group", asks({ access: "deny", ...devs }), ["authentication-policy"]],
  ["the authentication policy is for a group only", asks(devs, { access: "deny" }), ["authentication-policy"]],
  ["the authentication policy says neither yes nor no", asks({ access: null }), ["authentication-policy"]],
  ["Okta refused somebody today", recent(refusal()), ["recorded-sign-ins"]],
  ["the rule lacks the grant", { policies: policies({ grantTypes: ["password"] }) }, ["access-policy"]],
  ["the rule lacks a scope", { policies: policies({ scopes: ["openid", "email"] }) }, ["scopes"]],
  ["the rule covers nobody", { policies: policies({ groups: [] }) }, ["access-policy"]],
  ["a rule keeps somebody out", { keptOut: ["Ada", "Bob"] }, ["access-policy"]],
  ["a rule calls a hook", { policies: policies({ inlineHook: "cal1" }) }, ["access-policy"]],
  ["the server is gone", { server: { kind: "missing" } }, ["auth-server"]],
  ["the plan lacks it, but Akto has a token", { server: { kind: "not_in_plan" } }, ["api-access-management"]],
  ["the claim is on the ID token", { claims: claims({ claimType: "IDENTITY" }) }, ["groups-claim"]],
  ["there is no claim", { claims: [] }, ["groups-claim"]],
  ["the claim is a text", { claims: claims({ valueType: "EXPRESSION", value: '"x"' }) }, ["groups-claim"]],
  ["the filter misses the mapped group", { claims: claims({ value: "sec" }) }, ["claim-filter"]],
  [
    "the filter misses one of two mapped groups, and Akto has no token",
    {
      mapping: new Map([
        ["Akto Admins", "ADMIN"],
        ["Testers", "GUEST"],
      ]),
      sso: sso({ hasManagementApiToken: false }),
    },
    ["claim-filter"],
  ],
  [
    "the filter hides a role of somebody who has another group in the claim",
    {
      mapping: new Map([
        ["Akto Admins", "ADMIN"],
        ["Testers", "GUEST"],
      ]),
      shadowed: { people: [{ name: "Ada", group: "Testers" }], complete: false },
    },
    ["claim-filter"],
  ],
  ["the claim is an expression", { claims: claims({ valueType: "EXPRESSION", value: "user.x" }) }, ["claim-filter"]],
  [
    "somebody is in too many groups",
    { reach: { orgGroups: 130, usersOver: [{ name: "Ada", groups: 130 }], usersAsked: 1, complete: false } },
    ["claim-limit"],
  ],
  [
    "somebody may be in too many groups",
    { reach: { orgGroups: 130, usersOver: [], usersAsked: 10, complete: false } },
    ["claim-limit"],
  ],
  ["Akto's token brings nothing", { aktoGroups: [] }, ["akto-token"]],
  ["Akto's token brings a part of the groups", { aktoGroups: ["Everyone"] }, ["akto-token"]],
  [
    "a mapped group differs by case",
    { mappedGroups: [{ name: "akto admins", groups: [], suggestions: [{ name: "Akto Admins", difference: "case" }] }] },
    ["mapping-groups", "mapping-reach"],
  ],
  [
    "a mapped name belongs to two groups",
    {
      mappedGroups: [
        {
          name: "Akto Admins",
          groups: [group({ id: "a", members: 1 }), group({ id: "b", type: "APP_GROUP", members: 0 })],
          suggestions: [],
        },
      ],
    },
    ["claim-filter", "mapping-duplicates"],
  ],
  ["nothing is mapped", { mapping: new Map() }, ["mapping-reach"]],
  [
    "nothing is mapped, and Akto goes by names",
    { mapping: new Map(), conventions: [{ name: "akto_admin", role: "ADMIN" }] },
    ["mapping-reach"],
  ],
  ["a name gives a role by itself", { conventions: [{ name: "akto_admin", role: "ADMIN" }] }, ["convention-names"]],
  ["a role does not exist", { mapping: new Map([["Akto Admins", "gone"]]) }, ["mapping-roles"]],
  ["a custom role's base can't be resolved", { mapping: new Map([["Akto Admins", "watcher"]]) }, ["mapping-roles"]],
  [
    "a user has no email address",
    { people: { users: [person({ name: "Bob", email: null })], complete: true } },
    ["user-email"],
  ],
  [
    "a user is of another domain",
    { people: { users: [person({ name: "Bob", email: "bob@other.org" })], complete: true } },
    ["email-domain"],
  ],
  [
    "access is set per product",
    {
      team: [
        {
          login: "ada@acme.com",
          name: "Ada",
          storedRole: "GUEST",
          scopedRoles: new Map([["API", "GUEST"]]),
          invited: false,
        },
      ],
    },
    ["product-access"],
  ],
  ...["gone", "watcher"].map((storedRole): (typeof faults)[number] => [
    `a member of Akto's team has the role ${storedRole}`,
    { team: [{ login: "bo@acme.com", name: "Bo", storedRole, scopedRoles: new Map(), invited: false }] },
    ["team-roles"],
  ]),
];

describe("the catalog of checks", () => {
  it("passes every check when nothing is wrong", () => {
    expect(outcomes(known()).map(({ check }) => `${check.id} ${check.status}`)).toEqual(
      catalog.map(({ id }) => `${id} pass`),
    );
  });

  it.each(faults)("finds that %s", (_, changes, ids) => {
    expect(bad(known(changes))).toEqual(ids);
    for (const { check, fix } of outcomes(known(changes))) {
      if (check.status === "fail" || check.status === "warn") expect(check.hint).toBeTruthy();
      if (fix) expect(describeFix(fix)).toMatch(/^[A-Z]/);
    }
  });

  it.each<[Partial<Facts>, string]>([
    [asks(), "The app's authentication policy “Any two factors” lets everyone in."],
    [
      asks({ name: "Abroad", access: "deny", others: ["network", "risk"] }),
      "The app's authentication policy “Any two factors” may deny, by its rule “Abroad”: that depends on network and risk.",
    ],
    [
      recent(refusal({ outcome: "success", stage: "done" })),
      "Okta recorded 1 sign-in to Akto in the last 24 hours: none failed because of the setup.",
    ],
    [
      {},
      "Okta accepts the client secret given here. Akto's own copy can't be read: a sign-in to Akto shows whether it is the same.",
    ],
    [{ setup: { ...healthy.setup, source: "profile" } }, "Okta accepts the client secret."],
    [
      { people: { users: [person()], complete: false } },
      "Each of the 1 person looked at, of more who can sign in, has an email address.",
    ],
    // A mistyped password is no fault of the set-up.
    [
      recent(refusal({ stage: "session" })),
      "Okta recorded 1 sign-in to Akto in the last 24 hours: none failed because of the setup.",
    ],
  ])("finds nothing wrong, and says what there is (%#)", (changes, said) => {
    expect(bad(known(changes))).toEqual([]);
    expect(outcomes(known(changes)).map(({ check }) => check.message)).toContain(said);
  });

  it.each<[what: string, id: string, changes: Partial<Facts>, said: RegExp]>([
    [
      "the redirect URI",
      "redirect-uri",
      withApp({ redirectUris: [] }),
      /accepts Akto's redirect URI .* doesn't have it/,
    ],
    ["PKCE", "pkce", withApp({ pkceRequired: true }), /accepts Akto's request without PKCE, though/],
    ["the grant", "grant-type", withApp({ grantTypes: [] }), /accepts Akto's request, though/],
    [
      "the scopes",
      "scopes",
      { policies: policies({ scopes: ["openid"] }) },
      /accepts the scopes that Akto asks for, though/,
    ],
    [
      "the policies",
      "access-policy",
      { policies: policies({ grantTypes: [] }) },
      /doesn't refuse Akto's request, though/,
    ],
    ["an inactive app", "app", withApp({ active: false }), /as inactive, though Okta accepts its client id/],
  ])("never lets what the API token shows overrule Okta's own answer to the request: %s", (_, id, changes, said) => {
    const of = (probe: Facts["probe"]["kind"], grade: "told" | "seen" = "seen") => {
      const states = known({ ...changes, probe: { kind: probe, said: "" } });
      const graded = { ...states, probe: { known: true, value: { kind: probe, said: "" }, grade } as const };
      return outcomes(graded).find(({ check }) => check.id === id)?.check;
    };
    expect(of("ok")).toMatchObject({ status: "warn", message: expect.stringMatching(said) });
    // Where Okta turned the request away before it looked, the API's word is all there is.
    if (id !== "app") expect(of("feature_missing")).toMatchObject({ status: "fail", evidence: "told" });
  });

  it("says of what a limited token shows that it is no more than that", () => {
    const said = outcomes(known({ groupSight: "some" })).map(({ check }) => check.message);
    expect(said).toContain("No two groups that this API token shows have the same mapped name.");
    expect(said).toContain("No group that this API token shows outside the mapping gives a role by its name.");
  });

  it("names the last one that Okta refused, and whose it was", () => {
    const before = refusal({ at: "2026-11-26T08:00:00Z", message: "Before." });
    const said = outcomes(known(recent(refusal(), refusal({ outcome: "success" }), before))).map(
      ({ check }) => check.message,
    );
    expect(said).toContain(
      "Of 3 sign-ins to Akto in the last 24 hours Okta refused 2, the last 3 hours ago: ada@acme.com, “The user isn't assigned to the app.”",
    );
  });

  it("has a fault for every check, so that each is seen to fail", () => {
    expect([...new Set(faults.flatMap(([, , ids]) => ids))].sort()).toEqual(catalog.map(({ id }) => id).sort());
  });

  it("skips what can't be known, and says what is missing", () => {
    const names = Object.keys(healthy) as FactName[];
    const states: FactStates = Object.fromEntries(names.map((name) => [name, { known: false, why: "No key." }]));
    for (const { check } of outcomes(states)) expect(check).toMatchObject({ status: "skip", message: "No key." });
  });

  it("makes those that are named, and refuses a name that is none", () => {
    expect(selectChecks(["pkce", "app"], []).map(({ id }) => id)).toEqual(["pkce", "app"]);
    expect(selectChecks([], ["pkce"])).toHaveLength(catalog.length - 1);
    expect(() => selectChecks(["pkcee"], [])).toThrow(
      expect.toSatisfy((error) => isFailure(error, "doctor.unknown_check")),
    );
  });
});
