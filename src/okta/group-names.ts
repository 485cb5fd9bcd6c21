/** The names of groups alone, in one request. */
import { strings } from "../core/json.ts";
import type { HttpClient } from "../http/types.ts";
import { Connection, pageSize } from "./connection.ts";
import { filterString, readGroup } from "./people.ts";
import { createSignedHttp } from "./signing.ts";

/** Where to ask: an org's origin, an API token for it, and the way there. */
export interface GroupNamesOptions {
  readonly origin: string;
  readonly token: string;
  readonly http: HttpClient;
}

/**
 * @param start how the names begin; an empty one is that of every name
 * @returns the first page of them, and whether that is all
 */
export async function fetchGroupNames(
  { origin, token, http }: GroupNamesOptions,
  start: string,
): Promise<{ names: string[]; all: boolean }> {
  const connection = new Connection(origin, createSignedHttp({ origin, credentials: { token }, http }));
  const search = start === "" ? undefined : `profile.name sw ${filterString(start)}`;
  // Not by pages: one that is slow would be asked for again.
  const found = await connection.get("/api/v1/groups", { limit: pageSize, search });
  const names = Array.isArray(found) ? strings(found.map((group) => readGroup(group).name)) : [];
  return { names: [...new Set(names)], all: names.length < pageSize };
}
