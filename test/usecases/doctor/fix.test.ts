import { afterEach, describe, expect, it } from "vitest";
import { createHttpClient } from "../../../src/http/client.ts";
import { createOktaOrg } from "../../../src/okta/org.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { Sandbox, SandboxOptions } from "../../../src/sandbox/types.ts";
import { type DiagnoseOptions, diagnoseAndMend, faults } from "./diagnose.ts";

/** Every scenario with something that can be mended by API: what is changed, and what is left afterwards. */
const mendable: [string, string[], string[]?][] = [
  ["redirect-uri-missing", ["redirect-uri: Add the redirect URI … to the app in Okta"]],
  ["redirect-uri-slash", ["redirect-uri: Add the redirect URI … to the app in Okta"]],
  ["pkce-required", ["pkce: Stop requiring PKCE for the app in Okta"]],
  ["dpop-required", ["dpop: Stop requiring DPoP for the app in Okta"]],
  ["grant-missing", ["grant-type: Allow the authorization code grant for the app in Okta"]],
  // The app has a secret only then: nobody knows it yet.
  [
    "wrong-client-auth",
    ["client-auth: Let the app in Okta authenticate with a client secret, which Akto then needs"],
    ["client-secret"],
  ],
  ["app-inactive", ["app: Activate the app in Okta"]],
  [
    "initiate-login-wrong-account",
    ["initiate-login-uri: Let Okta's dashboard start the sign-in at … instead of …=1700000000"],
  ],
  [
    "no-assignment",
    [
      "assignments: Assign the app in Okta to “Akto Admins”, “Akto Developers”, “Akto Security”, and “AppSec Contractors”",
    ],
  ],
  ["mapped-group-unassigned", ["group-assignments: Assign the app in Okta to “AppSec Contractors”"]],
  [
    "server-inactive",
    ["auth-server: Activate the authorization server in Okta, along with everything other apps use it for"],
  ],
  ["no-policy", ["access-policy: Add an access policy for this app to the authorization server"]],
  ["policy-denies", ["access-policy: Add an access policy for this app to the authorization server"]],
  ["policy-lacks-grant", ["access-policy: Add an access policy for this app to the authorization server"]],
  ["policy-lacks-scope", ["scopes: Add an access policy for this app to the authorization server"]],
  ["claim-on-id-token", ["groups-claim: Add the claim “groups” to the access token of the authorization server"]],
  ["claim-other-name", ["groups-claim: Add the claim “groups” to the access token of the authorization server"]],
  ["legacy-app-filter", ["groups-claim: Add the claim “groups” to the access token of the authorization server"]],
  ["claim-inactive", ["groups-claim: Activate the claim “groups” of the authorization server, for every scope"]],
  ["claim-bound-to-scope", ["groups-claim: Activate the claim “groups” of the authorization server, for every scope"]],
  [
    "filter-misses-group",
    [
      "claim-filter: Widen the filter of the claim “groups”, so that it lets “Akto Admins”, “Akto Developers”, “Akto Security”, and “AppSec Contractors” through",
    ],
  ],
  [
    "token-missing",
    ["claim-filter: Widen the filter of the claim “groups”, so that it lets “AppSec Contractors” through"],
  ],
  ["name-case-differs", ["mapping-groups: Map “Akto Developers” instead of “akto developers”, to the same role"]],
  ["name-looks-alike", ["mapping-groups: Map “Akto Developers” instead of “Аkto Developers”, to the same role"]],
  // Half of it is mended: which redirect URI Akto sends, only Akto can change.
  ["akto-moved", ["redirect-uri: Add the redirect URI … to the app in Okta"], ["akto-redirect-uri"]],
];

let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
});

const open = async (options: SandboxOptions) => {
  sandbox = await startSandbox(options);
  return sandbox;
};

const mended = async (options: SandboxOptions, more: DiagnoseOptions = {}) => {
  const opened = await open(options);
  const { outcomes, mended } = await diagnoseAndMend(opened, more);
  return {
    changes: mended.map(({ check, change, result }) => {
      expect(result).toBe("done");
      return `${check}: ${change.replaceAll(/http:\S+?(?==1700000000|\s|$)/g, "…")}`;
    }),
    left: faults(outcomes),
  };
};

describe("doctor --fix --yes", () => {
  it.each(mendable)("leaves nothing of %s: %j", async (scenario, changes, left = []) => {
    expect(await mended({ scenario })).toEqual({ changes, left });
  });

  it("mends what comes to light behind what it mended", async () => {
    // Of several names that differ, the check tells one.
    const mapping = new Map([
      ["akto developers", "DEVELOPER"],
      ["AKTO ADMINS", "ADMIN"],
    ]);
    expect(await mended({ seed: { akto: { mapping } } })).toEqual({
      changes: [
        "mapping-groups: Map “Akto Admins” instead of “AKTO ADMINS”, to the same role",
        "mapping-groups: Map “Akto Developers” instead of “akto developers”, to the same role",
      ],
      left: [],
    });
  });

  it("changes nothing where nothing can be mended by API", async () => {
    for (const scenario of ["healthy", "name-space-differs", "group-renamed", "too-many-groups", "token-expired"]) {
      expect((await mended({ scenario })).changes).toEqual([]);
      await sandbox?.close();
    }
  });

  describe("takes nothing away that it did not make", () => {
    const org = ({ okta }: Sandbox) => createOktaOrg({ origin: okta.url, token: okta.token, http: createHttpClient() });

    it("leaves the claim on the ID token, and the one of another name", async () => {
      for (const scenario of ["claim-on-id-token", "claim-other-name"]) {
        const opened = await open({ scenario });
        const before = await org(opened).authServers.claims("default");
        await diagnoseAndMend(opened);
        const after = await org(opened).authServers.claims("default");
        expect(after).toEqual(expect.arrayContaining([...before]));
        expect(after).toHaveLength(before.length + 1);
        await opened.close();
      }
    });

    it("widens a filter, so that what got through before still does", async () => {
      const opened = await open({ scenario: "token-missing" });
      await diagnoseAndMend(opened);
      const claims = await org(opened).authServers.claims("default");
      const value = claims.find(({ name }) => name === "groups")?.value ?? "";
      const filter = new RegExp(value);
      for (const name of ["Akto Guests", "akto anything", "AppSec Contractors"]) expect(name).toMatch(filter);
      expect("Finance").not.toMatch(filter);
    });

    it("narrows the filter of a claim that it made, and of no other", async () => {
      const opened = await open({ scenario: "too-many-groups" });
      expect((await diagnoseAndMend(opened)).mended).toEqual([]);
      const claims = await org(opened).authServers.claims("default");
      const claim = claims.find(({ name }) => name === "groups");
      const created = [{ kind: "claim", id: claim?.id ?? "", name: "groups", parent: "default" }] as const;
      const { mended, outcomes } = await diagnoseAndMend(opened, { profile: { created } });
      expect(mended).toMatchObject([{ check: "claim-limit", result: "done" }]);
      expect(faults(outcomes)).toEqual([]);
    });

    it("leaves the app's other redirect URIs and grants, and the policies of other apps", async () => {
      const opened = await open({ scenario: "redirect-uri-slash" });
      const [before] = [await org(opened).apps.byClientId(opened.okta.clientId)];
      await diagnoseAndMend(opened);
      const after = await org(opened).apps.byClientId(opened.okta.clientId);
      expect(after?.redirectUris).toEqual([
        ...(before?.redirectUris ?? []),
        `${opened.akto.url}/authorization-code/callback`,
      ]);
      await opened.close();

      const denied = await open({ scenario: "policy-denies" });
      const policies = await org(denied).authServers.policies("default");
      await diagnoseAndMend(denied);
      expect(await org(denied).authServers.policies("default")).toEqual(expect.arrayContaining([...policies]));
    });
  });

  it("goes on when Okta refuses a change, and says why", async () => {
    // A read-only admin's token sees all and may change nothing.
    const opened = await open({ scenario: "pkce-required" });
    const { mended, outcomes } = await diagnoseAndMend(opened, {
      change: { OKTA_CLIENT_TOKEN: opened.okta.tokenForAkto },
    });
    expect(mended).toEqual([
      {
        check: "pkce",
        change: "Stop requiring PKCE for the app in Okta",
        result: "failed",
        message: expect.stringMatching(/token/),
      },
    ]);
    expect(faults(outcomes)).toEqual(["pkce"]);
  });
});
