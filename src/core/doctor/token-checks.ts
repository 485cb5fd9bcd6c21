/** Checks of the Okta API token that is used here. It is often the one that Akto keeps, too. */
import { count, quoted } from "../text.ts";
import { defineCheck, fail, pass, skip, warn } from "./check.ts";

// A token that ends within these days is worth a word now.
const soon = 14;

const refused = skip("Okta did not accept the token.");
const several = skip("The token's owner has several tokens, and which of them this is can't be told.");

const accepted = defineCheck({
  id: "okta-token",
  title: "Okta accepts the API token",
  remedy: "Make a new token in Okta: Security → API → Tokens.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) =>
    oktaToken.state === "accepted" ? pass(oktaToken.message) : fail(oktaToken.message, { hint: oktaToken.hint }),
});

const rights = defineCheck({
  id: "okta-token-rights",
  title: "The API token's owner may see groups",
  remedy: "Make the token as an admin who may read groups and users, such as a read-only admin.",
  needs: ["oktaToken", "groupSight"],
  check: ({ oktaToken, groupSight }) => {
    if (oktaToken.state === "refused") return refused;
    switch (groupSight) {
      case "all":
        return pass("The API token's owner may see groups.");
      case "some":
        return warn("The API token's owner may see some groups only: others are not known to be missing.", {
          hint: "The org's group Everyone is not among those it shows. Make the token as an admin who may see all groups.",
        });
      case "none":
        return fail("The API token's owner may not see groups.");
    }
  },
});

const expiry = defineCheck({
  id: "okta-token-expiry",
  title: "The API token does not end soon",
  remedy: "Make a new token in time. A token also ends after 30 days without use.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) => {
    if (oktaToken.state === "refused") return refused;
    if (oktaToken.info.kind === "several") return several;
    if (oktaToken.info.kind === "hidden") return skip("The API token does not show when it ends.");
    const days = oktaToken.info.expiresInDays;
    if (days === null) return pass("The API token does not end by date.");
    return days <= soon
      ? warn(`The API token ${quoted(oktaToken.info.name)} ends in ${count(days, "day")} unless it is used.`)
      : pass(`The API token is good for ${count(days, "day")} more.`);
  },
});

const network = defineCheck({
  id: "okta-token-network",
  title: "The API token is not held to a network zone",
  remedy: "If Akto stores this token, let it be used from any IP address, or put Akto's addresses into the zone.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) => {
    if (oktaToken.state === "refused") return refused;
    if (oktaToken.info.kind === "several") return several;
    if (oktaToken.info.kind === "hidden") return skip("The API token does not show where it may be used from.");
    return oktaToken.info.network === "anywhere"
      ? pass("The API token may be used from anywhere.")
      : warn(
          `The API token ${quoted(oktaToken.info.name)} is held to network zones: from outside them it does not work.`,
        );
  },
});

export const tokenChecks = [accepted, rights, expiry, network];
