/** What Okta's own SDKs would take from their settings files and the environment: many users have them in place. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, Failure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { clean } from "../core/text.ts";

/** A service app that signs in with its own key (Okta's `authorizationMode: PrivateKey`). */
export interface ServiceAppSettings {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** PEM, or a JWK as JSON. */
  readonly privateKey: string;
  readonly keyId?: string | undefined;
}

/** What was found. */
export interface OktaFileSettings {
  readonly orgUrl?: string;
  readonly token?: string;
  /** Only in the mode `PrivateKey`, and only when nothing of it is missing. */
  readonly serviceApp?: ServiceAppSettings;
}

const names = ["orgUrl", "token", "authorizationMode", "clientId", "scopes", "privateKey", "keyId"] as const;

/**
 * Reads `~/.okta/okta.yaml`, then `okta.yaml` in the working folder, then `OKTA_CLIENT_…`; the later one wins, setting by
 * setting, as in Okta's SDK. A file that isn't there is passed over.
 *
 * @param home the user's home folder
 * @param cwd the working folder
 * @throws Failure `okta.settings_unreadable` for a file that is no YAML, `okta.service_app_incomplete`
 */
export async function oktaSettingsFrom(env: NodeJS.ProcessEnv, home: string, cwd: string): Promise<OktaFileSettings> {
  const found = new Map<string, string>();
  for (const path of [join(home, ".okta", "okta.yaml"), join(cwd, "okta.yaml")]) {
    const client = await readClient(path);
    for (const name of names) {
      const text = asText(client[name]);
      if (text !== undefined) found.set(name, text);
    }
  }
  for (const name of names) {
    const text = env[`OKTA_CLIENT_${name.toUpperCase()}`];
    if (text) found.set(name, text);
  }
  const orgUrl = found.get("orgUrl");
  const token = found.get("token");
  const serviceApp = found.get("authorizationMode") === "PrivateKey" ? serviceAppOf(found) : undefined;
  return {
    ...(orgUrl === undefined ? {} : { orgUrl }),
    ...(token === undefined ? {} : { token }),
    ...(serviceApp === undefined ? {} : { serviceApp }),
  };
}

function serviceAppOf(found: ReadonlyMap<string, string>): ServiceAppSettings {
  const clientId = found.get("clientId");
  const scopes = found
    .get("scopes")
    ?.split(/[\s,]+/)
    .filter((scope) => scope !== "");
  const privateKey = found.get("privateKey");
  if (clientId && scopes?.length && privateKey) return { clientId, scopes, privateKey, keyId: found.get("keyId") };
  throw new Failure("usage", "okta.service_app_incomplete", "Okta's PrivateKey mode lacks some of its settings.", {
    hint: "It takes OKTA_CLIENT_CLIENTID, OKTA_CLIENT_SCOPES and OKTA_CLIENT_PRIVATEKEY, or the same in okta.yaml.",
  });
}

/** The file's `okta.client` part; an empty one when there is no such file. */
async function readClient(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return {};
    throw unreadable(path, error);
  }
  const { parse } = await import("yaml");
  let yaml: unknown;
  try {
    yaml = parse(text, { logLevel: "error", maxAliasCount: 10, prettyErrors: false });
  } catch (error) {
    throw unreadable(path, error);
  }
  const okta = isRecord(yaml) ? yaml.okta : undefined;
  return isRecord(okta) && isRecord(okta.client) ? okta.client : {};
}

/** Lists are joined with spaces and objects (a JWK) turned into JSON, as Okta's SDK does. */
function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (Array.isArray(value)) return value.join(" ");
  return isRecord(value) ? JSON.stringify(value) : undefined;
}

function unreadable(path: string, cause: unknown): Failure {
  return new Failure("usage", "okta.settings_unreadable", `${clean(path)} can't be read as YAML.`, {
    hint: "Mend it or move it away: it is where Okta's SDKs look for their settings.",
    cause,
  });
}
