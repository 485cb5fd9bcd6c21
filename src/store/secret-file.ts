/** Secrets in a file of mode 0600 in a folder of mode 0700. */
import { join } from "node:path";
import type { SecretName, StoredSecret } from "../core/model/secret.ts";
import { clean } from "../core/text.ts";
import { refused } from "./failures.ts";
import { configFolder } from "./folder.ts";
import { JsonFile } from "./json-file.ts";
import { isStoredSecret } from "./secret-text.ts";
import type { SecretPlace } from "./types.ts";

/** A secret without an owner is stored as text alone. */
type Secrets = Readonly<Partial<Record<SecretName, string | StoredSecret>>>;

/** The file of a profile's secrets; the profile's name is checked. */
export function secretFile(env: NodeJS.ProcessEnv, profile: string): SecretPlace {
  const path = pathOf(env, profile);
  const file = fileOf(path);
  return {
    kind: "file",
    description: `the file ${clean(path)}`,
    available: async () => true,
    get: async (name) => storedIn(await file.read(), name),
    set: async (name, secret) => {
      await file.update((secrets) => ({ ...secrets, [name]: secret.owner ? secret : secret.value }));
    },
    bind: async (name, owner) => {
      await file.update((secrets) => {
        const kept = storedIn(secrets, name);
        return kept && !kept.owner ? { ...secrets, [name]: { ...kept, owner } } : secrets;
      });
    },
    delete: async (name) => {
      if ((await file.read())[name] === undefined) return;
      await file.update(({ [name]: _, ...others }) => others);
    },
  };
}

/** Removes the file of a profile's secrets, with what is in it. */
export async function removeSecretFile(env: NodeJS.ProcessEnv, profile: string): Promise<void> {
  await fileOf(pathOf(env, profile)).remove();
}

/**
 * The names of the secrets in the file, which is left as it is.
 *
 * @throws Failure `store.corrupt`, and why it must not be used
 */
export async function secretsInFile(env: NodeJS.ProcessEnv, profile: string): Promise<string[]> {
  const path = pathOf(env, profile);
  const secrets = await fileOf(path).peek();
  if (secrets) return Object.keys(secrets);
  throw refused("store.corrupt", `The secrets file in ${clean(path)} is corrupt.`, "Whatever needs it sets it aside.");
}

function pathOf(env: NodeJS.ProcessEnv, profile: string): string {
  return join(configFolder(env), "secrets", `${profile}.json`);
}

function fileOf(path: string): JsonFile<Secrets> {
  return new JsonFile<Secrets>({ path, noun: "secrets file", isValue: isSecrets, empty: {}, secret: true });
}

function storedIn(secrets: Secrets, name: SecretName): StoredSecret | undefined {
  const kept = secrets[name];
  return typeof kept === "string" ? { value: kept } : kept;
}

function isSecrets(json: Record<string, unknown>): json is Record<string, unknown> & Secrets {
  return Object.values(json).every((value) => typeof value === "string" || isStoredSecret(value));
}
