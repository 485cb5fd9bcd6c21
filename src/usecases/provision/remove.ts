/** Takes the SSO out of Akto and, if asked, what this tool made out of Okta. What is gone already is done. */
import type { AktoSso } from "../../akto/types.ts";
import { isFailure } from "../../core/failure.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { CreatedObject, Profile } from "../../store/types.ts";
import type { Clients } from "./clients.ts";
import { createLedger } from "./ledger.ts";

/** What there is to remove. */
export interface Removal {
  /** The SSO in Akto, or `null` when there is none, or Akto can't be asked. */
  readonly sso: AktoSso | null;
  /** What this tool made in Okta, in the order in which it goes. */
  readonly objects: readonly CreatedObject[];
  /** Groups of this tool that stay, since they have members by now. */
  readonly kept: readonly CreatedObject[];
}

// What stands in another comes before it.
const order: readonly CreatedObject["kind"][] = ["rule", "policy", "claim", "app", "group"];

/** Lists what there is to remove. Nothing is written. `okta` is `null` when nothing is to be removed there. */
export async function planRemoval({ okta, akto, profiles }: Clients): Promise<Removal> {
  const { created = [] } = await profiles.read();
  const sso = (await akto?.fetchSso()) ?? null;
  if (!okta) return { sso, objects: [], kept: [] };
  const kept: CreatedObject[] = [];
  for (const object of created) {
    if (object.kind === "group" && (await hasMembers(okta, object.id))) kept.push(object);
  }
  const objects = created
    .filter((object) => !kept.includes(object))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return { sso, objects, kept };
}

async function hasMembers(okta: OktaOrg, groupId: string): Promise<boolean> {
  try {
    for await (const _ of okta.groupUsers(groupId)) return true;
  } catch (error) {
    if (!isFailure(error, "okta.not_found")) throw error;
  }
  return false;
}

/** Removes it: Akto's part first, which relies on the other. Told of each part that is gone. */
export async function carryOutRemoval(
  { sso, objects }: Removal,
  { okta, akto, profiles }: Clients,
  onDone: (what: string) => void,
): Promise<void> {
  if (akto && sso) {
    if (await akto.fetchSso()) await akto.deleteSso();
    onDone("Removed the SSO and its mapping from Akto");
  }
  const ledger = createLedger(profiles);
  for (const object of okta ? objects : []) {
    if (okta) await removeObject(okta, object);
    await ledger.forget(object.id);
    onDone(`Deleted the ${describeObject(object)} in Okta`);
  }
  const app = objects.find(({ kind }) => kind === "app");
  await profiles.update((profile) => afterRemoval(profile, akto !== null, app?.id));
}

function afterRemoval(profile: Profile, fromAkto: boolean, appId: string | undefined): Profile {
  const { mapping, syncGroupsToUserTags, replacing, clientId, ...rest } = profile;
  return {
    ...rest,
    // An app's client id is its id (Okta behaviour).
    ...(clientId === undefined || clientId === appId ? {} : { clientId }),
    ...(fromAkto || mapping === undefined ? {} : { mapping }),
    ...(fromAkto || syncGroupsToUserTags === undefined ? {} : { syncGroupsToUserTags }),
  };
}

async function removeObject(okta: OktaOrg, { kind, id, parent = "" }: CreatedObject): Promise<void> {
  const [serverId = "", policyId = ""] = parent.split("/");
  try {
    if (kind === "rule") await okta.authServers.removeRule(serverId, policyId, id);
    else if (kind === "policy") await okta.authServers.removePolicy(serverId, id);
    else if (kind === "claim") await okta.authServers.removeClaim(serverId, id);
    else if (kind === "app") await okta.apps.remove(id);
    else await okta.removeGroup(id);
  } catch (error) {
    if (!isFailure(error, "okta.not_found")) throw error;
  }
}

const nouns = { app: "app", claim: "claim", policy: "access policy", rule: "access rule", group: "group" } as const;

/** An object in words: `app “Akto”`. */
export function describeObject({ kind, name }: CreatedObject): string {
  return `${nouns[kind]} ${quoted(name)}`;
}
