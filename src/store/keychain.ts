/** Secrets in the operating system's keychain, through `@napi-rs/keyring`, which is loaded only when it is asked. */
import { existsSync } from "node:fs";
import type { AsyncEntry } from "@napi-rs/keyring";
import { Failure, isFailure } from "../core/failure.ts";
import type { SecretName, StoredSecret } from "../core/model/secret.ts";
import { clean } from "../core/text.ts";
import { configFolder } from "./folder.ts";
import { secretText, storedSecret } from "./secret-text.ts";
import type { SecretPlace } from "./types.ts";

const service = "akto-okta";

// Without this the library falls back to the kernel's keyring, which forgets everything at the next start.
const lasting = { linux: { store: "secret-service" } } as const;

/**
 * The part of the keychain's entries that belongs to one profile; its name is checked.
 *
 * Its methods throw `store.no_keychain` where there is none, and `store.keychain_refused` where there is one that is
 * locked or says no: what is kept in it must not pass for nothing.
 */
export function keychain(env: NodeJS.ProcessEnv, profile: string): SecretPlace {
  // A config folder of its own has profiles of its own, under the same names.
  const owner = env.AKTO_OKTA_CONFIG_DIR ? `${configFolder(env)}#${profile}` : profile;
  let found: Promise<boolean> | undefined;

  async function entry(name: SecretName): Promise<AsyncEntry> {
    if (!mayBeThere(env)) throw absent("there is no session bus");
    try {
      const keyring = await import("@napi-rs/keyring");
      return new keyring.AsyncEntry(service, `${owner}/${name}`, lasting);
    } catch (error) {
      throw absent(reason(error), error);
    }
  }
  async function asked<Value>(name: SecretName, question: (entry: AsyncEntry) => Promise<Value>): Promise<Value> {
    const place = await entry(name);
    try {
      return await question(place);
    } catch (error) {
      const why = reason(error);
      if (noPlaceForSecrets.test(why)) throw absent(why, error);
      throw new Failure("usage", "store.keychain_refused", `The system's keychain refused: ${why}.`, {
        hint: "Unlock it and try again. Or give the secret in the environment, or keep it in a file: --secrets file (env AKTO_OKTA_SECRETS).",
        cause: error,
      });
    }
  }

  return {
    kind: "keychain",
    description: "the system's keychain",
    available: () => {
      found ??= asked("oktaToken", (place) => place.getPassword()).then(
        () => true,
        (error: unknown) => !isFailure(error, "store.no_keychain"),
      );
      return found;
    },
    get: (name) => asked(name, keptIn),
    set: (name, secret) => asked(name, (place) => place.setPassword(secretText(secret))),
    bind: (name, owner) =>
      asked(name, async (place) => {
        const kept = await keptIn(place);
        if (kept && !kept.owner) await place.setPassword(secretText({ ...kept, owner }));
      }),
    delete: (name) =>
      asked(name, async (place) => {
        await place.deleteCredential();
      }),
  };
}

async function keptIn(place: AsyncEntry): Promise<StoredSecret | undefined> {
  const text = (await place.getPassword()) ?? undefined;
  return text === undefined ? undefined : storedSecret(text);
}

// A service that answers and has no keyring (Linux, "no result found"), or none for this user (macOS, Windows).
const noPlaceForSecrets = /no result found|keychain could not be found|logon session does not exist/i;

/** On Linux the keychain is asked over the session bus, and without one the library need not be loaded. */
function mayBeThere(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(env.DBUS_SESSION_BUS_ADDRESS) || existsSync(`/run/user/${process.getuid?.() ?? 0}/bus`);
}

function absent(why: string, cause?: unknown): Failure {
  return new Failure("usage", "store.no_keychain", `There is no keychain here: ${why}.`, {
    hint: "Keep secrets in a file with --secrets file (env AKTO_OKTA_SECRETS).",
    cause,
  });
}

/** The innermost of the library's reasons: those around it say no more. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return "it gave no reason";
  return error.cause instanceof Error ? reason(error.cause) : clean(error.message, 160).replace(/\.$/, "");
}
