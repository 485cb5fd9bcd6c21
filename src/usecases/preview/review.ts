/** `login preview --report`: what the review of who gets in was made from, and what it tells. */
import { findGroupsClaim, groupsClaimName } from "../../core/claim/claim.ts";
import { describeFilter, describeMiss } from "../../core/claim/describe.ts";
import { type Fact, valueIn } from "../../core/evidence.ts";
import { canGoOn } from "../../core/failure.ts";
import type { ServerClaim } from "../../core/model/okta.ts";
import type { ServerFact } from "../../core/picture.ts";
import { type AccessReview, rolePaths } from "../../core/preview/review.ts";
import { diffMappings } from "../../core/roles/mapping.ts";
import { moment, quoted } from "../../core/text.ts";
import { insist } from "../world/read.ts";
import type { World } from "../world/world.ts";
import type { Preview } from "./preview.ts";

/**
 * The review. Of what it was made from, what can't be read is said to be unknown.
 *
 * @param file the name of the mapping that the preview compares with
 */
export async function reviewOf(world: World, preview: Preview, file: string | undefined): Promise<AccessReview> {
  const { app, rows, totals, mapping, against, blocked, left, warnings } = preview;
  return {
    made: moment(new Date()),
    app: app.label,
    origin: await originOf(world, preview),
    rows,
    totals,
    paths: rolePaths(rows, mapping),
    blocked,
    against: against && file !== undefined ? { file, entries: diffMappings(mapping, against) } : null,
    left,
    unknown: warnings,
  };
}

async function originOf(world: World, { app, source }: Preview): Promise<AccessReview["origin"]> {
  const { settings } = world;
  const { domain, authServerId } = insist(await world.setup());
  const [server, claims, token] = await Promise.all([world.server(), world.claims(), tokenOwner(world)]);
  return [
    ["Okta org", domain],
    ["Application", `${app.label} (client id ${app.clientId})`],
    [
      "Who may sign in",
      app.implicitAssignment ? "everybody in the org (Federation Broker Mode)" : "whoever is assigned to it",
    ],
    ["Authorization server", serverWords(server, authServerId)],
    ["Groups claim", claimWords(claims)],
    ["Okta API token", token],
    [
      "Mapping and team",
      source === "akto"
        ? `as Akto has them, at ${settings.aktoUrl}${settings.aktoAccountId === undefined ? "" : `, account ${settings.aktoAccountId}`}`
        : "Akto was not asked: the mapping is the local copy's, and the team is not known",
    ],
  ];
}

async function tokenOwner(world: World): Promise<string> {
  try {
    const { login } = await insist(await world.org()).whoAmI();
    return `${login}'s: what that admin can't see is not in here`;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return `whose it is can't be asked: ${error.message}`;
  }
}

function serverWords(server: Fact<ServerFact>, id: string): string {
  const found = valueIn(server);
  if (found?.kind === "found") return `${found.server.name} (${id})`;
  return found?.kind === "missing" ? `${id}, which Okta does not have` : `${id}, which can't be read`;
}

function claimWords(claims: Fact<readonly ServerClaim[] | null>): string {
  if (!claims.known) return "can't be read";
  if (claims.value === null) return "none: the org has no API Access Management";
  const found = findGroupsClaim(claims.value);
  if (found.kind === "found") return `${quoted(found.claim.name)}: ${describeFilter(found.claim)}`;
  const [closest] = found.nearMisses;
  const none = `none is named ${quoted(groupsClaimName)} and in the access token`;
  return closest ? `${none}; ${quoted(closest.claim.name)} ${describeMiss(closest)}` : none;
}
