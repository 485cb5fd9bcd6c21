/** Which SSO the notes of a profile belong to: those of one are never taken for another's. */
import type { Profile, SsoPlace } from "./profile.ts";

/** Whether both may be the same SSO: nothing that both tell differs. */
export function samePlace(a: SsoPlace, b: SsoPlace): boolean {
  const agree = (one: unknown, other: unknown) => one === undefined || other === undefined || one === other;
  return agree(a.org, b.org) && agree(a.aktoUrl, b.aktoUrl) && agree(a.aktoAccountId, b.aktoAccountId);
}

/** The SSO that a profile is for. */
export function ssoOf({ domain, origin, aktoUrl, aktoAccountId }: Profile): SsoPlace {
  return known({ org: origin ?? (domain === undefined ? undefined : `https://${domain}`), aktoUrl, aktoAccountId });
}

/** Without what isn't known, as it is written to a file. */
export function known({ org, aktoUrl, aktoAccountId }: SsoPlace): SsoPlace {
  return {
    ...(org !== undefined && { org }),
    ...(aktoUrl !== undefined && { aktoUrl }),
    ...(aktoAccountId !== undefined && { aktoAccountId }),
  };
}

/**
 * The profile with every note bearing the SSO that it belongs to. Version 0.1.0 wrote them without: they are of the SSO
 * that the profile is for, as long as it hasn't become another one's.
 */
export function withPlaces(profile: Profile): Profile {
  const { created, creating, replacing } = profile;
  const place = ssoOf(profile);
  const { org, aktoAccountId } = place;
  const placed = <Note extends SsoPlace>(note: Note): Note =>
    org === undefined || note.org !== undefined ? note : { ...note, ...place };
  const unplaced = replacing?.aktoAccountId === undefined && replacing?.aktoUrl === place.aktoUrl;
  return {
    ...profile,
    ...(created && { created: created.map(placed) }),
    ...(creating && { creating: creating.map(placed) }),
    ...(replacing && unplaced && aktoAccountId !== undefined && { replacing: { ...replacing, aktoAccountId } }),
  };
}
