/** What happened in the org, in order. */
import { randomUUID } from "node:crypto";
import type { LogDraft, LogEvent, LoggedEvent, LogRequest } from "./types.ts";

/** The most events that are kept; the oldest go first. */
const most = 50_000;

/** Which events are asked for. Times are epoch milliseconds. */
export interface LogQuery {
  /** The first moment, included. */
  readonly since: number;
  /** The first moment that is no longer wanted. */
  readonly until: number;
  readonly descending: boolean;
  readonly limit: number;
  /** The mark that an earlier page gave. */
  readonly after: string | undefined;
  readonly test: (event: LogEvent) => boolean;
}

/** A page of the log. */
export interface LogPage {
  readonly events: readonly LogEvent[];
  /** A mark after the last event of the page. */
  readonly mark: string;
  readonly more: boolean;
}

/** The System Log of one org. */
export class SystemLog {
  readonly #now: () => number;
  readonly #delay: () => number;
  /** In order of their time, those of one moment in the order in which they were recorded. */
  #events: LoggedEvent[] = [];
  #sequence = 0;
  readonly #held = new Map<string, LogDraft>();

  /**
   * @param now the org's clock, in epoch milliseconds
   * @param delay how late events reach the log at the moment, in milliseconds
   */
  constructor(now: () => number, delay: () => number) {
    this.#now = now;
    this.#delay = delay;
  }

  /** Writes an event down. */
  record(draft: LogDraft): void {
    const at = draft.at ?? this.#now();
    this.#sequence += 1;
    const event = { sequence: this.#sequence, at, body: eventOf(draft, at) };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > at) place -= 1;
    this.#events.splice(place, 0, event);
    if (this.#events.length > most) this.#events = this.#events.slice(-most);
  }

  /** Holds an event back until its session is known. */
  hold(key: string, event: LogDraft): void {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= most && oldest !== undefined) this.#held.delete(oldest);
    this.#held.set(key, event);
  }

  /** Writes the event down that was kept back under this key, if one was, with what is known now. */
  release(key: string, known: Partial<LogDraft>): void {
    const event = this.#held.get(key);
    this.#held.delete(key);
    if (event) this.record({ ...event, ...known });
  }

  /** A page of what is in the log by now; `undefined` when the mark is not one of this log's. */
  page({ since, until, descending, limit, after, test }: LogQuery): LogPage | undefined {
    const mark = after === undefined ? undefined : readMark(after);
    if (after !== undefined && mark === undefined) return undefined;
    const arrived = this.#now() - this.#delay();
    const inOrder = descending ? this.#events.toReversed() : this.#events;
    const events: LogEvent[] = [];
    let last = after ?? "";
    for (const event of inOrder) {
      if (event.at < since || event.at >= until || event.at > arrived || !test(event.body)) continue;
      if (mark && !isPast(event, mark, descending)) continue;
      if (events.length === limit) return { events, mark: last, more: true };
      events.push(event.body);
      last = markOf(event);
    }
    return { events, mark: last, more: false };
  }
}

interface Mark {
  readonly at: number;
  readonly sequence: number;
}

function isPast(event: LoggedEvent, mark: Mark, descending: boolean): boolean {
  const order = event.at - mark.at || event.sequence - mark.sequence;
  return descending ? order < 0 : order > 0;
}

const markOf = ({ at, sequence }: LoggedEvent) => Buffer.from(`${at}_${sequence}`).toString("base64url");

function readMark(text: string): Mark | undefined {
  const [, at, sequence] = /^(\d{1,15})_(\d{1,15})$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
  return at === undefined ? undefined : { at: Number(at), sequence: Number(sequence) };
}

function eventOf(draft: LogDraft, at: number): LogEvent {
  const { eventType, displayMessage, actor, target, result, reason = null, request } = draft;
  const { session = "unknown", debugData, tokenId, clientId = null } = draft;
  return {
    actor,
    client: { ...clientOf(request), id: clientId },
    device: null,
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      externalSessionId: session,
    },
    displayMessage,
    eventType,
    outcome: { result, reason },
    published: new Date(at).toISOString(),
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    severity: result === "FAILURE" || result === "DENY" ? "WARN" : "INFO",
    debugContext: {
      debugData: { ...(request ? { requestId: request.transaction, requestUri: request.path } : {}), ...debugData },
    },
    legacyEventType: null,
    transaction: {
      type: request ? "WEB" : "JOB",
      id: request?.transaction ?? randomUUID(),
      detail: tokenId === undefined ? {} : { requestApiTokenId: tokenId },
    },
    uuid: randomUUID(),
    version: "0",
    request: { ipChain: request ? [ipOf(request)] : [] },
    target: target.length === 0 ? null : target,
  };
}

function clientOf(request: LogRequest | undefined) {
  if (!request) return { userAgent: null, zone: null, device: null, ipAddress: null, geographicalContext: null };
  const { userAgent, ip } = request;
  return {
    userAgent: { rawUserAgent: userAgent, os: "Unknown", browser: "UNKNOWN" },
    zone: "null",
    device: "Unknown",
    ipAddress: ip,
    geographicalContext: null,
  };
}

const ipOf = ({ ip }: LogRequest) => ({
  ip,
  geographicalContext: null,
  version: ip.includes(":") ? "V6" : "V4",
  source: null,
});
