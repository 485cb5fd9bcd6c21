/**
 * The settings of a run: each from its flag, else the environment, else the profile, else Okta's own settings files, else
 * a default. No secret is ever a flag's value: a secret's flag names a file (`-` is standard input).
 *
 * A secret goes only where it was given for. A stored one is bound to its org, app or account, and refused for another.
 * One of a file or the environment goes to the org that is named in the same place, or by a flag, a variable or the
 * profile: an `okta.yaml` that came with somebody's repository names an org for its own token alone.
 */

import type { Command } from "commander";
import {
  issuerOf,
  leftOffAktoUrl,
  type OktaDomain,
  parseAccountId,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  parseOktaDomain,
} from "./core/address.ts";
import { canGoOn, Failure } from "./core/failure.ts";
import { known } from "./core/model/place.ts";
import type { Profile, SsoPlace } from "./core/model/profile.ts";
import {
  describeOwner,
  ownersAt,
  ownersIn,
  type SecretAddresses,
  type SecretName,
  type SecretOwner,
  type StoredSecret,
  sameOwner,
} from "./core/model/secret.ts";
import { parseProduct } from "./core/products.ts";
import type { Redaction } from "./core/redaction.ts";
import { clean, listed } from "./core/text.ts";
import type { OktaFileSettings, PlacedText } from "./okta/settings.ts";
import { readSecretFile } from "./secret-file.ts";
import type { SecretStore } from "./store/types.ts";

/**
 * Where a setting's value was found; a stored secret is the profile's. `home_file` is `~/.okta/okta.yaml`, `folder_file`
 * the `okta.yaml` of the working folder.
 */
export type Origin = "flag" | "environment" | "profile" | "home_file" | "folder_file" | "default";

export interface SettingDefinition {
  /** The option's key in commander's parsed options. */
  readonly key: string;
  readonly flag: string;
  readonly argument: string;
  readonly env: string;
  readonly title: string;
  readonly secret?: SecretName;
}

/** Every setting that connects to Okta or Akto. The names are public behavior. */
export const settingDefinitions = {
  domain: { key: "domain", flag: "--domain", argument: "<host>", env: "OKTA_CLIENT_ORGURL", title: "Okta domain" },
  oktaToken: {
    key: "oktaTokenFile",
    flag: "--okta-token-file",
    argument: "<path>",
    env: "OKTA_CLIENT_TOKEN",
    title: "Okta API token",
    secret: "oktaToken",
  },
  authServerId: {
    key: "authServerId",
    flag: "--auth-server-id",
    argument: "<id>",
    env: "AKTO_OKTA_AUTH_SERVER_ID",
    title: "authorization server id",
  },
  issuer: { key: "issuer", flag: "--issuer", argument: "<url>", env: "AKTO_OKTA_ISSUER", title: "issuer" },
  clientId: { key: "clientId", flag: "--client-id", argument: "<id>", env: "AKTO_OKTA_CLIENT_ID", title: "client id" },
  clientSecret: {
    key: "clientSecretFile",
    flag: "--client-secret-file",
    argument: "<path>",
    env: "AKTO_OKTA_CLIENT_SECRET",
    title: "client secret",
    secret: "clientSecret",
  },
  aktoUrl: { key: "aktoUrl", flag: "--akto-url", argument: "<url>", env: "AKTO_URL", title: "Akto URL" },
  aktoAccountId: {
    key: "aktoAccountId",
    flag: "--akto-account-id",
    argument: "<id>",
    env: "AKTO_ACCOUNT_ID",
    title: "Akto account id",
  },
  aktoKey: {
    key: "aktoKeyFile",
    flag: "--akto-key-file",
    argument: "<path>",
    env: "AKTO_API_KEY",
    title: "Akto API key",
    secret: "aktoKey",
  },
  aktoProduct: {
    key: "aktoProduct",
    flag: "--akto-product",
    argument: "<name>",
    env: "AKTO_PRODUCT",
    title: "Akto product",
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof settingDefinitions;

/** Which settings each system needs, for a command's help. */
export const settingGroups = {
  okta: ["domain", "oktaToken"],
  oidc: ["authServerId", "issuer", "clientId", "clientSecret"],
  akto: ["aktoUrl", "aktoAccountId", "aktoKey", "aktoProduct"],
} as const satisfies Record<string, readonly SettingName[]>;

/** The Akto of the SaaS, where none is named. */
export const defaultAktoUrl = "https://app.akto.io";

/** The flags of a command that connects, as commander parsed them: every one is text. */
export type ConnectionOptions = Readonly<Partial<Record<(typeof settingDefinitions)[SettingName]["key"], string>>>;

/** Declares the flags that connect to these systems. */
export function declareConnection(command: Command, ...groups: readonly (keyof typeof settingGroups)[]): Command {
  for (const group of groups) {
    for (const name of settingGroups[group]) {
      const { flag, argument, env, title, ...rest }: SettingDefinition = settingDefinitions[name];
      const what = "secret" in rest ? `file that holds the ${title}, - for standard input` : title;
      command.optionsGroup("Connection:").option(`${flag} ${argument}`, `${what} (env ${env})`);
    }
  }
  return command;
}

/** What the settings of a run are read from. */
export interface SettingSources {
  readonly options: ConnectionOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly profile: Profile;
  /** The stored secrets of the profile. */
  readonly secrets: () => Promise<Pick<SecretStore, "get" | "bind">>;
  /** What Okta's own SDK settings files say (`~/.okta/okta.yaml`). */
  readonly oktaFile: () => Promise<OktaFileSettings>;
  readonly stdin: NodeJS.ReadableStream;
  /** Is told each secret that is read. */
  readonly redaction: Redaction;
  /** Is told what the person should know about a value that was given. */
  readonly notice: (message: string) => void;
  /** Is told where each setting comes from, when it is first used. */
  readonly log?: ((line: string) => void) | undefined;
}

const fileOrigins = { home: "home_file", folder: "folder_file", environment: "environment" } as const;

/** The settings of a run, checked. A secret is read only when it is asked for. */
export class Settings {
  readonly #sources: SettingSources;
  readonly #files = new Map<string, Promise<string>>();
  readonly #stored = new Map<SecretName, Promise<StoredSecret | undefined>>();
  readonly #told = new Set<SettingName>();

  constructor(sources: SettingSources) {
    this.#sources = sources;
  }

  /** The text that a flag or the environment gives for a setting that is no secret. */
  #given(name: SettingName): string | undefined {
    const { key, env } = settingDefinitions[name];
    const fromEnv = this.#sources.env[env];
    return this.#sources.options[key] ?? (fromEnv?.trim() ? fromEnv : undefined);
  }

  #ownOrigin(name: SettingName): Origin | undefined {
    const { key, env } = settingDefinitions[name];
    if (this.#sources.options[key] !== undefined) return "flag";
    if (this.#sources.env[env]?.trim()) return "environment";
    return this.#sources.profile[name as keyof Profile] === undefined ? undefined : "profile";
  }

  /** Where the setting's value comes from, or `undefined` when it has none. A secret's file isn't read for this. */
  async origin(name: SettingName): Promise<Origin | undefined> {
    const own = this.#ownOrigin(name);
    if (own !== undefined) return own;
    const { secret }: SettingDefinition = settingDefinitions[name];
    if (secret && (await this.#kept(secret))) return "profile";
    if (name === "aktoUrl") return "default";
    if (name !== "domain" && name !== "oktaToken") return undefined;
    const found = name === "domain" ? (await this.#sources.oktaFile()).orgUrl : await this.#tokenInFile();
    return found && fileOrigins[found.place];
  }

  #tell(name: SettingName, origin: Origin | undefined): void {
    if (origin === undefined || this.#told.has(name)) return;
    this.#told.add(name);
    this.#sources.log?.(`setting: ${settingDefinitions[name].title}, from ${describeOrigin(name, origin)}`);
  }

  /** The Okta domain, or `undefined`. Throws what `parseOktaDomain` throws. */
  async domain(): Promise<OktaDomain | undefined> {
    const text = await this.domainText();
    return text === undefined ? undefined : parseOktaDomain(text);
  }

  /** The Okta domain as it was given, good or not, or `undefined`. */
  async domainText(): Promise<string | undefined> {
    this.#tell("domain", await this.origin("domain"));
    const { domain, origin } = this.#sources.profile;
    return this.#given("domain") ?? origin ?? domain ?? (await this.#sources.oktaFile()).orgUrl?.text;
  }

  get authServerId(): string | undefined {
    this.#tell("authServerId", this.#ownOrigin("authServerId"));
    const given = this.#given("authServerId");
    return given === undefined ? this.#sources.profile.authServerId : parseAuthServerId(given);
  }

  get clientId(): string | undefined {
    this.#tell("clientId", this.#ownOrigin("clientId"));
    const given = this.#given("clientId");
    return given === undefined ? this.#sources.profile.clientId : parseClientId(given);
  }

  /**
   * The issuer, where it was set: it isn't always the one on the org's own domain. The profile's is its own org's, and not
   * another one's that a flag or the environment names.
   */
  get issuerOverride(): string | undefined {
    const origin = this.#ownOrigin("issuer");
    if (origin === "profile" && this.#givenOtherDomain()) return undefined;
    this.#tell("issuer", origin);
    // To the letter: an issuer whose own name ends in a slash is another one without it.
    return this.#given("issuer")?.trim() ?? this.#sources.profile.issuer;
  }

  #givenOtherDomain(): boolean {
    const given = this.#given("domain");
    const { domain, origin } = this.#sources.profile;
    if (given === undefined || domain === undefined) return given !== undefined;
    return parseOktaDomain(given).origin !== parseOktaDomain(origin ?? domain).origin;
  }

  /** The issuer: the one that was set, else the authorization server's on the org's own domain. */
  async issuer(): Promise<string> {
    const override = this.issuerOverride;
    if (override !== undefined) return override;
    const { domain, authServerId } = await this.require("domain", "authServerId");
    return issuerOf(domain, authServerId);
  }

  get aktoUrl(): string {
    this.#tell("aktoUrl", this.#ownOrigin("aktoUrl") ?? "default");
    const given = this.#given("aktoUrl");
    if (given === undefined) return this.#sources.profile.aktoUrl ?? defaultAktoUrl;
    const leftOff = leftOffAktoUrl(given);
    if (leftOff !== undefined) this.#sources.notice(leftOff);
    return parseAktoUrl(given);
  }

  get aktoAccountId(): number | undefined {
    this.#tell("aktoAccountId", this.#ownOrigin("aktoAccountId"));
    const given = this.#given("aktoAccountId");
    return given === undefined ? this.#sources.profile.aktoAccountId : parseAccountId(given);
  }

  /** Akto's product that calls name, where it isn't Akto's own default. */
  get aktoProduct(): string | undefined {
    this.#tell("aktoProduct", this.#ownOrigin("aktoProduct"));
    const given = this.#given("aktoProduct");
    return given === undefined ? this.#sources.profile.aktoProduct : parseProduct(given);
  }

  /** The SSO that the settings are about, as far as they tell it. */
  async sso(): Promise<SsoPlace> {
    return known({ ...this.account, org: (await this.domain())?.origin });
  }

  /** The Akto account's part of {@link sso}. */
  get account(): SsoPlace {
    const named = this.#ownOrigin("aktoUrl") !== undefined;
    return { aktoUrl: named ? this.aktoUrl : undefined, aktoAccountId: this.aktoAccountId };
  }

  /** Whose a secret of this run is, as far as the settings tell it. */
  async owner(name: SecretName): Promise<SecretOwner | undefined> {
    const { aktoUrl, aktoAccountId } = this;
    if (name === "aktoKey") return ownersAt({ aktoUrl, aktoAccountId })[name];
    return ownersAt({ domain: await this.domain(), issuer: this.issuerOverride, clientId: this.clientId })[name];
  }

  /**
   * A secret: from the file its flag names, the environment, the store, or Okta's own settings.
   *
   * @throws Failure `input.secret_file` when the file can't be read or is empty; `secret.other_owner` when it is stored
   *   for another org, app or account than the settings name; `secret.other_place` when the org is named by a file that
   *   the secret isn't from
   */
  async secret(name: SecretName): Promise<string | undefined> {
    const origin = await this.origin(name);
    if (origin === undefined) return undefined;
    const target = await this.owner(name);
    const owner = origin === "profile" ? await this.storedOwner(name) : undefined;
    if (owner && target && !sameOwner(owner, target)) throw otherOwner(name, owner, target);
    if (!owner) await this.#refuseOtherPlace(name, origin);
    this.#tell(name, origin);
    return this.#hidden(origin === "profile" ? this.#bound(name, owner ?? target) : this.#unstored(name, origin));
  }

  /**
   * A secret that isn't given in this run but kept, in the store or in Okta's own settings, for this org, app or account:
   * `undefined` where the kept one is another's.
   */
  async keptSecret(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    const target = ownersAt(addresses)[name];
    const owner = await this.storedOwner(name);
    if (owner && target && !sameOwner(owner, target)) return undefined;
    if (!owner && (await this.#namedElsewhere(name, "profile"))) return undefined;
    const stored = await this.#hidden(this.#bound(name, owner ?? target));
    if (stored !== undefined || name !== "oktaToken") return stored;
    const { token } = await this.#sources.oktaFile();
    if (!token || !isFor(token, addresses.domain)) return undefined;
    if (await this.#namedElsewhere(name, fileOrigins[token.place])) return undefined;
    return this.#hidden(Promise.resolve(token.text));
  }

  /** A secret for this org, app or account: given in this run, or kept for it; see {@link keptSecret}. */
  async secretFor(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    return (await this.givenSecret(name)) ?? this.keptSecret(name, addresses);
  }

  /** Whose the stored secret is: one that was kept without its owner is the profile's own. */
  async storedOwner(name: SecretName): Promise<SecretOwner | undefined> {
    const { profile } = this.#sources;
    const kept = await this.#kept(name);
    return kept && (kept.owner ?? ownersIn({ ...profile, aktoUrl: profile.aktoUrl ?? defaultAktoUrl })[name]);
  }

  /** What is stored, looked up once. */
  #kept(name: SecretName): Promise<StoredSecret | undefined> {
    const looked = this.#stored.get(name) ?? this.#sources.secrets().then((store) => store.get(name));
    this.#stored.set(name, looked);
    return looked;
  }

  /** The stored secret, which is bound to its owner if that wasn't noted with it yet. */
  async #bound(name: SecretName, owner: SecretOwner | undefined): Promise<string | undefined> {
    const kept = await this.#kept(name);
    if (kept && !kept.owner && owner) {
      const store = await this.#sources.secrets();
      // Where nothing can be written it stays as it is, and is the profile's own the next time, too.
      await store.bind(name, owner).catch((error: unknown) => {
        if (!canGoOn(error)) throw error;
      });
    }
    return kept?.value;
  }

  async #unstored(name: SecretName, origin: Origin): Promise<string | undefined> {
    const { key, env, flag } = settingDefinitions[name];
    const path = this.#sources.options[key];
    if (path !== undefined) return this.#file(path, flag);
    return origin === "environment" ? this.#sources.env[env]?.trim() : (await this.#tokenInFile())?.text;
  }

  async #hidden(reading: Promise<string | undefined>): Promise<string | undefined> {
    const secret = await reading;
    this.#sources.redaction.hide(secret);
    return secret;
  }

  /** The token of Okta's own settings, unless another org is named beside it than the one that is spoken to. */
  async #tokenInFile(): Promise<PlacedText | undefined> {
    const { token } = await this.#sources.oktaFile();
    return token && isFor(token, await this.domain()) ? token : undefined;
  }

  /** The key of the service app that Okta's own settings name, where it is for the org that is spoken to. */
  async serviceAppKey(): Promise<PlacedText | undefined> {
    const { privateKey } = await this.#sources.oktaFile();
    if (!privateKey || !isFor(privateKey, await this.domain())) return undefined;
    await this.#refuseOtherPlace("oktaToken", fileOrigins[privateKey.place], "private key of the service app");
    return privateKey;
  }

  /**
   * Refuses to send a secret to an org that is named in a file which the secret isn't from itself.
   *
   * @throws Failure `secret.other_place`
   */
  async #refuseOtherPlace(
    name: SecretName,
    from: Origin,
    title: string = settingDefinitions[name].title,
  ): Promise<void> {
    const file = await this.#namedElsewhere(name, from);
    if (file) throw otherPlace(title, clean((await this.domain())?.host), describeOrigin("domain", file));
  }

  /** The file that names the org to which this secret would go, if that is a file which the secret isn't from. */
  async #namedElsewhere(name: SecretName, from: Origin): Promise<Origin | undefined> {
    if (name === "aktoKey" || (name === "clientSecret" && this.issuerOverride !== undefined)) return undefined;
    const named = await this.origin("domain");
    return (named === "home_file" || named === "folder_file") && named !== from ? named : undefined;
  }

  /** Whether a setting is given in this run, by flag or environment. */
  async isGiven(name: SettingName): Promise<boolean> {
    const origin = await this.origin(name);
    return origin === "flag" || origin === "environment";
  }

  /** A secret that was given in this run: what a setup takes over into the store. */
  async givenSecret(name: SecretName): Promise<string | undefined> {
    return (await this.isGiven(name)) ? this.secret(name) : undefined;
  }

  #file(path: string, flag: string): Promise<string> {
    let reading = this.#files.get(path);
    if (!reading) {
      if (path === "-" && this.#files.has("-")) {
        throw new Failure("usage", "input.secret_file", "Standard input was named for two secrets.", {
          hint: "Give one of them in a file.",
        });
      }
      reading = readSecretFile(path, flag, this.#sources.stdin);
      this.#files.set(path, reading);
    }
    return reading;
  }

  /**
   * Several settings at once.
   *
   * @throws Failure `input.missing` that names everything that is missing, with its flag and its variable
   */
  async require<Name extends SettingName>(...names: readonly Name[]): Promise<{ [Key in Name]: SettingValues[Key] }> {
    const found = new Map<SettingName, unknown>();
    const missing: SettingName[] = [];
    for (const name of names) {
      const value = await this.#value(name);
      if (value === undefined) missing.push(name);
      else found.set(name, value);
    }
    if (missing.length > 0) throw missingSettings(missing);
    return Object.fromEntries(found) as { [Key in Name]: SettingValues[Key] };
  }

  #value(name: SettingName): unknown {
    const definition: SettingDefinition = settingDefinitions[name];
    if (definition.secret) return this.secret(definition.secret);
    if (name === "domain") return this.domain();
    if (name === "issuer") return this.issuer();
    return this[name as "authServerId" | "clientId" | "aktoUrl" | "aktoAccountId" | "aktoProduct"];
  }
}

interface SettingValues {
  domain: OktaDomain;
  oktaToken: string;
  authServerId: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  aktoUrl: string;
  aktoAccountId: number;
  aktoKey: string;
  aktoProduct: string;
}

/** One failure for everything that is missing, each with its flag and its variable. */
export function missingSettings(names: readonly SettingName[]): Failure {
  const titles = names.map((name) => `the ${settingDefinitions[name].title}`);
  const ways = names.map((name) => {
    const { flag, argument, env } = settingDefinitions[name];
    return `${flag} ${argument} or ${env}`;
  });
  return new Failure("usage", "input.missing", `Missing: ${listed(titles)}.`, {
    hint: `Give ${ways.join("\n     ")}\nor run \`akto-okta sso setup\` in a terminal: it asks for them, and saves them.`,
  });
}

/** Where a setting comes from, in words: `OKTA_CLIENT_ORGURL`, `--domain`, `~/.okta/okta.yaml`. */
export function describeOrigin(name: SettingName, origin: Origin): string {
  const { flag, env } = settingDefinitions[name];
  const words = {
    flag,
    environment: env,
    profile: "the profile",
    home_file: "~/.okta/okta.yaml",
    folder_file: "okta.yaml in this folder",
    default: "the default",
  } satisfies Record<Origin, string>;
  return words[origin];
}

/** Whether what stands in one of Okta's own settings is for this org: nothing beside it names another. */
function isFor({ place, beside }: PlacedText, domain: Pick<OktaDomain, "origin"> | undefined): boolean {
  if (place === "environment" || beside === undefined || domain === undefined) return true;
  try {
    return parseOktaDomain(beside).origin === domain.origin;
  } catch (error) {
    if (canGoOn(error)) return false;
    throw error;
  }
}

function otherOwner(name: SecretName, owner: SecretOwner, target: SecretOwner): Failure {
  const { title, flag, argument, env } = settingDefinitions[name];
  const [whose, wanted] = [describeOwner(name, owner), describeOwner(name, target)];
  return new Failure(
    "usage",
    "secret.other_owner",
    `The stored ${title} is for ${whose}, so it is not sent to ${wanted}.`,
    {
      hint: `Give the one for ${wanted}: ${flag} ${argument} or ${env}.\nOr use the profile that is for it (--profile).`,
    },
  );
}

function otherPlace(title: string, host: string, file: string): Failure {
  return new Failure(
    "usage",
    "secret.other_place",
    `The ${title} is not sent to ${host}: only ${file} names that org, and the ${title} is from elsewhere.`,
    { hint: `If it is for that org, say so: --domain ${host} or OKTA_CLIENT_ORGURL.` },
  );
}
