/** Things that go wrong on the way: by flag at the start, and by a control endpoint while the sandbox runs. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { clean, quoted } from "../core/text.ts";
import { readBody } from "./guard.ts";

/** The half of the sandbox that a fault affects. */
export type Side = "okta" | "akto";

const kinds = {
  latency: "answer after so many milliseconds (1000)",
  "429": "refuse for the rate limit, which resets after so many seconds (1)",
  "403": "refuse, as Okta's API does for an admin without the rights",
  "404": "find nothing, as Okta may where an admin can't see it",
  empty: "answer an empty list",
  page: "answer with a proxy's page in place of the server's own answer",
  "500": "fail; so do 502, 503 and 504",
  "502": "",
  "503": "",
  "504": "",
  drop: "close the connection without an answer",
  lost: "carry the request out, then close the connection without an answer",
  truncate: "send only the first half of the body",
  "link-host": "name this origin in the Link header (https://elsewhere.example)",
  "clock-skew": "shift Okta's clock by so many seconds (600)",
  "log-delay": "let events reach Okta's System Log so many seconds late (60)",
} as const;

type Kind = keyof typeof kinds;

/** How a fault is written, for help and messages. */
export const faultHelp = `KIND[=VALUE][,path=PREFIX][,times=N][,on=okta|akto]; KIND is one of:
${Object.entries(kinds)
  .filter(([, what]) => what !== "")
  .map(([kind, what]) => `  ${kind.padEnd(11)} ${what}`)
  .join("\n")}`;

interface Fault {
  readonly spec: string;
  readonly kind: Kind;
  readonly value: string | undefined;
  readonly on: Side;
  readonly path: string;
  /** How many more requests it affects. */
  times: number;
}

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The active faults. */
export interface Faults {
  list(): string[];
  /** Replaces them. Throws `sandbox.fault_invalid` and changes nothing when one can't be read. */
  set(specs: readonly string[]): void;
  /** The sandbox's clock, in epoch milliseconds. */
  now(): number;
  /** How late events reach the System Log, in milliseconds. */
  logDelay(): number;
  /** A handler with the faults before it, and the control endpoint beside it. */
  between(side: Side, handler: Handler): (request: IncomingMessage, response: ServerResponse) => void;
}

/** Where both servers take `GET`, `PUT {"faults":[…]}` and `DELETE`. */
export const controlPath = "/.sandbox/faults";

/** Makes the list of active faults. */
export function createFaults(specs: readonly string[]): Faults {
  let active = specs.map(parseFault);
  const strike = (side: Side, path: string) =>
    active.filter((fault) => fault.on === side && path.startsWith(fault.path) && fault.times-- > 0);

  const faults: Faults = {
    list: () => active.filter(({ times }) => times > 0).map(({ spec }) => spec),
    set: (next) => {
      active = next.map(parseFault);
    },
    now: () => Date.now() + 1000 * active.reduce((sum, fault) => sum + skewOf(fault), 0),
    logDelay: () => 1000 * Math.max(0, ...active.filter(({ kind }) => kind === "log-delay").map(delayOf)),
    between: (side, handler) => async (request, response) => {
      try {
        if (request.url === controlPath) await control(faults, request, response);
        else if (await survives(strike(side, request.url ?? "/"), faults.now, request, response)) {
          await handler(request, response);
        }
      } catch {
        request.destroy();
      }
    },
  };
  return faults;
}

/** Does what the faults do; whether the request goes on to its handler. */
async function survives(
  struck: readonly Fault[],
  now: () => number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  for (const { kind, value } of struck) {
    switch (kind) {
      case "latency":
        // Closing the sandbox in the meantime must not keep a process waiting.
        await setTimeout(Number(value ?? 1000), undefined, { ref: false });
        break;
      case "drop":
        request.destroy();
        return false;
      case "lost":
        lose(request, response);
        break;
      case "truncate":
        truncate(response);
        break;
      case "link-host":
        redirectLinks(response, value ?? "https://elsewhere.example");
        break;
      case "clock-skew":
        response.setHeader("date", new Date(now()).toUTCString());
        break;
      case "log-delay":
        break;
      case "empty":
        response.writeHead(200, { "content-type": "application/json" }).end("[]");
        return false;
      case "page":
        page(response, 200);
        return false;
      default:
        refuse(
          response,
          Number(kind),
          Math.ceil(now() / 1000) + Number(value ?? 1),
          request.url?.startsWith("/api/") === true,
        );
        return false;
    }
  }
  return true;
}

/** What Okta's API says with these statuses. */
const refusals = new Map([
  [403, ["E0000006", "You do not have permission to perform the requested action"]],
  [404, ["E0000007", "Not found: Resource not found: me (Object)"]],
  [429, ["E0000047", "API call exceeded rate limit due to too many requests."]],
]);

function refuse(response: ServerResponse, status: number, reset: number, api: boolean): void {
  const [errorCode = "", errorSummary] = refusals.get(status) ?? [];
  if (errorCode === "" || !(api || status === 429)) {
    page(response, status);
    return;
  }
  const limits = { "x-rate-limit-limit": "600", "x-rate-limit-remaining": "0", "x-rate-limit-reset": String(reset) };
  const body = { errorCode, errorSummary, errorLink: errorCode, errorId: "sandbox", errorCauses: [] };
  const headers = { "content-type": "application/json", ...(status === 429 ? limits : {}) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/html" }).end(`<h1>${status}</h1>`);
}

// Node's own signatures are overloads, which no plain function fits: hence the casts.

function lose(request: IncomingMessage, response: ServerResponse): void {
  response.write = (() => true) as typeof response.write;
  response.writeHead = (() => response) as typeof response.writeHead;
  response.end = (() => {
    // A request that was read to its end no longer takes its connection with it.
    request.socket.destroy();
    return response;
  }) as typeof response.end;
}

function truncate(response: ServerResponse): void {
  const end = response.end.bind(response);
  response.end = ((body?: unknown) => {
    if (typeof body !== "string" && !Buffer.isBuffer(body)) return end();
    if (!response.headersSent) response.removeHeader("content-length");
    return end(body.slice(0, body.length / 2));
  }) as typeof response.end;
}

function redirectLinks(response: ServerResponse, origin: string): void {
  const elsewhere = (value: unknown) => String(value).replace(/<https?:\/\/[^/>]+/g, `<${origin}`);
  const change = (value: number | string | readonly string[]) =>
    typeof value === "object" ? value.map(elsewhere) : elsewhere(value);
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => setHeader(name, name.toLowerCase() === "link" ? change(value) : value);
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders = {}) => {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
    return writeHead(status);
  }) as typeof response.writeHead;
}

async function control(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const answer = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
  try {
    if (request.method === "PUT") faults.set(readSpecs(String(body ?? "")));
    else if (request.method === "DELETE") faults.set([]);
    answer(200, { faults: faults.list() });
  } catch (error) {
    answer(400, { error: error instanceof Failure ? { code: error.code, message: error.message } : String(error) });
  }
}

function readSpecs(text: string): string[] {
  const body: unknown = JSON.parse(text);
  if (isRecord(body) && Array.isArray(body.faults)) {
    return body.faults.map(String);
  }
  throw invalid('The body is not {"faults": ["…"]}.');
}

function parseFault(spec: string): Fault {
  const [head = "", ...conditions] = spec.split(",").map((part) => part.trim());
  const [kind = "", value] = halves(head);
  if (!isKind(kind)) throw invalid(`There is no fault ${quoted(kind)}.`);
  if (value !== undefined && kind !== "link-host" && !/^[+-]?\d{1,9}$/.test(value)) {
    throw invalid(`The value of ${kind} is a whole number, not ${quoted(value)}.`);
  }
  let on: Side = "okta";
  let path = "/";
  let times = Number.POSITIVE_INFINITY;
  for (const condition of conditions) {
    const [key, wanted = ""] = halves(condition);
    if (key === "on" && (wanted === "okta" || wanted === "akto")) on = wanted;
    else if (key === "path" && wanted.startsWith("/")) path = wanted;
    else if (key === "times" && /^[1-9]\d{0,8}$/.test(wanted)) times = Number(wanted);
    else throw invalid(`${quoted(condition)} is not a condition of a fault.`);
  }
  return { spec, kind, value, on, path, times };
}

function halves(text: string): [string, string | undefined] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

function isKind(kind: string): kind is Kind {
  return Object.hasOwn(kinds, kind);
}

function skewOf({ kind, value }: Fault): number {
  return kind === "clock-skew" ? Number(value ?? 600) : 0;
}

const delayOf = ({ value }: Fault): number => Number(value ?? 60);

function invalid(message: string): Failure {
  return new Failure("usage", "sandbox.fault_invalid", clean(message), { hint: `A fault is ${faultHelp}` });
}
