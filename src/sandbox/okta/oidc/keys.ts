/** The keys that the org signs its tokens with. */
import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { newKeyId } from "../state.ts";
import type { OktaState } from "../types.ts";

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

// Okta signs with RS256 and keys of this size.
const newPair = () => promisify(generateKeyPair)("rsa", { modulusLength: 2048 });

// Making one takes long, so the orgs of a process begin with the same pair, each under its own id.
let firstPair: ReturnType<typeof newPair> | undefined;

async function firstKey(id: string): Promise<SigningKey> {
  firstPair ??= newPair();
  return { id, ...(await firstPair) };
}

async function newKey(id: string): Promise<SigningKey> {
  return { id, ...(await newPair()) };
}

/** The keys of the org: the one that signs, and after a rotation the one before it, which verifiers still need. */
export interface SigningKeys {
  all(): Promise<readonly SigningKey[]>;
  /** Makes a new key, which signs from now on. */
  rotate(): void;
}

/** Starts making the first key at once, but nobody waits for it until it is needed. */
export function signingKeys(signing: OktaState["signing"], now: () => number): SigningKeys {
  let keys: readonly Promise<SigningKey>[] = [firstKey(signing.kid)];
  return {
    all: () => Promise.all(keys),
    rotate() {
      Object.assign(signing, { kid: newKeyId(), lastRotated: now() });
      keys = [newKey(signing.kid), ...keys.slice(0, 1)];
    },
  };
}
