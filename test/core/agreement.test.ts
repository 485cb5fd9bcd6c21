import { describe, expect, it } from "vitest";
import { compareProfile, differingFromSso } from "../../src/core/agreement.ts";
import type { AktoSso } from "../../src/core/model/akto.ts";

const sso: AktoSso = {
  clientId: "0oa1",
  authorisationServerId: "default",
  oktaDomain: "acme.okta.com",
  redirectUri: "https://app.akto.io/authorization-code/callback",
  hasManagementApiToken: false,
  syncGroupsToUserTags: false,
  mapping: new Map([["Akto Admins", "ADMIN"]]),
};
const here = {
  clientId: sso.clientId,
  authServerId: sso.authorisationServerId,
  domain: sso.oktaDomain,
  redirectUri: sso.redirectUri,
};
const nothing = { clientId: undefined, authServerId: undefined, domain: undefined };

describe("Akto's SSO, beside what is set here", () => {
  it("differs in what is set to something else, and in nothing that isn't set", () => {
    expect(differingFromSso(sso, here)).toEqual([]);
    expect(differingFromSso(sso, nothing)).toEqual([]);
    expect(
      differingFromSso(sso, { ...nothing, domain: "other.okta.com", redirectUri: "https://akto.example/" }),
    ).toEqual([
      { what: "Okta domain", akto: "acme.okta.com", here: "other.okta.com" },
      { what: "redirect URI", akto: sso.redirectUri, here: "https://akto.example/" },
    ]);
  });

  it("agrees with a profile that has all of it, and is new to one that has none", () => {
    expect(compareProfile(sso, here, [...sso.mapping])).toEqual({
      differences: [],
      lacking: [],
      uncopied: false,
      fresh: false,
    });
    expect(compareProfile(sso, here, undefined)).toEqual({
      differences: [],
      lacking: [],
      uncopied: true,
      fresh: false,
    });
    expect(compareProfile(sso, { ...nothing, redirectUri: sso.redirectUri }, undefined)).toEqual({
      differences: [],
      lacking: ["client id", "authorization server id", "Okta domain"],
      uncopied: true,
      fresh: true,
    });
  });

  it("has another mapping than a profile whose entries are as many, and others", () => {
    expect(compareProfile(sso, { ...here, clientId: undefined }, [["Finance", "GUEST"]])).toEqual({
      differences: [{ what: "mapping", akto: "1 group", profile: "1 group, but different ones" }],
      lacking: ["client id"],
      uncopied: false,
      fresh: false,
    });
  });
});
