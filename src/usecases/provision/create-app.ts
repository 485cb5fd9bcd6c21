/** The Okta half alone, for the setup: the app with its claim and access, found or made. */
import type { OktaDomain } from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import type { Step } from "../../core/plan.ts";
import type { SsoSpec } from "../../core/spec.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { ProfileStore } from "../../store/types.ts";
import { applyPlan, makePlan, type Planned } from "./apply.ts";
import { createLedger } from "./ledger.ts";
import { ensureGroup } from "./okta-steps.ts";

/** What the app is to be. */
export interface AppRequest {
  readonly domain: OktaDomain;
  readonly authServerId: string;
  readonly aktoUrl: string;
  /** Needed only with `initiateLogin`. */
  readonly aktoAccountId: number | undefined;
  readonly label: string;
  /** An existing app to use; without one it is found by its label and redirect URI, or made. */
  readonly clientId?: string | undefined;
  /** Names of the groups that it is assigned to, such as `Everyone`. */
  readonly assignments: readonly string[];
  /** Whether a user can start the sign-in from Okta's own dashboard. */
  readonly initiateLogin: boolean;
  /** The groups that the claim must let through. */
  readonly mappedGroups: readonly string[];
}

/** What came out of it. */
export interface ProvidedApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What was done, in order. */
  readonly done: readonly Step[];
  readonly warnings: readonly string[];
}

/** Makes a group unless there is one of the name, and notes that this tool made it. */
export async function provideGroup(okta: OktaOrg, profiles: ProfileStore, name: string): Promise<void> {
  await ensureGroup({ okta, ledger: createLedger(profiles) }, name);
}

/** What {@link provideApp} would do. Nothing is written. Throws what `diffSpec` throws. */
export function planApp(okta: OktaOrg, profiles: ProfileStore, request: AppRequest): Promise<Planned> {
  const { label, clientId, assignments, initiateLogin } = request;
  const spec: SsoSpec = {
    akto: { url: request.aktoUrl, accountId: request.aktoAccountId, syncGroupsToUserTags: undefined },
    okta: {
      domain: request.domain,
      authorizationServerId: request.authServerId,
      createGroups: false,
      app: { label, clientId, assignments, initiateLogin },
      groupsClaim: undefined,
    },
    // Without Akto the roles are nobody's business.
    mapping: new Map(request.mappedGroups.map((group) => [group, ""])),
  };
  return makePlan(spec, { okta, akto: null, profiles });
}

/**
 * Finds or makes the app, with its assignments, the groups claim and the access policy, as planned. Run again after it
 * was cut off, it goes on where it stopped.
 *
 * @throws Failure the first step's that failed; `okta.secret_hidden` when the token may not see the client secret
 */
export async function provideApp(
  planned: Planned,
  okta: OktaOrg,
  profiles: ProfileStore,
  options: { readonly signal?: AbortSignal; readonly onStep?: (step: Step) => Promise<void> | void } = {},
): Promise<ProvidedApp> {
  const secrets = { clientSecret: async () => undefined, managementToken: { change: "keep" } } as const;
  const { done, clientId } = await applyPlan(planned, { okta, akto: null, profiles }, { ...options, secrets });
  const app = clientId === undefined ? null : await okta.apps.byClientId(clientId);
  const clientSecret = app && (await okta.apps.clientSecret(app.id));
  if (!app || clientSecret === null) {
    throw new Failure(
      "auth",
      "okta.secret_hidden",
      `The client secret of the app ${quoted(planned.spec.okta.app.label)} can't be read with this API token.`,
      { hint: "Copy it from the app's General tab in Okta, and give it with --client-secret-file." },
    );
  }
  return { clientId: app.clientId, clientSecret, done, warnings: planned.plan.warnings };
}
