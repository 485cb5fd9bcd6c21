/** The profiles that are kept here, each in a line. */
import { type SetupState, setupState } from "../../core/profile-state.ts";
import { defaultAktoUrl } from "../../settings/definitions.ts";
import { type KeptProfile, keptProfiles } from "../../store/kept-profiles.ts";
import { secretFileNames } from "../../store/names.ts";
import { seeSecrets } from "../../store/secrets.ts";
import type { SecretPlace } from "../../store/types.ts";

/** What can be said of a profile without a secret. What isn't known is `null`. */
export interface ProfileRow {
  readonly name: string;
  /** Whether commands use it as things stand. */
  readonly current: boolean;
  readonly domain: string | null;
  readonly aktoUrl: string | null;
  readonly accountId: number | null;
  /** `corrupt` and `refused` can't be read; of `secrets_only` the profile itself is gone. */
  readonly setup: SetupState | "corrupt" | "refused" | "secrets_only";
  /** Whether a setup was begun and not finished. */
  readonly begun: boolean;
  readonly secrets: readonly SecretPlace["kind"][];
  /** ISO 8601. */
  readonly changedAt: string | null;
  /** Fields that a newer version wrote. */
  readonly unknown: readonly string[];
  /** What is wrong with it, and what to do. */
  readonly problems: readonly string[];
}

/** @param used the name of the profile that this run is about */
export async function profileRows(env: NodeJS.ProcessEnv, used: string): Promise<ProfileRow[]> {
  const kept = await keptProfiles(env);
  const names = new Set(kept.map(({ name }) => name));
  const left = secretFileNames(env).filter((name) => !names.has(name));
  const rows: ProfileRow[] = [];
  let mayAskKeychain = true;
  for (const profile of [...kept, ...left]) {
    const name = typeof profile === "string" ? profile : profile.name;
    const { places, failures } = await seeSecrets(env, name, mayAskKeychain);
    // It would be asked to unlock once for each profile.
    if (failures.some(({ code }) => code === "store.keychain_refused")) mayAskKeychain = false;
    if (typeof profile === "string" && places.length + failures.length === 0) continue;
    rows.push({
      name,
      current: name === used,
      ...(typeof profile === "string" ? { ...nothing, setup: "secrets_only" as const } : read(profile)),
      secrets: places,
      problems: [
        ...(typeof profile !== "string" && profile.kind === "refused" ? [sentence(profile.failure)] : []),
        ...failures.map(sentence),
      ],
    });
  }
  return rows;
}

const nothing = { domain: null, aktoUrl: null, accountId: null, begun: false, changedAt: null, unknown: [] };

function read(kept: KeptProfile): Omit<ProfileRow, "name" | "current" | "secrets" | "problems"> {
  if (kept.kind === "refused") return { ...nothing, setup: "refused" };
  const changedAt = kept.changedAt.toISOString();
  if (kept.kind === "corrupt") return { ...nothing, setup: "corrupt", changedAt };
  const { profile, unknown } = kept;
  return {
    domain: profile.domain ?? null,
    aktoUrl: profile.aktoUrl ?? defaultAktoUrl,
    accountId: profile.aktoAccountId ?? null,
    setup: setupState(profile),
    begun: profile.setup !== undefined,
    changedAt,
    unknown,
  };
}

function sentence({ message, hint }: { readonly message: string; readonly hint?: string | undefined }): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
