/** Regular expressions as Okta reads them: Java's, held against the whole text. */

/**
 * A regular expression of Java's as one of JavaScript's, which matches whole texts (Okta behaviour: its own examples
 * write `.*Name.*` for a part of a name).
 *
 * @returns `undefined` where the two languages might not mean the same
 */
export function javaPattern(source: string): RegExp | undefined {
  const inline = /^\(\?i\)/.exec(source);
  // Java takes any escaped punctuation, JavaScript's strict mode only some: written as its code it is the same in both.
  const portable = source
    .slice(inline?.[0].length ?? 0)
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`);
  // A class within a class, or an intersection of classes, is Java's alone.
  if (/\[[^\]]*(\[|&&)/.test(portable)) return undefined;
  try {
    return new RegExp(`^(?:${portable})$`, inline ? "iu" : "u");
  } catch {
    return undefined;
  }
}
