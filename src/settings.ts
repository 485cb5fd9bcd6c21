/**
 * The settings of a run: each from its flag, else the environment, else the profile, else a default. No secret is ever a
 * flag's value: a secret's flag names a file (`-` is standard input).
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
import { Failure } from "./core/failure.ts";
import type { Profile } from "./core/model/profile.ts";
import { parseProduct } from "./core/products.ts";
import type { Redaction } from "./core/redaction.ts";
import { listed } from "./core/text.ts";
import { readSecretFile } from "./secret-file.ts";
import type { SecretName } from "./store/types.ts";

/** Where a setting's value was found. */
export type Origin = "flag" | "environment" | "profile" | "default";

interface SettingDefinition {
  /** The option's key in commander's parsed options. */
  readonly key: string;
  readonly flag: string;
  readonly argument: string;
  readonly env: string;
  readonly title: string;
  readonly secret?: SecretName;
}

/** Every setting that connects to Okta or Akto. The names are public behaviour. */
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
    title: "Akto product, such as API or AGENTIC",
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
  readonly stored: (name: SecretName) => Promise<string | undefined>;
  /** What Okta's own SDK settings files say (`~/.okta/okta.yaml`). */
  readonly oktaFile: () => Promise<{ orgUrl?: string; token?: string }>;
  readonly stdin: NodeJS.ReadableStream;
  /** Is told each secret that is read. */
  readonly redaction: Redaction;
  /** Is told what the person should know about a value that was given. */
  readonly notice: (message: string) => void;
}

/** The settings of a run, checked. A secret is read only when it is asked for. */
export class Settings {
  readonly #sources: SettingSources;
  readonly #files = new Map<string, Promise<string>>();

  constructor(sources: SettingSources) {
    this.#sources = sources;
  }

  /** The text that a flag or the environment gives for a setting that is no secret. */
  #given(name: SettingName): string | undefined {
    const { key, env } = settingDefinitions[name];
    return this.#sources.options[key] ?? (this.#sources.env[env] || undefined);
  }

  /** Where the setting's value comes from, or `undefined` when it has none. A secret's file isn't read for this. */
  async origin(name: SettingName): Promise<Origin | undefined> {
    const definition: SettingDefinition = settingDefinitions[name];
    if (this.#sources.options[settingDefinitions[name].key] !== undefined) return "flag";
    if (this.#sources.env[definition.env]) return "environment";
    const { profile } = this.#sources;
    const kept = definition.secret ? await this.#sources.stored(definition.secret) : profile[name as keyof Profile];
    if (kept !== undefined) return "profile";
    return name === "aktoUrl" ? "default" : undefined;
  }

  /** The Okta domain, or `undefined`. Throws what `parseOktaDomain` throws. */
  async domain(): Promise<OktaDomain | undefined> {
    const text = await this.domainText();
    return text === undefined ? undefined : parseOktaDomain(text);
  }

  /** The Okta domain as it was given, good or not, or `undefined`. */
  async domainText(): Promise<string | undefined> {
    const { domain, origin } = this.#sources.profile;
    return this.#given("domain") ?? origin ?? domain ?? (await this.#sources.oktaFile()).orgUrl;
  }

  get authServerId(): string | undefined {
    const given = this.#given("authServerId");
    return given === undefined ? this.#sources.profile.authServerId : parseAuthServerId(given);
  }

  get clientId(): string | undefined {
    const given = this.#given("clientId");
    return given === undefined ? this.#sources.profile.clientId : parseClientId(given);
  }

  /** The issuer, where it was set: it isn't always the one on the org's own domain. */
  get issuerOverride(): string | undefined {
    // To the letter: an issuer whose own name ends in a slash is another one without it.
    return this.#given("issuer")?.trim() ?? this.#sources.profile.issuer;
  }

  /** The issuer: the one that was set, else the authorization server's on the org's own domain. */
  async issuer(): Promise<string> {
    const override = this.issuerOverride;
    if (override !== undefined) return override;
    const { domain, authServerId } = await this.require("domain", "authServerId");
    return issuerOf(domain, authServerId);
  }

  get aktoUrl(): string {
    const given = this.#given("aktoUrl");
    if (given === undefined) return this.#sources.profile.aktoUrl ?? defaultAktoUrl;
    const leftOff = leftOffAktoUrl(given);
    if (leftOff !== undefined) this.#sources.notice(leftOff);
    return parseAktoUrl(given);
  }

  get aktoAccountId(): number | undefined {
    const given = this.#given("aktoAccountId");
    return given === undefined ? this.#sources.profile.aktoAccountId : parseAccountId(given);
  }

  /** Akto's product that calls name, where it isn't Akto's own default. */
  get aktoProduct(): string | undefined {
    const given = this.#given("aktoProduct");
    return given === undefined ? this.#sources.profile.aktoProduct : parseProduct(given);
  }

  /**
   * A secret: from the file its flag names, the environment, or the store.
   *
   * @throws Failure `input.secret_file` when the file can't be read or is empty
   */
  async secret(name: SecretName): Promise<string | undefined> {
    const secret = await this.#find(name);
    this.#sources.redaction.hide(secret);
    return secret;
  }

  async #find(name: SecretName): Promise<string | undefined> {
    const { key, env } = settingDefinitions[name];
    const path = this.#sources.options[key];
    if (path !== undefined) return this.#file(path, settingDefinitions[name].flag);
    const fromEnv = this.#sources.env[env]?.trim();
    if (fromEnv) return fromEnv;
    const stored = await this.#sources.stored(name);
    if (stored !== undefined || name !== "oktaToken") return stored;
    return (await this.#sources.oktaFile()).token;
  }

  /** A secret that was given in this run, by flag or environment: what a setup takes over into the store. */
  async givenSecret(name: SecretName): Promise<string | undefined> {
    const origin = await this.origin(name);
    return origin === "flag" || origin === "environment" ? this.secret(name) : undefined;
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
    hint: `Give ${ways.join("\n     ")}\nor run \`akto-okta sso setup\` in a terminal: it asks for them, and keeps them.`,
  });
}
