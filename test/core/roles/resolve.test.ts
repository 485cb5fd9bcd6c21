import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conventionRole, decodeAccessToken, resolveRole, traceRole } from "../../../src/core/roles/resolve.ts";

interface Vector {
  id: string;
  input: Parameters<typeof resolveRole>[0];
  expected: { role: string; groups: string[]; source: string };
}

const vectors: Vector[] = readFileSync(new URL("../../fixtures/role-resolution.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const token = (payload: unknown) => `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;

describe("role resolution", () => {
  it("agrees with all 500 answers of Akto's own code", () => {
    expect(vectors).toHaveLength(500);
    for (const { id, input, expected } of vectors) {
      const { role, groups, source } = resolveRole(input);
      expect({ id, role, groups, source }).toEqual({ id, ...expected });
    }
  });

  it("names the entry that won and says why each other was passed over", () => {
    const trace = traceRole({
      accessToken: token({ groups: ["Ghosts", "Devs", "Watchers", "Admins", "Leads"] }),
      groupsFromApi: null,
      mapping: [
        ["Devs", "DEVELOPER"],
        ["Admins", "ADMIN"],
        ["Ghosts", "retired-role"],
        ["Watchers", "watcher"],
        ["Leads", "lead"],
      ],
      customRoles: [
        { name: "watcher", baseRole: "THREAT VIEWER" },
        { name: "lead", baseRole: "ADMIN" },
      ],
    });
    expect(trace).toMatchObject({ role: "ADMIN", group: "Admins", decidedBy: "mapping", source: "access_token" });
    expect(Object.fromEntries(trace.candidates.map(({ group, outcome }) => [group, outcome]))).toEqual({
      Ghosts: "unknown_role",
      Watchers: "base_role_unresolvable",
      Admins: "won",
      Devs: "lower_priority",
      Leads: "later_in_list",
    });
  });

  it("falls to Security Engineer for a user in no mapped group", () => {
    const answer = resolveRole({
      accessToken: token({ groups: ["Sales"] }),
      groupsFromApi: null,
      mapping: [],
      customRoles: [],
    });
    expect(answer).toEqual({
      role: "MEMBER",
      label: "Security Engineer",
      groups: ["Sales"],
      source: "access_token",
      decidedBy: "default",
      group: null,
    });
  });

  it.each([
    ["Akto Threat Engineer", "THREAT_ENGINEER"],
    ["AKTO_ADMIN", "ADMIN"],
    ["\takto_guest\n", "GUEST"],
    ["akto_admin ", undefined],
    ["akto-admin", undefined],
  ])("reads the convention name %j as %s", (group, role) => expect(conventionRole(group)).toBe(role));

  it("treats __proto__ and constructor as ordinary group names", () => {
    const resolve = (groups: string[], mapping: [string, string][]) =>
      resolveRole({ accessToken: token({ groups }), groupsFromApi: null, mapping, customRoles: [] });
    expect(resolve(["constructor"], []).decidedBy).toBe("default");
    expect(resolve(["__proto__"], [["__proto__", "ADMIN"]])).toMatchObject({ role: "ADMIN", group: "__proto__" });
  });

  it("does not take an inherited property for the claim", () => {
    expect(
      decodeAccessToken(`e30.${Buffer.from('{"__proto__":{"groups":["x"]}}').toString("base64url")}.x`),
    ).not.toHaveProperty("groups");
  });

  const name = fc.oneof(fc.constantFrom("Admins", "__proto__", "constructor", "akto_admin", "Devs"), fc.string());
  const role = fc.constantFrom("ADMIN", "MEMBER", "GUEST", "lead", "watcher", "gone");
  const customRoles = [
    { name: "lead", baseRole: "ADMIN" },
    { name: "watcher", baseRole: "THREAT VIEWER" },
  ];

  it("never throws, whatever the token is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => `a.${Buffer.from(text).toString("base64url")}.b`),
        ),
        (accessToken) => {
          expect(resolveRole({ accessToken, groupsFromApi: null, mapping: [], customRoles }).role).toBeTypeOf("string");
        },
      ),
    );
  });

  it("gives the same answer whatever the order of the mapping's entries", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, role), { selector: ([group]) => group }),
        fc.array(name),
        fc.infiniteStream(fc.nat()),
        (mapping, groups, order) => {
          const shuffled = mapping.map((entry) => ({ entry, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
          const input = { accessToken: token({ groups }), groupsFromApi: null, customRoles };
          expect(resolveRole({ ...input, mapping: shuffled.map(({ entry }) => entry) })).toEqual(
            resolveRole({ ...input, mapping }),
          );
        },
      ),
    );
  });
});
