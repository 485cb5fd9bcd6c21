/** Okta's rate limits: so many requests a minute for each bucket of endpoints. */

/** What the three headers of an answer say. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
  readonly exceeded: boolean;
}

/** The collections that have buckets of their own: one for the whole, one for all that is under it (Okta behavior). */
const collections: readonly string[] = [
  "/api/v1/groups",
  "/api/v1/users",
  "/api/v1/apps",
  "/api/v1/authorizationServers",
  "/api/v1/api-tokens",
  "/api/v1/logs",
];

/** The log may be asked far less often than the rest (Okta behavior). */
const limitOf = (bucket: string, limit: number) => (bucket === "/api/v1/logs" ? Math.ceil(limit / 10) : limit);

function bucketOf(path: string): string {
  if (collections.includes(path)) return path;
  const collection = collections.find((start) => path.startsWith(`${start}/`));
  return collection === undefined ? "/api/v1" : `${collection}/{id}`;
}

/** Counts requests for each bucket in windows of a minute; the first request opens its window. */
export function rateLimits(now: () => number): (path: string, limit: number) => RateLimit {
  const windows = new Map<string, { reset: number; count: number }>();
  return (path, most) => {
    const bucket = bucketOf(path);
    const limit = limitOf(bucket, most);
    const time = now() / 1000;
    let window = windows.get(bucket);
    if (window === undefined || window.reset <= time) {
      window = { reset: Math.floor(time) + 60, count: 0 };
      windows.set(bucket, window);
    }
    window.count += 1;
    return { limit, remaining: Math.max(0, limit - window.count), reset: window.reset, exceeded: window.count > limit };
  };
}
