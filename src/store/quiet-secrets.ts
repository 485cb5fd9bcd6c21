/** The stored secrets, for a caller that must not disturb anyone: nothing is written, and no keychain asks anything. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { childEnvironment } from "../core/child-env.ts";
import { keychain } from "./keychain.ts";
import { secretFile, secretsInFile } from "./secret-file.ts";
import { kindFrom } from "./secrets.ts";
import type { SecretStore } from "./types.ts";

export function openQuietSecrets(env: NodeJS.ProcessEnv, profile: string): Pick<SecretStore, "get" | "bind"> {
  return {
    get: async (name) => {
      const kind = kindFrom(env);
      if (kind === "none") return undefined;
      // Checked first: a corrupt file is left for a run that can report it.
      const inFile = kind !== "keychain" && (await secretsInFile(env, profile)).includes(name);
      if (inFile) return secretFile(env, profile).get(name);
      return kind !== "file" && (await isOpen(env)) ? keychain(env, profile).get(name) : undefined;
    },
    bind: async () => {},
  };
}

/**
 * Whether the keychain can be read without a dialog. On Windows it can. On Linux the tools that desktops have are asked. On
 * macOS nobody can tell: it may ask even a user who merely has a newer Node.
 */
async function isOpen(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (process.platform !== "linux") return process.platform === "win32";
  if (!env.DBUS_SESSION_BUS_ADDRESS && !env.XDG_RUNTIME_DIR) return false;
  const collection = ["org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default"];
  const says = ["org.freedesktop.Secret.Collection", "Locked"];
  return (
    (await answers(env, "busctl", [
      "--user",
      "--auto-start=no",
      "--timeout=1",
      "get-property",
      ...collection,
      ...says,
    ])) === "b false" ||
    (await answers(env, "gdbus", [
      ...[
        "call",
        "--session",
        "--timeout",
        "1",
        "--dest",
        ...collection.slice(0, 1),
        "--object-path",
        ...collection.slice(1),
      ],
      ...["--method", "org.freedesktop.DBus.Properties.Get", ...says],
    ])) === "(<false>,)"
  );
}

async function answers(env: NodeJS.ProcessEnv, program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { env: childEnvironment(env), timeout: 1_000 });
    return stdout.trim();
  } catch {
    return "";
  }
}
