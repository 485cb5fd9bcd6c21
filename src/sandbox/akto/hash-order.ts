/** The order in which Akto returns a mapping: it keeps it in a Java `HashMap`, which has its own order. */

// A table doubles when it is fuller than this (Java's documentation of HashMap: initial capacity 16, load factor 0.75).
const smallestTable = 16;
const loadFactor = 0.75;

/** Java's `String.hashCode`, with the spread that `HashMap` gives it. */
function spreadHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash ^ (hash >>> 16);
}

/** The entries in the order in which a `HashMap` that was filled with them gives them. */
export function inHashOrder<Value>(entries: Iterable<readonly [string, Value]>): [string, Value][] {
  const all = Array.from(entries, ([key, value]): [string, Value] => [key, value]);
  let table = smallestTable;
  while (all.length > table * loadFactor) table *= 2;
  const place = (key: string) => spreadHash(key) & (table - 1);
  // The sort is stable, like the lists in the table's buckets.
  return all.sort(([a], [b]) => place(a) - place(b));
}
