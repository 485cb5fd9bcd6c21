/**
 * What the fuzzing of parsers has in common: outside data as it should not be, and what must hold whatever comes.
 *
 * `FUZZ_RUNS` says how often each property is tried (`npm run fuzz`); a long run prints the slowest input of each.
 */
import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { isFailure } from "../../src/core/failure.ts";
import type { HttpClient } from "../../src/http/types.ts";
import { hostile, hostileText } from "../hostile.ts";

const asked = Number(process.env.FUZZ_RUNS || 0);

/** How often a property is tried, and how long it may take. `share` is for what is slow: one run in so many. */
export function effort(share = 1): { runs: fc.Parameters<unknown>; timeout: number } {
  const numRuns = Math.max(1, Math.round((asked || 50) / share));
  return { runs: { numRuns }, timeout: asked ? 3_600_000 : 30_000 };
}

// Node prints these on standard error as they are, outside text and all.
const warnings: Error[] = [];
const noteWarning = (warning: Error) => warnings.push(warning);
process.on("warning", noteWarning);

const slowest = new Map<string, { time: number; input: unknown }>();
afterAll(() => {
  process.off("warning", noteWarning);
  expect(warnings).toEqual([]);
  for (const [what, { time, input }] of slowest) {
    const shown = JSON.stringify(input)?.slice(0, 200);
    if (asked) process.stdout.write(`${what}: at most ${Math.round(time)} ms, for ${shown}\n`);
  }
});

function note(what: string, started: number, input: unknown): void {
  const time = performance.now() - started;
  if (time > (slowest.get(what)?.time ?? 0)) slowest.set(what, { time, input });
}

/**
 * Reads an input. What is thrown must be a failure with harmless texts, and nothing may have been put on the objects that
 * all others inherit from.
 *
 * @returns what was read, or `undefined` when it was refused
 */
export function survives<Value>(what: string, input: unknown, read: () => Value): Value | undefined {
  const started = performance.now();
  try {
    return read();
  } catch (error) {
    checkFailure(error);
    return undefined;
  } finally {
    note(what, started, input);
    checkPrototypes();
  }
}

/** {@link survives} for what takes its time. */
export async function survivesLater<Value>(
  what: string,
  input: unknown,
  read: () => Promise<Value>,
): Promise<Value | undefined> {
  const started = performance.now();
  try {
    return await read();
  } catch (error) {
    checkFailure(error);
    return undefined;
  } finally {
    note(what, started, input);
    checkPrototypes();
  }
}

function checkFailure(error: unknown): void {
  if (!isFailure(error) || error.kind === "bug") throw error;
  expectHarmless(error.message);
  // A hint may have several lines.
  for (const line of (error.hint ?? "").split("\n")) expectHarmless(line);
}

/** A text that people read is one line without anything that moves the cursor or reorders it. */
export function expectHarmless(text: string): void {
  if (hostile.test(text)) expect(text).not.toMatch(hostile);
}

function checkPrototypes(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype]) {
    if (Object.keys(prototype).length > 0) expect(Object.keys(prototype)).toEqual([]);
  }
}

// What JavaScript itself gives a meaning.
const traps = ["__proto__", "constructor", "prototype", "toString", "length", "then", "hasOwnProperty", "valueOf"];

/** Any JSON, most of it made of these keys and texts, some of it deep. */
export function anyJson(keys: readonly string[] = []): fc.Arbitrary<unknown> {
  const key = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...keys, ...traps) }, hostileText);
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      hostileText,
      fc.constantFrom(null, true, false, 0, -1, 1e21, 0.5, "", [], {}),
      fc.integer(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((entries) => ownEntries(entries)),
    ),
  })).value;
}

/** An object with these as its own keys, `__proto__` too, as `JSON.parse` makes it. */
function ownEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

/** A change that makes one part or several of a document into something else. */
export function spoiling(keys: readonly string[] = []): fc.Arbitrary<(document: unknown) => unknown> {
  const change = fc.tuple(fc.array(fc.nat({ max: 30 }), { maxLength: 6 }), anyJson(keys));
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => (valid) => changes.reduce((document, [path, value]) => replaced(document, path, value), valid));
}

/** A valid document, spoiled: nearer to what a parser goes wrong on than any JSON is. */
export function spoiled(valid: unknown, keys: readonly string[] = []): fc.Arbitrary<unknown> {
  return spoiling(keys).map((spoil) => spoil(valid));
}

function replaced(document: unknown, [step, ...rest]: readonly number[], value: unknown): unknown {
  if (step === undefined || typeof document !== "object" || document === null) return value;
  if (Array.isArray(document)) {
    if (document.length === 0) return [value];
    const at = step % document.length;
    return document.with(at, replaced(document[at], rest, value));
  }
  const entries = Object.entries(document);
  const at = step % Math.max(1, entries.length);
  return Object.fromEntries(
    entries.map(([key, each], index) => [key, index === at ? replaced(each, rest, value) : each]),
  );
}

/** A text of which pieces are missing, doubled or something else. */
export function spoiledText(valid: string, pieces: readonly string[] = []): fc.Arbitrary<string> {
  const piece = fc.oneof(hostileText, ...(pieces.length > 0 ? [fc.constantFrom(...pieces)] : []));
  const edit = fc.tuple(fc.nat({ max: valid.length }), fc.nat({ max: 12 }), piece, fc.boolean());
  return fc
    .array(edit, { maxLength: 4 })
    .map((edits) =>
      edits.reduce(
        (text, [at, length, inserted, twice]) =>
          `${text.slice(0, at)}${inserted}${twice ? text.slice(Math.max(0, at - length), at) : ""}${text.slice(at + length)}`,
        valid,
      ),
    );
}

/** An HTTP client that gives these answers in turn, the last one for good, without a network. */
export function answering(
  ...answers: readonly { status?: number; headers?: Record<string, string>; body: string }[]
): HttpClient {
  let asked = 0;
  return {
    fetch: async () => {
      const { status = 200, headers = {}, body } = answers[Math.min(asked++, answers.length - 1)] ?? { body: "" };
      const bodiless = status === 204 || status === 304;
      return new Response(bodiless ? null : body, {
        status,
        headers: { "content-type": "application/json", ...headers },
      });
    },
  };
}

/** The status of an answer, the good one half of the time. */
export const anyStatus: fc.Arbitrary<number> = fc.oneof(
  fc.constant(200),
  fc.constantFrom(201, 204, 302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503, 599),
);

const deepObject = `${'{"profile":'.repeat(10_000)}1${"}".repeat(10_000)}`;

/** A body: JSON, cut JSON, a page, or nothing. */
export function anyBody(json: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const text = json.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 6, arbitrary: text },
    fc.tuple(text, fc.nat({ max: 60 })).map(([whole, cut]) => whole.slice(0, cut)),
    hostileText,
    fc.constantFrom(
      "",
      "<html><title>x</title></html>",
      "\ufeff{}",
      "nul",
      "[".repeat(9999),
      `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
      deepObject,
    ),
  );
}

/** A header's value: what HTTP lets through. */
export const anyHeader: fc.Arbitrary<string> = hostileText.map((text) => text.replaceAll(/[^\x20-\x7e]/g, "").trim());
