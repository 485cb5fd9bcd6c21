/** What is live, as far as the plan looks at it. */
import type { AktoSso, CustomRole } from "../model/akto.ts";
import type { AccessPolicy, AuthServer, OktaApp, OktaGroup, ServerClaim } from "../model/okta.ts";

/** A custom authorization server with what Akto's sign-in depends on. */
export interface LiveServer extends Pick<AuthServer, "active"> {
  readonly claims: readonly ServerClaim[];
  /** In the order in which Okta asks them. */
  readonly policies: readonly AccessPolicy[];
}

export interface LiveOkta {
  /** Every group that the document names: its id, or `null` when the org has none of that name. */
  readonly groups: ReadonlyMap<string, string | null>;
  /** Every group whose name is in the document: an imported group can have the same name as one of Okta's own. */
  readonly bearers: ReadonlyMap<string, readonly OktaGroup[]>;
  readonly app: LiveApp | null;
  /** Whether the app is assigned to the group that everybody is in. */
  readonly forEveryone: boolean;
  /** `null` when the org lacks API Access Management: its custom servers can't be seen or changed. */
  readonly server: LiveServer | null;
  /** The ids of what this tool made. */
  readonly own: ReadonlySet<string>;
}

/** The app that the document means, with the ids of the groups that it is assigned to. */
export interface LiveApp extends OktaApp {
  readonly assignedGroups: readonly string[];
}

export interface LiveAkto {
  /** `null` when no SSO is set up. */
  readonly sso: AktoSso | null;
  readonly customRoles: readonly CustomRole[];
  /** Whether the tag sync was on in an SSO that was taken out and isn't back whole. */
  readonly syncBefore: boolean | undefined;
}
