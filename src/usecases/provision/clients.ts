/** What the provisioning of an SSO works with. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { OktaProvisioning } from "../../okta/provision-types.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore } from "../../store/types.ts";

/** The part of an org that provisioning uses. */
export type ProvisionedOrg = OktaProvisioning & Pick<OktaOrg, "groups" | "groupsNamed" | "createGroup">;

/** Both systems and the notes about them. A system that is `null` can't be asked here, and is left as it is. */
export interface Clients {
  readonly okta: ProvisionedOrg | null;
  readonly akto: AktoDashboard | null;
  readonly profiles: ProfileStore;
}

/** The secrets that a run may need. Each is asked for only when it is needed. */
export interface Secrets {
  /** The app's client secret, as far as it was given or kept. */
  clientSecret(): Promise<string | undefined>;
  /** The Okta API token that Akto is to keep: a new one, `""` to remove it, or `undefined` to leave it. */
  readonly managementApiToken: string | undefined;
}
