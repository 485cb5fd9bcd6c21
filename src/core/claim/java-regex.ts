/** Regular expressions as Okta reads them: Java's, held against the whole text. */

/**
 * A regular expression of Java's as one of JavaScript's, which matches whole texts (Okta behavior: its own examples
 * write `.*Name.*` for a part of a name).
 *
 * @returns `undefined` where the two languages might not mean the same, or where a name might be tried for ages
 */
export function javaPattern(source: string): RegExp | undefined {
  if (source.length > longest) return undefined;
  const inline = /^\(\?i\)/.exec(source);
  // Java takes any escaped punctuation, JavaScript's strict mode only some: written as its code it is the same in both.
  const portable = source
    .slice(inline?.[0].length ?? 0)
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => `\\x${mark.charCodeAt(0).toString(16).padStart(2, "0")}`);
  // A class within a class, or an intersection of classes, is Java's alone.
  if (/\[[^\]]*(\[|&&)/.test(portable)) return undefined;
  try {
    const pattern = new RegExp(`^(?:${portable})$`, inline ? "iu" : "u");
    if (waysThrough(portable) > mostWays) return undefined;
    // V8 makes it ready with the first text of either width, and only then says that it is too large.
    for (const text of ["a", "\u4e00"]) pattern.test(text);
    return pattern;
  } catch {
    return undefined;
  }
}

/** How many ways to match a name may have to be tried: some tenths of a second's worth. */
const mostWays = 2 ** 26;
/** How long and how deep a pattern may be: V8 ends the whole process over one that is nested too deep for its stack. */
const longest = 10_000;
const deepest = 100;
/** The longest group name that Okta takes is 255 characters. */
const lengths = 256;

/**
 * How many ways a valid pattern has to match a name, at most: what JavaScript, which tries one after the other, may have to
 * go through before it gives up. Somebody else wrote it, and a wrong one would keep the program busy for years.
 */
function waysThrough(source: string): number {
  // An atom: an escape, a class, the opening of a group, or any other character.
  const token =
    /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|.)|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?|[)|]|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu;
  // For each group that is open: its finished alternatives, the one under way without its last atom, and that atom.
  const open = [{ finished: 0, before: 1, atom: 1 }];
  for (const [text] of source.matchAll(token)) {
    const group = open.at(-1);
    if (!group || open.length > deepest) return Number.POSITIVE_INFINITY;
    if (text.startsWith("(")) open.push({ finished: 0, before: 1, atom: 1 });
    else if (text === "|") {
      Object.assign(group, { finished: group.finished + group.before * group.atom, before: 1, atom: 1 });
    } else if (text === ")") {
      open.pop();
      const around = open.at(-1);
      const inside = group.finished + group.before * group.atom;
      if (around) Object.assign(around, { before: around.before * around.atom, atom: inside });
    } else if (/^[*+?{]/.test(text)) group.atom = repeated(group.atom, text);
    else Object.assign(group, { before: group.before * group.atom, atom: 1 });
  }
  return open.reduce((ways, { finished, before, atom }) => ways + finished + before * atom, 0);
}

function repeated(ways: number, quantifier: string): number {
  if (quantifier.startsWith("?")) return ways + 1;
  const [, least = "0", most = ""] = /^\{(\d+)(?:,(\d*))?\}/.exec(quantifier) ?? [];
  const exactly = quantifier.startsWith("{") && !quantifier.includes(",");
  if (exactly) return ways ** Number(least);
  if (ways > 1)
    return most === "" ? Number.POSITIVE_INFINITY : ways ** Number(most) * (Number(most) - Number(least) + 1);
  return most === "" ? lengths : Math.min(lengths, Number(most) - Number(least) + 1);
}
