/**
 * The wizard's answers while it runs. Each is kept as soon as it is given, apart from the profile's own settings, so
 * that an interrupted setup can go on and a working profile stays as it was until the end.
 */

import type { Context } from "../../context.ts";
import type { DraftAnswer } from "../../core/model/profile.ts";
import { ownersAt, type SecretAddresses, type SecretName, sameOwner, secretNames } from "../../core/model/secret.ts";
import type { ProfileStore, SecretStore } from "../../store/types.ts";
import type { AnswerLog } from "./interview.ts";

export class Draft implements AnswerLog {
  #answers: readonly DraftAnswer[];
  readonly #store: ProfileStore;
  readonly #secrets: SecretStore;

  private constructor(store: ProfileStore, secrets: SecretStore, answers: readonly DraftAnswer[]) {
    this.#store = store;
    this.#secrets = secrets;
    this.#answers = answers;
  }

  /** The draft of an interrupted setup, or an empty one. */
  static async open(context: Context): Promise<Draft> {
    const store = await context.profiles();
    const { setup } = await store.read();
    // One that an earlier version left has no answers that could be read.
    return new Draft(store, await context.draftSecrets(), setup?.answers ?? []);
  }

  get answers(): readonly DraftAnswer[] {
    return this.#answers;
  }

  async keep(answers: readonly DraftAnswer[]): Promise<void> {
    this.#answers = answers;
    await this.#store.update((profile) => ({ ...profile, setup: { answers } }));
  }

  /** A secret that was given for these addresses, or before it was known for which. */
  async secret(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    const kept = await this.#secrets.get(name);
    const owner = ownersAt(addresses)[name];
    return kept?.owner && owner && !sameOwner(kept.owner, owner) ? undefined : kept?.value;
  }

  /** Keeps a secret that was given for these addresses, as far as they are known yet. */
  async keepSecret(name: SecretName, value: string | null, addresses: SecretAddresses): Promise<void> {
    if (value === null) await this.#secrets.delete(name);
    else await this.#secrets.set(name, { value, owner: ownersAt(addresses)[name] });
  }

  /** Forgets everything, secrets included. */
  async discard(): Promise<void> {
    for (const name of secretNames) await this.#secrets.delete(name);
    this.#answers = [];
    await this.#store.update(({ setup: _, ...profile }) => profile);
  }
}
