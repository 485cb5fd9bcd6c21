/** Removes the SSO from Akto and, if asked, what this tool created in Okta. What is already gone counts as removed. */

import { Failure, isFailure } from "../../core/failure.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import { samePlace, ssoOf } from "../../core/model/place.ts";
import type { CreatedObject, Profile, SsoPlace } from "../../core/model/profile.ts";
import { clean, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore, SecretStore } from "../../store/types.ts";
import type { Clients } from "./clients.ts";
import { begunFor, createLedger, type Intended, madeFor, serverOf } from "./ledger.ts";

/** What there is to remove. */
export interface Removal {
  /** The SSO in Akto, or `null` when there is none, or Akto can't be asked. */
  readonly sso: AktoSso | null;
  /** How many groups the profile maps for an SSO that Akto doesn't have: the local copy goes. */
  readonly copied: number;
  /** What this tool created in Okta, in the order of removal. */
  readonly objects: readonly CreatedObject[];
  /** What this tool created and others use by now: it stays. */
  readonly kept: readonly Kept[];
  /** What a run that was cut off may have created: only the run that continues it can find it. */
  readonly unsettled: readonly Intended[];
  /** What this tool created for other SSOs: it stays, and so do the notes about it. */
  readonly others: readonly CreatedObject[];
}

/** Something this tool created that stays, and why, as the end of a sentence. */
export interface Kept {
  readonly object: CreatedObject;
  readonly why: string;
}

// What stands in another comes before it.
const order: readonly CreatedObject["kind"][] = ["rule", "policy", "claim", "app", "group"];

/**
 * Lists what there is to remove. Nothing is written. `okta` is `null` when nothing is to be removed there.
 *
 * @param place the SSO that is to go: what was made for others stays
 * @throws Failure `remove.other_sso` when the profile is for another SSO, and nothing of this one is noted in it
 */
export async function planRemoval({ okta, akto, profiles }: Clients, place: SsoPlace): Promise<Removal> {
  const profile = await profiles.read();
  refuseOther(profile, place, okta !== null, akto !== null);
  const sso = (await akto?.fetchSso()) ?? null;
  const copied = akto && !sso ? (profile.mapping?.length ?? 0) : 0;
  if (!okta) return { sso, copied, objects: [], kept: [], unsettled: [], others: [] };
  const created = madeFor(profile, place);
  const kept: Kept[] = [];
  for (const object of created) {
    const why = await usedByOthers(okta, object, created);
    if (why !== null) kept.push({ object, why });
  }
  const objects = created
    .filter((object) => !kept.some((each) => each.object === object))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const others = (profile.created ?? []).filter((object) => !created.includes(object));
  return { sso, copied, objects, kept, unsettled: begunFor(profile, place), others };
}

/** What is noted here is of the profile's own SSO: a run that names another one would take the notes for done. */
function refuseOther(profile: Profile, place: SsoPlace, inOkta: boolean, inAkto: boolean): void {
  const { org, ...account } = ssoOf(profile);
  const other =
    (inOkta && !samePlace({ org }, place) && madeFor(profile, place).length + begunFor(profile, place).length === 0) ||
    (inAkto && !samePlace(account, place));
  if (!other) return;
  const [own, named] = [describePlace({ org, ...account }), describePlace(place)];
  throw new Failure(
    "usage",
    "remove.other_sso",
    `The profile is for ${own}, and the settings name ${named}: nothing is noted here for that.`,
    {
      hint: "Use the profile that is for it (--profile), or leave out the flag or the variable that names the other one.",
    },
  );
}

/** An SSO in words: `acme.okta.com and the account 7 at https://app.akto.io`. */
export function describePlace({ org, aktoUrl, aktoAccountId }: SsoPlace): string {
  const account = aktoAccountId === undefined ? "" : `the account ${aktoAccountId} at `;
  return listed([
    ...(org === undefined ? [] : [clean(org.replace(/^https:\/\//, ""))]),
    ...(aktoUrl === undefined ? [] : [account + clean(aktoUrl)]),
  ]);
}

/** What others have come to use it for, or `null`. */
async function usedByOthers(
  okta: OktaOrg,
  object: CreatedObject,
  created: readonly CreatedObject[],
): Promise<string | null> {
  const { kind, id } = object;
  try {
    if (kind === "group") {
      for await (const _ of okta.groupUsers(id)) return "it has members";
    }
    if (kind === "policy" || kind === "rule") {
      const { serverId, policyId } = serverOf(object);
      const policy = (await okta.authServers.policies(serverId)).find((each) => each.id === policyId);
      if (policy && (policy.clients.length > 1 || policy.clients.includes("ALL_CLIENTS"))) {
        return "its access policy also lets other apps in";
      }
      const made = new Set(created.map((each) => each.id));
      if (kind === "policy" && policy?.rules.some((rule) => !made.has(rule.id))) return "others have added rules to it";
    }
  } catch (error) {
    if (!isFailure(error, "okta.not_found")) throw error;
  }
  return null;
}

/**
 * Removes it: Akto's part first, which relies on the other. Told of each part that is gone. What is kept here about a
 * part goes after the part itself, so that a run that was cut off is finished by the next.
 *
 * @param place as it was given to {@link planRemoval}
 * @returns what was already gone from Okta
 */
export async function carryOutRemoval(
  { sso, objects }: Removal,
  { okta, akto, profiles }: Clients,
  place: SsoPlace,
  secrets: SecretStore,
  onDone: (what: string) => void,
): Promise<CreatedObject[]> {
  if (akto && sso) {
    if (await akto.fetchSso()) await akto.deleteSso();
    onDone("Removed the SSO and its mapping from Akto");
  }
  if (akto) {
    await profiles.update(({ mapping: _, syncGroupsToUserTags: __, replacing: ___, ...profile }) => profile);
  }
  const ledger = createLedger(profiles, place);
  const gone: CreatedObject[] = [];
  for (const object of okta ? objects : []) {
    const there = okta ? await removeObject(okta, object) : false;
    if (object.kind === "app") await forgetApp(object.id, profiles, secrets);
    await ledger.forget(object.id);
    if (!there) gone.push(object);
    onDone(
      there
        ? `Deleted the ${describeObject(object)} in Okta`
        : `The ${describeObject(object)} was already gone from Okta`,
    );
  }
  return gone;
}

/** Drops what is kept of the app that is gone: its client id, which is its id (Okta behavior), and its secret. */
async function forgetApp(id: string, profiles: ProfileStore, secrets: SecretStore): Promise<void> {
  if ((await profiles.read()).clientId !== id) return;
  await secrets.delete("clientSecret");
  await profiles.update(({ clientId: _, ...profile }) => profile);
}

/** @returns whether it was there */
async function removeObject(okta: OktaOrg, object: CreatedObject): Promise<boolean> {
  const { kind, id } = object;
  const { serverId, policyId } = serverOf(object);
  try {
    if (kind === "rule") await okta.authServers.removeRule(serverId, policyId, id);
    else if (kind === "policy") await okta.authServers.removePolicy(serverId, id);
    else if (kind === "claim") await okta.authServers.removeClaim(serverId, id);
    else if (kind === "app") await okta.apps.remove(id);
    else await okta.removeGroup(id);
    return true;
  } catch (error) {
    if (isFailure(error, "okta.not_found")) return false;
    throw error;
  }
}

const nouns = { app: "app", claim: "claim", policy: "access policy", rule: "access rule", group: "group" } as const;

/** An object in words: `app “Akto”`. */
export function describeObject({ kind, name }: Intended): string {
  return `${nouns[kind]} ${quoted(name)}`;
}
