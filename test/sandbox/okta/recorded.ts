/** How real Okta orgs answered, as test/fixtures/okta-recorded-answers.json tells it, and answers told in the same way. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { isRecord } from "../../../src/core/json.ts";
import { type RunningOrg, startOrg } from "./org.ts";

/** What was recorded of one endpoint and status. */
export interface Recorded {
  readonly recordings: number;
  readonly withLinkHeader?: number;
  readonly objects?: number;
  /** Path of a key → `seen/objects`, its kinds of value, how often it was null, and its values where they are few. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly errors?: readonly {
    readonly errorCode: string;
    readonly errorSummary: string;
    readonly errorCauses: readonly string[];
  }[];
}

/** `GET /api/v1/groups/{id} 200` → what was recorded of it. */
export const recorded: ReadonlyMap<string, Recorded> = new Map(
  Object.entries(
    JSON.parse(readFileSync(new URL("../../fixtures/okta-recorded-answers.json", import.meta.url), "utf8")),
  ),
);

/** What the recordings say of one key. */
export interface RecordedKey {
  /** The share of the answers that had it, from 0 to 1. */
  readonly share: number;
  readonly kinds: ReadonlySet<string>;
  /** Its values, where the recordings name them all. */
  readonly values: ReadonlySet<string> | undefined;
}

export function readKey(text: string): RecordedKey {
  const [, seen, objects, rest = ""] = /^(\d+)\/(\d+) (.*)$/.exec(text) ?? [];
  const [kinds = "", values] = rest.replace(/ \(\d+ null\)/, "").split(" = ");
  return {
    share: Number(seen) / Number(objects),
    kinds: new Set(kinds.split(" ")),
    values: values === undefined ? undefined : new Set(values.split(" | ").map((value) => value.toLowerCase())),
  };
}

/** A value at a path of keys, in the words of the recordings. */
interface Told {
  readonly path: string;
  readonly kind: string;
  readonly value: string;
}

/** An object as the recordings tell one: its leaves, each with the path to it. */
export function tell(value: unknown, path = ""): Told[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return [{ path: `${path}[]`, kind: "[]", value: "" }];
    return value.flatMap((entry: unknown) => tell(entry, `${path}[]`));
  }
  if (!isRecord(value)) return [{ path, kind: value === null ? "null" : typeof value, value: String(value ?? "") }];
  const entries = Object.entries(value);
  if (entries.length === 0) return path === "" ? [] : [{ path, kind: "{}", value: "" }];
  return entries.flatMap(([key, entry]) => tell(entry, path === "" ? key : `${path}.${key}`));
}

/** One answer of the sandbox, filed under its endpoint and status. */
export interface Answer {
  readonly endpoint: string;
  /** The answer's object, or each one of its list. */
  readonly objects: readonly unknown[];
  readonly empty: boolean;
  readonly linked: boolean;
}

/** An org that is asked, and remembers what it answered. */
export interface Asked {
  readonly org: RunningOrg;
  readonly answers: readonly Answer[];
  /** Asks, and gives the answer's JSON; fails unless the status is this one. */
  ask(method: string, path: string, status: number, body?: unknown): Promise<Json>;
}

// What an answer holds is for each test to know.
type Json = Record<string, string> & { readonly [index: number]: Record<string, string> };

/** The words of a path; whatever else stands in one is an id. */
const words =
  /^(|api|v1|oauth2|\.well-known|okta-organization|internal|settings|oauth|idToken|[a-z]+(_[a-z]+)*|[a-z]+Servers|api-tokens|keyRotate)$/;

const templateOf = (path: string) =>
  (path.split("?")[0] ?? "")
    .split("/")
    .map((part) => (words.test(part) ? part : "{id}"))
    .join("/");

/** Starts an org to ask. */
export async function startAsked(seed?: Parameters<typeof startOrg>[0]): Promise<Asked> {
  const org = await startOrg(seed);
  const answers: Answer[] = [];
  return {
    org,
    answers,
    async ask(method, path, status, body) {
      const answer = await org.call(method, path, body);
      expect({ asked: `${method} ${path}`, status: answer.status, json: answer.json }).toMatchObject({ status });
      answers.push({
        endpoint: `${method} ${templateOf(path)} ${status}`,
        objects: Array.isArray(answer.json) ? answer.json : answer.json === undefined ? [] : [answer.json],
        empty: answer.json === undefined,
        linked: answer.headers.has("link"),
      });
      return (answer.json ?? {}) as Json;
    },
  };
}
