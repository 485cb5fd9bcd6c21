/**
 * The steps in Akto. The dashboard can't change an SSO, only remove it, with its mapping, and add another one: what is
 * taken out is noted before, and no way out of here leaves the account without an SSO and without a word.
 */

import type { AktoDashboard, NewAktoSso } from "../../akto/types.ts";
import { refuseUnsendable } from "../../core/client-secret.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import type { AktoSso, Mapping } from "../../core/model/akto.ts";
import type { ReplacedSso } from "../../core/model/profile.ts";
import {
  type AktoConnection,
  connectionDiffers,
  dashboardForm,
  wantedConnection,
  wantedSync,
} from "../../core/plan/akto.ts";
import type { LiveAkto } from "../../core/plan/live.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import { sameMapping } from "../../core/roles/mapping.ts";
import { count } from "../../core/text.ts";
import type { ProfileStore } from "../../store/types.ts";
import type { ManagementToken } from "./clients.ts";
import { replacedIn } from "./live.ts";

/** What the steps in Akto work on. */
export interface AktoRun {
  readonly spec: SsoSpec;
  readonly akto: AktoDashboard;
  readonly profiles: ProfileStore;
  /** What the plan saw: the mapping must still be that when it is written. */
  readonly seen: LiveAkto;
  readonly token: ManagementToken;
  /** The client secret of an app, or `undefined` when nobody here knows it. */
  secretOf(clientId: string): Promise<string | undefined>;
  /** Waits before something is tried again. */
  pause(milliseconds: number): Promise<void>;
}

/** How often the second half of a change is tried before the first half is undone. */
const attempts = 4;

/** Adds the SSO; if Akto already has this one, there is nothing to do. */
export async function activate(run: AktoRun, clientId: string): Promise<void> {
  const wanted = await newSso(run, wantedConnection(run.spec, clientId));
  if (!(await present(run, wanted))) await addPersistently(run, wanted);
}

/**
 * Removes the SSO and adds the wanted one. What the old one held is noted in the profile before, until all is back.
 *
 * @throws Failure `akto.mapping_changed` when somebody changed the mapping since the plan; `akto.sso_restored` or
 *   `akto.sso_lost` when Akto takes no new SSO
 */
export async function replace(run: AktoRun, clientId: string): Promise<void> {
  const { akto, profiles, spec } = run;
  const connection = wantedConnection(spec, clientId);
  const old = await akto.fetchSso();
  const { sso: seen } = run.seen;
  if (old && seen && connectionDiffers(seen, connection) && !connectionDiffers(old, connection)) return;
  const wanted = await newSso(run, connection);
  if (!old) return addPersistently(run, wanted);
  refuseIfChanged(run, old);
  const oldSecret = await run.secretOf(old.clientId);
  const held: ReplacedSso = {
    aktoUrl: spec.akto.url,
    ...(spec.akto.accountId === undefined ? {} : { aktoAccountId: spec.akto.accountId }),
    mapping: [...old.mapping],
    syncGroupsToUserTags: old.syncGroupsToUserTags,
    hadManagementApiToken: old.hasManagementApiToken,
  };
  await profiles.update(({ replacing, ...profile }) => {
    const left = replacedIn(replacing, spec.akto);
    // What a run added that was cut off before it put the mapping back holds less than what that run took out.
    return { ...profile, replacing: left && old.mapping.size === 0 ? left : held };
  });
  await remove(akto);
  try {
    await addPersistently(run, wanted);
  } catch (error) {
    throw await putBack(run, wanted, old, oldSecret, error);
  }
}

/**
 * Saves the mapping with the tag sync and the token, after checking that it is still what the plan saw.
 *
 * @param replaced whether this run has just added the SSO, whose mapping is empty then
 * @throws Failure `akto.mapping_changed`, `akto.sso_missing`
 */
export async function saveMapping(run: AktoRun, replaced: boolean): Promise<void> {
  const { akto, spec } = run;
  const now = await akto.fetchSso();
  if (!now) {
    throw new Failure("rule", "akto.sso_missing", "The SSO is gone from Akto: somebody removed it in the meantime.", {
      hint: "Run the command again: the plan will add it.",
    });
  }
  const syncGroupsToUserTags = wantedSync(spec, run.seen);
  const asWanted = (sso: AktoSso) =>
    sameMapping(sso.mapping, spec.mapping) && sso.syncGroupsToUserTags === syncGroupsToUserTags;
  const managementApiToken = tokenToSave(run.token, now, replaced);
  if (asWanted(now) && managementApiToken === undefined) return;
  if (!asWanted(now)) refuseIfChanged(run, now, replaced);
  await akto.saveMapping({ mapping: spec.mapping, syncGroupsToUserTags, managementApiToken });
  const stored = await akto.fetchSso();
  if (!stored || !asWanted(stored)) {
    throw new Failure("rule", "akto.mapping_changed", "Akto has a different mapping from the one just saved.", {
      hint: "Somebody saved at the same time. Run the command again and look at the plan.",
    });
  }
}

/** The token as a save takes it: absent keeps it, `""` removes it. What was added with the SSO is there already. */
function tokenToSave(token: ManagementToken, now: AktoSso, replaced: boolean): string | undefined {
  const stored = now.hasManagementApiToken;
  if (!("value" in token)) return token.change === "remove" && stored ? "" : undefined;
  return stored && (replaced || token.change === "ensure") ? undefined : token.value;
}

function refuseIfChanged({ seen }: AktoRun, now: AktoSso, replaced: boolean = false): void {
  const expected: Mapping = replaced ? new Map() : (seen.sso?.mapping ?? new Map());
  const sync = replaced ? false : (seen.sso?.syncGroupsToUserTags ?? false);
  if (sameMapping(now.mapping, expected) && now.syncGroupsToUserTags === sync) return;
  throw new Failure("rule", "akto.mapping_changed", "Somebody changed the mapping in Akto since the plan was made.", {
    hint: "Their change was not overwritten. Run the command again and look at the plan: put their change into the file, or overwrite it.",
  });
}

async function newSso(run: AktoRun, connection: AktoConnection): Promise<NewAktoSso> {
  const clientSecret = await run.secretOf(connection.clientId);
  if (clientSecret === undefined) {
    throw new Failure("usage", "input.missing", "Missing: the app's client secret, which Akto needs.", {
      hint: "Give --client-secret-file PATH or AKTO_OKTA_CLIENT_SECRET.",
    });
  }
  refuseUnsendable(clientSecret);
  return { ...connection, clientSecret, managementApiToken: "value" in run.token ? run.token.value : undefined };
}

/** Whether Akto has this SSO by now. */
async function present({ akto }: AktoRun, wanted: AktoConnection): Promise<boolean> {
  const now = await akto.fetchSso();
  return now !== null && !connectionDiffers(now, wanted);
}

/** Removes the SSO. If the answer is lost, it looks whether the SSO is gone. */
async function remove(akto: AktoDashboard): Promise<void> {
  try {
    await akto.deleteSso();
  } catch (error) {
    if (!isFailure(error) || error.kind !== "unavailable" || (await akto.fetchSso()) !== null) throw error;
  }
}

/** Adds an SSO, retrying while Akto can't be reached. Each retry first looks whether the last attempt worked. */
async function addPersistently(run: AktoRun, wanted: NewAktoSso): Promise<void> {
  const { managementApiToken: _, clientSecret: __, ...connection } = wanted;
  for (let attempt = 1; ; attempt++) {
    try {
      if (attempt > 1 && (await present(run, connection))) return;
      await run.akto.addSso(wanted);
      return;
    } catch (error) {
      const passing = isFailure(error) && (error.kind === "unavailable" || error.code === "akto.sso_exists");
      if (!passing || attempt === attempts) throw error;
      await run.pause(500 * 2 ** attempt);
    }
  }
}

/** Adds the old SSO again, with its mapping, and returns what to throw. */
async function putBack(
  run: AktoRun,
  wanted: NewAktoSso,
  old: AktoSso,
  clientSecret: string | undefined,
  error: unknown,
): Promise<unknown> {
  // Somebody else was quicker: that SSO is theirs.
  if (!isFailure(error) || error.code === "akto.sso_exists") return error;
  const reason = error.message;
  const lost = new Failure(
    error.kind,
    "akto.sso_lost",
    `Akto accepted no new SSO after the old one was removed. ${reason}`,
    {
      hint: [
        `The account has no SSO now. The old one's mapping of ${count(old.mapping.size, "group")} is kept in the profile.`,
        "Run the same command again, which adds the SSO and the mapping.",
        "Or add it by hand in Akto, Settings → Integrations → Okta SSO, and run the same command then, for the mapping:",
        ...dashboardForm(wanted, wanted.managementApiToken !== undefined),
      ].join("\n"),
      cause: error,
    },
  );
  if (clientSecret === undefined) return lost;
  try {
    const { mapping, syncGroupsToUserTags, hasManagementApiToken: hadToken, ...connection } = old;
    const managementApiToken = hadToken && "value" in run.token ? run.token.value : undefined;
    await addPersistently(run, { ...connection, clientSecret, managementApiToken });
    const sync = syncGroupsToUserTags && managementApiToken !== undefined;
    if (mapping.size > 0 || sync) await run.akto.saveMapping({ mapping, syncGroupsToUserTags: sync });
  } catch {
    return lost;
  }
  return new Failure(
    error.kind,
    "akto.sso_restored",
    `Akto accepted no new SSO, so the old one was put back. ${reason}`,
    {
      hint: `${error.hint === undefined ? "" : `${error.hint}\n`}Everybody was signed out of Akto and can sign in as before. Run the same command again to try again.`,
      cause: error,
    },
  );
}
