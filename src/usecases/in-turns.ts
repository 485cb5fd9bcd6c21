/** How many requests go out side by side: enough to be quick, few enough for Okta's limit on concurrent ones. */
const sideBySide = 8;

/** Does `work` for every item, a few at a time. @returns the results in the items' order; the first error ends it */
export async function inTurns<Item extends object | string | number, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (!failed && next < items.length) {
      const index = next++;
      const item = items[index];
      if (item === undefined) continue;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(sideBySide, items.length) }, worker));
  return results;
}
