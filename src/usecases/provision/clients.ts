/** What the provisioning of an SSO works with. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { TokenChange } from "../../core/plan/akto.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore } from "../../store/types.ts";

/** Both systems and the notes about them. A system that is `null` can't be asked here, and is left as it is. */
export interface Clients {
  readonly okta: OktaOrg | null;
  readonly akto: AktoDashboard | null;
  readonly profiles: ProfileStore;
}

/** What becomes of the Okta API token that Akto stores, with the token where one is to be stored. */
export type ManagementToken =
  | { readonly change: Extract<TokenChange, "keep" | "remove"> }
  | { readonly change: Extract<TokenChange, "ensure" | "replace">; readonly value: string };

/** The secrets that a run may need, each asked for only when it is needed. */
export interface Secrets {
  /** The client secret of the app with this client id, if it was given or kept. */
  clientSecret(clientId: string): Promise<string | undefined>;
  /** What becomes of the Okta API token that Akto stores. */
  readonly managementToken: ManagementToken;
}
