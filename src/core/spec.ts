/** The whole SSO as one document: what `akto-okta.yaml` holds. No secret is part of it. */
import type { OktaDomain } from "./address.ts";
import type { ClaimFilter } from "./claim-filter.ts";
import type { Mapping } from "./mapping.ts";

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
  /** Whether groups that are named here and don't exist are created. */
  readonly createGroups: boolean;
  readonly app: AppSpec;
  /** Without one, a filter that covers the mapped groups is chosen. */
  readonly groupsClaim: ClaimFilter | undefined;
}

export interface AppSpec {
  readonly label: string;
  /** Without one, the app is found by its label and redirect URI, or created. */
  readonly clientId: string | undefined;
  /** Names of the groups that the app is assigned to. Assignments are added, never removed. */
  readonly assignments: readonly string[];
  /** Whether a user can start the sign-in from Okta's own dashboard. */
  readonly initiateLogin: boolean | undefined;
}

/** The label of an app that this tool makes, unless told otherwise. */
export const defaultAppLabel = "Akto";

/** The authorization server where none is named: the one that every org with API Access Management has. */
export const defaultAuthServerId = "default";

/** The file's name, in messages and where none is given. */
export const specFileName = "akto-okta.yaml";
