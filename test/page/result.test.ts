import fc from "fast-check";
import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../src/core/evidence.ts";
import { Failure } from "../../src/core/failure.ts";
import { describeMembership } from "../../src/core/login/membership.ts";
import { contentSecurityPolicy } from "../../src/page/document.ts";
import { renderResultPage } from "../../src/page/result.ts";
import { renderReport } from "../../src/terminal/report.ts";
import { accessTokenWith, claims, claimsAt, hostile, manyGroups, report } from "../browser/reports.ts";

/** The page without its own style sheet, which no outside text reaches. */
const withoutStyle = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, "");
const tags = (page: string) => Array.from(withoutStyle(page).matchAll(/<\/?([a-z0-9!-]+)/gi), ([, tag]) => tag);

describe("the result page", () => {
  it("tells the terminal's story in its order: who, role, claims, groups, mapping, notes", () => {
    const page = withoutStyle(
      renderResultPage(report(), { facts: [["Issuer", "https://acme.okta.com/oauth2/default"]] }),
    );
    const story = [
      "Ada Lovelace</bdi> becomes",
      "Admin</bdi>",
      "at the second sign-in",
      "New to Akto: the first session runs as Security Engineer",
      "Claims</h2>",
      "ada@acme.com",
      "Groups</h2>",
      "4 groups, from the access token",
      "Mapping</h2>",
      'why">decides the role',
      "Role</h2>",
      "is mapped to it",
      "With a login in another Akto account",
      "https://acme.okta.com/oauth2/default",
    ];
    const places = story.map((words) => page.replaceAll("&#39;", "'").indexOf(words));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("says at the top that a role is only Akto's default, or that access per product counts", () => {
    const top = (made: ReturnType<typeof report>) =>
      /<header>.*<\/header>/s
        .exec(renderResultPage(made))?.[0]
        .replaceAll(/<[^>]*>/g, "")
        .replaceAll("&#39;", "'") ?? "";
    const fallback = top(report({ token: { accessToken: accessTokenWith({ groups: ["Everyone"] }) } }));
    expect(fallback).toContain("Ada Lovelace signs in as Security Engineer, by default");
    expect(fallback).toContain("Security Engineer is only Akto's default: no group of the user decides a role");
    const scoped = new Map([["API", "GUEST"]]);
    const outranked = top(report({ membership: { kind: "member", storedRole: null, scopedRoles: scoped } }));
    expect(outranked).toContain("Ada Lovelace has access per product, which outranks Admin");
    expect(outranked).toContain("Access per product counts, not the role: API: Guest");
  });

  it.each([
    ["an admin", report()],
    ["somebody turned away by Akto", report({ organizationDomain: known("other.com"), membership: { kind: "new" } })],
    [
      "somebody turned away by Okta",
      report({
        request: {
          checks: [
            { id: "pkce", status: "fail", message: "The app requires PKCE.", hint: "Clear it.", evidence: "seen" },
          ],
          unheard: null,
          unknown: null,
        },
        membership: { kind: "member", storedRole: "GUEST", scopedRoles: new Map([["API", "GUEST"]]) },
      }),
    ],
    ["nobody's fallback", report({ token: { accessToken: "opaque" }, api: { kind: "no_token" } })],
    [
      "groups alone",
      report({
        user: null,
        token: { groups: ["Akto Developers"], inOkta: unknown("No token.") },
        membership: { kind: "unknown" },
      }),
    ],
  ])("says all that the terminal says: %s", (_, made) => {
    const page = withoutStyle(renderResultPage(made))
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code)));
    const terminal = renderReport(made, pico.createColors(false));
    const said = [
      made.role.label,
      ...made.groups.names,
      ...made.checks.flatMap(({ status, message, hint }) => [message, ...(status === "pass" || !hint ? [] : [hint])]),
      ...made.notes,
      ...made.candidates.map(({ group }) => group),
      ...(made.user ? [made.user.email, made.user.name] : []),
      ...(made.membership.kind === "unknown" ? [] : [describeMembership(made.membership)]),
    ];
    for (const words of said) {
      expect(terminal).toContain(words);
      // What stands between backticks there is code here.
      expect(page).toContain(words.replaceAll(/`(akto-okta [^`]*)`/g, "$1"));
    }
    const refused = made.turnedAwayBy === "okta" ? "Okta" : "Akto";
    if (!made.admitted) {
      expect(terminal).toContain(`turned away by ${refused}`);
      expect(page).toContain(`${refused} does not let the user in`);
    }
  });

  it("says so when Akto would turn the user away, and why", () => {
    const page = renderResultPage(report({ organizationDomain: known("other.com") }));
    expect(page).toContain("would be turned away");
    expect(page).toContain("“acme.com”");
    expect(page).not.toContain("Akto lets the user in");
  });

  it("says that Security Engineer is Akto's fallback", () => {
    const page = renderResultPage(report({ token: { accessToken: accessTokenWith({ groups: ["Everyone"] }) } }));
    expect(page).toContain("is not a guest");
    expect(page).toContain("fallback: no group decides");
  });

  it("folds 300 groups away, and shows the one that decides before them", () => {
    const page = renderResultPage(report({ token: { accessToken: accessTokenWith({ groups: manyGroups }) } }));
    expect(page.indexOf("decides the role")).toBeLessThan(page.indexOf("<details>"));
    expect(page.match(/<li/g)?.length).toBeGreaterThan(300);
    expect(page).toContain("All 300 groups");
  });

  it("shows a failure with what to do and its code", () => {
    const page = renderResultPage(new Failure("negative", "oidc.no_policy", `Okta: ${hostile}`, { hint: hostile }));
    expect(page).toContain("Sign-in did not work");
    expect(page).toContain("oidc.no_policy");
    expect(tags(page)).not.toContain("script");
    expect(tags(page)).not.toContain("b");
  });

  it("keeps its structure whatever the outside text is, and shows none of it raw", () => {
    const name = fc.oneof(fc.string({ unit: "binary" }), fc.constant(hostile), fc.constant("__proto__"));
    const made = (text: string) =>
      renderResultPage(
        report({
          user: { id: `x${text}`, email: `x${text}`, preferredUsername: text, name: `x${text}` },
          token: { groups: [`g${text}`, "Akto Admins"], inOkta: unknown("No token.") },
          mapping: new Map([
            [`g${text}`, `r${text}`],
            ["Akto Admins", "ADMIN"],
          ]),
          organizationDomain: unknown("It is not known here."),
        }),
        {
          facts: [[`f${text}`, text]],
          claims: {
            of: { accessToken: { [`c${text}`]: text }, idToken: { a: [text, text] }, userinfo: { a: { b: text } } },
            at: new Date(claimsAt),
          },
        },
      );
    const plain = tags(made("plain"));
    fc.assert(
      fc.property(name, (text) => {
        const page = made(text);
        expect(tags(page)).toEqual(plain);
        expect(withoutStyle(page).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });

  it("needs nothing from anywhere: no script, no link, no inline style, and a policy that says so", () => {
    const page = renderResultPage(report());
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<form|\sstyle=|\son[a-z]+=|\ssrc=|\shref=|url\(|@import/i);
    expect(contentSecurityPolicy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page).toContain('http-equiv="Content-Security-Policy"');
  });

  it("shows the decoded claims folded away, and says where there are none to see", () => {
    const page = renderResultPage(report(), { claims: { of: claims, at: new Date(claimsAt) } });
    const folded = page.slice(page.indexOf('<details class="card claims">'));
    expect(folded).toContain("<dt><code>iss</code></dt><dd><bdi>https://acme.okta.com/oauth2/default</bdi>");
    expect(folded).toContain("2026-11-26T17:05:12Z, just now");
    const opaque = renderResultPage(report(), {
      claims: { of: { ...claims, accessToken: null }, at: new Date(claimsAt) },
    });
    expect(opaque).toContain("Only Okta can read this token");
    expect(renderResultPage(report())).not.toContain("Decoded claims");
  });

  it("holds no token", () => {
    const secret = accessTokenWith({ groups: ["Akto Admins"], marked: "secret-mark" });
    const page = renderResultPage(report({ token: { accessToken: secret } }));
    expect(page).not.toContain(secret);
    expect(page).not.toContain("secret-mark");
  });
});
