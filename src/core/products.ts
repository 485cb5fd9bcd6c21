/** Akto's products. An Admin may have access to some of them alone, and every call says which one it is about. */
import { Failure } from "./failure.ts";
import { looksSecret } from "./redaction.ts";
import { quoted } from "./text.ts";

/** The product that a call is about when it names none (Akto behavior). */
export const defaultProduct = "API";

/** The products that are known here, in the order in which they are tried. */
export const knownProducts: readonly string[] = [defaultProduct, "AGENTIC", "ENDPOINT", "GEN_AI", "MCP", "DAST"];

/**
 * A product's name as a call gives it. One that is not known here is taken on trust: Akto gets new ones.
 *
 * @throws Failure `akto.product_invalid`
 */
export function parseProduct(input: string): string {
  const name = input.trim().toUpperCase().replaceAll(/[\s-]/g, "_");
  if (/^[A-Z][A-Z0-9_]{0,39}$/.test(name) && !looksSecret(input)) return name;
  const shown = looksSecret(input) ? "That" : quoted(input);
  throw new Failure("usage", "akto.product_invalid", `${shown} is not an Akto product.`, {
    hint: `Use one such as ${knownProducts.slice(0, 3).join(", ")}.`,
  });
}
