/** What is live, as far as the plan looks at it. */

import type { CustomRole, Mapping } from "../model/akto.ts";
import type { AccessPolicy, AccessRule, ServerClaim } from "../model/okta.ts";

/** What of an app is compared and changed. The names are those of the plan. */
export interface AppSettings {
  readonly label: string;
  readonly active: boolean;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly responseTypes: readonly string[];
  readonly clientAuthMethod: string;
  readonly pkceRequired: boolean;
  readonly dpopRequired: boolean;
  readonly initiateLoginUri: string | null;
  /** Whether Okta's own dashboard can start the sign-in. */
  readonly startsFromOkta: boolean;
  /** Whether Okta's own dashboard shows a tile for it: without one nobody can start it there. */
  readonly onDashboard: boolean;
}

/** An OIDC app. */
export interface LiveApp {
  readonly id: string;
  readonly clientId: string;
  /** `web` is the only kind that has a client secret and a redirect to a server. */
  readonly applicationType: string;
  readonly settings: AppSettings;
  /** The ids of the groups it is assigned to. */
  readonly assignedGroups: readonly string[];
}

/** A rule of an access policy. */
export interface LiveRule extends AccessRule {
  readonly id: string;
}

/** An access policy, its rules in the order in which Okta asks them. */
export interface LivePolicy extends AccessPolicy {
  readonly id: string;
  readonly rules: readonly LiveRule[];
}

/** A custom authorization server. */
export interface LiveServer {
  readonly active: boolean;
  readonly claims: readonly ServerClaim[];
  /** In the order in which Okta asks them. */
  readonly policies: readonly LivePolicy[];
}

export interface LiveOkta {
  /** Every group that the document names: its id, or `null` when the org has none of that name. */
  readonly groups: ReadonlyMap<string, string | null>;
  readonly app: LiveApp | null;
  /** `null` when the org lacks API Access Management: its custom servers can't be seen or changed. */
  readonly server: LiveServer | null;
  /** The ids of what this tool made. */
  readonly own: ReadonlySet<string>;
}

export interface LiveAkto {
  /** `null` when no SSO is set up. */
  readonly sso: LiveSso | null;
  readonly customRoles: readonly CustomRole[];
  /** Whether the tag sync was on in an SSO that was taken out and isn't back whole. */
  readonly syncBefore: boolean | undefined;
}

export interface LiveSso {
  readonly clientId: string;
  readonly oktaDomain: string;
  readonly authorisationServerId: string;
  readonly redirectUri: string;
  readonly mapping: Mapping;
  readonly syncGroupsToUserTags: boolean;
  readonly hasManagementApiToken: boolean;
}
