/** What the Akto dashboard offers to the commands; see `dashboard.ts` for the HTTP behind it. */
import type { AktoSso, CustomRole, Mapping, TeamMember } from "../core/model/akto.ts";

/** What `addOktaSso` needs. */
export interface NewAktoSso {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorisationServerId: string;
  readonly oktaDomain: string;
  readonly redirectUri: string;
  readonly managementApiToken?: string | undefined;
}

/** A save replaces the whole mapping and the flag: both are always sent. */
export interface MappingSave {
  readonly mapping: Mapping;
  readonly syncGroupsToUserTags: boolean;
  /** Absent keeps the stored token, `""` removes it, anything else replaces it (Akto behavior). */
  readonly managementApiToken?: string | undefined;
}

/** The Akto dashboard of one account. Every method throws a `Failure` with kind `auth`, `rule`, `usage` or `unavailable`. */
export interface AktoDashboard {
  /** The Okta SSO, or `null` when none is set up. Throws `akto.other_sso` when another kind is active. */
  fetchSso(): Promise<AktoSso | null>;
  /** Throws `akto.sso_exists` when any SSO is active: there is no update. */
  addSso(sso: NewAktoSso): Promise<void>;
  /** Removes the SSO with its mapping and signs every user out of SSO. */
  deleteSso(): Promise<void>;
  /** The group names that Akto itself sees with its stored token: first page only, empty when Okta refused it. */
  fetchGroups(): Promise<readonly string[]>;
  saveMapping(save: MappingSave): Promise<void>;
  customRoles(): Promise<readonly CustomRole[]>;
  team(): Promise<readonly TeamMember[]>;
  /** The product that calls name, as far as one had to be found; `undefined` for Akto's own default. */
  product(): string | undefined;
}
