/** The profile's stored secrets, each looked up once, and whose each is. */
import { canGoOn } from "../core/failure.ts";
import { ownersIn, type SecretName, type SecretOwner, type StoredSecret } from "../core/model/secret.ts";
import { onceEach } from "../core/once.ts";
import { defaultAktoUrl } from "./definitions.ts";
import type { SettingSources } from "./plain.ts";

export class StoredSecrets {
  readonly #sources: Pick<SettingSources, "profile" | "secrets">;
  /** What is stored, looked up once. */
  readonly get: (name: SecretName) => Promise<StoredSecret | undefined>;

  constructor(sources: Pick<SettingSources, "profile" | "secrets">) {
    this.#sources = sources;
    this.get = onceEach(async (name) => (await sources.secrets()).get(name));
  }

  /** Whose the stored secret is: one that was kept without its owner is the profile's own. */
  async owner(name: SecretName): Promise<SecretOwner | undefined> {
    const { profile } = this.#sources;
    const kept = await this.get(name);
    return kept && (kept.owner ?? ownersIn({ ...profile, aktoUrl: profile.aktoUrl ?? defaultAktoUrl })[name]);
  }

  /** The stored secret, which is bound to its owner if that wasn't noted with it yet. */
  async bound(name: SecretName, owner: SecretOwner | undefined): Promise<string | undefined> {
    const kept = await this.get(name);
    if (kept && !kept.owner && owner) {
      const store = await this.#sources.secrets();
      // Where nothing can be written it stays as it is, and is the profile's own the next time, too.
      await store.bind(name, owner).catch((error: unknown) => {
        if (!canGoOn(error)) throw error;
      });
    }
    return kept?.value;
  }
}
