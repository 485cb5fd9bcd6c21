/**
 * What a command needs from the outside, in one object. Everything in it is made when it is first used: nothing is
 * imported, constructed or read from disk before, which keeps `--help` and `mapping list` quick.
 */
import { homedir, hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { AktoDashboard } from "./akto/types.ts";
import type { OktaDomain } from "./core/address.ts";
import { canGoOn } from "./core/failure.ts";
import type { ProfileOrigin } from "./core/model/profile.ts";
import { once } from "./core/once.ts";
import { describeProfileOrigin } from "./core/profile-state.ts";
import { createRedaction, type Redaction } from "./core/redaction.ts";
import { clean } from "./core/text.ts";
import type { HttpLimits } from "./http/client.ts";
import type { HttpClient } from "./http/types.ts";
import type { OktaOrg } from "./okta/types.ts";
import type { ConnectionOptions } from "./settings/definitions.ts";
import { SecretFiles } from "./settings/secret-file.ts";
import { Settings } from "./settings/settings.ts";
import type { SecretStoreOptions } from "./store/secrets.ts";
import type { ProfileStore, SecretStore } from "./store/types.ts";
import { type Streams, Terminal } from "./terminal/terminal.ts";
import { type Where, whereIs } from "./terminal/where.ts";

/** The flags that every command takes. */
export interface GlobalOptions {
  readonly profile: string;
  /** Where its name is from. */
  readonly profileFrom?: ProfileOrigin;
  readonly json?: boolean;
  readonly input: boolean;
  readonly yes?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color: boolean;
  readonly offline?: boolean;
  readonly secrets?: "keychain" | "file" | "none";
}

/** How a system is spoken to. */
export interface ConnectOptions {
  /** Requests go on after Ctrl-C: for what must not be left half done, or has to be taken back. */
  readonly evenWhenInterrupted?: boolean;
  /** `false`: nobody waits for the answer. It comes at once or not at all. */
  readonly patient?: boolean;
  /** Which product of Akto the key's owner has is found without a word. */
  readonly quiet?: boolean;
}

// For questions that are worth no wait.
const impatience = { requestTime: 5_000, waitTime: 0, repeats: 0 };

export interface Context {
  readonly globals: GlobalOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** Knows the secrets of the run. */
  readonly redaction: Redaction;
  /** Aborted on Ctrl-C and SIGTERM, with a `Failure` as its reason. */
  readonly signal: AbortSignal;
  http(): Promise<HttpClient>;
  profiles(): Promise<ProfileStore>;
  secrets(): Promise<SecretStore>;
  /** The secrets of a setup that isn't finished, apart from the profile's own. */
  draftSecrets(): Promise<SecretStore>;
  /** Whose secrets those are, and where to keep them. */
  readonly secretOptions: SecretStoreOptions;
  readonly draftSecretOptions: SecretStoreOptions;
  settings(options: ConnectionOptions): Promise<Settings>;
  /**
   * The secret in the file that a flag names; `-` is standard input. Throws `input.secret_file`.
   *
   * @param limit the most to read, in bytes, where that is more than a line
   */
  secretFile(path: string, flag: string, limit?: number): Promise<string>;
  /**
   * The Okta org. Throws `input.missing` without a domain or a token.
   *
   * @param options see {@link ConnectOptions}
   */
  okta(settings: Settings, options?: ConnectOptions): Promise<OktaOrg>;
  /** The Okta org, or `null` when there is no token for one. */
  oktaIfAny(settings: Settings, options?: ConnectOptions): Promise<OktaOrg | null>;
  /** The Okta org at this domain, with this token. */
  oktaWith(domain: OktaDomain, token: string): Promise<OktaOrg>;
  /** The Akto dashboard, or `null` when the profile is not connected (no key, or `--offline`). */
  aktoIfAny(settings: Settings, options?: ConnectOptions): Promise<AktoDashboard | null>;
  /** The Akto dashboard at this URL, with this key. Of the settings only the product is gone by. */
  aktoWith(settings: Settings, url: string, apiKey: string, options?: ConnectOptions): Promise<AktoDashboard>;
  /** Waits before something is tried again; without a signal on and on, however often Ctrl-C is pressed. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Where the terminal is, and so whether a browser can be opened beside it. */
  readonly where: Where;
  /** Opens the system's browser, or `$BROWSER`. Resolves once it was started, to whether it could be. */
  openBrowser(url: string, onFailure?: (how: string) => void): Promise<boolean>;
}

/**
 * The context of one run of the program.
 *
 * @param streams where its text goes, unless to the process's own streams
 * @param redaction is told the secrets of the run
 */
export function createContext(
  globals: GlobalOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  streams?: Streams,
  redaction: Redaction = createRedaction(),
): Context {
  const { json = false, input, quiet = false, debug = false, color, profile, profileFrom } = globals;
  const terminal = new Terminal({
    json,
    input,
    quiet,
    debug,
    color: color && !env.NO_COLOR,
    signal,
    streams,
    redaction,
    profile: profileFrom === "flag" ? profile : undefined,
  });
  if (profileFrom) terminal.debug(`profile: ${clean(profile)}, from ${describeProfileOrigin(profileFrom)}`);

  const makeHttp = async (interruption?: AbortSignal, limits: Partial<HttpLimits> = {}) => {
    const { createHttpClient } = await import("./http/client.ts");
    const log = (line: string) => terminal.debug(line);
    const onWait = (message: string) => terminal.note(message);
    checkCertificatesAllTheSame(env, terminal);
    return createHttpClient({ log, onWait, limits, redaction, ...(interruption && { signal: interruption }) });
  };
  const http = once(() => makeHttp(signal));
  const profiles = once(async () => {
    const { openProfileStore } = await import("./store/profiles.ts");
    return openProfileStore({ env, name: globals.profile });
  });
  const secretFiles = new SecretFiles();
  const secretFile: Context["secretFile"] = (...file) => secretFiles.read(...file);
  const secretOptions: SecretStoreOptions = { env, profile: globals.profile, kind: globals.secrets };
  const draftSecretOptions: SecretStoreOptions = { ...secretOptions, profile: `${globals.profile}.setup` };
  const secretsOf = (options: SecretStoreOptions) =>
    once(async () => (await import("./store/secrets.ts")).openSecretStore(options));
  const secrets = secretsOf(secretOptions);
  const oktaFile = once(async () => {
    const { oktaSettingsFrom } = await import("./okta/settings.ts");
    const found = await oktaSettingsFrom(env, homedir(), process.cwd());
    redaction.hide(found.token?.text);
    redaction.hide(found.privateKey?.text);
    return found;
  });
  const serviceApp = once(async () => {
    const { serviceAppIn } = await import("./okta/settings.ts");
    const found = await serviceAppIn(await oktaFile());
    redaction.hide(found?.privateKey);
    return found;
  });

  /** The service app of Okta's own settings, where there is no API token: a token is what somebody gave to this program. */
  const serviceAppFor = async (settings: Settings) => {
    if ((await settings.secret("oktaToken")) !== undefined) return undefined;
    const { privateKey, authorizationMode } = await oktaFile();
    if (authorizationMode?.text !== "PrivateKey") return undefined;
    return privateKey && !(await settings.serviceAppKey()) ? undefined : serviceApp();
  };

  const oktaWith = async ({ origin }: OktaDomain, token: string, client: Promise<HttpClient>): Promise<OktaOrg> => {
    const { createOktaOrg } = await import("./okta/org.ts");
    return createOktaOrg({ origin, token, http: await client });
  };
  const httpFor = ({ evenWhenInterrupted = false, patient = true }: ConnectOptions) =>
    evenWhenInterrupted ? makeHttp() : patient ? http() : makeHttp(signal, impatience);
  const okta: Context["okta"] = async (settings, options = {}) => {
    const client = httpFor(options);
    const app = await serviceAppFor(settings);
    if (app) {
      const { domain } = await settings.require("domain");
      const { createOktaOrg } = await import("./okta/org.ts");
      return createOktaOrg({ origin: domain.origin, ...app, http: await client });
    }
    const { domain, oktaToken } = await settings.require("domain", "oktaToken");
    return oktaWith(domain, oktaToken, client);
  };
  // A setting is looked up many times in a run.
  const said = new Set<string>();
  const sayOnce = (message: string) => {
    if (!said.has(message)) terminal.note(message);
    said.add(message);
  };
  // What was found in this run, so that it is looked for once.
  const products = new Map<string, string>();
  const aktoWith: Context["aktoWith"] = async (settings, url, apiKey, options = {}) => {
    const { createAktoDashboard } = await import("./akto/dashboard.ts");
    const origin = await settings.origin("aktoProduct");
    const account = `${url} ${apiKey}`;
    return createAktoDashboard({
      url,
      apiKey,
      http: await httpFor(options),
      product: products.get(account) ?? settings.aktoProduct,
      mayTryOthers: origin !== "flag" && origin !== "environment",
      onFound: async ({ refused, works }) => {
        products.set(account, works);
        const kept = await keepProduct(await profiles(), url, works);
        if (options.quiet) return;
        terminal.note(
          `This API key's owner has access to Akto's product ${works}, not to ${refused}: requests name ${works} from now on${kept ? "" : ` (AKTO_PRODUCT=${works} saves the search)`}.`,
        );
      },
    });
  };

  return {
    globals,
    env,
    terminal,
    redaction,
    signal,
    http,
    profiles,
    secrets,
    draftSecrets: secretsOf(draftSecretOptions),
    secretOptions,
    draftSecretOptions,
    secretFile,
    settings: async (options) => {
      const profile = await (await profiles()).read();
      return new Settings({
        options,
        env,
        profile,
        secrets,
        oktaFile,
        // Node makes it when it is first looked at.
        secretFile,
        redaction,
        notice: sayOnce,
        log: (line) => terminal.debug(line),
      });
    },
    okta,
    oktaWith: (domain, token) => oktaWith(domain, token, http()),
    oktaIfAny: async (settings, options) =>
      ((await settings.secret("oktaToken")) !== undefined || (await serviceAppFor(settings))) &&
      (await settings.domain())
        ? okta(settings, options)
        : null,
    aktoIfAny: async (settings, options) => {
      if (globals.offline) return null;
      const apiKey = await settings.secret("aktoKey");
      return apiKey === undefined ? null : aktoWith(settings, settings.aktoUrl, apiKey, options);
    },
    aktoWith,
    pause: async (milliseconds, until) => {
      await delay(milliseconds, undefined, { signal: until });
    },
    where: whereIs(env, process.platform, hostname()),
    openBrowser: async (url, onFailure = () => {}) =>
      (await import("./terminal/browser.ts")).openBrowser(url, env, onFailure),
  };
}

/** Notes the product in the profile, where that is of this Akto. @returns whether it could be */
async function keepProduct(profiles: ProfileStore, url: string, aktoProduct: string): Promise<boolean> {
  try {
    const { aktoUrl } = await profiles.read();
    if (aktoUrl !== url) return false;
    await profiles.update((profile) => ({ ...profile, aktoProduct }));
    return true;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // The command goes on without: it is looked for again the next time.
    return false;
  }
}

/** Node itself would warn that certificates aren't checked, which isn't so here: the variable goes, and is named. */
function checkCertificatesAllTheSame(env: NodeJS.ProcessEnv, terminal: Terminal): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return;
  delete env.NODE_TLS_REJECT_UNAUTHORIZED;
  terminal.warn("Certificates are still checked: NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect here.");
}
