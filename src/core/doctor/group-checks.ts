/** Checks of the way from a user's groups to Akto: the claim, its filter and its limit, or the API token. */

import { parseOktaDomain } from "../address.ts";
import { findGroupsClaim, predictClaim } from "../claim/claim.ts";
import { describeFilter, describeMiss, describePrediction, mendMiss } from "../claim/describe.ts";
import { claimGroupLimit } from "../claim/filter.ts";
import { claimValue } from "../claim/value.ts";
import { isFailure } from "../failure.ts";
import { liveGroupsClaim } from "../plan/access.ts";
import { clean, count, listed, quoted } from "../text.ts";
import { defineCheck, fail, pass, skip, warn } from "./check.ts";

const noClaims = skip("Without API Access Management the org does not show its authorization servers.");

const server = defineCheck({
  id: "auth-server",
  title: "The authorization server exists and is active",
  remedy: "Compare its id with Okta: Security → API → Authorization Servers.",
  needs: ["server", "setup"],
  check: ({ server: fact, setup }) => {
    if (fact.kind === "not_in_plan") return skip("The org's plan does not show its authorization servers.");
    if (fact.kind === "missing") {
      return fail(`The org has no authorization server ${quoted(setup.authServerId)}.`);
    }
    return fact.server.active
      ? pass("The authorization server is active.")
      : fail("The authorization server is inactive.", {
          hint: "Activate it in Okta: Security → API.",
          fix: { kind: "server.activate", serverId: fact.server.id },
        });
  },
});

const plan = defineCheck({
  id: "api-access-management",
  title: "The org has API Access Management, or Akto has a token instead",
  remedy:
    "Without API Access Management no groups claim can be added: store an Okta API token in Akto, so that it asks for the groups.",
  needs: ["server"],
  wants: ["sso"],
  check: ({ server: fact, sso }) => {
    if (fact.kind !== "not_in_plan") return pass("The org has API Access Management.");
    const lacks = "The org lacks API Access Management, so no groups claim can be added";
    return sso?.kind === "okta" && sso.sso.hasManagementApiToken
      ? warn(`${lacks}; Akto gets the groups with its API token.`, {
          hint: "Keep that token alive: without it everyone becomes Security Engineer.",
        })
      : fail(`${lacks}.`);
  },
});

const claim = defineCheck({
  id: "groups-claim",
  title: "The access token carries a claim named “groups”",
  remedy:
    "Add it in Okta: Security → API → the server → Claims: name “groups”, access token, always, value type Groups, any scope.",
  needs: ["claims", "setup"],
  check: ({ claims, setup }) => {
    if (!claims) return noClaims;
    const found = findGroupsClaim(claims);
    if (found.kind === "missing") {
      const [closest] = found.nearMisses;
      return closest
        ? fail(`The claim ${quoted(closest.claim.name)} ${describeMiss(closest)}.`, {
            hint: mendMiss(closest),
            // A claim for the ID token, or of another name, is somebody else's: it gets one beside it.
            fix: { kind: liveGroupsClaim(claims) ? "claim.mend" : "claim.add", serverId: setup.authServerId },
          })
        : fail(
            "The authorization server has no claim “groups”. A group claims filter on the app itself counts for the org's own server alone.",
            { fix: { kind: "claim.add", serverId: setup.authServerId } },
          );
    }
    const value = claimValue(found.claim);
    if (value.kind === "not_list") {
      const { message, hint } = describePrediction({ kind: "not_list", claim: found.claim });
      return fail(message, { hint });
    }
    return pass(`The access token carries the claim “groups” (${describeFilter(found.claim)}).`);
  },
});

const filter = defineCheck({
  id: "claim-filter",
  title: "The claim's filter lets the mapped groups through",
  remedy: "Widen the filter of the claim “groups”, so that it lets through every mapped group.",
  needs: ["claims", "mapping", "setup"],
  wants: ["mappedGroups", "sso", "shadowed"],
  check: ({ claims, mapping, setup, mappedGroups, sso, shadowed }) => {
    if (!claims) return noClaims;
    const found = findGroupsClaim(claims);
    if (found.kind === "missing") return skip("There is no claim that Akto reads.");
    if (mapping.size === 0) return skip("No group is mapped.");
    if (claimValue(found.claim).kind === "unknown") {
      const { message, hint } = describePrediction(predictClaim(claims, []));
      return warn(message, { hint });
    }
    const types = new Map(mappedGroups?.map(({ name, groups }) => [name, groups[0]?.type]));
    const missing = [...mapping.keys()].filter((name) => {
      const { kind } = predictClaim(claims, [{ name, type: types.get(name) ?? "OKTA_GROUP" }]);
      return kind === "none_match";
    });
    if (missing.length === 0) return pass("The claim's filter lets every mapped group through.");
    const names = `${listed(missing.slice(0, 3).map(quoted))}${missing.length > 3 ? " and others" : ""}`;
    const filter = `The claim's filter (${describeFilter(found.claim)})`;
    const fix = { kind: "claim.cover", serverId: setup.authServerId, groups: missing } as const;
    if (missing.length === mapping.size) return fail(`${filter} lets no mapped group through.`, { fix });
    if (sso?.kind !== "okta" || !sso.sso.hasManagementApiToken) {
      return fail(`${filter} keeps out ${names}, and Akto has no API token to ask for the groups with.`, { fix });
    }
    const [lost] = shadowed?.people ?? [];
    if (lost) {
      return fail(
        `${filter} keeps out ${quoted(lost.group)}, and lets through another group of ${clean(lost.name)}: Akto then asks for no more, and the role of ${quoted(lost.group)} is lost.`,
        { fix },
      );
    }
    return shadowed?.complete
      ? pass(`The claim's filter keeps out ${names}; Akto gets them with its API token.`)
      : warn(`${filter} keeps out ${names}. Akto asks for them with its API token only where the claim has no group.`, {
          fix,
        });
  },
});

const limit = defineCheck({
  id: "claim-limit",
  title: `Nobody has over ${claimGroupLimit} groups in the claim`,
  remedy: `Narrow the filter of the claim “groups”: with over ${claimGroupLimit} matching groups Okta fails the sign-in.`,
  needs: ["reach"],
  wants: ["claims", "ownClaims", "setup"],
  check: ({ reach, claims, ownClaims, setup }) => {
    const [worst] = reach.usersOver;
    const found = claims && findGroupsClaim(claims);
    const own = found?.kind === "found" && ownClaims?.has(found.claim.id) === true;
    const fix = own && setup ? ({ kind: "claim.narrow", serverId: setup.authServerId } as const) : undefined;
    if (worst) {
      return fail(
        `The claim's filter matches ${worst.groups} groups of ${clean(worst.name)}${reach.usersOver.length > 1 ? ` (and too many of ${count(reach.usersOver.length - 1, "other person", "other people")})` : ""}: over ${claimGroupLimit} Okta fails the sign-in.`,
        { fix },
      );
    }
    if (reach.orgGroups <= claimGroupLimit || reach.complete) {
      return pass(`Nobody has over ${claimGroupLimit} groups in the claim.`);
    }
    return warn(
      `The claim's filter matches ${count(reach.orgGroups, "group")} of the org. None of the ${count(reach.usersAsked, "person", "people")} asked about has over ${claimGroupLimit} of them; others may.`,
      { fix },
    );
  },
});

// Okta gives no shorter page of groups unless there are no more.
const shortestPage = 200;

const aktoToken = defineCheck({
  id: "akto-token",
  title: "The API token that Akto keeps still works",
  remedy: "Make a new token in Okta and store it in Akto: Settings → Integrations → Okta SSO.",
  needs: ["sso"],
  wants: ["aktoGroups", "server", "setup", "mappedGroups"],
  check: ({ sso, aktoGroups, server: fact, setup, mappedGroups }) => {
    if (sso.kind !== "okta") return skip("Okta SSO is not set up in Akto.");
    if (!sso.sso.hasManagementApiToken) {
      return fact?.kind === "not_in_plan"
        ? skip("Akto keeps no Okta API token.")
        : pass("Akto keeps no Okta API token, and needs none while the access token carries the groups.");
    }
    if (aktoGroups === undefined) return skip("Akto was not asked for the groups that it sees.");
    if (setup && !isBareHost(setup.domain)) return skip("Akto can't reach Okta at the domain that it has.");
    if (aktoGroups.length === 0) {
      return fail("Akto sees no group with the API token it keeps: Okta refuses it.", {
        hint: "The token may be expired or revoked, held to a network zone that Akto is not in, or its owner may see no groups. Make a new one and store it in Akto: Settings → Integrations → Okta SSO, or akto-okta sso apply --management-token-file.",
      });
    }
    const hidden = mappedGroups?.find(({ name, groups }) => groups.length > 0 && !aktoGroups.includes(name));
    // A longer list may end where Okta's first page does, beyond which Akto does not read.
    return hidden && aktoGroups.length < shortestPage
      ? warn(`With the API token it keeps, Akto does not see the mapped group ${quoted(hidden.name)}.`, {
          hint: "The token's owner may see some groups only. Make a token as an admin who may see all of them, and store it in Akto.",
        })
      : pass("The API token that Akto keeps works.");
  },
});

function isBareHost(domain: string): boolean {
  try {
    return parseOktaDomain(domain).host === domain;
  } catch (error) {
    if (isFailure(error)) return false;
    throw error;
  }
}

export const groupChecks = [server, plan, claim, filter, limit, aktoToken];
