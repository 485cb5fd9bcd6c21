/** Okta's own SDK on an org, for the tests that meet every endpoint with it. */
import okta from "@okta/okta-sdk-nodejs";
import { matchPath, type Route } from "../../../src/sandbox/okta/routes.ts";
import { acme, type RunningOrg, startOrg, token } from "./org.ts";

export interface SdkOrg {
  readonly org: RunningOrg;
  readonly client: InstanceType<typeof okta.Client>;
}

export async function startSdkOrg(seed: Parameters<typeof startOrg>[0] = acme): Promise<SdkOrg> {
  const org = await startOrg(seed);
  return { org, client: new okta.Client({ orgUrl: org.url, token }) };
}

interface List<Row> {
  each(visit: (row: Row) => void): Promise<unknown>;
}

/** All rows of a list, page by page as the SDK reads them. */
export async function all<Row>(list: Promise<List<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  await (await list).each((row) => {
    rows.push(row);
  });
  return rows;
}

/** How these are refused, each way once: `404 E0000007`. */
export async function refusals(...asked: readonly Promise<unknown>[]): Promise<string[]> {
  const ways = (await Promise.allSettled(asked)).map((settled) =>
    settled.status === "rejected" ? `${settled.reason.status} ${settled.reason.errorCode}` : "done",
  );
  return [...new Set(ways)];
}

/** The routes that no request has met so far. */
export function unmet({ requests }: RunningOrg, routes: readonly Route[]): string[] {
  const met = new Set(
    requests.map(([method, path]) =>
      routes.find((route) => route.method === method && matchPath(route, path.split("/").slice(1))),
    ),
  );
  return routes.filter((route) => !met.has(route)).map(({ method, segments }) => `${method} /${segments.join("/")}`);
}
