/** Secrets in a file of mode 0600 in a folder of mode 0700. */
import { join } from "node:path";
import { clean } from "../core/text.ts";
import { configFolder } from "./folder.ts";
import { JsonFile } from "./json-file.ts";
import type { SecretName, SecretPlace } from "./types.ts";

type Secrets = Readonly<Partial<Record<SecretName, string>>>;

/** The file of a profile's secrets; the profile's name is checked. */
export function secretFile(env: NodeJS.ProcessEnv, profile: string): SecretPlace {
  const path = join(configFolder(env), "secrets", `${profile}.json`);
  const file = new JsonFile<Secrets>({ path, noun: "secrets file", isValue: isSecrets, empty: {}, secret: true });
  return {
    kind: "file",
    description: `the file ${clean(path)}`,
    available: async () => true,
    get: async (name) => (await file.read())[name],
    set: async (name, value) => {
      await file.update((secrets) => ({ ...secrets, [name]: value }));
    },
    delete: async (name) => {
      if ((await file.read())[name] === undefined) return;
      await file.update(({ [name]: _, ...others }) => others);
    },
  };
}

function isSecrets(json: Record<string, unknown>): json is Record<string, unknown> & Secrets {
  return Object.values(json).every((value) => typeof value === "string");
}
