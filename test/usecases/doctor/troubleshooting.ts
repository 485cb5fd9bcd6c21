/** The cases of docs/troubleshooting.md: which scenarios each is about, and what it says that `doctor` shows. */
import { readFileSync } from "node:fs";
import type { Outcome } from "../../../src/core/doctor/check.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";

export interface DocumentedCase {
  readonly scenarios: readonly string[];
  readonly checks: readonly string[];
  /** The lines of output, as `doctor` prints them. */
  readonly lines: readonly string[];
  readonly saysFix: boolean;
}

/** Reads the page: a case starts with its scenarios and checks, `a` and `b` · checks `c`, and goes up to the next. */
export function documentedCases(): DocumentedCase[] {
  const paragraphs = readFileSync("docs/troubleshooting.md", "utf8").split(/\n\n/);
  const cases: { heads: [string, string]; body: string[] }[] = [];
  for (const paragraph of paragraphs) {
    const [, scenarios, checks] = /^(`[^·]*) ·\s(?:no )?(checks?\b[\s\S]*)$/su.exec(paragraph) ?? [];
    if (scenarios !== undefined && checks !== undefined) cases.push({ heads: [scenarios, checks], body: [] });
    else cases.at(-1)?.body.push(paragraph);
  }
  const names = (text: string) => Array.from(text.matchAll(/`([\w-]+)`/g), ([, name]) => name ?? "");
  return cases.map(({ heads: [scenarios, checks], body }) => ({
    scenarios: names(scenarios),
    checks: names(checks),
    lines: body.flatMap((text) => text.split("\n").filter((line) => /^[✗!] /u.test(line))),
    saysFix: body.some((text) => text.includes("`--fix`")),
  }));
}

/** An outcome's line, with the names that the page has for the sandbox's addresses. */
export function lineOf({ check: { status, message } }: Outcome, { akto, okta }: Sandbox): string {
  const { host, port } = new URL(okta.url);
  return `${status === "fail" ? "✗" : "!"} ${message}`
    .replaceAll(akto.url, "https://app.akto.io")
    .replaceAll(host, "acme.okta.com")
    .replaceAll(`:${port}`, "");
}
