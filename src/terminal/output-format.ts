/** How lists are printed: what `--output` takes. */
export const outputFormats = ["table", "json", "jsonl", "csv"] as const;
export type OutputFormat = (typeof outputFormats)[number];
