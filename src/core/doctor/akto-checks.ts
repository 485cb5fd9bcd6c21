/** Checks of the Akto account. */
import { clean, listed } from "../text.ts";
import { defineCheck, fail, pass, skip, warn } from "./check.ts";

const key = defineCheck({
  id: "akto-key",
  title: "Akto accepts the API key",
  remedy: "Create one in Akto under Settings → Integrations → Akto API, as an Admin.",
  needs: ["aktoKey"],
  check: ({ aktoKey }) =>
    aktoKey.kind === "accepted" ? pass("Akto accepts the API key.") : fail(aktoKey.message, { hint: aktoKey.hint }),
});

const sso = defineCheck({
  id: "akto-sso",
  title: "Okta SSO is set up in the Akto account",
  remedy: "Set it up: `akto-okta sso setup`.",
  needs: ["sso"],
  check: ({ sso: fact }) => {
    if (fact.kind === "okta") return pass("Okta SSO is set up in Akto.");
    return fact.kind === "none"
      ? fail("Okta SSO is not set up in this Akto account.")
      : fail("Another kind of SSO is set up in this Akto account.", {
          hint: "Remove it in Akto first, under Settings → Integrations.",
        });
  },
});

const redirectUri = defineCheck({
  id: "akto-redirect-uri",
  title: "Akto sends its own dashboard's redirect URI",
  remedy: "Remove the SSO in Akto and set it up again: Akto can't change it.",
  needs: ["sso"],
  check: ({ sso: fact }) => {
    if (fact.kind !== "okta") return skip("Okta SSO is not set up in Akto.");
    return fact.sso.redirectUri === fact.expectedRedirectUri
      ? pass("Akto sends its own dashboard's redirect URI.")
      : fail(
          `Akto sends the redirect URI ${clean(fact.sso.redirectUri)}, and its dashboard listens at ${clean(fact.expectedRedirectUri)}`,
        );
  },
});

const agreement = defineCheck({
  id: "profile",
  title: "What is set here matches Akto",
  remedy: "Akto's is what counts: `akto-okta sso status` shows both.",
  needs: ["sso"],
  check: ({ sso: fact }) => {
    if (fact.kind !== "okta") return skip("Okta SSO is not set up in Akto.");
    const differences = [...fact.differences, ...(fact.mappingDiffers ? ["the mapping"] : [])];
    if (differences.length > 0) return warn(`What is set here differs from Akto: ${listed(differences)}.`);
    return fact.comparable
      ? pass("What is set here matches Akto.")
      : skip("Nothing is set here to compare with Akto's SSO.");
  },
});

export const aktoChecks = [key, sso, redirectUri, agreement];
