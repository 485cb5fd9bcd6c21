/** What is lost with a profile, and what stays elsewhere: said before it is deleted. */

import type { Profile } from "../../core/model/profile.ts";
import { isMissed } from "../../core/profile-state.ts";
import { count, listed, quoted } from "../../core/text.ts";
import type { KeptProfile } from "../../store/kept-profiles.ts";
import type { SecretsSeen } from "../../store/secrets.ts";
import { describeObject } from "../provision/remove.ts";

/** Why the profile should not be deleted lightly, each a sentence; none where nothing but this machine's copy is lost. */
export function missedWith(kept: KeptProfile): string[] {
  if (kept.kind !== "profile") return ["It can't be read, and neither can its record of what was created in Okta."];
  const { name, profile, unknown } = kept;
  const { created = [], creating = [], replacing, temporaryRedirectUris = [] } = profile;
  const made = [...created, ...creating];
  return [
    ...(made.length === 0
      ? []
      : [
          `It is the only record of what this tool created in Okta: ${listed(made.map((each) => `the ${describeObject(each)}`))}. \`akto-okta sso remove --okta --profile ${name}\` removes that, and can't without the profile.`,
        ]),
    ...(replacing
      ? [
          `It is the only copy of the mapping of ${count(replacing.mapping.length, "group")} that a run removed from Akto before it was interrupted. Running that command again brings it back.`,
        ]
      : []),
    ...(temporaryRedirectUris.length === 0
      ? []
      : [
          `It records ${count(temporaryRedirectUris.length, "redirect URI")} that a sign-in test added to the app in Okta and has not removed: the next \`akto-okta login test --profile ${name}\` does.`,
        ]),
    ...(unknown.length === 0
      ? []
      : [`A newer version wrote ${listed(unknown.map(quoted))} into it, which this one can't read.`]),
  ];
}

/** What deleting it changes nothing about, in a sentence. Where that is was said before. */
export function staysElsewhere(name: string, profile: Profile): string {
  return `Nothing is changed in Okta or Akto${isMissed(profile) ? "" : `: \`akto-okta sso remove --profile ${name}\` removes the SSO from Akto`}.`;
}

/**
 * That secrets may have been overlooked, as in a session without the desktop's keychain; `undefined` where that can't be.
 *
 * @param kept what is known of the profile
 * @param seen where its secrets were found
 */
export function perhapsOverlooked(kept: KeptProfile | undefined, seen: SecretsSeen): string | undefined {
  const isSetUp = kept?.kind === "profile" && kept.profile.domain !== undefined;
  if (!isSetUp || seen.keychain || seen.places.length > 0 || seen.failures.length > 0) return undefined;
  return `No secret of ${quoted(kept.name)} was found, and this session has no keychain to look into: what a keychain holds stays there under that name.`;
}
