/** The mapping as a profile has it: a copy of what the Akto account holds that the profile is for, and no other's. */
import { Failure } from "../../core/failure.ts";
import type { AktoSso, Mapping } from "../../core/model/akto.ts";
import { samePlace } from "../../core/model/place.ts";
import type { Profile, SsoPlace } from "../../core/model/profile.ts";
import { describeOwner } from "../../core/model/secret.ts";
import type { Settings } from "../../settings/settings.ts";

type Account = Pick<Settings, "account" | "aktoUrl">;

/**
 * The copy, for the account that the settings name.
 *
 * @throws Failure `mapping.other_account` where the profile's is another one's
 */
export function localCopy(profile: Profile, { account, aktoUrl }: Account): Mapping {
  const { aktoUrl: at = aktoUrl, aktoAccountId: as } = profile;
  if (isForAccount(profile, account)) return new Map(profile.mapping ?? []);
  const [own, named] = [
    { at, as },
    { at: aktoUrl, as: account.aktoAccountId },
  ].map(({ at, as }) => describeOwner("aktoKey", { at, ...(as !== undefined && { as: String(as) }) }));
  throw new Failure(
    "usage",
    "mapping.other_account",
    `The local copy of the mapping is for ${own}, and the settings name ${named}.`,
    {
      hint: "Use the profile that is for it (--profile), give its API key (AKTO_API_KEY or --akto-key-file), or leave out the flag or the variable that names the other one.",
    },
  );
}

/** Whether what an account holds is what the profile has a copy of: neither is another account's, nor another app's. */
export function isCopied(profile: Profile, { account }: Pick<Account, "account">, sso: AktoSso): boolean {
  return isForAccount(profile, account) && (profile.clientId === undefined || profile.clientId === sso.clientId);
}

/** Whether the profile may be for this account. */
export function isForAccount({ aktoUrl, aktoAccountId }: Profile, account: SsoPlace): boolean {
  return samePlace({ aktoUrl, aktoAccountId }, { ...account, org: undefined });
}
