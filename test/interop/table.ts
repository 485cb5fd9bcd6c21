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
    process.stdout.write(`\n${drawn(modules)}\n`);
    if (reason === "interrupted") return;
    const results = modules
      .map((module) => resultOf([...module.children.allTests()]))
      .filter((result) => result !== undefined);
    const before = readFileSync(document, "utf8");
    writeFileSync(document, withResults(before, results, { date: today(), node: process.version }));
  }
}

const today = () => new Date().toISOString().slice(0, 10);

const marks = { passed: "✓", failed: "✗", skipped: "–", pending: "–" } as const;

function drawn(modules: readonly TestModule[]): string {
  const table = new Table({
    head: ["", "tried", "came of it"],
    colWidths: [3, 60, Math.max(50, (process.stdout.columns ?? 160) - 69)],
    wordWrap: true,
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const module of modules) {
    const rows = rowsOf(module);
    if (rows.length > 0) table.push(["", `── ${titleOf(module)}`, ""], ...rows);
  }
  return table.toString();
}

/** The peer and its version, or the file where it did not come to a test. */
function titleOf(module: TestModule): string {
  const tests = [...module.children.allTests()];
  const peer = tests.map((test) => test.meta().peer).find((each) => each !== undefined);
  return peer ? `${peer.name} ${peer.version}` : module.relativeModuleId;
}

type Row = [mark: string, tried: string, cameOfIt: string];

function rowsOf(module: TestModule): Row[] {
  const suites = [...module.children.allSuites()];
  const errors = [...module.errors(), ...suites.flatMap((suite) => suite.errors())];
  if (errors.length > 0) return errors.map(({ message }) => [marks.failed, "nothing", clean(message, 900)]);
  const tests = [...module.children.allTests()].map((test) => ({ test, result: test.result() }));
  for (const { result } of tests) {
    // One reason holds for all of them. A test that the command line left out has none.
    if (result.state === "skipped" && result.note !== undefined)
      return [[marks.skipped, "nothing", clean(result.note, 900)]];
  }
  return tests
    .filter(({ result }) => result.state !== "skipped")
    .map(({ test, result }) => [marks[result.state], test.name, clean(test.meta().saw ?? "")]);
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
