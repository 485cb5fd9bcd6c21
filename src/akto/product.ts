/** Which of Akto's products a call is about. The SSO is one for all of them, but a key's owner may not have them all. */
import { isFailure } from "../core/failure.ts";
import { defaultProduct, knownProducts } from "../core/products.ts";

/** The product that calls name. */
export interface ProductChoice {
  /** The one to begin with; Akto's own default, `API`, unless given. */
  readonly product?: string | undefined;
  /** Whether the others are tried when Akto refuses that one. */
  readonly mayTryOthers?: boolean;
  /** Is told once which one works in its place. */
  readonly onFound?: (found: ProductFound) => void | Promise<void>;
}

export interface ProductFound {
  readonly refused: string;
  readonly works: string;
}

/** Sends a call that names this product. Throws what `refusal` tells. */
export type Send<Answer> = (product: string | undefined) => Promise<Answer>;

/** Finds out which product to name. */
export interface ProductFinder {
  /** Sends the call, again with another product where Akto refuses the first: a refused call has done nothing. */
  call<Answer>(send: Send<Answer>): Promise<Answer>;
  /** The product that calls name; `undefined` for Akto's own default. */
  current(): string | undefined;
}

/**
 * A finder that looks once, with a question that only an Admin may ask.
 *
 * @param ask that question
 */
export function createProductFinder(choice: ProductChoice, ask: Send<unknown>): ProductFinder {
  const { mayTryOthers = true, onFound = () => {} } = choice;
  let { product } = choice;
  let search: Promise<void> | undefined;

  async function find(refusedWith: unknown): Promise<void> {
    const refused = product ?? defaultProduct;
    let reason = refusedWith;
    for (const candidate of knownProducts.filter((name) => name !== refused)) {
      try {
        await ask(candidate);
      } catch (error) {
        if (isFailure(error, "akto.other_product")) continue;
        // Access, but not an Admin's: that tells more than a product that is out of reach.
        if (isFailure(error, "akto.not_allowed")) {
          reason = error;
          continue;
        }
        // A rule was applied, so that the call was let through to it.
        if (!isFailure(error) || error.kind !== "rule") throw error;
      }
      product = candidate;
      await onFound({ refused, works: candidate });
      return;
    }
    throw reason;
  }

  return {
    call: async (send) => {
      const asked = product;
      try {
        return await send(asked);
      } catch (error) {
        if (!mayTryOthers || !isFailure(error, "akto.other_product")) throw error;
        if (product === asked) {
          search ??= find(error);
          await search;
        }
        return send(product);
      }
    },
    current: () => product,
  };
}
