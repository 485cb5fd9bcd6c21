/** Where a profile's secrets are kept: the system's keychain, else a file that nobody else may open. */
import { canGoOn, Failure, isFailure } from "../core/failure.ts";
import { type SecretName, type StoredSecret, secretNames } from "../core/model/secret.ts";
import { quoted } from "../core/text.ts";
import { checkedProfileName, draftSuffix } from "./folder.ts";
import { keychain } from "./keychain.ts";
import { secretFile, secretsInFile } from "./secret-file.ts";
import type { SecretKind, SecretPlace, SecretStore } from "./types.ts";

export interface SecretStoreOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly profile: string;
  /** Where to keep them; `AKTO_OKTA_SECRETS`, else the keychain where there is one, if it isn't said. */
  readonly kind?: SecretKind | undefined;
}

/**
 * The secrets of one profile. Nothing is read or loaded before it is asked.
 *
 * Where no place is chosen, a secret is looked for in the file and then in the keychain, and a new one goes to the keychain
 * where there is one. A keychain that is locked is no reason to take the file: the failure says so.
 *
 * @throws Failure `store.profile_name`, `store.secrets_kind`
 */
export function openSecretStore(options: SecretStoreOptions): SecretStore {
  const kind = options.kind ?? kindFrom(options.env);
  const { file, keychain } = places(options);
  if (kind === "none") return nowhere;
  if (kind === "file") return file;
  if (kind === "keychain") return keychain;

  return {
    description: `the system's keychain, or else ${file.description}`,
    get: async (name) => {
      const kept = await file.get(name);
      return kept ?? ((await keychain.available()) ? keychain.get(name) : undefined);
    },
    set: async (name, secret) => {
      try {
        await keychain.set(name, secret);
      } catch (error) {
        if (!isFailure(error, "store.no_keychain")) throw error;
        return file.set(name, secret);
      }
      // An older one in the file would be found before it.
      await file.delete(name);
    },
    bind: async (name, owner) => {
      if (await file.get(name)) await file.bind(name, owner);
      else if (await keychain.available()) await keychain.bind(name, owner);
    },
    delete: async (name) => {
      await file.delete(name);
      if (await keychain.available()) await keychain.delete(name);
    },
  };
}

/** A secret and where it is kept: in both places after an interrupted move. */
export interface KeptSecret extends StoredSecret {
  readonly name: SecretName;
  readonly places: readonly SecretPlace[];
}

/** Which secrets of the profile are kept where. */
export async function keptSecrets(options: SecretStoreOptions): Promise<KeptSecret[]> {
  const available = await availablePlaces(options);
  const kept: KeptSecret[] = [];
  for (const name of secretNames) {
    const found: { place: SecretPlace; secret: StoredSecret }[] = [];
    for (const place of available) {
      const secret = await place.get(name);
      if (secret) found.push({ place, secret });
    }
    const [first] = found;
    if (first) kept.push({ ...first.secret, name, places: found.map(({ place }) => place) });
  }
  return kept;
}

/** Where secrets of a profile are, its unfinished setup's included. */
export interface SecretsSeen {
  readonly places: readonly SecretPlace["kind"][];
  /** Why one of the places could not be looked into. */
  readonly failures: readonly Failure[];
  /** Whether there is a keychain that could be looked into. */
  readonly keychain: boolean;
}

/**
 * Looks where secrets of a profile are, and changes nothing.
 *
 * @param askKeychain `false`: it was locked a moment ago
 */
export async function seeSecrets(env: NodeJS.ProcessEnv, profile: string, askKeychain: boolean): Promise<SecretsSeen> {
  const seen = new Set<SecretPlace["kind"]>();
  const failures: Failure[] = [];
  let there = false;
  for (const name of [profile, profile + draftSuffix]) {
    const { keychain } = places({ env, profile: name });
    const looks = {
      file: async () => (await secretsInFile(env, name)).length > 0,
      keychain: async () => {
        if (!askKeychain || failures.length > 0 || !(await keychain.available())) return false;
        there = true;
        return holds(keychain);
      },
    };
    for (const kind of ["file", "keychain"] as const) {
      try {
        if (await looks[kind]()) seen.add(kind);
      } catch (error) {
        if (!canGoOn(error)) throw error;
        failures.push(error);
      }
    }
  }
  return { places: [...seen], failures, keychain: there };
}

async function holds(place: SecretPlace): Promise<boolean> {
  for (const name of secretNames) if (await place.get(name)) return true;
  return false;
}

/**
 * Writes every secret of one profile under another one's name, each to the place that it is in, and reads it back.
 *
 * @returns the names of those there are
 * @throws Failure `store.move_failed` when one doesn't come back as it went in
 */
export async function copySecrets(from: SecretStoreOptions, to: SecretStoreOptions): Promise<SecretName[]> {
  const targets = places(to);
  const kept = await keptSecrets(from);
  for (const { name, places: found, ...secret } of kept) {
    for (const { kind } of found) await setForCertain(targets[kind], name, secret);
  }
  return kept.map(({ name }) => name);
}

/** Whether each secret of the one profile is one of the other, too. */
export async function sameSecrets(one: SecretStoreOptions, other: SecretStoreOptions): Promise<boolean> {
  const others = new Map((await keptSecrets(other)).map((each) => [each.name, each]));
  return (await keptSecrets(one)).every((each) => {
    const twin = others.get(each.name);
    return twin !== undefined && isSame(each, twin);
  });
}

function isSame(one: StoredSecret, other: StoredSecret): boolean {
  return one.value === other.value && one.owner?.at === other.owner?.at && one.owner?.as === other.owner?.as;
}

async function setForCertain(target: SecretPlace, name: SecretName, { value, owner }: StoredSecret): Promise<void> {
  await target.set(name, { value, owner });
  const back = await target.get(name);
  if (back && isSame(back, { value, owner })) return;
  throw new Failure("usage", "store.move_failed", `The ${name} could not be read back from ${target.description}.`, {
    hint: "It stays where it was.",
  });
}

/**
 * Moves every secret of the profile to one place. Each is written there and read back before it is taken from the other.
 *
 * @returns the names of those that were elsewhere
 * @throws Failure `store.no_keychain`, or `store.move_failed` when one doesn't come back as it went in
 */
export async function moveSecrets(options: SecretStoreOptions, to: SecretPlace["kind"]): Promise<SecretName[]> {
  const target = places(options)[to];
  const moved: SecretName[] = [];
  for (const { name, value, owner, places: found } of await keptSecrets(options)) {
    const others = found.filter((place) => place.kind !== to);
    if (others.length === 0) continue;
    await setForCertain(target, name, { value, owner });
    for (const place of others) await place.delete(name);
    moved.push(name);
  }
  return moved;
}

/** The names of those that {@link moveSecrets} would move. @throws Failure `store.no_keychain` */
export async function secretsToMove(options: SecretStoreOptions, to: SecretPlace["kind"]): Promise<SecretName[]> {
  const kept = await keptSecrets(options);
  const moved = kept.filter((secret) => secret.places.some(({ kind }) => kind !== to)).map(({ name }) => name);
  // A machine without a keychain is told so here, too.
  for (const name of moved) await places(options)[to].get(name);
  return moved;
}

/** Deletes every secret of the profile, wherever it is. @returns the names of those there were */
export async function clearSecrets(options: SecretStoreOptions): Promise<SecretName[]> {
  const kept = await keptSecrets(options);
  for (const { name, places: found } of kept) for (const place of found) await place.delete(name);
  return kept.map(({ name }) => name);
}

function places(options: SecretStoreOptions): { file: SecretPlace; keychain: SecretPlace } {
  const { env } = options;
  const { profile } = options;
  // The secrets of an unfinished setup are under its profile's name and a suffix.
  checkedProfileName(profile.endsWith(draftSuffix) ? profile.slice(0, -draftSuffix.length) : profile);
  return { file: secretFile(env, profile), keychain: keychain(env, profile) };
}

async function availablePlaces(options: SecretStoreOptions): Promise<SecretPlace[]> {
  const { file, keychain } = places(options);
  return (await keychain.available()) ? [file, keychain] : [file];
}

export function kindFrom(env: NodeJS.ProcessEnv): SecretKind | undefined {
  const given = env.AKTO_OKTA_SECRETS;
  if (!given) return undefined;
  if (given === "keychain" || given === "file" || given === "none") return given;
  throw new Failure("usage", "store.secrets_kind", `AKTO_OKTA_SECRETS is ${quoted(given)}.`, {
    hint: "Use keychain, file, or none.",
  });
}

const nowhere: SecretStore = {
  description: "nowhere",
  get: async () => undefined,
  set: async () => {},
  bind: async () => {},
  delete: async () => {},
};

/** Where a new secret of the profile goes, in words for a message. */
export async function placeOfNew(options: SecretStoreOptions): Promise<string> {
  const { file, keychain } = places(options);
  const kind = options.kind ?? kindFrom(options.env) ?? ((await keychain.available()) ? "keychain" : "file");
  return { file, keychain, none: nowhere }[kind].description;
}
