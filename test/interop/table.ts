/** At the end of a run: a table for the person who waits, and what held goes into `docs/interoperability.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import Table from "cli-table3";
import type { TestCase, TestModule, TestRunEndReason } from "vitest/node";
import type { Reporter } from "vitest/reporters";
import { clean } from "../../src/core/text.ts";
import { type PeerResult, withResults } from "./document.ts";

const document = new URL("../../docs/interoperability.md", import.meta.url);

export default class ResultTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: TestRunEndReason): void {
    const tests = modules.map((module) => [...module.children.allTests()]);
    process.stdout.write(`\n${drawn(tests.flat())}\n`);
    if (reason === "interrupted") return;
    const results = tests.map(resultOf).filter((result) => result !== undefined);
    const before = readFileSync(document, "utf8");
    writeFileSync(document, withResults(before, results, { date: today(), node: process.version }));
  }
}

const today = () => new Date().toISOString().slice(0, 10);

const marks = { passed: "✓", failed: "✗", skipped: "–", pending: "–" } as const;

function drawn(tests: readonly TestCase[]): string {
  const table = new Table({
    head: ["", "peer", "tried", "came of it"],
    colWidths: [3, 18, 50, Math.max(40, (process.stdout.columns ?? 160) - 76)],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  const told = new Set<string>();
  for (const test of tests) {
    const { peer, saw = "" } = test.meta();
    const result = test.result();
    const title = `${peer?.name ?? ""} ${peer?.version ?? ""}`;
    if (result.state !== "skipped") {
      table.push([marks[result.state], title, test.name, clean(saw)]);
    } else if (result.note !== undefined && !told.has(title)) {
      told.add(title);
      table.push([marks.skipped, title, "nothing", clean(result.note)]);
    }
  }
  return table.toString();
}

/**
 * What a file's tests say of their peer, if they say something that is fit to be kept: all of them held, or the peer was not to
 * be had. A run of some of them says nothing.
 */
function resultOf(tests: readonly TestCase[]): PeerResult | undefined {
  const peer = tests.map((test) => test.meta().peer).find((each) => each !== undefined);
  if (!peer) return undefined;
  const skipped = tests.map((test) => test.result()).filter((result) => result.state === "skipped");
  const note = skipped.find((result) => result.note !== undefined)?.note;
  if (note !== undefined) return { peer, missing: note };
  if (skipped.length > 0 || !tests.every((test) => test.ok())) return undefined;
  return { peer, tried: tests.map((test) => ({ what: test.name, saw: test.meta().saw ?? "" })) };
}
