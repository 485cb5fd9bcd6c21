/** The keys that the org signs its tokens with. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function newKey(id: string): Promise<SigningKey> {
  // Okta signs with RS256 and keys of this size.
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { id, ...pair };
}

/** All keys of the org, the newest first: it signs. */
export interface SigningKeys {
  all(): Promise<readonly SigningKey[]>;
  /** @param id the new key's */
  add(id: string): void;
}

/** Starts to make the first key at once, but nobody waits for it until it is needed. */
export function signingKeys(id: string): SigningKeys {
  let keys: readonly Promise<SigningKey>[] = [newKey(id)];
  return {
    all: () => Promise.all(keys),
    add(newId) {
      keys = [newKey(newId), ...keys];
    },
  };
}
