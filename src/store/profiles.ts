/** Profiles: one file each, kept by `conf` in the user's config folder. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, isFailure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { withPlaces } from "../core/model/place.ts";
import type { Profile, SetupDraft, SsoPlace } from "../core/model/profile.ts";
import { configFolder, profilePath } from "./folder.ts";
import { JsonFile } from "./json-file.ts";
import type { Lock } from "./lock.ts";
import type { ProfileStore, Whole } from "./types.ts";

export interface ProfileStoreOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The profile's name. */
  readonly name: string;
}

/**
 * The store of one profile. Nothing is read before it is asked.
 *
 * @throws Failure `store.profile_name`
 */
export function openProfileStore({ env, name }: ProfileStoreOptions): ProfileStore {
  const directory = configFolder(env);
  const path = profilePath(env, name);
  const file = profileFile(path);
  return {
    directory,
    name,
    path,
    read: async () => withPlaces(await file.read()),
    update: (change) => file.update((profile) => change(withPlaces(profile))),
    remove: () => file.remove(),
    alone: async (work, signal, whole = "mapping") => {
      const lock = await lockOn(whole, directory, signal);
      try {
        return await work();
      } finally {
        await lock?.release();
      }
    },
  };
}

/** The file that holds a profile. */
export function profileFile(path: string): JsonFile<Profile> {
  return new JsonFile<Profile>({ path, noun: "profile", isValue: isProfile, empty: {}, secret: false });
}

/** The names of the locks, and what each guards, for people. */
const wholes = {
  mapping: { file: "akto", what: "the mapping in Akto" },
  app: { file: "okta", what: "the app in Okta" },
} satisfies Record<Whole, { file: string; what: string }>;

/** The lock on what is changed elsewhere, or `undefined` where the folder takes none. */
async function lockOn(whole: Whole, directory: string, signal: AbortSignal | undefined): Promise<Lock | undefined> {
  const { file, what } = wholes[whole];
  // Longer than most changes take, and no longer than a person waits.
  const options = { what, patience: 60_000, oldest: 60_000, signal };
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { takeLock } = await import("./lock.ts");
    return await takeLock(join(directory, file), options);
  } catch (error) {
    // An error of the system means that the lock couldn't be created; somebody else's lock is a `Failure`.
    if (isFailure(error) || signal?.aborted || errorCode(error) === undefined) throw error;
    return undefined;
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isPair: Check = (value) => Array.isArray(value) && value.length === 2 && value.every(isText);
const hasTexts =
  (...names: string[]): Check =>
  (value) =>
    isRecord(value) && names.every((name) => typeof value[name] === "string");
const createdKinds = new Set<unknown>(["app", "claim", "policy", "rule", "group"]);
const placeFields = {
  org: isText,
  aktoUrl: isText,
  aktoAccountId: Number.isSafeInteger,
} satisfies Record<keyof SsoPlace, Check>;
/** A `CreatedObject`, but for its id. */
const isObject: Check = (value) =>
  isRecord(value) &&
  createdKinds.has(value.kind) &&
  hasTexts("name")(value) &&
  (value.parent === undefined || isText(value.parent)) &&
  fits(placeFields, value);

const addressFields = {
  aktoUrl: isText,
  aktoAccountId: Number.isSafeInteger,
  domain: isText,
  origin: isText,
  authServerId: isText,
  issuer: isText,
  clientId: isText,
} satisfies Partial<Record<keyof Profile, Check>>;

/** Whether it is an unfinished setup's; what the answers are worth is the questions' own matter. */
const draftFields = {
  answers: isListOf((value) => hasTexts("id", "title", "shown")(value)),
} satisfies Record<keyof SetupDraft, Check>;

const profileFields = {
  ...addressFields,
  aktoProduct: isText,
  mapping: isListOf(isPair),
  syncGroupsToUserTags: isFlag,
  customRoles: isListOf(hasTexts("name", "baseRole")),
  created: isListOf((value) => isObject(value) && hasTexts("id")(value)),
  creating: isListOf((value) => isObject(value)),
  replacing: (value) =>
    hasTexts("aktoUrl")(value) &&
    isRecord(value) &&
    fits({ aktoAccountId: placeFields.aktoAccountId }, value) &&
    isListOf(isPair)(value.mapping) &&
    isFlag(value.syncGroupsToUserTags) &&
    isFlag(value.hadManagementApiToken),
  temporaryRedirectUris: isListOf(hasTexts("domain", "clientId", "uri", "by", "at")),
  setup: (value) => isRecord(value) && fits(draftFields, value),
} satisfies Record<keyof Profile, Check>;

function fits(fields: Readonly<Record<string, Check>>, value: Record<string, unknown>): boolean {
  return Object.entries(fields).every(([name, check]) => value[name] === undefined || check(value[name]));
}

/** Whether every field that this version knows is as it should be. Those of a newer version are kept as they are. */
export function isProfile(json: Record<string, unknown>): json is Record<string, unknown> & Profile {
  return fits(profileFields, json);
}

/** The fields of a profile that this version doesn't know: a newer one wrote them. */
export function unknownFields(profile: Profile): string[] {
  return Object.keys(profile).filter((name) => !Object.hasOwn(profileFields, name));
}
