/** The shape of the management API: routes, calls and replies. */
import type { Caller, Need } from "./caller.ts";
import { ApiError, badSearch } from "./errors.ts";
import type { Origins } from "./oidc/issuers.ts";
import type { SigningKeys } from "./oidc/keys.ts";
import type { Making } from "./state.ts";
import type { Page, Table } from "./table.ts";
import type { OktaState } from "./types.ts";

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** One request to the management API, whose sender is known. */
export interface Call {
  readonly state: OktaState;
  readonly making: Making;
  readonly caller: Caller;
  /** The origin that the caller used: links lead back to it. */
  readonly origin: string;
  readonly origins: Origins;
  readonly signing: SigningKeys;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The JSON that was sent, or `undefined`. */
  readonly body: unknown;
  /** The path's parameter of this name. */
  param(name: string): string;
}

type Handle = (call: Call) => Reply | Promise<Reply>;

export interface Route {
  readonly method: string;
  /** The path's segments; `{name}` stands for any one. */
  readonly segments: readonly string[];
  /** What the caller must be allowed to do; nothing for what everyone may. */
  readonly need: Need | undefined;
  readonly handle: Handle;
}

/** `route("GET", "/api/v1/groups/{groupId}", "groups.read", …)` */
export function route(method: string, path: string, need: Need | undefined, handle: Handle): Route {
  return { method, segments: path.split("/").slice(1), need, handle };
}

/** The path's parameters if the route's path is this one. */
export function matchPath(route: Route, segments: readonly string[]): ReadonlyMap<string, string> | undefined {
  if (route.segments.length !== segments.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, wanted] of route.segments.entries()) {
    const given = segments[index] ?? "";
    if (!wanted.startsWith("{")) {
      if (wanted !== given) return undefined;
    } else if (given === "") return undefined;
    else params.set(wanted.slice(1, -1), given);
  }
  return params;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent = (): Reply => ({ status: 204 });

/** The page size asked for, within bounds. */
export function limitOf(query: URLSearchParams, standard: number, most: number): number {
  const given = query.get("limit");
  if (given === null) return standard;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new ApiError(400, "E0000001", "Api validation failed: limit", [
      "limit: The limit must be a positive integer",
    ]);
  }
  return limit === 0 ? standard : Math.min(limit, most);
}

/** Whether a parameter means no; Okta's Python SDK writes `False`. */
export const isFalse = (value: string | null) => value?.toLowerCase() === "false";

/** An address with the methods that it takes. */
export const link = (href: string, ...allow: string[]) => ({ href, hints: { allow } });

/** A page of a table as a reply, with Okta's `Link` headers. */
export function paged<T extends { readonly id: string }>(
  call: Call,
  table: Table<T>,
  limits: { readonly standard: number; readonly most: number; readonly endless?: boolean },
  test: (record: T) => boolean,
  view: (record: T) => unknown,
): Reply {
  const limit = limitOf(call.query, limits.standard, limits.most);
  const page = table.page(call.query.get("after") ?? undefined, limit, test);
  if (page === undefined) throw badSearch("The cursor is not valid.");
  // Some lists are only known to be over when a page is empty (Okta behavior).
  const next = limits.endless && page.rows.length > 0 ? page.end : page.next;
  return listed(call, { rows: page.rows.map(view), next }, limit);
}

/** Rows as a reply, with `Link` headers: to this page with the limit that it has, and to the next one if there is one. */
export function listed(call: Call, page: Pick<Page<unknown>, "rows" | "next">, limit: number): Reply {
  const header = (query: URLSearchParams, rel: string) => `<${call.origin}${call.path}?${query}>; rel="${rel}"`;
  const query = new URLSearchParams(call.query);
  query.set("limit", String(limit));
  const links = [header(query, "self")];
  if (page.next !== undefined) {
    query.set("after", page.next);
    links.push(header(query, "next"));
  }
  return { status: 200, body: page.rows, headers: { link: links } };
}

/** A time as Okta writes it: to the second, with milliseconds that are always none; only the log has its own. */
export const isoTime = (milliseconds: number): string => new Date(Math.floor(milliseconds / 1000) * 1000).toISOString();
export const isoTimeOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : isoTime(milliseconds);
