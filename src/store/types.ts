/** What is kept between two runs. Secrets are never part of a profile. */
import type { Profile } from "../core/model/profile.ts";
import type { SecretName, SecretOwner, StoredSecret } from "../core/model/secret.ts";

/** The profiles on this machine. */
export interface ProfileStore {
  /** The folder that holds everything. */
  readonly directory: string;
  /** The profile's name: what `--profile` gave. */
  readonly name: string;
  /** The file that holds the profile, for messages. */
  readonly path: string;
  /** The profile; an empty one when it was never written. A corrupt file is set aside and named in the failure. */
  read(): Promise<Profile>;
  /**
   * Changes the profile under a lock: reads it, applies `change`, writes it atomically.
   * When `change` throws, nothing is written.
   */
  update(change: (profile: Profile) => Profile): Promise<Profile>;
  /** Removes the profile. */
  remove(): Promise<void>;
  /**
   * Runs `work` while no other process with the same folder, whatever its profile, runs its own: for a change of what takes
   * a whole and not a difference, such as the mapping in Akto or an app in Okta. Where no lock can be put down (a read-only
   * home), it runs without.
   *
   * @param whole what is changed; the mapping unless given
   * @throws Failure `store.locked`; the signal's reason; and what `work` throws
   */
  alone<Value>(work: () => Promise<Value>, signal?: AbortSignal, whole?: Whole): Promise<Value>;
}

/** What is changed as a whole, and so by one process at a time. */
export type Whole = "mapping" | "app";

/** Where a profile's secrets are kept: never in the profile. */
export interface SecretStore {
  /** Where they are kept, in words for a message: `the file …` or `the keychain`. */
  readonly description: string;
  get(name: SecretName): Promise<StoredSecret | undefined>;
  set(name: SecretName, secret: StoredSecret): Promise<void>;
  /** Notes the owner of a secret that was stored without one; it stays where it is. */
  bind(name: SecretName, owner: SecretOwner): Promise<void>;
  delete(name: SecretName): Promise<void>;
}

/** What `--secrets` takes. */
export type SecretKind = "keychain" | "file" | "none";

/** A place that keeps secrets. */
export interface SecretPlace extends SecretStore {
  readonly kind: Exclude<SecretKind, "none">;
  /** Whether this machine has it. Loads whatever it takes to find out. */
  available(): Promise<boolean>;
}
