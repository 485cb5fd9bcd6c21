/** Checks of the way from a user's groups to Akto: the claim, its filter and its limit, or the API token. */

import { parseOktaDomain } from "../address.ts";
import { findGroupsClaim, predictClaim } from "../claim/claim.ts";
import { describeFilter, describeMiss, describePrediction, mendMiss } from "../claim/describe.ts";
import { claimGroupLimit } from "../claim/filter.ts";
import { isKeptOut } from "../claim/kept-out.ts";
import { allowListOf, claimValue } from "../claim/value.ts";
import { overHundredGroups } from "../disputed.ts";
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
  title: "The org's custom authorization servers accept sign-ins, which needs API Access Management",
  remedy:
    "Akto signs in at a custom authorization server and at no other: have Okta add API Access Management to the org, or set Akto up with SAML.",
  needs: ["server"],
  wants: ["sso", "probe"],
  check: ({ server: fact, sso, probe }) => {
    // What Okta says to the sign-in itself goes before what its API says of the plan.
    if (probe?.kind === "feature_missing") {
      return fail(
        "The org has no API Access Management: Okta accepts no sign-in at its custom authorization servers.",
        {
          evidence: "seen",
        },
      );
    }
    if (fact.kind !== "not_in_plan") return pass("The org has API Access Management.");
    if (!probe)
      return warn(
        "The org lacks API Access Management, and it isn't known whether its authorization server accepts sign-ins.",
      );
    const lacks = "The org lacks API Access Management, so no groups claim can be added";
    return sso?.kind === "okta" && sso.sso.hasManagementApiToken
      ? warn(`${lacks}; Akto gets the groups with its API token.`, {
          hint: "Keep that token alive: without it everyone becomes Security Engineer.",
        })
      : fail(`${lacks}.`, {
          hint: "Its authorization server accepts sign-ins anyway: store an Okta API token in Akto, so that it asks for the groups.",
        });
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
            "The authorization server has no claim “groups”. A group claims filter on the app itself applies only to the org's own server.",
            { fix: { kind: "claim.add", serverId: setup.authServerId } },
          );
    }
    const value = claimValue(found.claim);
    if (value.kind === "not_list" || value.kind === "fails") {
      const { message, hint } = describePrediction({ kind: value.kind, claim: found.claim });
      return fail(message, { hint });
    }
    if (value.kind === "filter" && value.shows === "id") {
      const { message, hint } = describePrediction({ kind: "ids", claim: found.claim, names: [] });
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
  wants: ["mappedGroups", "sso", "shadowed", "ownClaims"],
  check: ({ claims, mapping, setup, mappedGroups, sso, shadowed, ownClaims }) => {
    if (!claims) return noClaims;
    const found = findGroupsClaim(claims);
    if (found.kind === "missing") return skip("There is no claim that Akto reads.");
    if (mapping.size === 0) return skip("No group is mapped.");
    if (claimValue(found.claim).kind === "unknown") {
      const { message, hint } = describePrediction(predictClaim(claims, []));
      return warn(message, { hint });
    }
    const bearers = new Map(mappedGroups?.map(({ name, groups }) => [name, groups]));
    const groupsOf = (name: string) => {
      const groups = bearers.get(name) ?? [];
      return groups.length > 0 ? groups : [{ name, type: "OKTA_GROUP" }];
    };
    const missing = [...mapping.keys()].filter((name) => isKeptOut(claims, groupsOf(name)));
    const imported = missing.find((name) => groupsOf(name).some(({ type }) => type === "APP_GROUP"));
    if (missing.length === 0) return pass("The claim's filter lets every mapped group through.");
    const names = `${listed(missing.slice(0, 3).map(quoted))}${missing.length > 3 ? " and others" : ""}`;
    const filter = `The claim's filter (${describeFilter(found.claim)})`;
    const own = ownClaims?.has(found.claim.id) === true;
    const cover = { kind: "claim.cover", serverId: setup.authServerId, groups: missing } as const;
    // Another's filter is widened, but not turned into a list.
    const fix = imported === undefined || own ? cover : undefined;
    if (imported !== undefined && found.claim.valueType === "GROUPS") {
      const message = `The mapped group ${quoted(imported)} is imported, and a filter (${describeFilter(found.claim)}) carries Okta's own groups only.`;
      const ids = [...mapping.keys()].flatMap((name) =>
        groupsOf(name).flatMap((group) => ("id" in group && group.id ? [group.id] : [])),
      );
      const hint = `Make the claim an expression: ${allowListOf(ids)}`;
      if (sso?.kind !== "okta" || !sso.sso.hasManagementApiToken) return fail(message, { hint, fix });
      const [lost] = shadowed?.people ?? [];
      return lost
        ? fail(
            `${message} It lets another group of ${clean(lost.name)} through, so Akto asks for no others, and the role of ${quoted(lost.group)} is lost.`,
            { hint, fix },
          )
        : warn(`${message} Akto asks for it with its API token only if the claim has no groups.`, { hint, fix });
    }
    if (missing.length === mapping.size) return fail(`${filter} lets no mapped group through.`, { fix });
    if (sso?.kind !== "okta" || !sso.sso.hasManagementApiToken) {
      return fail(`${filter} keeps out ${names}, and Akto has no API token to look up the groups with.`, { fix });
    }
    const [lost] = shadowed?.people ?? [];
    if (lost) {
      return fail(
        `${filter} keeps out ${quoted(lost.group)}, but lets another group of ${clean(lost.name)} through, so Akto asks for no others, and the role of ${quoted(lost.group)} is lost.`,
        { fix },
      );
    }
    return shadowed?.complete
      ? pass(`The claim's filter keeps out ${names}; Akto gets them with its API token.`)
      : warn(`${filter} keeps out ${names}. Akto asks for them with its API token only if the claim has no groups.`, {
          fix,
        });
  },
});

const limit = defineCheck({
  id: "claim-limit",
  title: `Nobody has over ${claimGroupLimit} groups in the claim`,
  remedy: `Narrow the filter of the claim “groups” until nobody has over ${claimGroupLimit} matching groups.`,
  needs: ["reach"],
  wants: ["claims", "ownClaims", "setup"],
  check: ({ reach, claims, ownClaims, setup }) => {
    const [worst] = reach.usersOver;
    const found = claims && findGroupsClaim(claims);
    const own = found?.kind === "found" && ownClaims?.has(found.claim.id) === true;
    const fix = own && setup ? ({ kind: "claim.narrow", serverId: setup.authServerId } as const) : undefined;
    if (worst) {
      const finding = overHundredGroups === "refused" ? fail : overHundredGroups === "carried" ? pass : warn;
      return finding(
        `The claim's filter matches ${worst.groups} groups of ${clean(worst.name)}${reach.usersOver.length > 1 ? ` (and over ${claimGroupLimit} of ${count(reach.usersOver.length - 1, "other person", "other people")})` : ""}: Okta may carry them all, cut the list, or refuse the token.`,
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
  title: "The API token that Akto stores still works",
  remedy: "Create a new token in Okta and store it in Akto: Settings → Integrations → Okta SSO.",
  needs: ["sso"],
  wants: ["aktoGroups", "server", "setup", "mappedGroups"],
  check: ({ sso, aktoGroups, server: fact, setup, mappedGroups }) => {
    if (sso.kind !== "okta") return skip("Okta SSO is not set up in Akto.");
    if (!sso.sso.hasManagementApiToken) {
      return fact?.kind === "not_in_plan"
        ? skip("Akto stores no Okta API token.")
        : pass("Akto stores no Okta API token, and needs none while the access token carries the groups.");
    }
    if (aktoGroups === undefined) return skip("Akto was not asked for the groups that it sees.");
    if (setup && !isBareHost(setup.domain)) return skip("Akto can't reach Okta at the domain that it has.");
    if (aktoGroups.length === 0) {
      return fail("Akto sees no group with the API token it stores: Okta refuses it.", {
        hint: "The token may be expired, revoked, or limited to a network zone that Akto is not in, or its owner may not be allowed to see groups. Create a new one and store it in Akto: Settings → Integrations → Okta SSO, or `akto-okta sso apply --management-token-file`.",
      });
    }
    const hidden = mappedGroups?.find(({ name, groups }) => groups.length > 0 && !aktoGroups.includes(name));
    // A longer list may end where Okta's first page does, beyond which Akto does not read.
    return hidden && aktoGroups.length < shortestPage
      ? warn(`With the API token it stores, Akto does not see the mapped group ${quoted(hidden.name)}.`, {
          hint: "The token's owner can see only some groups. Create a token as an admin who can see all of them, and store it in Akto.",
        })
      : pass("The API token that Akto stores works.");
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
