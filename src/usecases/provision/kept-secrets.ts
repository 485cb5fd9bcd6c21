/** The secrets that are kept of an SSO, each with its owner. */
import type { Context } from "../../context.ts";
import type { Profile } from "../../core/model/profile.ts";
import {
  describeOwner,
  ownersAt,
  ownersIn,
  type SecretAddresses,
  type SecretName,
  sameOwner,
  secretNames,
} from "../../core/model/secret.ts";
import { clean, listed } from "../../core/text.ts";
import { defaultAktoUrl, settingDefinitions } from "../../settings/definitions.ts";
import type { SecretStore } from "../../store/types.ts";

/**
 * Keeps what was given, for the SSO at these addresses. A secret of another SSO that the profile was for goes: nothing
 * here would send it anywhere any more.
 *
 * @param before the profile as it was until now: what is kept without an owner is its own
 * @returns what went, in words
 */
export async function keepSecrets(
  store: SecretStore,
  before: Profile,
  addresses: SecretAddresses,
  given: Readonly<Partial<Record<SecretName, string | undefined>>>,
): Promise<string[]> {
  const owners = ownersAt(addresses);
  const former = ownersIn({ ...before, aktoUrl: before.aktoUrl ?? defaultAktoUrl });
  const dropped: string[] = [];
  for (const name of secretNames) {
    const [value, owner] = [given[name], owners[name]];
    if (value !== undefined) {
      await store.set(name, { value, owner });
      continue;
    }
    const kept = await store.get(name);
    const whose = kept?.owner ?? former[name];
    if (!kept || !owner || !whose || sameOwner(whose, owner)) continue;
    await store.delete(name);
    dropped.push(`the ${settingDefinitions[name].title} for ${describeOwner(name, whose)}`);
  }
  return dropped;
}

/** Says which secrets of another SSO went. */
export function sayDropped({ terminal, globals }: Context, dropped: readonly string[]): void {
  if (dropped.length === 0) return;
  terminal.note(
    `The profile ${clean(globals.profile)} is for a different SSO now, so it no longer keeps ${listed(dropped)}.`,
  );
}

/** The stored client secret, if it is the one of this app. It goes into Akto with the app's other settings. */
export async function keptClientSecret(context: Context, clientId: string): Promise<string | undefined> {
  const kept = await (await context.secrets()).get("clientSecret");
  const whose = kept?.owner?.as ?? (await (await context.profiles()).read()).clientId;
  if (whose !== clientId) return undefined;
  context.redaction.hide(kept?.value);
  return kept?.value;
}
