/**
 * The wizard's answers while it runs. Each is kept as soon as it is given, apart from the profile's own settings, so
 * that an interrupted setup can go on and a working profile stays as it was until the end.
 */

import type { Context } from "../../context.ts";
import { type OktaDomain, parseOktaDomain } from "../../core/address.ts";
import type { SetupDraft } from "../../core/model/profile.ts";
import { ownersAt, type SecretAddresses, type SecretName, sameOwner, secretNames } from "../../core/model/secret.ts";
import type { ProfileStore, SecretStore } from "../../store/types.ts";
import { domainFields } from "./answers.ts";

export class Draft {
  #fields: SetupDraft;
  readonly #store: ProfileStore;
  readonly #secrets: SecretStore;

  private constructor(store: ProfileStore, secrets: SecretStore, fields: SetupDraft) {
    this.#store = store;
    this.#secrets = secrets;
    this.#fields = fields;
  }

  /** The draft of an interrupted setup, or an empty one. */
  static async open(context: Context): Promise<Draft> {
    const store = await context.profiles();
    const { setup } = await store.read();
    return new Draft(store, await context.draftSecrets(), setup ?? { done: [] });
  }

  /** Whether an earlier setup left answers here. */
  get begun(): boolean {
    return this.#fields.done.length > 0;
  }

  get fields(): SetupDraft {
    return this.#fields;
  }

  get domain(): OktaDomain | undefined {
    const { domain, origin } = this.#fields;
    return domain === undefined ? undefined : parseOktaDomain(origin ?? domain);
  }

  isDone(step: string): boolean {
    return this.#fields.done.includes(step);
  }

  /** Keeps some answers and marks a step as gone through. */
  async keep(step: string, fields: Partial<Omit<SetupDraft, "done">>): Promise<void> {
    this.#fields = { ...this.#fields, ...fields, done: [...new Set([...this.#fields.done, step])] };
    await this.#store.update((profile) => ({ ...profile, setup: this.#fields }));
  }

  async keepDomain(domain: OktaDomain): Promise<void> {
    const { origin: _, ...others } = this.#fields;
    this.#fields = others;
    await this.keep("domain", domainFields(domain));
  }

  /** A secret that was given for these addresses, or before it was known for which. */
  async secret(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    const kept = await this.#secrets.get(name);
    const owner = ownersAt(addresses)[name];
    return kept?.owner && owner && !sameOwner(kept.owner, owner) ? undefined : kept?.value;
  }

  /** Keeps a secret that was given for these addresses, as far as they are known yet. */
  async keepSecret(name: SecretName, value: string | undefined, addresses: SecretAddresses): Promise<void> {
    if (value === undefined) await this.#secrets.delete(name);
    else await this.#secrets.set(name, { value, owner: ownersAt(addresses)[name] });
    await this.keep(name, {});
  }

  /** Binds a secret that was kept before it was known for which addresses it is. */
  async bindSecret(name: SecretName, addresses: SecretAddresses): Promise<void> {
    const owner = ownersAt(addresses)[name];
    if (owner) await this.#secrets.bind(name, owner);
  }

  /** Forgets everything, secrets included. */
  async discard(): Promise<void> {
    for (const name of secretNames) await this.#secrets.delete(name);
    this.#fields = { done: [] };
    await this.#store.update(({ setup: _, ...profile }) => profile);
  }
}
