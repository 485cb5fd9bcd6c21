/** Group names that are nearly the same: what an admin who typed one probably meant. */
import { distance } from "fastest-levenshtein";

/** How a name differs from the one that was typed. */
export type Difference = "case" | "spaces" | "look_alike" | "path" | "similar";

/** How a name differs, as the end of a sentence. */
export const differenceWords = {
  case: "differs in capitalization",
  spaces: "differs in spaces or hyphens",
  look_alike: "differs in look-alike characters",
  path: "differs in the path before it",
  similar: "is similar",
} as const satisfies Record<Difference, string>;

/** A group that was probably meant. */
export interface Suggestion {
  readonly name: string;
  readonly difference: Difference;
}

const foldCase = (name: string) => name.toLowerCase();
const foldSpaces = (name: string) =>
  foldCase(name)
    .replaceAll(/[\s_-]+/gu, " ")
    .trim();

// Letters of other scripts that look like Latin ones; compatibility forms and accents go by normalization.
const lookAlikes = new Map(
  Object.entries({
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    с: "c",
    у: "y",
    х: "x",
    і: "i",
    ѕ: "s",
    ј: "j",
    к: "k",
    м: "m",
    т: "t",
    н: "h",
    в: "b",
    α: "a",
    ο: "o",
    ρ: "p",
    ν: "v",
    ι: "i",
    κ: "k",
    τ: "t",
    "0": "o",
    "1": "l",
  }),
);
const foldLooks = (name: string) =>
  Array.from(
    foldSpaces(name.normalize("NFKD").replaceAll(/[\p{M}\p{Cf}\p{Cc}]/gu, "")),
    (character) => lookAlikes.get(character) ?? character,
  ).join("");

const folds = [
  ["case", foldCase],
  ["spaces", foldSpaces],
  ["look_alike", foldLooks],
] as const satisfies readonly (readonly [Difference, (name: string) => string])[];

/** The name after its path, which Keycloak writes before it unless told otherwise: `/staff/Akto Admins`. */
const leaf = (name: string) => (name.startsWith("/") ? name.slice(name.lastIndexOf("/") + 1) : name);

/**
 * How `name` differs from `typed` when a person would take both for the same name, else `undefined`.
 * Equal names do not differ.
 */
export function nearMiss(typed: string, name: string): Exclude<Difference, "similar"> | undefined {
  if (typed === name) return undefined;
  const fold = folds.find(([, fold]) => fold(typed) === fold(name));
  if (fold) return fold[0];
  // Of two paths the whole counts.
  const onePath = typed.startsWith("/") !== name.startsWith("/");
  return onePath && leaf(typed) !== "" && foldLooks(leaf(typed)) === foldLooks(leaf(name)) ? "path" : undefined;
}

/**
 * The names that were probably meant, best first: those that differ by case, spaces or look-alike characters, then
 * those a few letters away.
 *
 * @param most how many to give at the most
 */
export function suggestNames(typed: string, names: Iterable<string>, most: number = 3): Suggestion[] {
  const bound = Math.max(1, Math.floor(typed.length / 4));
  const found: { suggestion: Suggestion; rank: number }[] = [];
  for (const name of new Set(names)) {
    if (name === typed) continue;
    const miss = nearMiss(typed, name);
    if (miss) {
      found.push({
        suggestion: { name, difference: miss },
        rank: miss === "path" ? folds.length : folds.findIndex(([difference]) => difference === miss),
      });
      continue;
    }
    // Names of very different length are far apart; no need to measure.
    if (Math.abs(name.length - typed.length) > bound) continue;
    const away = distance(foldLooks(typed), foldLooks(name));
    if (away <= bound) found.push({ suggestion: { name, difference: "similar" }, rank: folds.length + away });
  }
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, most).map(({ suggestion }) => suggestion);
}
