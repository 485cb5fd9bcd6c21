import { expect, test } from "vitest";
import { nextLink, pathTo } from "../../src/okta/links.ts";

test.each([
  ['<https://a.example/x?after=1>; rel="next"', "https://a.example/x?after=1"],
  ['<https://a.example/x>; rel="self", <https://a.example/y>; rel="next"', "https://a.example/y"],
  ['<https://a.example/x,y;z>; title="a, \\"rel=next\\" <b>"; REL=Next', "https://a.example/x,y;z"],
  ['<https://a.example/x>; rel="prev next"', "https://a.example/x"],
  [
    "<https://a.example/x>;rel=self,<https://a.example/y>;rel=next,<https://a.example/z>;rel=next",
    "https://a.example/y",
  ],
  ['<//evil.example>; rel="next"', "https://evil.example/"],
  ['</api/v1/groups?after=2>; rel="next"', "https://a.example/api/v1/groups?after=2"],
  ["<?after=2>; rel=next", "https://a.example/api/v1/groups?after=2"],
  ['<https://a.example:99999/x>; rel="next"', "https://a.example:99999/x"],
  ['<https://a.example/x>; title="; rel=next"; rel="self"', undefined],
  ['<https://a.example/x>; rel="self"; rel="next"', undefined],
  ['<https://a.example/x>; title="; rel=self"; rel="next"', "https://a.example/x"],
  ['<https://a.example/x>; rel="nextish"', undefined],
  ['<https://a.example/x>; title="rel=next"', undefined],
  ["<https://a.example/x>", undefined],
  ["https://a.example/x; rel=next", undefined],
  ["", undefined],
  [null, undefined],
])("of the links %s the next one is %s", (header, next) => {
  expect(nextLink(header, "https://a.example/api/v1/groups?limit=2")).toBe(next);
});

test("an id stays in its segment of a path, and one that can't is found nowhere", () => {
  expect(pathTo`/api/v1/groups/${"a/../b?c#d%2e"}/users`).toBe("/api/v1/groups/a%2F..%2Fb%3Fc%23d%252e/users");
  expect(pathTo`/api/v1/apps/${"0oa"}/users/${"ada@acme.example"}`).toBe("/api/v1/apps/0oa/users/ada%40acme.example");
  for (const id of ["", ".", "..", "\ud800"]) {
    expect(() => pathTo`/api/v1/users/${id}`).toThrow(expect.objectContaining({ code: "okta.not_found" }));
  }
});
