/** The settings that are no secret. */
import {
  leftOffAktoUrl,
  type OktaDomain,
  parseAccountId,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  parseOktaDomain,
} from "../core/address.ts";
import { known } from "../core/model/place.ts";
import type { Profile, SsoPlace } from "../core/model/profile.ts";
import { parseProduct } from "../core/products.ts";
import type { Redaction } from "../core/redaction.ts";
import type { OktaFileSettings } from "../okta/settings.ts";
import type { SecretStore } from "../store/types.ts";
import { type ConnectionOptions, defaultAktoUrl, type SettingName, settingDefinitions } from "./definitions.ts";
import { describeOrigin, fileOrigins, type Origin } from "./origin.ts";

/** What the settings of a run are read from. */
export interface SettingSources {
  readonly options: ConnectionOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly profile: Profile;
  /** The stored secrets of the profile. */
  readonly secrets: () => Promise<Pick<SecretStore, "get" | "bind">>;
  /** What Okta's own SDK settings files say (`~/.okta/okta.yaml`). */
  readonly oktaFile: () => Promise<OktaFileSettings>;
  /** Reads the secret in the file that a flag names; `-` is standard input. */
  readonly secretFile: (path: string, flag: string) => Promise<string>;
  /** Is told each secret that is read. */
  readonly redaction: Redaction;
  /** Is told what the person should know about a value that was given. */
  readonly notice: (message: string) => void;
  /** Is told where each setting comes from, when it is first used. */
  readonly log?: ((line: string) => void) | undefined;
}

/** The settings of a run that are no secret, checked. */
export class PlainSettings {
  protected readonly sources: SettingSources;
  readonly #told = new Set<SettingName>();

  constructor(sources: SettingSources) {
    this.sources = sources;
  }

  /** The text that a flag or the environment gives for a setting that is no secret. */
  #given(name: SettingName): string | undefined {
    const { key, env } = settingDefinitions[name];
    const fromEnv = this.sources.env[env];
    return this.sources.options[key] ?? (fromEnv?.trim() ? fromEnv : undefined);
  }

  /** Where the value is from, by flag, environment and profile alone. */
  #ownOrigin(name: SettingName): Origin | undefined {
    const { key, env } = settingDefinitions[name];
    if (this.sources.options[key] !== undefined) return "flag";
    if (this.sources.env[env]?.trim()) return "environment";
    return this.sources.profile[name as keyof Profile] === undefined ? undefined : "profile";
  }

  /** Where the setting's value comes from, or `undefined` when it has none. A secret's file isn't read for this. */
  async origin(name: SettingName): Promise<Origin | undefined> {
    const own = this.#ownOrigin(name);
    if (own !== undefined) return own;
    if (name === "aktoUrl") return "default";
    if (name !== "domain") return undefined;
    const { orgUrl } = await this.sources.oktaFile();
    return orgUrl && fileOrigins[orgUrl.place];
  }

  /** Whether a setting is given in this run, by flag or environment. */
  async isGiven(name: SettingName): Promise<boolean> {
    const origin = await this.origin(name);
    return origin === "flag" || origin === "environment";
  }

  /** Tells where a setting comes from, when it is first used. */
  protected tell(name: SettingName, origin: Origin | undefined): void {
    if (origin === undefined || this.#told.has(name)) return;
    this.#told.add(name);
    this.sources.log?.(`setting: ${settingDefinitions[name].title}, from ${describeOrigin(name, origin)}`);
  }

  /** The Okta domain, or `undefined`. Throws what `parseOktaDomain` throws. */
  async domain(): Promise<OktaDomain | undefined> {
    const text = await this.domainText();
    return text === undefined ? undefined : parseOktaDomain(text);
  }

  /** The Okta domain as it was given, good or not, or `undefined`. */
  async domainText(): Promise<string | undefined> {
    this.tell("domain", await this.origin("domain"));
    const { domain, origin } = this.sources.profile;
    return this.#given("domain") ?? origin ?? domain ?? (await this.sources.oktaFile()).orgUrl?.text;
  }

  get authServerId(): string | undefined {
    return this.#plain("authServerId", parseAuthServerId);
  }

  get clientId(): string | undefined {
    return this.#plain("clientId", parseClientId);
  }

  get aktoAccountId(): number | undefined {
    return this.#plain("aktoAccountId", parseAccountId);
  }

  /** Akto's product that calls name, where it isn't Akto's own default. */
  get aktoProduct(): string | undefined {
    return this.#plain("aktoProduct", parseProduct);
  }

  #plain<Name extends "authServerId" | "clientId" | "aktoAccountId" | "aktoProduct">(
    name: Name,
    parse: (text: string) => NonNullable<Profile[Name]>,
  ): Profile[Name] {
    this.tell(name, this.#ownOrigin(name));
    const given = this.#given(name);
    return given === undefined ? this.sources.profile[name] : parse(given);
  }

  get aktoUrl(): string {
    this.tell("aktoUrl", this.#ownOrigin("aktoUrl") ?? "default");
    const given = this.#given("aktoUrl");
    if (given === undefined) return this.sources.profile.aktoUrl ?? defaultAktoUrl;
    const leftOff = leftOffAktoUrl(given);
    if (leftOff !== undefined) this.sources.notice(leftOff);
    return parseAktoUrl(given);
  }

  /**
   * The issuer, where it was set: it isn't always the one on the org's own domain. The profile's is its own org's, and not
   * another one's that a flag or the environment names.
   */
  get issuerOverride(): string | undefined {
    const origin = this.#ownOrigin("issuer");
    if (origin === "profile" && this.#givenOtherDomain()) return undefined;
    this.tell("issuer", origin);
    // To the letter: an issuer whose own name ends in a slash is another one without it.
    return this.#given("issuer")?.trim() ?? this.sources.profile.issuer;
  }

  #givenOtherDomain(): boolean {
    const given = this.#given("domain");
    const { domain, origin } = this.sources.profile;
    if (given === undefined || domain === undefined) return given !== undefined;
    return parseOktaDomain(given).origin !== parseOktaDomain(origin ?? domain).origin;
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
}
