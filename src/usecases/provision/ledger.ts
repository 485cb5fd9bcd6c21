/** The notes in the profile about what this tool creates in Okta, so that it can remove exactly that. */

import { Failure } from "../../core/failure.ts";
import { known, samePlace } from "../../core/model/place.ts";
import type { CreatedObject, Profile, SsoPlace } from "../../core/model/profile.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import type { ProfileStore } from "../../store/types.ts";

/** Something to be made, before it has an id. */
export type Intended = Omit<CreatedObject, "id">;

/** The SSO that a document is about. */
export function ssoOfSpec({ akto, okta }: SsoSpec): SsoPlace {
  return known({ org: okta.domain.origin, aktoUrl: akto.url, aktoAccountId: akto.accountId });
}

export interface Ledger {
  /**
   * Makes something: notes the intent, makes it, notes its id. A run that is killed in between leaves the intent, by which
   * the next run knows the object for this tool's.
   */
  make<Made extends { readonly id: string }>(object: Intended, create: () => Promise<Made>): Promise<Made>;
  /** Takes over those of the objects found that this tool was about to make for this SSO when it was last heard of. */
  adopt(found: readonly CreatedObject[]): Promise<void>;
  /** Forgets an object that is gone. */
  forget(id: string): Promise<void>;
  /** Forgets every intent, once all that was wanted is there. */
  settle(): Promise<void>;
}

/** A rule's place in the notes: the authorization server and the policy. */
export function ruleParent(serverId: string, policyId: string): string {
  return `${serverId}/${policyId}`;
}

/** Where a thing of an authorization server is: the server, and the policy that it is or stands in. */
export function serverOf({ kind, id, parent = "" }: CreatedObject): { serverId: string; policyId: string } {
  const [serverId = "", policyId = ""] = parent.split("/");
  return { serverId, policyId: kind === "policy" ? id : policyId };
}

/**
 * The notes of one profile about one SSO: each note names it, and those about others are left alone.
 *
 * @param place the org that is spoken to, and the Akto account that it is done for
 */
export function createLedger(profiles: ProfileStore, place: SsoPlace): Ledger {
  const noteMade = (object: CreatedObject) =>
    profiles.update((profile) => ({
      ...withoutIntent(profile, object),
      created: [...(profile.created ?? []).filter((each) => !sameObject(each, object)), object],
    }));
  return {
    make: async (wanted, create) => {
      const object = { ...wanted, ...known(place) };
      await profiles.update((profile) => ({
        ...profile,
        creating: [...(withoutIntent(profile, object).creating ?? []), object],
      }));
      try {
        const made = await create();
        await noteMade({ ...object, id: made.id });
        return made;
      } catch (error) {
        // Refused for certain: if one is made later, this tool did not make it.
        if (error instanceof Failure && ["auth", "rule", "usage"].includes(error.kind)) {
          await profiles.update((profile) => withoutIntent(profile, object));
        }
        throw error;
      }
    },
    adopt: async (found) => {
      for (const object of adoptable(await profiles.read(), found, place)) {
        await noteMade({ ...object, ...known(place) });
      }
    },
    forget: async (id) => {
      await profiles.update((profile) =>
        compact(profile, { created: profile.created?.filter((each) => each.id !== id || !samePlace(each, place)) }),
      );
    },
    settle: async () => {
      const others = (intended: Intended) => !samePlace(intended, place);
      const { creating = [] } = await profiles.read();
      if (!creating.every(others)) {
        await profiles.update((profile) => compact(profile, { creating: profile.creating?.filter(others) }));
      }
    },
  };
}

/** What this tool has made for an SSO. */
export function madeFor({ created = [] }: Profile, place: SsoPlace): CreatedObject[] {
  return created.filter((object) => samePlace(object, place));
}

/** What this tool was about to make for an SSO when it was last heard of. */
export function begunFor({ creating = [] }: Profile, place: SsoPlace): Intended[] {
  return creating.filter((intended) => samePlace(intended, place));
}

/** Those of the objects found that this tool was about to make for this SSO when it was last heard of. */
export function adoptable(profile: Profile, found: readonly CreatedObject[], place: SsoPlace): CreatedObject[] {
  const intents = begunFor(profile, place);
  return found.filter((object) => intents.some((intended) => sameThing(intended, object)));
}

function withoutIntent(profile: Profile, object: Intended): Profile {
  return compact(profile, {
    creating: profile.creating?.filter((intended) => !(sameThing(intended, object) && samePlace(intended, object))),
  });
}

function sameThing(a: Intended, b: Intended): boolean {
  return a.kind === b.kind && a.name === b.name && a.parent === b.parent;
}

/** Okta's ids are one org's own. */
function sameObject(a: CreatedObject, b: CreatedObject): boolean {
  return a.id === b.id && samePlace({ org: a.org }, { org: b.org });
}

type Notes = { readonly [Key in "created" | "creating"]?: Profile[Key] | undefined };

/** The profile with these notes, and no empty list: it looks the same whichever way it came about. */
function compact(profile: Profile, notes: Notes): Profile {
  const { created, creating, ...rest } = { ...profile, ...notes };
  return { ...rest, ...(created?.length ? { created } : {}), ...(creating?.length ? { creating } : {}) };
}
