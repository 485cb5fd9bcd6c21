/** The System Log, read leniently: Okta adds types, keys and words to it at any time. */
import { isRecord } from "../core/json.ts";
import type { LogParty, SystemLogEvent } from "../core/model/log.ts";
import type { Connection } from "./connection.ts";
import type { OktaLog } from "./types.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const part = (of: unknown, name: string): Record<string, unknown> => {
  const value = isRecord(of) && Object.hasOwn(of, name) ? of[name] : undefined;
  return isRecord(value) ? value : {};
};

const day = 24 * 3600_000;

/** Okta's words for “none”. */
const nothing = new Set(["", "unknown", "null"]);
const orNull = (value: unknown): string | null => (nothing.has(textOf(value)) ? null : textOf(value));

/** Values as texts: anything else as JSON. */
const texts = (record: Record<string, unknown>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(record).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );

function readParty(value: unknown): LogParty {
  const party = isRecord(value) ? value : {};
  const { id, type, displayName, alternateId } = party;
  return {
    id: textOf(id),
    type: textOf(type),
    name: orNull(displayName) ?? orNull(alternateId) ?? "",
    login: orNull(alternateId),
    detail: texts(part(party, "detailEntry")),
    changed: Object.keys(part(part(party, "changeDetails"), "to")),
  };
}

/** An event as Okta answers it; `null` for anything that isn't one, or has no time. */
export function readEvent(value: unknown): SystemLogEvent | null {
  if (!isRecord(value)) return null;
  const published = new Date(textOf(value.published));
  if (Number.isNaN(published.getTime())) return null;
  const outcome = part(value, "outcome");
  return {
    id: textOf(value.uuid),
    at: published.toISOString(),
    type: textOf(value.eventType),
    title: textOf(value.displayMessage),
    result: textOf(outcome.result),
    reason: textOf(outcome.reason) || null,
    actor: readParty(value.actor),
    targets: Array.isArray(value.target) ? value.target.filter(isRecord).map(readParty) : [],
    clientId: orNull(part(value, "client").id),
    transaction: orNull(part(value, "transaction").id),
    session: orNull(part(value, "authenticationContext").externalSessionId),
    debug: texts(part(part(value, "debugContext"), "debugData")),
  };
}

/** The System Log of an org. */
export function oktaLog(connection: Connection): OktaLog {
  return {
    async *pages({ since, until, open = false, filter, newestFirst = false, pageSize = 1000 }) {
      // A request without an end would poll: its pages never stop (Okta behavior). Both bounds are always sent, and one that
      // stands for now is so late that no clock is behind it.
      const query = {
        since: since.toISOString(),
        until: new Date(until.getTime() + (open ? day : 0)).toISOString(),
        sortOrder: newestFirst ? "DESCENDING" : "ASCENDING",
        limit: pageSize,
        filter,
      };
      for await (const page of connection.pages("/api/v1/logs", query)) {
        yield page.map(readEvent).filter((event) => event !== null);
      }
    },
  };
}
