/** The Okta half alone, for the setup: the app with its claim and access, found or made. */
import type { OktaDomain } from "../../core/address.ts";
import type { Step } from "../../core/plan/plan.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore } from "../../store/types.ts";
import { type ApplyOptions, applyPlan, makePlan, type Planned } from "./apply.ts";
import { begunFor, type Ledger, madeFor, ssoOfSpec } from "./ledger.ts";
import { appMissing, readApp } from "./live.ts";
import { ensureGroup } from "./okta-steps.ts";

/** What the app is to be. What is `undefined` is left as it is. */
export interface AppRequest {
  readonly domain: OktaDomain;
  readonly authServerId: string;
  readonly aktoUrl: string;
  /** Needed only with `initiateLogin`. */
  readonly aktoAccountId: number | undefined;
  readonly label: string | undefined;
  /** An existing app to use; without one it is found by its label and redirect URI, or made. */
  readonly clientId: string | undefined;
  /** Names of the groups that it is assigned to; a new app is assigned to everyone unless told otherwise. */
  readonly assignments: readonly string[] | undefined;
  /** Whether a user can start the sign-in from Okta's own dashboard. */
  readonly initiateLogin: boolean | undefined;
  /** Groups to make where Okta lacks them. */
  readonly createGroups: readonly string[];
  /** The groups that the claim must let through. */
  readonly mappedGroups: readonly string[];
  /** Whether Akto is to keep an Okta API token, which brings the groups where a claim can't. */
  readonly tokenForAkto: boolean;
}

/** What came out of it. */
export interface ProvidedApp {
  readonly clientId: string;
  /** `null` when the token may not see it. */
  readonly clientSecret: string | null;
  /** What was done, in order. */
  readonly done: readonly Step[];
}

/** Makes a group unless there is one of the name, and notes that this tool made it. */
export async function provideGroup(okta: OktaOrg, ledger: Ledger, name: string): Promise<void> {
  await ensureGroup({ okta, ledger }, name);
}

/** What {@link provideApp} would do. Nothing is written. Throws what `diffSpec` throws. */
export async function planApp(okta: OktaOrg, profiles: ProfileStore, request: AppRequest): Promise<Planned> {
  const { label, clientId, assignments = [], initiateLogin, createGroups, mappedGroups } = request;
  const spec: SsoSpec = {
    akto: { url: request.aktoUrl, accountId: request.aktoAccountId, syncGroupsToUserTags: undefined },
    okta: {
      domain: request.domain,
      authorizationServerId: request.authServerId,
      createGroups,
      app: { label, clientId, assignments, initiateLogin },
      groupsClaim: undefined,
    },
    // Without Akto the roles are nobody's business.
    mapping: new Map([...mappedGroups, ...createGroups].map((group) => [group, ""])),
  };
  const everyone = request.assignments === undefined && (await isOpenToNobody(spec, okta, profiles));
  const app = { ...spec.okta.app, assignments: everyone ? ["Everyone"] : assignments };
  const token = request.tokenForAkto ? "ensure" : "keep";
  return makePlan({ ...spec, okta: { ...spec.okta, app } }, { okta, akto: null, profiles }, { token });
}

/** Whether the app is yet to be made, or was and a run that was cut off got no further. */
async function isOpenToNobody(spec: SsoSpec, okta: OktaOrg, profiles: ProfileStore): Promise<boolean> {
  const app = await readApp(spec, okta);
  if (!app) return true;
  const profile = await profiles.read();
  const place = ssoOfSpec(spec);
  const own =
    madeFor(profile, place).some(({ id }) => id === app.id) ||
    begunFor(profile, place).some(({ kind }) => kind === "app");
  return own && app.assignedGroups.length === 0;
}

/**
 * Finds or makes the app, with its assignments, the groups claim and the access policy, as planned. Run again after it
 * was cut off, it goes on where it stopped.
 *
 * @throws Failure the first step's that failed
 */
export async function provideApp(
  planned: Planned,
  okta: OktaOrg,
  profiles: ProfileStore,
  options: Omit<ApplyOptions, "secrets">,
): Promise<ProvidedApp> {
  const secrets = { clientSecret: async () => undefined, managementToken: { change: "keep" } } as const;
  const { done, clientId } = await applyPlan(planned, { okta, akto: null, profiles }, { ...options, secrets });
  const app = clientId === undefined ? null : await okta.apps.byClientId(clientId);
  if (!app) throw appMissing(planned.spec);
  return { clientId: app.clientId, clientSecret: await okta.apps.clientSecret(app.id), done };
}
