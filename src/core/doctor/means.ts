/** What a person must have at hand for a fact. */
import type { FactName } from "../picture.ts";

export type Means = "okta_token" | "akto_key" | "client_secret" | "account_id";

/** The means that facts take; a fact that isn't named can be had without. */
const means: Readonly<Record<Means, readonly FactName[]>> = {
  akto_key: ["aktoKey", "sso", "customRoles", "team", "aktoGroups", "aktoToken", "organizationDomain"],
  client_secret: ["clientSecret"],
  account_id: ["initiateLogin", "initiateLoginUri"],
  okta_token: [
    "oktaToken",
    "groupSight",
    "app",
    "signInPolicy",
    "recentSignIns",
    "server",
    "claims",
    "policies",
    "mappedGroups",
    "people",
    "unassigned",
    "conventions",
    "reach",
    "shadowed",
  ],
};

/** The means that these facts take. */
export function meansOf(names: readonly FactName[]): Means[] {
  return (Object.keys(means) as Means[]).filter((each) => means[each].some((name) => names.includes(name)));
}

/** A means in words. */
export const meansWords: Readonly<Record<Means, string>> = {
  okta_token: "Okta API token",
  akto_key: "Akto API key",
  client_secret: "client secret",
  account_id: "Akto account id",
};
