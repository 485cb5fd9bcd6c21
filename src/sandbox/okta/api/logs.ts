/** `/api/v1/logs`: the System Log. */
import { isRecord } from "../../../core/json.ts";
import { ApiError, invalid } from "../errors.ts";
import { type Operator, type Property, parseFilter } from "../filter.ts";
import type { LogEvent } from "../log/types.ts";
import { type Call, listed, type Reply, type Route, route } from "../routes.ts";

const day = 24 * 3600 * 1000;
/** How long events are kept; older ones are not returned (Okta behavior). */
const retention = 90 * day;

/** How Okta's log answers a query that it can't make sense of. */
const badQuery = (summary: string) => new ApiError(400, "E0000053", summary);

/** The values at a dotted path, through lists too: `target.id` is the ids of all targets. */
const property: Property<LogEvent> = (event, name) => {
  const values = valuesAt(event, name.split("."));
  return values.length === 0 ? undefined : values;
};

function valuesAt(value: unknown, path: readonly string[]): (string | number | boolean | null)[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [key, ...rest] = path;
  if (key !== undefined) return isRecord(value) && Object.hasOwn(value, key) ? valuesAt(value[key], rest) : [];
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [value] : [];
}

const fields =
  /^(eventType|displayMessage|legacyEventType|severity|uuid|version|(actor|client|authenticationContext|debugContext|outcome|transaction|target|securityContext|request|device)\.[\w.]+)$/;

/** @throws ApiError for what Okta does not search by */
function searchable(name: string, operator: Operator): boolean {
  if (!fields.test(name)) throw badQuery(`field is not valid: ${name}`);
  if (operator === "co" && /^debugContext\.debugData\.(url|requestUri)$/.test(name)) {
    const what = "The supplied combination of operator and field is not currently supported.";
    throw new ApiError(400, "E0000031", `${what} Operator: ${operator}, Field: ${name}`);
  }
  return true;
}

function filterOf(text: string | null): (event: LogEvent) => boolean {
  if (!text) return () => true;
  try {
    return parseFilter(text, property, searchable);
  } catch (error) {
    if (!(error instanceof ApiError) || !error.message.startsWith("Invalid search criteria. ")) throw error;
    throw badQuery(`Invalid filter '${text}': ${error.message.slice("Invalid search criteria. ".length)}`);
  }
}

/** Every word must be somewhere in the event, whatever its case. */
function keywordsOf(text: string | null): (event: LogEvent) => boolean {
  const words = (text ?? "").split(/\s+/).filter((word) => word !== "");
  const shorten = "Please shorten the items in your search or use an advanced filter to query by specific fields.";
  if (words.length > 10) throw invalid(`'q': Freeform search cannot contain more than 10 items. ${shorten}`, []);
  if (words.some((word) => word.length > 40)) {
    throw invalid(`'q': Freeform search cannot contain items longer than 40 characters. ${shorten}`, []);
  }
  return (event) => {
    const whole = allValues(event).join("\n").toLowerCase();
    return words.every((word) => whole.includes(word.toLowerCase()));
  };
}

function allValues(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(allValues);
  if (isRecord(value)) return Object.values(value).flatMap(allValues);
  return value === null ? [] : [String(value)];
}

const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** @throws ApiError E0000001 */
function timeOf({ query }: Call, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const time = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const causes = [
    "The date format in your query is not recognized. Please enter dates using ISO8601 string format.",
    "must be a valid date-time or empty.",
  ];
  throw invalid(
    `'${name}': ${causes[0]} '${name}': ${causes[1]}`,
    causes.map((cause) => `${name}: ${cause}`),
  );
}

function limitOf({ query }: Call): number {
  const text = query.get("limit") ?? "100";
  if (/^\d{1,4}$/.test(text) && Number(text) <= 1000) return Number(text);
  throw invalid("'limit': must be between 0 and 1000.", ["limit: must be between 0 and 1000."]);
}

function descends({ query }: Call): boolean {
  const order = query.get("sortOrder") || "ASCENDING";
  if (order === "ASCENDING" || order === "DESCENDING") return order === "DESCENDING";
  throw invalid("'sortOrder': must be ASCENDING or DESCENDING.", ["sortOrder: must be ASCENDING or DESCENDING."]);
}

function listEvents(call: Call): Reply {
  const { state, query, making } = call;
  const now = making.now();
  const until = timeOf(call, "until");
  const since = timeOf(call, "since") ?? (until ?? now) - 7 * day;
  if (since < now - 180 * day) {
    throw badQuery("Invalid parameter: The since parameter is over 180 days prior to the current day.");
  }
  const limit = limitOf(call);
  const [filter, keywords] = [filterOf(query.get("filter")), keywordsOf(query.get("q"))];
  const descending = descends(call);
  const page = state.log.page({
    since: Math.max(since, now - retention),
    until: until ?? Number.POSITIVE_INFINITY,
    descending,
    limit,
    after: query.get("after") || undefined,
    test: (event) => filter(event) && keywords(event),
  });
  if (!page) throw badQuery("Invalid parameter: The after parameter is not valid.");
  // Without an end the request polls: there is always a page after this one, however empty (Okta behavior).
  const polls = until === undefined && !descending;
  const next = limit > 0 && (page.more || polls);
  return listed(call, { rows: page.events, next: next ? page.mark : undefined }, limit);
}

export const logRoutes: readonly Route[] = [route("GET", "/api/v1/logs", "logs.read", listEvents)];
