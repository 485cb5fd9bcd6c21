/** The mapping where it lives: in the Akto dashboard when the profile is connected, else in the local copy. */

import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import type { AktoSso, CustomRole, Mapping } from "../../core/model/akto.ts";
import { type MappingRow, mappingProblems, mappingRows, sameMapping } from "../../core/roles/mapping.ts";
import { backoff } from "../../http/waiting.ts";
import type { Settings } from "../../settings/settings.ts";
import { isCopied, localCopy } from "./local-copy.ts";

/** The mapping, and the way to change it. */
export interface MappingAccess {
  readonly source: "akto" | "profile";
  readonly mapping: Mapping;
  /** The account's own roles; `null` when they were never seen. */
  readonly customRoles: readonly CustomRole[] | null;
  /**
   * Changes the mapping: reads it again, applies `change`, writes it, reads it back, and updates the local copy.
   * When `change` throws, nothing is written.
   */
  change(change: (current: Mapping) => Mapping): Promise<Mapping>;
}

/** The JSON document of `mapping list`, which every command that changes the mapping prints too. */
export function mappingDocument(
  source: MappingAccess["source"],
  mapping: Mapping,
): { source: string; mapping: MappingRow[] } {
  return { source, mapping: mappingRows(mapping) };
}

/** Opens the mapping: Akto's with an Akto API key, else the profile's. */
export async function openMapping(context: Context, settings: Settings): Promise<MappingAccess> {
  const dashboard = await context.aktoIfAny(settings);
  return dashboard ? connected(context, settings, dashboard) : local(context, settings);
}

async function connected(context: Context, settings: Settings, dashboard: AktoDashboard): Promise<MappingAccess> {
  const [sso, customRoles] = await Promise.all([dashboard.fetchSso(), dashboard.customRoles()]);
  return {
    source: "akto",
    mapping: sso?.mapping ?? new Map(),
    customRoles,
    change: (change) => changeInAkto(context, settings, dashboard, customRoles, change),
  };
}

async function changeInAkto(
  context: Context,
  settings: Settings,
  dashboard: AktoDashboard,
  customRoles: readonly CustomRole[],
  change: (current: Mapping) => Mapping,
): Promise<Mapping> {
  const store = await context.profiles();
  // Akto takes a mapping whole: of two processes at once the second must start from what the first one wrote.
  const { changed, current } = await store.alone(async () => {
    const current = await dashboard.fetchSso();
    if (!current) {
      throw new Failure(
        "usage",
        "akto.sso_missing",
        "Okta SSO is not set up in this Akto account, so there is no mapping to change.",
        {
          hint: "Run `akto-okta sso setup` first, or add --offline to work on the local copy.",
        },
      );
    }
    const next = change(current.mapping);
    if (!sameMapping(current.mapping, next)) {
      refuseProblems(next, customRoles);
      await saveInAkto(context, dashboard, current, next);
    }
    return { changed: next, current };
  }, context.signal);
  await keepLocally(context, settings, current, changed, customRoles);
  return changed;
}

/** How often a mapping is sent whose answer gets lost. */
const attempts = 4;

/** Saves the mapping and reads it back. When the answer got lost, what Akto holds decides whether it is sent again. */
async function saveInAkto(
  { pause, signal }: Context,
  dashboard: AktoDashboard,
  { mapping: before, syncGroupsToUserTags }: AktoSso,
  mapping: Mapping,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    let lost: Failure | undefined;
    try {
      // Akto turns the tag sync off when it isn't sent: it always goes along as it was.
      await dashboard.saveMapping({ mapping, syncGroupsToUserTags });
    } catch (error) {
      if (!isFailure(error) || error.kind !== "unavailable") throw error;
      lost = error;
    }
    const stored = await dashboard.fetchSso();
    if (stored && sameMapping(stored.mapping, mapping)) return;
    if (!lost || !stored || !sameMapping(stored.mapping, before)) {
      throw new Failure(
        "rule",
        "akto.mapping_changed",
        "Akto has a different mapping from the one just saved: somebody else saved at the same time.",
        {
          hint: "Check with `akto-okta mapping list`, then run the command again.",
        },
      );
    }
    if (attempt === attempts) throw lost;
    await pause(backoff(attempt, Math.random()), signal);
  }
}

function refuseProblems(mapping: Mapping, customRoles: readonly CustomRole[] | null): void {
  const [problem] = mappingProblems(mapping, customRoles);
  if (problem) {
    throw new Failure("rule", problem.code, problem.message, {
      hint: "Akto refuses the whole mapping because of it: fix this entry first.",
    });
  }
}

async function local(context: Context, settings: Settings): Promise<MappingAccess> {
  const store = await context.profiles();
  const kept = await store.read();
  return {
    source: "profile",
    mapping: localCopy(kept, settings),
    customRoles: kept.customRoles ?? null,
    change: async (change) => {
      const profile = await store.update((before) => {
        const next = change(localCopy(before, settings));
        refuseProblems(next, null);
        return { ...before, mapping: [...next] };
      });
      return new Map(profile.mapping ?? []);
    },
  };
}

/** Brings the profile's copy up to date, if it is one of this SSO's. */
async function keepLocally(
  context: Context,
  settings: Settings,
  sso: AktoSso,
  mapping: Mapping,
  customRoles: readonly CustomRole[],
): Promise<void> {
  const store = await context.profiles();
  if (!isCopied(await store.read(), settings, sso)) {
    context.terminal.note("  The profile is for another SSO: its local copy of the mapping stays as it was.");
    return;
  }
  try {
    await store.update((profile) => ({ ...profile, mapping: [...mapping], customRoles: [...customRoles] }));
  } catch (error) {
    if (!isFailure(error)) throw error;
    // The change was made: a read-only home takes nothing from that.
    context.terminal.warn(`Akto has the mapping, but the local copy could not be brought up to date: ${error.message}`);
  }
}

/** Says that a change is only local, and what to type where. Nothing when it is in Akto. */
export function notInAktoYet(context: Context, source: MappingAccess["source"], action: string): void {
  if (source === "akto") return;
  context.terminal.note(
    `  This is in the local copy only, not in Akto yet. In Akto, under Settings → Integrations → Okta SSO → Group mapping, ${action}`,
  );
  context.terminal.note("  With an Akto API key (AKTO_API_KEY or --akto-key-file) this tool does it for you.");
}
