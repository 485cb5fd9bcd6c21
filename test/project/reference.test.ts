import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorCodes, renderManPage, renderReference } from "./reference.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** Compares with the file, or writes it where that is what the run is for. */
function expectFile(path: string, content: string): void {
  if (process.env.WRITE_REFERENCE) {
    mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
    writeFileSync(path, content);
  }
  expect(readFileSync(path, "utf8") === content, `${path} is out of date: npm run reference makes it anew`).toBe(true);
}

it("is the program's own: docs/reference.md", async () => {
  expectFile("docs/reference.md", await renderReference());
});

it("is the program's own: the man page", async () => {
  expectFile("man/akto-okta.1", await renderManPage(version));
});

it("knows every error code's exit, and what it says", () => {
  const codes = errorCodes();
  expect(codes.length).toBeGreaterThan(100);
  // These three end as what brought them about does.
  const asCause = ["akto.sso_lost", "akto.sso_restored", "okta.service_app_refused"];
  expect(codes.filter(({ kind }) => kind === "").map(({ code }) => code)).toEqual(asCause);
});
