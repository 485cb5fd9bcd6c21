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
    head: ["", "tried", "came of it"],
    colWidths: [3, 60, Math.max(50, (process.stdout.columns ?? 160) - 69)],
    wordWrap: true,
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  let last = "";
  for (const test of tests) {
    const { peer, saw = "" } = test.meta();
    const result = test.result();
    const title = `${peer?.name ?? ""} ${peer?.version ?? ""}`;
    const skipped = result.state === "skipped";
    // A test that the command line left out has no peer and no reason.
    if (skipped && result.note === undefined) continue;
    if (title !== last) table.push(["", `── ${title}`, ""]);
    if (!skipped) table.push([marks[result.state], test.name, clean(saw)]);
    else if (title !== last) table.push([marks.skipped, "nothing", clean(result.note, 900)]);
    last = title;
  }
  return table.toString();
}

/**
 * What a file's tests say of their peer, if they say something that is fit to be kept: all of them held, or the peer was not to
 * be had. A run of some of them says nothing.
 */
function resultOf(tests: readonly TestCase[]): PeerResult | undefined {
  const metas = tests.map((test) => test.meta());
  const peer = metas.find((meta) => meta.peer)?.peer;
  if (!peer) return undefined;
  const missing = metas.find((meta) => meta.missing !== undefined)?.missing;
  if (missing !== undefined) return { peer, missing };
  if (!tests.every((test) => test.result().state === "passed")) return undefined;
  return { peer, tried: tests.map((test) => ({ what: test.name, saw: test.meta().saw ?? "" })) };
}
