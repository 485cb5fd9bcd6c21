/**
 * The names of groups, for a minute, so that the second key press needs no request. They are in the user's cache folder, in a
 * file that nobody else may read; one that is too old is deleted by whoever writes the next.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { isRecord, parseJson, strings } from "../core/json.ts";
import { configFolder } from "./folder.ts";
import { isThere } from "./usable.ts";

/** Whose groups they are. */
export interface CacheKey {
  readonly org: string;
  readonly profile: string;
}

/** An answer: the names with this beginning, and whether there are no others. */
export interface CachedAnswer {
  readonly start: string;
  readonly names: readonly string[];
  readonly all: boolean;
}

/** How long an answer is good for, in milliseconds. */
const lifetime = 60_000;

const folder = join(envPaths("akto-okta", { suffix: "" }).cache, "completion");

function fileOf(env: NodeJS.ProcessEnv, { org, profile }: CacheKey, start: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([configFolder(env), org, profile, start]))
    .digest("hex");
  return join(folder, `groups-${hash.slice(0, 32)}.json`);
}

/** The names from an answer that is still good and covers this beginning. */
export async function keptAnswer(
  env: NodeJS.ProcessEnv,
  key: CacheKey,
  start: string,
): Promise<readonly string[] | undefined> {
  // A complete list of every group covers it too.
  for (const each of new Set([start, ""])) {
    const path = fileOf(env, key, each);
    if (!isThere({ path, secret: true }) || !(await isYoung(path))) continue;
    const json = parseJson(await readFile(path, "utf8"));
    if (isRecord(json) && (each === start || json.all === true)) return strings(json.names);
  }
  return undefined;
}

/** Keeps an answer. */
export async function keepAnswer(env: NodeJS.ProcessEnv, key: CacheKey, answer: CachedAnswer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = fileOf(env, key, answer.start);
  // Nothing is put into a folder that others may look into.
  isThere({ path, secret: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith("groups-") && !(await isYoung(join(folder, name))))
      await rm(join(folder, name), { force: true });
  }
  const beside = join(folder, `groups-${randomUUID()}`);
  const file = await open(beside, "wx", 0o600);
  try {
    await file.writeFile(JSON.stringify({ names: answer.names, all: answer.all }));
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

async function isYoung(path: string): Promise<boolean> {
  try {
    // The file system's clock may be a little ahead.
    return Math.abs(Date.now() - (await stat(path)).mtimeMs) < lifetime;
  } catch {
    return false;
  }
}
