/**
 * The settings of a run: each from its flag, else the environment, else the profile, else Okta's own settings files, else
 * a default. No secret is ever a flag's value: a secret's flag names a file (`-` is standard input).
 *
 * A secret goes only where it was given for. A stored one is bound to its org, app or account, and refused for another.
 * One of a file or the environment goes to the org that is named in the same place, or by a flag, a variable or the
 * profile: an `okta.yaml` that came with somebody's repository names an org for its own token alone.
 */

import { issuerOf, type OktaDomain, parseOktaDomain } from "../core/address.ts";
import { canGoOn } from "../core/failure.ts";
import { ownersAt, type SecretAddresses, type SecretName, type SecretOwner, sameOwner } from "../core/model/secret.ts";
import { clean } from "../core/text.ts";
import type { PlacedText } from "../okta/settings.ts";
import { missingSettings, type SettingDefinition, type SettingName, settingDefinitions } from "./definitions.ts";
import { describeOrigin, fileOrigins, type Origin } from "./origin.ts";
import { PlainSettings, type SettingSources } from "./plain.ts";
import { otherOwner, otherPlace } from "./refusals.ts";
import { StoredSecrets } from "./stored-secrets.ts";

/** The settings of a run, checked. A secret is read only when it is asked for. */
export class Settings extends PlainSettings {
  readonly #stored: StoredSecrets;

  constructor(sources: SettingSources) {
    super(sources);
    this.#stored = new StoredSecrets(sources);
  }

  override async origin(name: SettingName): Promise<Origin | undefined> {
    const own = await super.origin(name);
    if (own !== undefined) return own;
    const { secret }: SettingDefinition = settingDefinitions[name];
    if (secret && (await this.#stored.get(secret))) return "profile";
    const found = name === "oktaToken" ? await this.#tokenInFile() : undefined;
    return found && fileOrigins[found.place];
  }

  /** The issuer: the one that was set, else the authorization server's on the org's own domain. */
  async issuer(): Promise<string> {
    const override = this.issuerOverride;
    if (override !== undefined) return override;
    const { domain, authServerId } = await this.require("domain", "authServerId");
    return issuerOf(domain, authServerId);
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
    this.tell(name, origin);
    return this.#hidden(
      origin === "profile" ? this.#stored.bound(name, owner ?? target) : this.#unstored(name, origin),
    );
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
    const stored = await this.#hidden(this.#stored.bound(name, owner ?? target));
    if (stored !== undefined || name !== "oktaToken") return stored;
    const { token } = await this.sources.oktaFile();
    if (!token || !isFor(token, addresses.domain)) return undefined;
    if (await this.#namedElsewhere(name, fileOrigins[token.place])) return undefined;
    return this.#hidden(Promise.resolve(token.text));
  }

  /** A secret for this org, app or account: given in this run, or kept for it; see {@link keptSecret}. */
  async secretFor(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    return (await this.givenSecret(name)) ?? this.keptSecret(name, addresses);
  }

  /** Whose the stored secret is: one that was kept without its owner is the profile's own. */
  storedOwner(name: SecretName): Promise<SecretOwner | undefined> {
    return this.#stored.owner(name);
  }

  /** A secret that was given in this run: what a setup takes over into the store. */
  async givenSecret(name: SecretName): Promise<string | undefined> {
    return (await this.isGiven(name)) ? this.secret(name) : undefined;
  }

  async #unstored(name: SecretName, origin: Origin): Promise<string | undefined> {
    const { key, env, flag } = settingDefinitions[name];
    const path = this.sources.options[key];
    if (path !== undefined) return this.sources.secretFile(path, flag);
    return origin === "environment" ? this.sources.env[env]?.trim() : (await this.#tokenInFile())?.text;
  }

  async #hidden(reading: Promise<string | undefined>): Promise<string | undefined> {
    const secret = await reading;
    this.sources.redaction.hide(secret);
    return secret;
  }

  /** The token of Okta's own settings, unless another org is named beside it than the one that is spoken to. */
  async #tokenInFile(): Promise<PlacedText | undefined> {
    const { token } = await this.sources.oktaFile();
    return token && isFor(token, await this.domain()) ? token : undefined;
  }

  /** The key of the service app that Okta's own settings name, where it is for the org that is spoken to. */
  async serviceAppKey(): Promise<PlacedText | undefined> {
    const { privateKey } = await this.sources.oktaFile();
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
