/** All that a setup is to bring about, once every question is answered; and the plan for it. */
import type { Context } from "../../context.ts";
import type { OktaDomain } from "../../core/address.ts";
import type { Mapping } from "../../core/model/akto.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import type { MappingStep } from "../../core/preview/effects.ts";
import type { MappingChange } from "../../core/roles/mapping.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { readMappingFile } from "../mapping/file.ts";
import { isForAccount } from "../mapping/local-copy.ts";
import { makePlan, type Planned } from "../provision/apply.ts";
import type { ManagementToken } from "../provision/clients.ts";
import type { AktoChangeOptions } from "../provision/connect.ts";
import { replacedIn } from "../provision/live.ts";
import type { AktoPart } from "./akto-part.ts";
import type { WhoMay } from "./who-part.ts";

/** What the flags decide beforehand. What they don't say is asked, or left as it is. */
export interface SetupOptions extends AktoChangeOptions {
  /** Makes or mends the app, the claim and the access policy by API. */
  readonly createApp?: boolean;
  /** Adds Akto's redirect URI to an app that is there. */
  readonly addRedirectUri?: boolean;
  readonly appLabel?: string;
  /** The groups whose members may sign in; everyone may with a new app, unless told otherwise. */
  readonly assign?: readonly string[];
  readonly initiateLogin?: boolean;
  /** Groups to make first, where Okta lacks them. */
  readonly createGroup?: readonly string[];
  /** A file with the mapping to set. */
  readonly mapping?: string;
  readonly syncTags?: boolean;
  /** Ends with the review. */
  readonly dryRun?: boolean;
}

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
  /** The whole mapping as it is to be, and what that changes. */
  readonly mapping: Mapping;
  readonly changes: readonly MappingChange[];
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
  const { mapping = [], replacing, ...profile } = await (await profiles()).read();
  // The copy of another account is none of this one's.
  if (!dashboard) return new Map(isForAccount(profile, { aktoUrl: url, aktoAccountId: accountId }) ? mapping : []);
  if (sso && sso.mapping.size > 0) return sso.mapping;
  return new Map(replacedIn(replacing, { url, accountId })?.mapping ?? []);
}

/** The mapping before the changes and after them. */
export function mappingStep({ mapping, changes }: Pick<Intent, "mapping" | "changes">): MappingStep {
  const before = new Map(mapping);
  for (const { group, from } of changes) {
    if (from === null) before.delete(group);
    else before.set(group, from);
  }
  return { before, after: mapping };
}

/** The mapping of a file, with the account's own roles as far as they were ever seen. Throws what `readMappingFile` throws. */
export async function mappingOf({ profiles }: Context, file: string, akto: AktoPart): Promise<Mapping> {
  const customRoles = akto.customRoles ?? (await (await profiles()).read()).customRoles ?? null;
  return readMappingFile(file, { customRoles, trustUnknown: customRoles === null });
}

/** The document that says the same as the intent. */
export function specOf(intent: Omit<Intent, "token" | "replaceSso" | "changes">): SsoSpec {
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
export async function planOf({ profiles }: Context, intent: Intent): Promise<Planned> {
  const { akto, byHand, org, token, replaceSso } = intent;
  const clients = { okta: byHand ? null : org, akto: akto.dashboard, profiles: await profiles() };
  return makePlan(specOf(intent), clients, { token: token.change, replaceSso });
}
