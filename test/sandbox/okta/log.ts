/** The System Log of a running org: what is in it, and whether Okta's own description allows it. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import type { RunningOrg } from "./org.ts";

export interface ShownEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly actor: { readonly id: string; readonly type: string; readonly alternateId: string };
  readonly outcome: { readonly result: string; readonly reason: string | null };
  readonly target: readonly { readonly id: string; readonly type: string; readonly displayName: string }[] | null;
  readonly transaction: { readonly id: string; readonly detail: Readonly<Record<string, string>> };
  readonly authenticationContext: { readonly externalSessionId: string | null };
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(JSON.parse(readFileSync("test/fixtures/okta-log-and-policies.schema.json", "utf8")), "okta");

/** Fails with what is wrong when a value is not as Okta describes this schema. */
export function expectValid(schema: string, value: unknown): void {
  const validate = ajv.getSchema(`okta#/$defs/${schema}`);
  validate?.(value);
  expect(validate).toBeDefined();
  expect(validate?.errors ?? []).toEqual([]);
}

/** The events that a query finds, all pages of them, each of them valid. */
export async function readLog(org: RunningOrg, query: Record<string, string> = {}): Promise<ShownEvent[]> {
  const since = new Date(Date.now() - 24 * 3600_000).toISOString();
  const until = new Date(Date.now() + 24 * 3600_000).toISOString();
  let next: string | undefined = `/api/v1/logs?${new URLSearchParams({ since, until, ...query })}`;
  const events: ShownEvent[] = [];
  while (next !== undefined) {
    const { status, json, headers } = await org.call("GET", next);
    expect(status).toBe(200);
    for (const event of json as ShownEvent[]) {
      expectValid("LogEvent", event);
      events.push(event);
    }
    next = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
  }
  return events;
}

/** Event types with their outcome, as one line each. */
export const told = (events: readonly ShownEvent[]): string[] =>
  events.map(({ eventType, outcome: { result, reason } }) =>
    [eventType, result, ...(reason ? [reason] : [])].join(" "),
  );
