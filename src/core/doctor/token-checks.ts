/** Checks of the Okta API token that is used here. It is often the one that Akto keeps, too. */
import { count, quoted } from "../text.ts";
import { defineCheck, fail, pass, skip, warn } from "./check.ts";

// A token that ends within these days is worth a word now.
const soon = 14;

const refused = skip("Okta did not accept the token.");
const several = skip("The token's owner has several tokens, and there is no telling which of them this is.");

const accepted = defineCheck({
  id: "okta-token",
  title: "Okta accepts the API token",
  remedy: "Create a new token in Okta: Security → API → Tokens.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) =>
    oktaToken.state === "accepted" ? pass(oktaToken.message) : fail(oktaToken.message, { hint: oktaToken.hint }),
});

const rights = defineCheck({
  id: "okta-token-rights",
  title: "The API token's owner can see groups",
  remedy: "Create the token as an admin who can read groups and users, such as a read-only admin.",
  needs: ["oktaToken", "groupSight"],
  check: ({ oktaToken, groupSight }) => {
    if (oktaToken.state === "refused") return refused;
    switch (groupSight) {
      case "all":
        return pass("The API token's owner can see groups.");
      case "some":
        return warn("The API token's owner can see only some groups: others may exist.", {
          hint: "The org's group Everyone is not among those it shows. Create the token as an admin who can see all groups.",
        });
      case "none":
        return fail("The API token's owner can't see groups.");
    }
  },
});

const expiry = defineCheck({
  id: "okta-token-expiry",
  title: "The API token does not expire soon",
  remedy: "Create a new token in time. A token also expires after 30 days without use.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) => {
    if (oktaToken.state === "refused") return refused;
    if (oktaToken.info.kind === "several") return several;
    if (oktaToken.info.kind === "hidden") return skip("The API token does not show when it expires.");
    const days = oktaToken.info.expiresInDays;
    if (days === null) return pass("The API token has no expiry date.");
    return days <= soon
      ? warn(`The API token ${quoted(oktaToken.info.name)} expires in ${count(days, "day")} unless it is used.`)
      : pass(`The API token is valid for ${count(days, "day")} more.`);
  },
});

const network = defineCheck({
  id: "okta-token-network",
  title: "The API token is not limited to a network zone",
  remedy: "If Akto stores this token, allow it from any IP address, or add Akto's addresses to the zone.",
  needs: ["oktaToken"],
  check: ({ oktaToken }) => {
    if (oktaToken.state === "refused") return refused;
    if (oktaToken.info.kind === "several") return several;
    if (oktaToken.info.kind === "hidden") return skip("The API token does not show where it can be used from.");
    return oktaToken.info.network === "anywhere"
      ? pass("The API token can be used from anywhere.")
      : warn(
          `The API token ${quoted(oktaToken.info.name)} is limited to network zones: it does not work from outside them.`,
        );
  },
});

export const tokenChecks = [accepted, rights, expiry, network];
