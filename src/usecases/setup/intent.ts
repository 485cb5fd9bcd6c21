/** All that a setup is to bring about, once every question is answered; and the plan for it. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import type { OktaDomain } from "../../core/address.ts";
import type { Mapping } from "../../core/model/akto.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { makePlan, type Planned } from "../provision/apply.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { replacedIn } from "../provision/live.ts";
import type { AktoPart } from "./akto-part.ts";
import type { WhoMay } from "./who-part.ts";

/** What is decided. */
export interface Intent {
  readonly akto: AktoPart;
  readonly domain: OktaDomain;
  readonly authServerId: string;
  readonly issuer: string | undefined;
  /** Whether Okta's part was done by hand. */
  readonly byHand: boolean;
  /** The org, where there is a way to speak to it. */
  readonly org: OktaOrg | null;
  readonly oktaToken: string | null;
  readonly app: {
    readonly label: string | undefined;
    /** `undefined` for one that is to be made. */
    readonly clientId: string | undefined;
    /** `null` where Okta tells it, once the app is there. */
    readonly clientSecret: string | null;
    readonly who: WhoMay;
    readonly initiateLogin: boolean | undefined;
  };
  /** The whole mapping as it is to be, and what of it is new or another than before. */
  readonly mapping: Mapping;
  readonly entries: Mapping;
  /** Groups that are made where Okta lacks them. */
  readonly createGroups: readonly string[];
  readonly token: ManagementToken;
  readonly syncTags: boolean | undefined;
  readonly replaceSso: boolean;
}

/** The mapping as it is: Akto's where it can be asked, else the local copy. What a cut-off run took out counts as there. */
export async function presentMapping(
  { profiles }: Context,
  { dashboard, sso, url, accountId }: AktoPart,
): Promise<Mapping> {
  const { mapping = [], replacing } = await (await profiles()).read();
  if (!dashboard) return new Map(mapping);
  if (sso && sso.mapping.size > 0) return sso.mapping;
  return new Map(replacedIn(replacing, { url, accountId })?.mapping ?? []);
}

/** The document that says the same as the intent. */
export function specOf(intent: Omit<Intent, "token" | "replaceSso" | "entries">): SsoSpec {
  const { akto, domain, authServerId, app, mapping, createGroups, byHand, syncTags } = intent;
  return {
    akto: { url: akto.url, accountId: akto.accountId, syncGroupsToUserTags: syncTags },
    okta: {
      domain,
      authorizationServerId: authServerId,
      createGroups: byHand ? false : createGroups,
      app: {
        label: app.label,
        clientId: app.clientId,
        assignments: app.who.assign,
        unassign: app.who.unassign,
        initiateLogin: app.initiateLogin,
      },
      groupsClaim: undefined,
    },
    mapping,
  };
}

/** The plan. What was done by hand in Okta is not compared. Throws what `makePlan` throws. */
export async function planOf(
  { profiles }: Context,
  intent: Intent,
  akto: AktoDashboard | null = intent.akto.dashboard,
): Promise<Planned> {
  return makePlan(
    specOf(intent),
    { okta: intent.byHand ? null : intent.org, akto, profiles: await profiles() },
    { token: intent.token.change, replaceSso: intent.replaceSso },
  );
}
