import { describe, expect, onTestFinished, test } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { serve } from "../http/server.ts";

/** An org with a list of so many pages, a user on each, and which of them were asked for. `respond` answers in its place. */
async function orgOf(pages: number, respond?: (page: number) => [status: number, body: string] | undefined) {
  const asked: number[] = [];
  let told = () => {};
  const log = (line: string) => {
    if (line.startsWith("←")) told();
  };
  const origin = await serve((request, response) => {
    const page = Number(new URL(request.url ?? "", origin).searchParams.get("after") ?? 1);
    asked.push(page);
    const next = page < pages ? { link: `<${origin}/api/v1/users?after=${page + 1}>; rel="next"` } : {};
    const [status, body] = respond?.(page) ?? [200, JSON.stringify([{ id: `00u${page}`, profile: { login: "a" } }])];
    response.writeHead(status, { "content-type": "application/json", ...next }).end(body);
  });
  const http = createHttpClient({ log, sleep: async () => {} });
  /** Resolves when one more answer has come. */
  const answered = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  return { org: createOktaOrg({ origin, token: "00token", http }), asked, answered };
}

async function idsOf(pages: AsyncIterable<readonly { readonly id: string }[]>) {
  const ids: string[] = [];
  for await (const page of pages) ids.push(...page.map(({ id }) => id));
  return ids;
}

describe("a list that is read to its end", () => {
  test("has its next page on its way while one is read, each asked for once and in order", async () => {
    const { org, asked, answered } = await orgOf(3);
    const pages = org.userPages()[Symbol.asyncIterator]();
    await pages.next();
    await answered();
    expect(asked).toEqual([1, 2]);
    expect(await idsOf({ [Symbol.asyncIterator]: () => pages })).toEqual(["00u2", "00u3"]);
    expect(asked).toEqual([1, 2, 3]);
  });

  test("tells what is wrong with a page after those before it", async () => {
    const wrong = new Map<number, [number, string]>([[3, [200, "{}"]]]);
    const { org } = await orgOf(4, (page) => wrong.get(page));
    const read: string[] = [];
    const reading = async () => {
      for await (const page of org.userPages()) read.push(...page.map(({ id }) => id));
    };
    await expect(reading()).rejects.toMatchObject({ code: "okta.unexpected_answer" });
    expect(read).toEqual(["00u1", "00u2"]);
  });

  test("that goes around in a circle ends as any other does", async () => {
    const origin = await serve((_, response) => {
      const link = `<${origin}/api/v1/users?after=1>; rel="next"`;
      response.writeHead(200, { "content-type": "application/json", link }).end("[]");
    });
    const org = createOktaOrg({ origin, token: "00token", http: createHttpClient() });
    await expect(idsOf(org.userPages())).rejects.toMatchObject({
      code: "okta.unexpected_answer",
      message: expect.stringMatching(/circle/),
    });
  });

  test("that is left has the page on its way given up, and nobody hears of it", async () => {
    const stray: unknown[] = [];
    const listen = (error: unknown) => stray.push(error);
    process.on("unhandledRejection", listen);
    onTestFinished(() => void process.off("unhandledRejection", listen));
    let [came, gone] = [() => {}, () => {}];
    const onItsWay = new Promise<void>((resolve) => {
      came = resolve;
    });
    const givenUp = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const origin = await serve((request, response) => {
      if (request.url?.includes("after")) {
        came();
        return response.on("close", gone);
      }
      const link = `<${origin}/api/v1/users?after=1>; rel="next"`;
      return response.writeHead(200, { "content-type": "application/json", link }).end("[]");
    });
    const org = createOktaOrg({ origin, token: "00token", http: createHttpClient() });
    for await (const _ of org.userPages()) {
      await onItsWay;
      break;
    }
    await givenUp;
    expect(stray).toEqual([]);
  });
});

test("of a list that may be left, nothing is asked for ahead", async () => {
  const { org, asked } = await orgOf(3);
  for await (const _ of org.users()) break;
  expect(asked).toEqual([1]);
});
