/** What a review says of the people whom the new mapping concerns, where Okta itself stays as it is. */
import type { Context } from "../../context.ts";
import { known, unknown } from "../../core/evidence.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { givenBy } from "../../core/roles/mapping.ts";
import type { ShownPlace } from "../../terminal/review.ts";
import { inTurns } from "../in-turns.ts";
import { type EffectWorld, effectLines, keptOutOf } from "../mapping/effects.ts";
import type { Planned } from "../provision/apply.ts";
import { serverFacts } from "../world/okta.ts";
import { fact, Unseen } from "../world/read.ts";
import { type Intent, mappingStep } from "./intent.ts";

/** Whose role changes, as a part of the review, and warnings of groups that don't reach Akto. */
export interface ReviewedEffects {
  readonly places: readonly ShownPlace[];
  readonly warnings: readonly string[];
}

/**
 * Tells them where that can be known now: not of an app that is yet to be made or changed, since who may sign in and what the
 * claim carries is another thing afterwards.
 *
 * @param shown whether anybody gets to see the lines
 */
export async function reviewedEffects(
  context: Context,
  intent: Intent,
  { plan }: Planned,
  shown: boolean,
): Promise<ReviewedEffects> {
  const { org, changes } = intent;
  const { clientId } = intent.app;
  const changesOkta = changesOf(plan).some(({ system }) => system === "okta");
  if (!org || clientId === undefined || changesOkta) return { places: [], warnings: [] };
  const world = worldOf(context, intent, clientId, isReplaced(plan));
  const warnings = await fact(async () =>
    keptOutOf(world, (await inTurns(givenBy(changes), ({ group }) => org.groupsNamed(group))).flat()),
  )();
  const lines = !shown || context.globals.json ? [] : await effectLines(context, world, mappingStep(intent), "all");
  return {
    places: lines.length === 0 ? [] : [{ title: "Whose role changes", changes: [], notes: lines }],
    warnings: warnings.known ? warnings.value : [],
  };
}

const isReplaced = ({ steps }: Planned["plan"]) => steps.some(({ action }) => action.kind === "replace");

/** The picture as it will be once the intent is carried out. */
function worldOf(context: Context, intent: Intent, clientId: string, replaced: boolean): EffectWorld {
  const { akto, authServerId, org, token } = intent;
  const place = { clientId, authServerId };
  const whole = fact(async () => {
    if (!org) throw new Unseen("There is no API token for the org.");
    return org;
  });
  const keeps = akto.sso?.hasManagementApiToken === true && !replaced;
  const stored = token.change === "keep" ? keeps : token.change !== "remove";
  const state = akto.dashboard === null ? "own" : stored ? "works" : "none";
  return {
    context,
    org: whole,
    ...serverFacts(whole, async () => place, null),
    clientId: fact(async () => clientId),
    customRoles: async () => (akto.customRoles ? known(akto.customRoles) : unknown("Akto isn't asked.")),
    team: fact(async () => {
      if (!akto.dashboard) throw new Unseen("Akto isn't asked.");
      return akto.dashboard.team();
    }),
    aktoToken: async () => known({ state }),
  };
}
