import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/core/evidence.ts";
import type { LoginFacts } from "../../../src/core/login/facts.ts";
import type { Membership } from "../../../src/core/login/report.ts";
import { answerOf, standingOf, summaryOf } from "../../../src/core/login/standing.ts";
import { renderReport } from "../../../src/terminal/report.ts";
import { accessTokenWith, report } from "../../browser/reports.ts";

const member = (storedRole: string | null, scoped: Record<string, string> = {}): Membership => ({
  kind: "member",
  storedRole,
  scopedRoles: new Map(Object.entries(scoped)),
});
const inGroups = (...groups: string[]): Partial<LoginFacts> => ({
  token: { accessToken: accessTokenWith({ groups }) },
});
const unmapped = inGroups("Everyone");

describe("the first line of a report", () => {
  it.each<[membership: Membership, over: Partial<LoginFacts>, mark: string, line: string]>([
    [member("ADMIN"), {}, "pass", "Ada Lovelace gets the role Admin, as now."],
    [member("GUEST"), {}, "pass", "Ada Lovelace gets the role Admin at the next sign-in, in place of Guest."],
    [member(null), {}, "pass", "Ada Lovelace gets the role Admin at the next sign-in, in place of Security Engineer."],
    [{ kind: "unknown" }, {}, "pass", "Ada Lovelace gets the role Admin."],
    [
      { kind: "new" },
      {},
      "warn",
      "Ada Lovelace signs in as Security Engineer the first time, and as Admin from the second time on.",
    ],
    [{ kind: "new" }, inGroups("Akto Security"), "pass", "Ada Lovelace gets the role Security Engineer."],
    [{ kind: "invited" }, {}, "warn", "Ada Lovelace is invited to Akto, and what the invitation says outranks Admin."],
    [
      member("GUEST", { API: "GUEST" }),
      {},
      "warn",
      "Ada Lovelace has access per product (API: Guest), which outranks Admin.",
    ],
    [{ kind: "new" }, unmapped, "warn", "Ada Lovelace gets the role Security Engineer by default: no group decides."],
    [
      member("ADMIN"),
      unmapped,
      "warn",
      "Ada Lovelace gets the role Security Engineer by default at the next sign-in, in place of Admin: no group decides.",
    ],
    [
      member("ADMIN"),
      { organizationDomain: unknown("The domain is not known.") },
      "pass",
      "Ada Lovelace gets the role Admin, as now.",
    ],
    [
      { kind: "unknown" },
      { organizationDomain: unknown("The domain is not known.") },
      "warn",
      "Ada Lovelace probably gets the role Admin.",
    ],
    [
      { kind: "new" },
      { user: { id: "00u1", email: "eve@evil.com", preferredUsername: "eve", name: "Eve" } },
      "fail",
      "Eve would be turned away by Akto. The role would be Admin.",
    ],
    [{ kind: "unknown" }, { user: null }, "pass", "A user in these groups gets the role Admin."],
  ])("says what %o can do now, and after the next sign-in", (membership, over, mark, line) => {
    const made = report({ membership, ...over });
    expect(answerOf(made).mark).toBe(mark);
    expect(summaryOf(made)).toBe(line);
    const [first = ""] = renderReport(made, pico.createColors(false)).split("\n");
    expect(first.replace(/ <[^>]*>/, "").slice(2)).toBe(line);
  });

  it("has a kind for programs", () => {
    expect(standingOf(report({ membership: member("GUEST") }))).toEqual({ kind: "role", now: "GUEST" });
    expect(standingOf(report({ membership: { kind: "new" } }))).toEqual({ kind: "new" });
    expect(standingOf(report({ membership: { kind: "invited" } }))).toEqual({ kind: "outranked", by: "invitation" });
    expect(standingOf(report({ membership: member(null, { API: "GUEST" }) }))).toEqual({
      kind: "outranked",
      by: "product_access",
    });
  });

  it("shows no name that could do harm as it is", () => {
    const made = report({
      membership: member("\u001b[2J"),
      user: { id: "1", email: "a@acme.com", preferredUsername: "a", name: "\u001b[31m" },
    });
    expect(summaryOf(made)).not.toContain("\u001b");
  });
});
