/** What two pieces of JSON differ in, told as paths: `settings.oauthClient.redirect_uris`. */
import { isRecord } from "../src/core/json.ts";

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);

/** The paths at which the two differ. */
export function differences(a: unknown, b: unknown, path = ""): string[] {
  if (!isRecord(a) || !isRecord(b)) return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], join(path, key)));
}

/** The paths of what was sent that did not come back as it was. */
export function lost(sent: unknown, got: unknown, path = ""): string[] {
  if (!isRecord(sent)) return differences(sent, got, path);
  return Object.entries(sent).flatMap(([key, value]) =>
    lost(value, isRecord(got) ? got[key] : undefined, join(path, key)),
  );
}
