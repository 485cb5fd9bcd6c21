/** What provisioning needs of an Okta org; see `provision.ts` for the SDK behind it. */
import type { ClaimSettings, RuleSettings } from "../core/plan-access.ts";
import type { AppSettings, LiveApp, LiveServer } from "../core/plan-live.ts";

/**
 * Reads and writes the parts of an org that Akto's SSO is made of. Every method throws a `Failure` of kind `auth`, `rule`,
 * `usage` or `unavailable`. A deletion of what is gone already is done.
 */
export interface OktaProvisioning {
  /** The OIDC app with this client id, or `null`. */
  appByClientId(clientId: string): Promise<LiveApp | null>;
  /** The OIDC apps with exactly this label. */
  appsLabelled(label: string): Promise<readonly LiveApp[]>;
  createApp(settings: AppSettings): Promise<LiveApp>;
  /** Changes these settings and nothing else of the app. */
  updateApp(appId: string, settings: AppSettings): Promise<void>;
  deleteApp(appId: string): Promise<void>;
  /** The app's active client secrets, newest first; `null` when the token may not see them. */
  clientSecrets(appId: string): Promise<readonly string[] | null>;
  assignGroup(appId: string, groupId: string): Promise<void>;
  deleteGroup(groupId: string): Promise<void>;
  /** How many users a group has; `null` when the group is gone. */
  groupSize(groupId: string): Promise<number | null>;

  /**
   * The custom authorization server, or `null` when the org lacks API Access Management.
   * Throws `okta.auth_server_not_found`.
   */
  authorizationServer(serverId: string): Promise<LiveServer | null>;
  /** Makes the groups claim on the access token. */
  createGroupsClaim(serverId: string, settings: ClaimSettings): Promise<{ readonly id: string }>;
  updateGroupsClaim(serverId: string, claimId: string, settings: ClaimSettings): Promise<void>;
  deleteClaim(serverId: string, claimId: string): Promise<void>;
  /** Makes a policy for one client. */
  createPolicy(serverId: string, name: string, clientId: string): Promise<{ readonly id: string }>;
  activatePolicy(serverId: string, policyId: string): Promise<void>;
  deletePolicy(serverId: string, policyId: string): Promise<void>;
  createRule(
    serverId: string,
    policyId: string,
    name: string,
    settings: RuleSettings,
  ): Promise<{ readonly id: string }>;
  updateRule(serverId: string, policyId: string, ruleId: string, settings: RuleSettings): Promise<void>;
  deleteRule(serverId: string, policyId: string, ruleId: string): Promise<void>;
}
