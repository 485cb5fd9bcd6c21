/** What the provisioning of an SSO works with. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore } from "../../store/types.ts";

/** Both systems and the notes about them. A system that is `null` can't be asked here, and is left as it is. */
export interface Clients {
  readonly okta: OktaOrg | null;
  readonly akto: AktoDashboard | null;
  readonly profiles: ProfileStore;
}

/** The secrets that a run may need. Each is asked for only when it is needed. */
export interface Secrets {
  /** The client secret of the app with this client id, as far as it was given or kept. */
  clientSecret(clientId: string): Promise<string | undefined>;
  /** The Okta API token that Akto is to keep: a new one, `""` to remove it, or `undefined` to leave it. */
  readonly managementApiToken: string | undefined;
}
