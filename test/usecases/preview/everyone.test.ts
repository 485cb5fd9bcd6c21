import { expect, test } from "vitest";
import { readEveryone } from "../../../src/usecases/preview/everyone.ts";

const user = (id: string, status = "ACTIVE") => ({ id, login: id, name: id, email: id, status });
const isActive = ({ status }: { status: string }) => status === "ACTIVE";

/** Pages that come when they are let. */
function pagesOnDemand() {
  const gates: (() => void)[] = [];
  const pages = [[user("a"), user("b", "SUSPENDED")], [user("b"), user("c")], [user("d")]];
  async function* all() {
    for (const page of pages) {
      await new Promise<void>((resolve) => gates.push(resolve));
      yield page;
    }
  }
  /** Lets the next page come. */
  const next = async () => {
    gates.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pages: all(), next };
}

test("that there are more people than so many is told as soon as they have come, that there are not at the end", async () => {
  const { pages, next } = pagesOnDemand();
  const said: string[] = [];
  const everyone = readEveryone(pages, (label) => said.push(label));
  const told: [most: number, answer: boolean][] = [];
  for (const most of [0, 1, 2, 3]) void everyone.moreThan(most, isActive).then((answer) => told.push([most, answer]));
  await next();
  expect(told).toEqual([[0, true]]);
  await next();
  expect(told).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(everyone.haveCome()).toBe(false);
  await next();
  expect(everyone.haveCome()).toBe(true);
  expect(told.slice(2)).toEqual([
    [2, true],
    [3, false],
  ]);
  expect((await everyone.all()).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  expect(said.at(-1)).toBe("Reading who is assigned … 4 people");
  expect(await everyone.moreThan(2, isActive)).toBe(true);
});

test("who can't be read to the end counts as far as they came, and the failure is told to whoever asks for all", async () => {
  async function* pages() {
    yield [user("a")];
    throw new Error("The line went dead.");
  }
  const everyone = readEveryone(pages(), () => {});
  expect(await everyone.moreThan(0, isActive)).toBe(true);
  expect(await everyone.moreThan(1, isActive)).toBe(false);
  await expect(everyone.all()).rejects.toThrow("The line went dead.");
});

test("where nobody needs the rest, no more pages are asked for", async () => {
  let asked = 0;
  async function* pages() {
    for (;;) {
      asked += 1;
      yield [user(`u${asked}`)];
    }
  }
  const everyone = readEveryone(pages(), () => {});
  expect(await everyone.moreThan(2, isActive)).toBe(true);
  everyone.stop();
  await everyone.all();
  expect(asked).toBeLessThan(10);
});
