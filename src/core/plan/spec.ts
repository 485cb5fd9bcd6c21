/** The whole SSO as one document: what `akto-okta.yaml` holds. No secret is part of it. */

import type { OktaDomain } from "../address.ts";
import type { ClaimFilter } from "../claim/filter.ts";
import type { Mapping } from "../model/akto.ts";

/** What the SSO should be. What is `undefined` is left as it is. */
export interface SsoSpec {
  readonly akto: AktoSpec;
  readonly okta: OktaSpec;
  /** Group name → role id. */
  readonly mapping: Mapping;
}

export interface AktoSpec {
  /** The dashboard's base URL, see `parseAktoUrl`. */
  readonly url: string;
  /** Needed only for the initiate-login URI. */
  readonly accountId: number | undefined;
  readonly syncGroupsToUserTags: boolean | undefined;
}

export interface OktaSpec {
  readonly domain: OktaDomain;
  readonly authorizationServerId: string;
  /** Which of the groups that are named here and don't exist are created: all, none, or these alone. */
  readonly createGroups: boolean | readonly string[];
  readonly app: AppSpec;
  /** Without one, a filter that covers the mapped groups is chosen. */
  readonly groupsClaim: ClaimFilter | undefined;
}

export interface AppSpec {
  /** Without one, an app that is there keeps its own. See {@link labelOf}. */
  readonly label: string | undefined;
  /** Without one, the app is found by its label and redirect URI, or created. */
  readonly clientId: string | undefined;
  /** Names of the groups that the app is assigned to. Assignments are added, never removed. */
  readonly assignments: readonly string[];
  /** Groups that the app is not to be assigned to any more: what a person says, and a document never does. */
  readonly unassign?: readonly string[];
  /** Whether a user can start the sign-in from Okta's own dashboard. */
  readonly initiateLogin: boolean | undefined;
}

/** The group that everybody in an org is in, and that can't be renamed (Okta behavior). */
export const everyone = "Everyone";

/** The label of an app that this tool makes, unless told otherwise. */
const defaultAppLabel = "Akto";

/** The label by which the app is looked for, and which a new one gets. */
export function labelOf({ label }: AppSpec): string {
  return label ?? defaultAppLabel;
}

/** The groups that the claim has to let through: those that are mapped, and those that are made by name, to be mapped. */
export function claimedGroups({ okta: { createGroups }, mapping }: SsoSpec): string[] {
  return [...new Set([...mapping.keys(), ...(typeof createGroups === "boolean" ? [] : createGroups)])];
}

/** The authorization server where none is named: the one that every org with API Access Management has. */
export const defaultAuthServerId = "default";

/** The file's name, in messages and where none is given. */
export const specFileName = "akto-okta.yaml";
