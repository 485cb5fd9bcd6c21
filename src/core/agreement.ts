/** What Akto's SSO says of a sign-on, beside what is set here of the same one. */
import type { AktoSso } from "./model/akto.ts";
import { sameMapping } from "./roles/mapping.ts";
import { count } from "./text.ts";

/** One thing that Akto names, and what is set here: `null` where nothing is. */
interface Named {
  readonly what: "client id" | "authorization server id" | "Okta domain" | "redirect URI";
  readonly akto: string;
  readonly here: string | null;
}

/** What is set here. */
export interface SetHere {
  readonly clientId: string | undefined;
  readonly authServerId: string | undefined;
  /** The bare host, where it is one. */
  readonly domain: string | undefined;
  readonly redirectUri?: string;
}

/** All that both can name, in the order in which it is told; the redirect URI only where that is known here. */
function besideSso(sso: AktoSso, { clientId, authServerId, domain, redirectUri }: SetHere): Named[] {
  return [
    { what: "client id", akto: sso.clientId, here: clientId ?? null },
    { what: "authorization server id", akto: sso.authorisationServerId, here: authServerId ?? null },
    { what: "Okta domain", akto: sso.oktaDomain, here: domain ?? null },
    ...(redirectUri === undefined ? [] : [{ what: "redirect URI" as const, akto: sso.redirectUri, here: redirectUri }]),
  ];
}

/** A thing that is set here, and to something else than Akto has. */
export type Differing = Named & { readonly here: string };

/** What differs. What isn't set here differs from nothing. */
export function differingFromSso(sso: AktoSso, here: SetHere): Differing[] {
  return besideSso(sso, here).filter((one): one is Differing => one.here !== null && one.here !== one.akto);
}

/** Something that Akto and the profile say differently. */
export interface Disagreement {
  readonly what: string;
  readonly akto: string;
  readonly profile: string;
}

/** How what is set here, wherever it is set, stands to Akto: what the two say differently, and what of Akto's isn't set. */
export interface Comparison {
  readonly differences: readonly Disagreement[];
  readonly lacking: readonly string[];
  /** Whether Akto has a mapping and the profile keeps no copy of one, which nothing needs while Akto can be asked. */
  readonly uncopied: boolean;
  /** Whether nothing of it is set at all. */
  readonly fresh: boolean;
}

/** Compares Akto's SSO with the settings and the mapping of a profile. */
export function compareProfile(
  sso: AktoSso,
  here: Required<SetHere>,
  kept: readonly (readonly [string, string])[] | undefined,
): Comparison {
  const named = besideSso(sso, here);
  const unset = named.filter((one) => one.here === null).map(({ what }) => what);
  const mapping = kept && new Map(kept);
  const ofMapping: Disagreement[] =
    mapping && !sameMapping(sso.mapping, mapping)
      ? [
          {
            what: "mapping",
            akto: count(sso.mapping.size, "group"),
            profile: `${count(mapping.size, "group")}${mapping.size === sso.mapping.size ? ", but different ones" : ""}`,
          },
        ]
      : [];
  return {
    differences: [
      ...differingFromSso(sso, here).map(({ what, akto, here: profile }) => ({ what, akto, profile })),
      ...ofMapping,
    ],
    lacking: unset,
    uncopied: mapping === undefined && sso.mapping.size > 0,
    // The redirect URI follows from the Akto URL, which has a default.
    fresh: unset.length === named.length - 1 && mapping === undefined,
  };
}
