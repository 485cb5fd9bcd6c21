/** The checks of the way that the groups took to Akto: by the access token's claim, or by API token. */

import { describePrediction } from "../claim/describe.ts";
import { type ClaimReading, decodeAccessToken, type RoleTrace } from "../roles/resolve.ts";
import { clean, count, listed, quoted } from "../text.ts";
import { check } from "./checks.ts";
import type { ApiGroups, LoginFacts } from "./facts.ts";
import type { Check } from "./report.ts";
import { type GroupPath, issuesNoToken } from "./simulate.ts";
import { assumedWay, namesInOkta } from "./what-if.ts";

/** Where the groups came from, and why not from elsewhere. */
export function groupChecks(facts: LoginFacts, trace: RoleTrace): Check[] {
  if ("groups" in facts.token) {
    const skipped = ["groups.claim", "groups.api"].map((id) => check(id, "skip", assumedWay));
    return [...skipped, ...namesInOkta(facts.token.inOkta)];
  }
  const { token } = facts;
  const claim =
    "predicted" in token
      ? predictedCheck("groups.claim", token.predicted, trace.source, trace.groups)
      : claimCheck(token.accessToken, facts.otherClaims, trace);
  return [claim, apiCheck(facts.api, trace.claim.kind === "groups")];
}

const claimProblems: Record<Exclude<ClaimReading["kind"], "groups">, string> = {
  opaque: "The access token is opaque: no groups can be read from it",
  undecodable: "The access token cannot be decoded",
  no_claim: "The access token has no claim “groups”",
  not_array: "The claim “groups” is not an array, and Akto accepts only an array of names",
  not_strings: "The claim “groups” holds something other than names, so Akto ignores it",
  empty: "The claim “groups” is empty",
};

// A group's id, which a claim carries for its name when its expression says “group.id” (Okta behavior).
const groupIdPattern = /^00g[A-Za-z0-9]{17}$/;

function claimCheck(
  accessToken: string,
  otherClaims: LoginFacts["otherClaims"],
  { claim, groups, source }: RoleTrace,
): Check {
  const id = "groups.claim";
  if (claim.kind === "groups" && claim.groups.every((name) => groupIdPattern.test(name))) {
    return check(
      id,
      "fail",
      "The access token's claim “groups” holds groups' ids, and the mapping has their names.",
      "In Okta, let the claim be a filter on groups, or write “group.name” in its expression in place of “group.id”.",
    );
  }
  if (claim.kind === "groups") {
    return check(id, "pass", `The access token's claim “groups” has ${count(claim.groups.length, "group")}.`);
  }
  const rescued = source === "management_api" && groups.length > 0;
  if (isOfOrgServer(accessToken)) {
    return check(
      id,
      rescued ? "warn" : "fail",
      "The access token is from the org's own authorization server, whose tokens carry no groups.",
      "Akto needs a custom authorization server, such as “default”: its issuer ends in /oauth2/ and an id.",
    );
  }
  const misconfigured = claim.kind !== "no_claim" && claim.kind !== "empty";
  return check(
    id,
    misconfigured && !rescued ? "fail" : "warn",
    `${claimProblems[claim.kind]}.`,
    claimHint(claim.kind, accessToken, otherClaims),
  );
}

/** Whether the token is the org server's: its issuer is the bare org (Okta behavior). */
function isOfOrgServer(accessToken: string): boolean {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string" || typeof payload.iss !== "string" || !URL.canParse(payload.iss)) return false;
  return new URL(payload.iss).pathname === "/" && "cid" in payload;
}

/** The claim of a token that nobody has seen: what Okta's settings would make of it. */
function predictedCheck(
  id: string,
  { prediction, doubts }: GroupPath,
  source: RoleTrace["source"],
  groups: readonly string[],
): Check {
  if (prediction === null) {
    return check(
      id,
      "warn",
      "The org has no API Access Management, so the access token can carry no groups.",
      source === "management_api" ? undefined : "Store an Okta API token in Akto: then Akto asks Okta for the groups.",
    );
  }
  if (prediction.kind === "unseen") {
    return check(id, "warn", prediction.why, prediction.hint);
  }
  const { message, hint } = describePrediction(prediction);
  const rescued = source === "management_api" && groups.length > 0;
  const { kind } = prediction;
  const failed = issuesNoToken({ prediction }) || ((kind === "not_list" || kind === "ids") && !rescued);
  const hidden = doubts.find((doubt) => doubt.kind === "hidden");
  if (hidden && kind !== "no_claim" && !failed)
    return check(id, "warn", hidden.message, "Use the token of an admin who can see all groups.");
  const hook = doubts.find((doubt) => doubt.kind === "hook");
  if (hook && !failed)
    return check(
      id,
      "warn",
      `${message} ${hook.message}`,
      "`akto-okta login test` shows what the token really carries.",
    );
  return check(id, kind === "groups" ? "pass" : failed ? "fail" : "warn", message, hint);
}

function claimHint(
  kind: Exclude<ClaimReading["kind"], "groups">,
  accessToken: string,
  other: LoginFacts["otherClaims"],
): string {
  if (kind === "undecodable") return "Give the token whole, as the token endpoint returned it.";
  if (kind === "opaque") {
    return "Akto needs a custom authorization server (such as “default”): the org's own one gives opaque tokens.";
  }
  const elsewhere = [
    ...(hasGroups(other?.idToken) ? ["the ID token"] : []),
    ...(hasGroups(other?.userinfo) ? ["userinfo"] : []),
  ];
  if (elsewhere.length > 0) {
    return `The groups are in ${listed(elsewhere)}, where Akto never looks. Set the claim's token type to Access Token.`;
  }
  const lookAlikes = groupLikeClaims(accessToken);
  if (lookAlikes.length > 0) {
    return `The token has ${listed(lookAlikes.map(quoted))}; Akto reads a claim named “groups” and no other.`;
  }
  if (kind === "not_array" || kind === "not_strings") return "Let the claim's value type be Groups.";
  return "Either the claim's filter lets none of the user's groups through, or the claim isn't set up as Akto needs it. On the authorization server's Claims tab, it must be: “groups”, Access Token, value type Groups, any scope.";
}

function hasGroups(claims: object | undefined): boolean {
  return claims !== undefined && Object.hasOwn(claims, "groups");
}

/** Claims under another name that look like a list of groups. */
function groupLikeClaims(accessToken: string): string[] {
  const payload = decodeAccessToken(accessToken);
  if (typeof payload === "string") return [];
  return Object.entries(payload)
    .filter(([name, value]) => name !== "groups" && /group|role|memberof/i.test(name) && Array.isArray(value))
    .map(([name]) => name);
}

function apiCheck(api: ApiGroups, claimed: boolean): Check {
  const id = "groups.api";
  switch (api.kind) {
    case "not_needed":
      return check(id, "skip", "The Okta API is not asked: the groups are known.");
    case "answered":
      if (claimed) return check(id, "skip", "The Okta API's answer is not used: the access token has groups.");
      if (api.hidden !== undefined && api.hidden > 0) {
        return check(
          id,
          "warn",
          `The API token that Akto stores shows it ${api.names.length} of the user's ${count(api.names.length + api.hidden, "group")}.`,
          "The token's owner can see only some groups. Create a token as an admin who can see all of them, and store it in Akto.",
        );
      }
      if (api.total !== undefined && api.total > api.names.length) {
        return check(
          id,
          "warn",
          `Okta gives ${count(api.names.length, "group")} on the first page, and Akto reads only that page: the user is in ${api.total}.`,
          "Let the access token carry the groups that matter: add the claim “groups” with a filter on their names.",
        );
      }
      return api.names.length > 0
        ? check(
            id,
            "pass",
            `The Okta API gives ${count(api.names.length, "group")}${api.assumed ? ", if Akto stores an API token to ask with" : ""}.`,
          )
        : check(id, "warn", "The Okta API gives no group.", "Put the user in a group in Okta.");
    case "no_token":
      return claimed
        ? check(id, "skip", "The Okta API is not needed: the access token has groups.")
        : check(
            id,
            "skip",
            "The Okta API is not asked: there is no Okta API token.",
            "With a token, Akto would look up the groups that the access token doesn't have.",
          );
    case "unasked":
      return claimed
        ? check(id, "skip", "The Okta API is not needed: the access token has groups.")
        : check(id, "skip", api.message, api.hint);
    case "failed":
      return check(
        id,
        claimed ? "skip" : "warn",
        `The Okta API gave no groups, which Akto counts as none: ${clean(api.message)}`,
        "Check the token: is it still valid, can its owner see users and groups, is it limited to a network zone?",
      );
  }
}
