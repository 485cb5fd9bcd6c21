import fc from "fast-check";
import { parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { renderReviewPage } from "../../src/page/review.ts";
import { hostile } from "../browser/reports.ts";
import { review } from "../browser/reviews.ts";

const withoutStyle = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, "");
const tags = (page: string) => Array.from(withoutStyle(page).matchAll(/<\/?([a-z0-9!-]+)/gi), ([, tag]) => tag);
const text = (page: string) =>
  withoutStyle(page)
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));

/** The same with another name for the placeholder, wherever it stands. */
function withName<Value>(value: Value, name: string): Value {
  if (typeof value === "string") return value.replaceAll("PLACEHOLDER", () => name) as Value;
  if (value instanceof Map || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withName(item, name)) as Value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withName(item, name)])) as Value;
}

describe("the access review", () => {
  it("tells everyone once under their role, the roles with their counts, and what was told of each", () => {
    const made = review({ people: 120, compared: true });
    const page = parse(renderReviewPage(made));
    const people = page.querySelectorAll("section[aria-labelledby=people] tbody tr");
    expect(people.length).toBe(120);
    const logins = people.map((row) => row.querySelector(".login bdi")?.text);
    expect(new Set(logins)).toEqual(new Set(made.rows.map(({ person }) => person.login)));
    for (const { id, label, people: those } of made.totals.roles) {
      const heading = page.querySelectorAll("h3").find((each) => each.text === label);
      expect(heading?.parentNode?.querySelectorAll("tbody tr").length).toBe(those);
      expect(id).toBeTruthy();
    }
    const away = made.rows.filter(({ role }) => role === null).length;
    expect(page.querySelector("#turned-away")?.parentNode?.querySelectorAll(".tag.away").length).toBe(away);
    const byDefault = page.querySelectorAll("section[aria-labelledby=people] .tag.fallback").length;
    expect(byDefault).toBe(made.totals.byDefault);
  });

  it("says what another mapping would change, and for whom", () => {
    const made = review({ people: 60, compared: true });
    const page = text(renderReviewPage(made));
    const all = made.totals.changes.reduce((sum, { people }) => sum + people, 0);
    expect(all).toBeGreaterThan(2);
    expect(page).toContain(`mapping.yaml gives ${all} people a different role`);
    expect(text(renderReviewPage(review({ people: 60 })))).not.toContain("What another mapping would change");
  });

  it("says what the next sign-in changes in Akto, who stays there without one, or that Akto was not asked", () => {
    const page = text(renderReviewPage(review({ people: 60 })));
    for (const words of ["Another role at the next sign-in", "outranks the role", "Akto removes nobody by itself"]) {
      expect(page).toContain(words);
    }
    const alone = text(renderReviewPage(review({ people: 60, asked: false })));
    expect(alone).toContain("Akto was not asked");
    expect(alone).not.toContain("In Akto now");
  });

  it("claims no certainty that there isn't", () => {
    const sure = { ...review({ people: 7 }), unknown: [] };
    expect(text(renderReviewPage(sure))).toContain("Everything that decides could be read");
    const unsure = { ...sure, unknown: ["The access policies can't be read."] };
    expect(text(renderReviewPage(unsure))).not.toContain("Everything that decides could be read");
    expect(text(renderReviewPage(unsure))).toContain("The access policies can't be read.");
    const alone = { ...review({ people: 7, asked: false }), unknown: [] };
    expect(text(renderReviewPage(alone))).not.toContain("Everything that decides could be read");
    const blocked = { ...sure, blocked: "The app “Akto” is inactive in Okta." };
    expect(text(renderReviewPage(blocked))).toMatch(/As things stand, nobody gets into Akto[\s\S]*inactive in Okta/);
    expect(text(renderReviewPage(blocked))).not.toContain("would get into");
  });

  it.each([
    [0, "Nobody is assigned to “Akto” in Okta"],
    [1, "One person would get into Akto"],
    [6, "All 6 people would get into Akto"],
    [7, "6 of 7 people would get into Akto"],
  ])("begins with how many get in: of %d", (people, heading) => {
    expect(parse(renderReviewPage(review({ people }))).querySelector("h1")?.text).toBe(heading);
  });

  it("keeps its structure whatever the names are, and shows none of them raw", () => {
    const name = fc.oneof(fc.string({ unit: "binary" }), fc.constant(hostile), fc.constant("__proto__"));
    // Put in afterwards: a name also decides which groups the claim brings, and so who gets what.
    const given = review({ people: 21, oddName: "PLACEHOLDER", compared: true });
    const made = (odd: string) => renderReviewPage(withName(given, `x${odd}`));
    const plain = tags(made("plain"));
    fc.assert(
      fc.property(name, (odd) => {
        const page = made(odd);
        expect(tags(page)).toEqual(plain);
        expect(withoutStyle(page).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 60 },
    );
  });

  it("needs nothing from anywhere, and its policy says so", () => {
    const page = renderReviewPage(review({ people: 21, compared: true }));
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|<form|\sstyle=|\son[a-z]+=|\ssrc=|\shref="(?!#)|url\(|@import/i,
    );
    expect(page).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]+=*&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
    );
  });

  it("has an anchor for each of its links, each once", () => {
    const page = parse(renderReviewPage(review({ people: 60, compared: true, moreGroups: 80 })));
    const ids = page.querySelectorAll("[id]").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const targets = page.querySelectorAll("a").map((link) => link.getAttribute("href")?.slice(1));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !ids.includes(target ?? ""))).toEqual([]);
  });

  it("draws every group, and of very many the ones that decide the most, with a description in words", () => {
    const few = parse(renderReviewPage(review({ people: 60 })));
    const drawn = few.querySelectorAll("svg g:not(.role) text:not(.number)").map(({ text: name }) => name);
    expect(drawn).toContain("Akto Admins");
    expect(drawn).toContain("No group decides");
    expect(few.querySelector("svg")?.getAttribute("aria-labelledby")).toBe("drawing-title drawing-description");
    expect(few.querySelector("desc")?.text).toMatch(/Admin for \d+ people: Akto Admins, \d+/);
    const many = parse(renderReviewPage(review({ people: 60, moreGroups: 300 })));
    expect(many.querySelectorAll("svg g").length).toBeLessThan(60);
    expect(many.querySelector("svg")?.text).toMatch(/\d+ other groups/);
    expect(many.querySelectorAll("section[aria-labelledby=groups] tbody tr").length).toBeGreaterThan(300);
  });
});
