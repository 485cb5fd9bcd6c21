/** What Okta's own SDKs would take from their settings files and the environment: many users have them in place. */
import { join } from "node:path";
import { errorCode, Failure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { clean, listed } from "../core/text.ts";
import { parseYaml } from "../core/yaml.ts";
import { readFileUpTo } from "../files/read.ts";
import { readPrivateKey } from "./private-key.ts";

/** A service app that signs in with its own key (Okta's `authorizationMode: PrivateKey`). */
export interface ServiceAppSettings {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** PEM, or a JWK as JSON. */
  readonly privateKey: string;
  readonly keyId?: string | undefined;
}

const names = ["orgUrl", "token", "authorizationMode", "clientId", "scopes", "privateKey", "keyId"] as const;

// Okta's settings files are a few dozen lines; a key is the longest part of them.
const fileLimit = 1_048_576;

/** Where a setting stands: in `~/.okta/okta.yaml`, in `okta.yaml` of the working folder, or in an `OKTA_CLIENT_…`. */
export type OktaPlace = "home" | "folder" | "environment";

/** A setting as it was written, and where. */
export interface PlacedText {
  readonly text: string;
  readonly place: OktaPlace;
  /** The org that is named in the same place. */
  readonly beside?: string | undefined;
}

/** What was found; see {@link serviceAppIn} for what the last five say together. */
export type OktaFileSettings = { readonly [Name in (typeof names)[number]]?: PlacedText };

/**
 * Reads `~/.okta/okta.yaml`, then `okta.yaml` in the working folder, then `OKTA_CLIENT_…`; the later one wins, setting by
 * setting, as in Okta's SDK. A file that isn't there is passed over, and so is one with nothing in it.
 *
 * @param home the user's home folder
 * @param cwd the working folder
 * @throws Failure `okta.settings_unreadable` for a file that is no YAML
 */
export async function oktaSettingsFrom(env: NodeJS.ProcessEnv, home: string, cwd: string): Promise<OktaFileSettings> {
  const found: { [Name in (typeof names)[number]]?: PlacedText } = {};
  const take = (place: OktaPlace, setting: (name: string) => unknown) => {
    const beside = asText(setting("orgUrl"));
    for (const name of names) {
      const text = asText(setting(name));
      if (text !== undefined) found[name] = { text, place, beside };
    }
  };
  const atHome = await readClient(join(home, ".okta", "okta.yaml"));
  const inFolder = await readClient(join(cwd, "okta.yaml"));
  take("home", (name) => atHome[name]);
  take("folder", (name) => inFolder[name]);
  take("environment", (name) => env[`OKTA_CLIENT_${name.toUpperCase()}`]);
  return found;
}

/**
 * The service app of these settings, where their mode is `PrivateKey`. Only whoever is about to sign in with it asks: an
 * unfinished one stops nobody who has an API token.
 *
 * @throws Failure `okta.service_app_incomplete` that names what is missing, `okta.private_key_invalid`
 */
export async function serviceAppIn(found: OktaFileSettings): Promise<ServiceAppSettings | undefined> {
  if (found.authorizationMode?.text !== "PrivateKey") return undefined;
  const [clientId, privateKey, keyId] = [found.clientId?.text, found.privateKey?.text, found.keyId?.text];
  const scopes = (found.scopes?.text ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
  if (clientId && scopes.length > 0 && privateKey) {
    // A file that came with somebody's repository chooses no file of this machine to sign with.
    const mayBePath = found.privateKey?.place !== "folder";
    return { clientId, scopes, privateKey: await readPrivateKey(privateKey, mayBePath), keyId };
  }
  const missing = [
    ...(clientId ? [] : ["OKTA_CLIENT_CLIENTID"]),
    ...(scopes.length > 0 ? [] : ["OKTA_CLIENT_SCOPES"]),
    ...(privateKey ? [] : ["OKTA_CLIENT_PRIVATEKEY"]),
  ];
  throw new Failure(
    "usage",
    "okta.service_app_incomplete",
    `Okta's PrivateKey mode is set without ${listed(missing)}.`,
    {
      hint: "Give what is missing in the environment or in okta.yaml, or an API token in OKTA_CLIENT_TOKEN or --okta-token-file.",
    },
  );
}

/** The file's `okta.client` part; an empty one when there is no such file. */
async function readClient(path: string): Promise<Record<string, unknown>> {
  let content: Buffer | undefined;
  try {
    content = await readFileUpTo(path, fileLimit);
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") return {};
    throw unreadable(path, error);
  }
  if (!content) throw unreadable(path, new RangeError("too large"));
  const { document, lines, problem } = await parseYaml(content.toString("utf8"));
  if (problem) {
    // An error message may quote the file, and the quote may be a token.
    const { line, col } = lines.linePos(problem.offset);
    throw unreadable(`${path}:${line}:${col}`, undefined);
  }
  let yaml: unknown;
  try {
    yaml = document.toJS({ maxAliasCount: 10 });
  } catch (error) {
    // Aliases that would grow without end.
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
    hint: "Fix it or move it away: it is where Okta's SDKs look for their settings.",
    cause,
  });
}
