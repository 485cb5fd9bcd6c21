/** A peer is what somebody else made and the program is tried against: one a file. */
import { afterAll, beforeAll, beforeEach, expect, type TestContext } from "vitest";
import type { Ending } from "./sign-in.ts";
import { Missing, type Server } from "./tools.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Which peer the test is about. */
    peer?: { readonly name: string; readonly version: string };
    /** What came of it, in a few words. */
    saw?: string;
    /** Why the peer can't be tried. */
    missing?: string;
  }
}

/** How to have a peer. */
export interface PeerSource {
  readonly name: string;
  /** The pinned version. */
  readonly version: string;
  /** Gets it and starts it. A `Missing` skips its tests, with the reason. */
  readonly start: () => Promise<Server>;
}

/** Has the peer there while the file's tests run. */
export function withPeer({ name, version, start }: PeerSource): void {
  let server: Server | undefined;
  let missing: Missing | undefined;
  beforeAll(async () => {
    try {
      server = await start();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      missing = error;
    }
  });
  afterAll(() => server?.stop());
  beforeEach(({ task, skip }) => {
    task.meta.peer = { name, version };
    if (!missing) return;
    task.meta.missing = missing.message;
    skip([missing.message, missing.said].filter((words) => words !== "").join(": "));
  });
}

/** What must come of a run of the program. */
export interface Expected {
  /** The role of a sign-in, or the code of the failure. */
  readonly ends: string;
  readonly exits: number;
  /** Where the groups come from, and which they are. */
  readonly groups?: string;
  /** What the person must be told. */
  readonly says?: readonly RegExp[];
  /** What would lead them elsewhere. */
  readonly neverSays?: RegExp;
  /** `false` where nobody may be sent to a browser for nothing. */
  readonly opens?: false;
}

/** Notes what came of a sign-in, for the table, and holds it against what must. */
export function expectEnding({ task }: TestContext, ending: Ending, expected: Expected): void {
  const { exitCode, ended, words, groups } = ending;
  task.meta.saw = inAFewWords(ending, expected);
  const seen = JSON.stringify(ending, null, 2);
  expect({ ends: ended, exits: exitCode }, seen).toEqual({ ends: expected.ends, exits: expected.exits });
  if (expected.groups !== undefined) expect(groups, seen).toBe(expected.groups);
  for (const sentence of expected.says ?? []) expect(words).toMatch(sentence);
  if (expected.opens === false) expect(ending.opened, "a browser was opened").toBe(false);
  if (expected.neverSays) expect(words).not.toMatch(expected.neverSays);
}

/** How it ended, and of what the person was told the sentence that matters here. */
function inAFewWords({ exitCode, ended, groups, message, stranded, words }: Ending, expected: Expected): string {
  const told = words.split("\n").find((line) => expected.says?.some((sentence) => sentence.test(line)));
  if (stranded !== undefined) return `the browser stays with the provider; before that: ${told ?? ""}`;
  if (message !== undefined) return `exit ${exitCode}, ${ended}: ${message}`;
  return `exit ${exitCode}, ${ended}, groups from ${groups}${told === undefined ? "" : `; ${told}`}`;
}
