import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import type { Mapping } from "../../../src/core/model/akto.ts";
import {
  addToMapping,
  diffMappings,
  mappingProblems,
  normalizeGroupName,
  removeFromMapping,
  sameMapping,
  shellArgument,
  shellWord,
} from "../../../src/core/roles/mapping.ts";
import { builtInRoles, offeredRoles, parseRole } from "../../../src/core/roles/roles.ts";

const base: Mapping = new Map([
  ["Akto Admins", "ADMIN"],
  ["Akto Devs", "DEVELOPER"],
]);

describe("the mapping", () => {
  it("refuses a second role for a group, and a second group for a role", () => {
    expect(() => addToMapping(base, "Akto Admins", "GUEST")).toThrow(
      expect.objectContaining({ code: "mapping.group_mapped", kind: "rule" }),
    );
    expect(() => addToMapping(base, "Others", "ADMIN")).toThrow(
      expect.objectContaining({ code: "mapping.role_taken", kind: "rule" }),
    );
  });

  it("takes an entry that is there already as done", () => {
    expect(addToMapping(base, "Akto Admins", "ADMIN")).toBe(base);
  });

  it("trims a name as the dashboard does and says so", () => {
    expect(normalizeGroupName("  Akto Admins ")).toEqual({ name: "Akto Admins", trimmed: true });
    expect(addToMapping(base, " Guests ", "GUEST").get("Guests")).toBe("GUEST");
    expect(() => normalizeGroupName("   ")).toThrow(expect.objectContaining({ code: "mapping.empty_group" }));
  });

  it("removes an entry that an older Akto stored with a space at its end", () => {
    expect(removeFromMapping(new Map([["Devs ", "DEVELOPER"]]), "Devs ").size).toBe(0);
  });

  it("keeps names exact: another case is another group", () => {
    expect(() => removeFromMapping(base, "akto admins")).toThrow(
      expect.objectContaining({ code: "mapping.not_mapped" }),
    );
  });

  it("names each thing that Akto would refuse in a whole mapping", () => {
    const mapping = new Map([
      ["A", "ADMIN"],
      ["B", "ADMIN"],
      ["C", "gone"],
      [" ", "GUEST"],
    ]);
    expect(mappingProblems(mapping, []).map(({ code }) => code)).toEqual([
      "mapping.role_taken",
      "mapping.unknown_role",
      "mapping.empty_group",
    ]);
    expect(mappingProblems(new Map([["C", "unknown-here"]]), null)).toEqual([]);
  });

  it("tells two mappings apart by content, not by order", () => {
    expect(sameMapping(base, new Map([...base].reverse()))).toBe(true);
    expect(
      diffMappings(
        base,
        new Map([
          ["Akto Devs", "GUEST"],
          ["New", "ADMIN"],
        ]),
      ),
    ).toEqual([
      { group: "Akto Admins", from: "ADMIN", to: null },
      { group: "Akto Devs", from: "DEVELOPER", to: "GUEST" },
      { group: "New", from: null, to: "ADMIN" },
    ]);
  });

  it("stays one to one under any sequence of adds and removes", () => {
    const name = fc.oneof(fc.constantFrom("A", "B", " A", "__proto__", "constructor"), fc.string());
    const step = fc.oneof(
      fc.record({ add: name, role: fc.constantFrom(...builtInRoles.map(({ id }) => id)) }),
      fc.record({ remove: name }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let mapping: Mapping = new Map();
        for (const action of steps) {
          try {
            mapping =
              "add" in action
                ? addToMapping(mapping, action.add, action.role)
                : removeFromMapping(mapping, action.remove);
          } catch (error) {
            if (!isFailure(error)) throw error;
          }
          expect(new Set(mapping.values()).size).toBe(mapping.size);
          expect(mappingProblems(mapping, [])).toEqual([]);
        }
      }),
    );
  });
});

describe("naming a role", () => {
  it.each(["MEMBER", "member", "Security Engineer", "SECURITY ENGINEER", "security-engineer", " security_engineer "])(
    "takes %j for Security Engineer",
    (input) => expect(parseRole(input, []).id).toBe("MEMBER"),
  );

  it("takes a custom role by its exact name only", () => {
    const custom = [{ name: "Red-Team", baseRole: "DEVELOPER" }];
    expect(parseRole("Red-Team", custom)).toEqual({ id: "Red-Team", label: "Red-Team" });
    expect(() => parseRole("red-team", custom)).toThrow(expect.objectContaining({ code: "mapping.unknown_role" }));
  });

  it("takes an unknown custom role on trust only when told to", () => {
    expect(() => parseRole("auditor", null)).toThrow(/no role/);
    expect(parseRole("auditor", null, true).id).toBe("auditor");
    expect(() => parseRole("not a name!", null, true)).toThrow(/no role/);
  });

  it("offers what the dashboard offers", () => {
    expect(offeredRoles([{ name: "lead", baseRole: "ADMIN" }]).map(({ id }) => id)).toEqual([
      "ADMIN",
      "MEMBER",
      "DEVELOPER",
      "GUEST",
      "THREAT_ENGINEER",
      "THREAT_VIEWER",
      "lead",
    ]);
  });
});

describe("a word for the shell", () => {
  it("quotes what a shell would read otherwise", () => {
    expect(shellWord("Admins")).toBe("Admins");
    expect(shellWord("=ls")).toBe("'=ls'");
    expect(shellArgument("-x")).toBe("-- -x");
    for (const name of ["a\u0000b", "\u001b[31mred", "n".repeat(101)]) expect(shellArgument(name)).toBeUndefined();
    expect(shellWord("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  });
});
