/** The steps in Okta. Each looks before it writes: what is as it should be is left alone. */
import { groupsClaimName } from "../../core/claim/claim.ts";
import type { ClaimChoice } from "../../core/claim/filter.ts";
import { Failure } from "../../core/failure.ts";
import {
  accessOf,
  accessRuleName,
  type ClaimSettings,
  claimSettings,
  newRule,
  plannedClaim,
  policyName,
  ruleSettings,
  wantedRule,
} from "../../core/plan/access.ts";
import { wantedApp } from "../../core/plan/app.ts";
import type { LiveServer } from "../../core/plan/live.ts";
import { compareFields } from "../../core/plan/plan.ts";
import { labelOf, type SsoSpec } from "../../core/plan/spec.ts";
import { quoted } from "../../core/text.ts";
import type { NewClaim, OktaOrg } from "../../okta/types.ts";
import { type Ledger, ruleParent } from "./ledger.ts";
import { appMissing, bearersOf, groupId, listOfGroups, readApp, readServer } from "./live.ts";

/** What the steps in Okta work on. */
export interface OktaRun {
  readonly spec: SsoSpec;
  readonly okta: OktaOrg;
  readonly ledger: Ledger;
  readonly chosenFilter: ClaimChoice;
  /** The ids of what this tool made, as the plan knew them. */
  readonly own: ReadonlySet<string>;
  /** The app's client id, from an earlier step. */
  clientId(): Promise<string>;
}

const groupDescription = "Made by akto-okta";

/** A group that is there in the end. */
export async function ensureGroup({ okta, ledger }: Pick<OktaRun, "okta" | "ledger">, name: string): Promise<void> {
  if ((await groupId(okta, name)) !== null) return;
  await ledger.make({ kind: "group", name }, () => okta.createGroup(name, groupDescription));
}

/** The app, with the settings that Akto needs. */
export async function ensureApp({ spec, okta, ledger }: OktaRun): Promise<void> {
  const app = await readApp(spec, okta);
  const settings = wantedApp(spec, app);
  if (!app) {
    await ledger.make({ kind: "app", name: settings.label }, async () => (await okta.apps.create(settings)).app);
    return;
  }
  const { active, ...change } = settings;
  if (compareFields(app, change).length > 0) await okta.apps.change(app.id, change);
  if (!app.active) await okta.apps.activate(app.id);
}

/** The app's assignment to a group. */
export async function ensureAssignment(run: OktaRun, group: string): Promise<void> {
  const app = await readApp(run.spec, run.okta);
  if (!app) throw appMissing(run.spec);
  const id = await groupId(run.okta, group, app.assignedGroups);
  if (id === null) {
    throw new Failure("usage", "okta.group_not_found", `Okta no longer has the group ${quoted(group)}.`, {
      hint: "Run the command again: the plan will say what is missing.",
    });
  }
  if (!app.assignedGroups.includes(id)) await run.okta.apps.assignGroup(app.id, id);
}

/** The app without its assignment to a group. */
export async function dropAssignment({ spec, okta }: OktaRun, group: string): Promise<void> {
  const app = await readApp(spec, okta);
  const id = app && (await groupId(okta, group, app.assignedGroups));
  if (app && id && app.assignedGroups.includes(id)) await okta.apps.unassignGroup(app.id, id);
}

async function requireServer({ spec, okta }: OktaRun): Promise<LiveServer> {
  const server = await readServer(okta, spec.okta.authorizationServerId);
  if (server) return server;
  throw new Failure("auth", "okta.no_api_access_management", "The org no longer has API Access Management.", {
    hint: "Run the command again: the plan will continue without a groups claim.",
  });
}

/** The groups claim on the access token. */
export async function ensureClaim(run: OktaRun): Promise<void> {
  const { spec, okta, ledger, chosenFilter, own } = run;
  const serverId = spec.okta.authorizationServerId;
  // The list's ids, with those of the groups created meanwhile.
  const list = chosenFilter.filter === "EXPRESSION" ? listOfGroups(spec, await bearersOf(okta, spec)) : null;
  const { claim, settings } = plannedClaim(spec, await requireServer(run), own, list ?? chosenFilter);
  if (!settings) return;
  if (!claim) {
    await ledger.make({ kind: "claim", name: groupsClaimName, parent: serverId }, () =>
      okta.authServers.createClaim(serverId, claimOf(settings)),
    );
  } else if (compareFields(claimSettings(claim), settings).length > 0) {
    await okta.authServers.replaceClaim(serverId, claim.id, claimOf(settings));
  }
}

function claimOf({ status, filter, value, scopes }: ClaimSettings): NewClaim {
  return {
    name: groupsClaimName,
    status,
    claimType: "RESOURCE",
    ...(filter === "EXPRESSION"
      ? { valueType: "EXPRESSION", groupFilterType: null }
      : { valueType: "GROUPS", groupFilterType: filter }),
    value,
    scopes,
  };
}

const policyDescription = "Lets Akto sign its users in. Made by akto-okta.";

/** An access policy for the app alone, unless one lets it in already. */
export async function ensurePolicy(run: OktaRun): Promise<void> {
  const { spec, okta, ledger } = run;
  const serverId = spec.okta.authorizationServerId;
  const clientId = await run.clientId();
  const { policies } = await requireServer(run);
  const access = accessOf(policies, clientId);
  if (access.kind !== "closed") return;
  if (access.policy) {
    if (!access.policy.active) await okta.authServers.activatePolicy(serverId, access.policy.id);
    return;
  }
  const name = policyName(policies, labelOf(spec.okta.app), clientId);
  await ledger.make({ kind: "policy", name, parent: serverId }, () =>
    okta.authServers.createPolicy(serverId, { name, description: policyDescription, clients: [clientId] }),
  );
}

/** The rule that lets the app in, in the policy for the app alone, unless one lets it in already. */
export async function ensureRule(run: OktaRun): Promise<void> {
  const { spec, okta, ledger } = run;
  const serverId = spec.okta.authorizationServerId;
  const clientId = await run.clientId();
  const access = accessOf((await requireServer(run)).policies, clientId);
  if (access.kind !== "closed") return;
  const { policy, rule } = access;
  if (!policy) {
    throw new Failure("usage", "okta.policy_missing", "The access policy for the app is gone.", {
      hint: "Run the command again.",
    });
  }
  if (!rule) {
    await ledger.make({ kind: "rule", name: accessRuleName, parent: ruleParent(serverId, policy.id) }, () =>
      okta.authServers.createRule(serverId, policy.id, { name: accessRuleName, ...newRule }),
    );
    return;
  }
  const { active, ...change } = wantedRule(rule);
  if (compareFields(ruleSettings(rule), change).length > 0) {
    await okta.authServers.changeRule(serverId, policy.id, rule.id, change);
  }
  if (!rule.active) await okta.authServers.activateRule(serverId, policy.id, rule.id);
}
