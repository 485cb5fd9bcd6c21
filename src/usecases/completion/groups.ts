/** The org's groups, to complete a name as it is typed: one short request, whose answer is kept for a minute. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Profile } from "../../core/model/profile.ts";
import { createRedaction } from "../../core/redaction.ts";
import { createHttpClient } from "../../http/client.ts";
import { fetchGroupNames } from "../../okta/group-names.ts";
import { oktaSettingsFrom } from "../../okta/settings.ts";
import { Settings } from "../../settings/settings.ts";
import { keepAnswer, keptAnswer } from "../../store/completion-cache.ts";
import { openQuietSecrets } from "../../store/quiet-secrets.ts";

export interface GroupsAsked {
  readonly env: NodeJS.ProcessEnv;
  /** The profile's name. */
  readonly name: string;
  readonly profile: Profile;
  /** What `--domain` says. */
  readonly domain: string | undefined;
  /** How the name begins, as far as it is typed. */
  readonly start: string;
  readonly signal: AbortSignal;
}

/** As long as somebody waits who has pressed a key. */
const limits = { requestTime: 1_500, waitTime: 0, repeats: 0, bodySize: 2 * 1024 * 1024 };

/**
 * The names of groups, some of which begin with what is typed: all of a small org's, else those that do.
 *
 * @throws Failure whatever stands in the way
 */
export async function groupNames({
  env,
  name,
  profile,
  domain,
  start,
  signal,
}: GroupsAsked): Promise<readonly string[]> {
  const redaction = createRedaction();
  const settings = new Settings({
    options: domain === undefined ? {} : { domain },
    env,
    profile,
    // Nothing is asked of the person, and nothing is written.
    secrets: async () => openQuietSecrets(env, name),
    // Of the working folder nothing is read: to press a key in somebody's repository must send nothing to their org.
    oktaFile: () => oktaSettingsFrom(env, homedir(), join(homedir(), ".okta")),
    // No file of a secret is read: no flag that names one is passed on.
    secretFile: async () => "",
    redaction,
    notice: () => {},
  });
  const org = await settings.domain();
  if (!org) return [];
  const key = { org: org.origin, profile: name };
  const kept = await keptAnswer(env, key, start);
  if (kept) return kept;
  // A domain that is still being typed gets no token but the one that is stored for it.
  if (domain !== undefined && (await settings.origin("oktaToken")) !== "profile") return [];
  const token = await settings.secret("oktaToken");
  if (token === undefined) return [];
  const http = createHttpClient({ limits, redaction, signal });
  const answer = await fetchGroupNames({ origin: org.origin, token, http }, start);
  // What can't be kept is asked for again.
  await keepAnswer(env, key, { start, ...answer }).catch(() => {});
  return answer.names;
}
