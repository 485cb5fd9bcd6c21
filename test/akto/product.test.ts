import { describe, expect, test } from "vitest";
import { createAktoDashboard } from "../../src/akto/dashboard.ts";
import type { ProductFound } from "../../src/akto/product.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { recordedAnswers } from "../akto-answers.ts";
import { serve } from "../http/server.ts";

const http = createHttpClient({ sleep: async () => {} });
const recorded = (name: string) => recordedAnswers.find((each) => each.case === name);
const otherProduct = recorded("key of an admin of other products");
const noAdmin = recorded("key of a member");
const answer = recorded("the same, with the product named");

/** A dashboard whose key's owner is an Admin of some products, and something less of others. */
async function account(admin: readonly string[], member: readonly string[] = []) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    const product = String(request.headers["x-context-source"] ?? "none");
    asked.push(`${request.url?.replace("/api/", "")} ${product}`);
    const reply = admin.includes(product) ? answer : member.includes(product) ? noAdmin : otherProduct;
    response.writeHead(reply?.status ?? 500).end(JSON.stringify(reply?.answer));
  });
  const found: ProductFound[] = [];
  const dashboard = (choice: { product?: string; mayTryOthers?: boolean } = {}) =>
    createAktoDashboard({ url, apiKey: "key", http, onFound: (each) => void found.push(each), ...choice });
  return { asked, found, dashboard };
}

describe("the product that a call names", () => {
  test("is none where Akto's own default does", async () => {
    const { asked, found, dashboard } = await account(["none"]);
    const akto = dashboard();
    expect(await akto.fetchSso()).toBeNull();
    expect(akto.product()).toBeUndefined();
    expect({ asked, found }).toEqual({ asked: ["fetchOktaSso none"], found: [] });
  });

  test("is looked for once when Akto refuses that, even by several calls at once, writes among them", async () => {
    const { asked, found, dashboard } = await account(["ENDPOINT"]);
    const akto = dashboard();
    await Promise.all([akto.fetchGroups(), akto.deleteSso()]);
    await akto.fetchSso();
    expect(akto.product()).toBe("ENDPOINT");
    expect(found).toEqual([{ refused: "API", works: "ENDPOINT" }]);
    expect(asked.toSorted()).toEqual(
      [
        "fetchOktaGroups none",
        "deleteOktaSso none",
        "fetchOktaSso AGENTIC",
        "fetchOktaSso ENDPOINT",
        "fetchOktaGroups ENDPOINT",
        "deleteOktaSso ENDPOINT",
        "fetchOktaSso ENDPOINT",
      ].toSorted(),
    );
  });

  test("is left for another, the default among them, when a kept one no longer does", async () => {
    const { found, dashboard } = await account(["API"]);
    expect(await dashboard({ product: "AGENTIC" }).fetchSso()).toBeNull();
    expect(found).toEqual([{ refused: "AGENTIC", works: "API" }]);
  });

  test("is the one that somebody named, and no other", async () => {
    const { asked, dashboard } = await account(["ENDPOINT"]);
    await expect(dashboard({ product: "AGENTIC", mayTryOthers: false }).fetchSso()).rejects.toMatchObject({
      code: "akto.other_product",
    });
    expect(asked).toEqual(["fetchOktaSso AGENTIC"]);
  });

  test("passes over those in which the owner is no Admin, and says so when there is no other", async () => {
    const one = await account(["ENDPOINT"], ["AGENTIC"]);
    expect(await one.dashboard().fetchSso()).toBeNull();
    const none = await account([], ["AGENTIC"]);
    const refused = none.dashboard();
    await expect(refused.fetchSso()).rejects.toMatchObject({ code: "akto.not_allowed" });
    const asked = none.asked.length;
    await expect(refused.fetchGroups()).rejects.toMatchObject({ code: "akto.not_allowed" });
    expect(none.asked.length).toBe(asked + 1);
    await expect((await account([])).dashboard().fetchSso()).rejects.toMatchObject({ code: "akto.other_product" });
  });
});
