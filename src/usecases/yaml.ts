import type { Document } from "yaml";
import { replaceHarmful } from "../core/text.ts";

/**
 * A document as YAML that may go to a terminal and keeps every text exact, lone surrogates too: a text that could do harm
 * stands in double quotes, with YAML's own escapes.
 */
export async function toYaml(document: Document): Promise<string> {
  const { visit } = await import("yaml");
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === "string" && replaceHarmful(node.value, () => "") !== node.value) {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  return replaceHarmful(document.toString({ lineWidth: 0 }), (codePoint) =>
    codePoint === 0x0a ? "\n" : yamlEscape(codePoint),
  );
}

/** YAML 1.2 section 5.7: `\u` with four digits, `\U` with eight. */
function yamlEscape(codePoint: number): string {
  const hex = codePoint.toString(16);
  return codePoint > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
