/** Carries a plan out: step by step, in its order, up to the first failure. */

import { Failure, isFailure } from "../../core/failure.ts";
import { type Profile, profileOf } from "../../core/model/profile.ts";
import { once } from "../../core/once.ts";
import { type TokenChange, wantedSync } from "../../core/plan/akto.ts";
import { diffSpec } from "../../core/plan/diff.ts";
import type { Plan, Step } from "../../core/plan/plan.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import type { SecretStore } from "../../store/types.ts";
import { type AktoRun, activate, replace, saveMapping } from "./akto-steps.ts";
import type { Clients, Secrets } from "./clients.ts";
import { keepSecrets } from "./kept-secrets.ts";
import { createLedger, ssoOfSpec } from "./ledger.ts";
import { appMissing, foundObjects, type Reading, readApp, readLive } from "./live.ts";
import {
  dropAssignment,
  ensureApp,
  ensureAssignment,
  ensureClaim,
  ensureGroup,
  ensurePolicy,
  ensureRule,
  type OktaRun,
} from "./okta-steps.ts";

/** A plan, with what was read for it. */
export interface Planned extends Reading {
  readonly spec: SsoSpec;
  readonly plan: Plan;
}

/** What a plan is asked to do beside the document. */
export interface PlanRequest {
  /** What becomes of the Okta API token that Akto stores; it is kept unless told otherwise. */
  readonly token?: TokenChange | undefined;
  /** Removes the SSO from Akto and adds it again even if nothing in it differs: for a new client secret. */
  readonly replaceSso?: boolean | undefined;
}

/** Reads what is live and makes the plan. Nothing is written. Throws what `diffSpec` throws. */
export async function makePlan(spec: SsoSpec, clients: Clients, request: PlanRequest = {}): Promise<Planned> {
  const reading = await readLive(spec, clients);
  const { token = "keep", replaceSso = false } = request;
  const { live, ...chosen } = reading;
  const plan = diffSpec(spec, live, { ...chosen, token, replaceSso });
  return { ...reading, spec, plan };
}

/** How a plan is carried out. */
export interface ApplyOptions {
  readonly secrets: Secrets;
  /** Ends the run between two steps, but never leaves an SSO that was just added without its mapping. */
  readonly signal?: AbortSignal;
  /** Is told of each step before it is done. */
  readonly onStep?: (step: Step) => Promise<void> | void;
  readonly onDone?: (step: Step) => void;
  /** Called with the app once Okta's part is done, before anything is written in Akto. What it throws ends the run. */
  readonly onApp?: (app: ProvidedApp) => Promise<void>;
  /** Waits between two attempts at something that must not be left half done. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** The app that a run found or made. */
export interface ProvidedApp {
  /** Known when Okta or the document told it. */
  readonly clientId: string | undefined;
  /** Looks up the app's client secret, unless an earlier step already did. */
  clientSecret(): Promise<string | undefined>;
}

/** What came out of it. */
export interface Applied extends ProvidedApp {
  readonly done: readonly Step[];
}

/**
 * Carries the plan out. Every step looks before it writes, so a run that was cut off anywhere is finished by the next.
 *
 * @throws Failure that of the first step that failed, with what was done and what was not
 */
export async function applyPlan(planned: Planned, clients: Clients, options: ApplyOptions): Promise<Applied> {
  const { spec, plan, live } = planned;
  const ledger = createLedger(clients.profiles, ssoOfSpec(spec));
  if (live.okta) await ledger.adopt(foundObjects(spec, live.okta));

  const run = createRun(planned, clients, options);
  const steps = () => carryOutSteps(run, plan.steps, options);
  // Of two runs at once each would look before the other one writes, and make the same app a second time.
  const done = await (clients.okta ? clients.profiles.alone(steps, options.signal, "app") : steps());
  if (live.okta) await ledger.settle();
  return { done, ...(await run.app()) };
}

/** Carries the steps out in their order, and tells of the app as soon as it is known for good. @returns those steps */
async function carryOutSteps(
  run: ReturnType<typeof createRun>,
  steps: readonly Step[],
  options: ApplyOptions,
): Promise<Step[]> {
  const done: Step[] = [];
  const tellApp = once(async () => options.onApp?.(await run.app()));
  for (const step of steps) {
    // An SSO that was just added has no mapping yet: an interruption takes effect once it does.
    const until = bringsMapping(step, done) ? undefined : options.signal;
    try {
      until?.throwIfAborted();
      if (isInAkto(step)) await tellApp();
      await options.onStep?.(step);
      await run.carryOut(step, done, until);
      done.push(step);
      options.onDone?.(step);
    } catch (error) {
      throw stopped(error, done, steps.slice(done.length));
    }
  }
  await tellApp();
  return done;
}

/** Whether the step is one in Akto. */
function isInAkto({ action: { kind } }: Step): boolean {
  return kind === "activate" || kind === "replace" || kind === "mapping";
}

/** Whether the step saves the mapping of an SSO that this run has added. */
function bringsMapping({ action }: Step, done: readonly Step[]): boolean {
  return action.kind === "mapping" && done.some(({ action: { kind } }) => kind === "activate" || kind === "replace");
}

function createRun({ spec, live, chosenFilter }: Planned, { okta, akto, profiles }: Clients, options: ApplyOptions) {
  const { secrets, pause } = options;
  let known: string | undefined;
  // An app's client id never changes: once known, it isn't asked for again.
  let foundId = live.okta?.app?.clientId;
  const clientId = async (): Promise<string | undefined> => {
    foundId ??= okta ? (await readApp(spec, okta))?.clientId : undefined;
    return foundId ?? spec.okta.app.clientId;
  };
  const oktaRun: OktaRun | null = okta && {
    spec,
    okta,
    ledger: createLedger(profiles, ssoOfSpec(spec)),
    chosenFilter,
    own: live.okta?.own ?? new Set(),
    clientId: async () => {
      const id = await clientId();
      if (id === undefined) throw appMissing(spec);
      return id;
    },
  };
  const secretOf = async (id: string): Promise<string | undefined> => {
    // Okta decides: what was given may be an older app's.
    const app = await okta?.apps.byClientId(id);
    const secret = (app && (await okta?.apps.clientSecret(app.id))) ?? (await secrets.clientSecret(id));
    if (id === (await clientId())) known = secret;
    return secret;
  };
  const aktoRun: AktoRun | null =
    akto && live.akto
      ? { spec, akto, profiles, seen: live.akto, token: secrets.managementToken, secretOf, pause }
      : null;

  async function carryOut(step: Step, done: readonly Step[], until: AbortSignal | undefined): Promise<void> {
    const { action } = step;
    if (oktaRun) {
      switch (action.kind) {
        case "group":
          return ensureGroup(oktaRun, action.name);
        case "app":
          await ensureApp(oktaRun);
          return;
        case "assignment":
          return ensureAssignment(oktaRun, action.group);
        case "unassignment":
          return dropAssignment(oktaRun, action.group);
        case "claim":
          return ensureClaim(oktaRun);
        case "policy":
          return ensurePolicy(oktaRun);
        case "rule":
          return ensureRule(oktaRun);
      }
    }
    if (!aktoRun) return;
    if (action.kind === "mapping") {
      return profiles.alone(() => saveMapping(aktoRun, bringsMapping(step, done)), until);
    }
    const id = await clientId();
    if (id === undefined) {
      throw new Failure("usage", "input.missing", "Missing: the app's client id, which Akto needs.", {
        hint: "Write okta.app.clientId in the file, or give an Okta API token so that the app can be found.",
      });
    }
    if (action.kind === "activate") await activate(aktoRun, id);
    else if (action.kind === "replace") await profiles.alone(() => replace(aktoRun, id), until);
  }

  const app = async (): Promise<ProvidedApp> => {
    const id = await clientId();
    return { clientId: id, clientSecret: async () => known ?? (id === undefined ? undefined : secretOf(id)) };
  };
  return { carryOut, app };
}

/**
 * Keeps what a run has brought about, for the other commands to work with: in the profile, and the client secret before
 * it, so that a run that was cut off in between is seen not to have kept it.
 *
 * @returns the secrets of another SSO that went, in words
 */
export async function keepApplied(
  { spec, live }: Planned,
  { profiles }: Clients,
  applied: Applied,
  secrets: SecretStore,
): Promise<string[]> {
  const { clientId } = applied;
  const { akto, okta, mapping } = spec;
  const { host } = okta.domain;
  const sameIssuer = ({ domain, authServerId }: Profile) =>
    domain === host && authServerId === okta.authorizationServerId;
  const before = await profiles.read();
  const changed = applied.done.some(({ action: { kind } }) => kind === "activate" || kind === "replace");
  const learned = clientId !== undefined && (changed || before.clientId !== clientId);
  const dropped = await keepSecrets(
    secrets,
    before,
    {
      domain: okta.domain,
      issuer: sameIssuer(before) ? before.issuer : undefined,
      clientId: clientId ?? before.clientId,
      aktoUrl: akto.url,
      aktoAccountId: akto.accountId,
    },
    { clientSecret: learned ? await applied.clientSecret() : undefined },
  );
  const sync = live.akto ? wantedSync(spec, live.akto) : akto.syncGroupsToUserTags;
  await profiles.update(({ replacing, origin: _, issuer, ...profile }): Profile => {
    return {
      ...profile,
      ...profileOf({
        aktoUrl: akto.url,
        aktoAccountId: akto.accountId,
        domain: okta.domain,
        authServerId: okta.authorizationServerId,
        issuer: sameIssuer(profile) ? issuer : undefined,
        clientId,
      }),
      mapping: [...mapping],
      ...(sync === undefined ? {} : { syncGroupsToUserTags: sync }),
      ...(live.akto ? { customRoles: live.akto.customRoles } : {}),
      ...(replacing && !live.akto ? { replacing } : {}),
    };
  });
  return dropped;
}

/** The failure with which a run ends: its own message, and under it what was done and what was not. */
function stopped(error: unknown, done: readonly Step[], left: readonly Step[]): unknown {
  if (!isFailure(error)) return error;
  const list = (steps: readonly Step[]) => steps.map(({ title }) => `  - ${title}`);
  const hint = [
    ...(error.hint === undefined ? [] : [error.hint]),
    ...(done.length === 0 ? ["Nothing was changed before that."] : ["Done:", ...list(done)]),
    "Not done:",
    ...list(left),
    "Run the same command again: it continues from here.",
  ].join("\n");
  return new Failure(error.kind, error.code, error.message, { hint, cause: error });
}
