/** Secrets in the operating system's keychain, through `@napi-rs/keyring`, which is loaded only when it is asked. */
import { existsSync } from "node:fs";
import { Failure } from "../core/failure.ts";
import { clean } from "../core/text.ts";
import { configFolder } from "./folder.ts";
import type { SecretPlace } from "./secrets.ts";
import type { SecretName } from "./types.ts";

const service = "akto-okta";

// Without this the library falls back to the kernel's keyring, which forgets everything at the next start.
const lasting = { linux: { store: "secret-service" } } as const;

/** The part of the keychain's entries that belongs to one profile; its name is checked. */
export function keychain(env: NodeJS.ProcessEnv, profile: string): SecretPlace {
  // A folder of its own means profiles of its own, with the same names.
  const owner = env.AKTO_OKTA_CONFIG_DIR ? `${configFolder(env)}#${profile}` : profile;
  let found: Promise<boolean> | undefined;

  async function entry(name: SecretName) {
    const { AsyncEntry } = await import("@napi-rs/keyring");
    return new AsyncEntry(service, `${owner}/${name}`, lasting);
  }
  async function asked<Value>(question: () => Promise<Value>): Promise<Value> {
    try {
      return await question();
    } catch (error) {
      throw new Failure("usage", "store.no_keychain", `The keychain can't be used: ${reason(error)}.`, {
        hint: "Unlock it, or keep secrets in a file with --secrets file (env AKTO_OKTA_SECRETS).",
        cause: error,
      });
    }
  }

  return {
    kind: "keychain",
    description: "the system's keychain",
    available: () => {
      found ??= isThere(env, async () => {
        await (await entry("oktaToken")).getPassword();
      });
      return found;
    },
    get: (name) => asked(async () => (await (await entry(name)).getPassword()) ?? undefined),
    set: (name, value) => asked(async () => (await entry(name)).setPassword(value)),
    delete: (name) =>
      asked(async () => {
        await (await entry(name)).deleteCredential();
      }),
  };
}

/** Whether there is a keychain that answers. On Linux it is asked over the session bus, and without one not even loaded. */
async function isThere(env: NodeJS.ProcessEnv, ask: () => Promise<void>): Promise<boolean> {
  const bus = env.DBUS_SESSION_BUS_ADDRESS || existsSync(`/run/user/${process.getuid?.() ?? 0}/bus`);
  if (process.platform === "linux" && !bus) return false;
  try {
    await ask();
    return true;
  } catch {
    return false;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? clean(error.message, 120).replace(/\.$/, "") : "it gave no reason";
}
