/** The plan for a whole SSO: the document against what is live. Pure; reading and writing are done elsewhere. */

import { type ClaimChoice, claimGroupLimit } from "../claim/filter.ts";
import { Failure } from "../failure.ts";
import { shellArgument } from "../roles/mapping.ts";
import { clean, quoted } from "../text.ts";
import {
  accessOf,
  accessRuleName,
  claimSettings,
  newRule,
  plannedClaim,
  policyName,
  restrictedNote,
  ruleSettings,
  wantedRule,
} from "./access.ts";
import { diffAkto, knownAfterwards, type TokenChange } from "./akto.ts";
import { wantedApp } from "./app.ts";
import type { LiveAkto, LiveOkta, LiveServer } from "./live.ts";
import { type Action, addressOf, type Change, compareFields, type FieldChange, type Plan, type Step } from "./plan.ts";
import { everyone, labelOf, type SsoSpec } from "./spec.ts";

/** What the plan is made from. A side that is `null` can't be asked here, and is left out of the plan. */
export interface Live {
  readonly okta: LiveOkta | null;
  readonly akto: LiveAkto | null;
}

/** What is not live and not in the document. */
export interface PlanOptions {
  /** The filter to take for the groups claim where the document names none. */
  readonly chosenFilter: ClaimChoice;
  /** Whether the groups claim, as it will be, lets more groups of the org through than a claim can carry. */
  readonly crowdedClaim: boolean;
  readonly token: TokenChange;
  /** Remove the SSO from Akto and add it again even if nothing of it differs: for a new client secret. */
  readonly replaceSso: boolean;
}

/**
 * Every difference, in the order in which it is mended: in Okta groups, app, assignments, claim, policy and rule, and
 * then in Akto, which relies on them.
 *
 * @throws Failure when the document can't be made so: `okta.group_not_found`, `okta.app_not_web`, `input.missing`,
 *   `akto.token_needed`, `claim.filter_too_long`
 */
export function diffSpec(spec: SsoSpec, live: Live, options: PlanOptions): Plan {
  const okta = live.okta ? diffOkta(spec, live.okta, live.akto, options) : { steps: [], warnings: [] };
  const clientId = live.okta ? (live.okta.app?.clientId ?? null) : (spec.okta.app.clientId ?? null);
  const akto = live.akto ? diffAkto(spec, live.akto, clientId, options) : { steps: [], warnings: [] };
  return {
    compared: [...(live.okta ? ["okta" as const] : []), ...(live.akto ? ["akto" as const] : [])],
    steps: [...okta.steps, ...akto.steps],
    warnings: [...okta.warnings, ...akto.warnings],
  };
}

/** What one part of the document comes to. */
type Part = Omit<Plan, "compared">;

function diffOkta(spec: SsoSpec, live: LiveOkta, akto: LiveAkto | null, options: PlanOptions): Part {
  const { token } = options;
  const { app: wanted } = spec.okta;
  const groups = diffGroups(spec, live);
  const warnings = [...groups.warnings];
  const steps = [...groups.steps];

  const app = live.app;
  const fields = compareFields(app, wantedApp(spec, app));
  if (!app)
    steps.push(step({ kind: "app" }, `create the app ${quoted(labelOf(wanted))} in Okta`, "add", "okta.app", fields));
  else if (fields.length > 0) {
    steps.push(step({ kind: "app" }, `change the app ${quoted(app.label)} in Okta`, "change", "okta.app", fields));
  }
  if (wanted.clientId !== undefined && app?.clientId !== wanted.clientId) {
    warnings.push(
      app
        ? `This API token shows no app with the client id ${clean(wanted.clientId)}; the one with the same label and redirect URI is used instead: ${clean(app.clientId)}. Put that in the file.`
        : `This API token shows no app with the client id ${clean(wanted.clientId)}: one is created, with a client id of its own. Put that in the file afterward. If there is such an app, use the token of an admin who can see it instead.`,
    );
  }
  // Everybody may sign in already, and the app takes no assignment (Okta behavior).
  const open = app?.implicitAssignment === true;
  if (open && wanted.assignments.length > 0) {
    warnings.push(
      "The app is in Federation Broker Mode, in which everybody in the org can sign in: it has no assignments, and none are made.",
    );
  }
  if (open && wanted.initiateLogin) {
    warnings.push(
      "The app is in Federation Broker Mode, so it is on nobody's dashboard: no sign-in can start in Okta, whatever its settings say.",
    );
  }
  for (const group of open ? [] : wanted.assignments) {
    const id = live.groups.get(group);
    if (app && id && app.assignedGroups.includes(id)) continue;
    steps.push(
      step(
        { kind: "assignment", group },
        `assign the app to ${quoted(group)}`,
        "add",
        addressOf("okta.app.assignments", group),
        [],
      ),
    );
  }
  for (const group of wanted.unassign ?? []) {
    const id = live.groups.get(group);
    if (!app || !id || !app.assignedGroups.includes(id)) continue;
    const title = `remove the app's assignment to ${quoted(group)}`;
    const address = addressOf("okta.app.assignments", group);
    steps.push(step({ kind: "unassignment", group }, title, "remove", address, []));
  }
  if (
    !open &&
    wanted.assignments.length > 0 &&
    !wanted.assignments.includes(everyone) &&
    live.forEveryone &&
    !wanted.unassign
  ) {
    warnings.push(
      `The app is also assigned to ${everyone}: everybody can sign in, whatever other groups are named. Assignments are only added here; remove that one in Okta if it isn't wanted.`,
    );
  }
  if (!open && wanted.assignments.length === 0 && (app?.assignedGroups.length ?? 0) === 0) {
    warnings.push(
      "The app is assigned to no group, so nobody can sign in: name some under okta.app.assignments (--assign in the setup).",
    );
  }

  if (live.server) {
    const server = diffServer(spec, live, live.server, options);
    return { steps: [...steps, ...server.steps], warnings: [...warnings, ...server.warnings] };
  }
  const hasToken =
    token === "replace" || token === "ensure" || (token === "keep" && akto?.sso?.hasManagementApiToken === true);
  warnings.push(
    `This org has no API Access Management, so its authorization servers can't carry a groups claim, and may not accept sign-ins at all: \`akto-okta doctor\` finds out. ${
      hasToken
        ? "Akto asks Okta for the groups with the API token it stores."
        : "Only an Okta API token stored in Akto can bring the groups (--management-token-file); without one everybody becomes Security Engineer."
    }`,
  );
  return { steps, warnings };
}

function diffGroups({ okta, mapping }: SsoSpec, { groups }: LiveOkta): Part {
  const absent = [...groups].filter(([, id]) => id === null).map(([name]) => name);
  const made = (name: string) =>
    typeof okta.createGroups === "boolean" ? okta.createGroups : okta.createGroups.includes(name);
  const steps = absent
    .filter(made)
    .map((name) =>
      step(
        { kind: "group", name },
        `create the group ${quoted(name)} in Okta`,
        "add",
        addressOf("okta.groups", name),
        [],
      ),
    );
  const missing = absent.filter((name) => !made(name));
  const [unassignable] = okta.app.assignments.filter((name) => missing.includes(name));
  if (unassignable !== undefined) {
    throw new Failure(
      "usage",
      "okta.group_not_found",
      `Okta has no group ${quoted(unassignable)}, which the app is to be assigned to.`,
      {
        hint: "Correct the name (capitalization counts), or have it created: createGroups: true under okta in the file, --create-group in the setup.",
      },
    );
  }
  const warnings = missing
    .filter((name) => mapping.has(name))
    .map((name) => {
      const word = shellArgument(name);
      const create = word === undefined ? "Create it" : `Create it with \`akto-okta groups create ${word}\``;
      return `${quoted(name)} is mapped, but Okta has no group of this name: nobody gets its role. ${create}, or write createGroups: true under okta.`;
    });
  return { steps, warnings };
}

function diffServer(
  spec: SsoSpec,
  live: LiveOkta,
  server: LiveServer,
  { chosenFilter, crowdedClaim }: PlanOptions,
): Part {
  const steps: Step[] = [];
  const warnings: string[] = [];
  if (!server.active) {
    warnings.push("The authorization server is inactive: nobody can sign in until it is activated in Okta.");
  }

  const { claim, settings, note } = plannedClaim(spec, server, live.own, chosenFilter);
  if (note !== null) warnings.push(note);
  if (crowdedClaim) {
    warnings.push(
      `The groups claim lets over ${claimGroupLimit} of the org's groups through: what Okta does for somebody who is in more than ${claimGroupLimit} of them is disputed. Narrow its filter.`,
    );
  }
  if (settings) {
    const fields = compareFields(claim ? claimSettings(claim) : null, settings);
    if (!claim) {
      steps.push(
        step({ kind: "claim" }, "add the groups claim to the authorization server", "add", "okta.groupsClaim", fields),
      );
    } else if (fields.length > 0) {
      steps.push(
        step(
          { kind: "claim" },
          "change the groups claim of the authorization server",
          "change",
          "okta.groupsClaim",
          fields,
        ),
      );
    }
  }

  const clientId = live.app?.clientId ?? null;
  const access = accessOf(server.policies, clientId);
  if (access.kind === "restricted") warnings.push(restrictedNote(access));
  if (access.kind === "closed") {
    const { policy, rule } = access;
    if (!policy) {
      const name = policyName(server.policies, labelOf(spec.okta.app), clientId ?? knownAfterwards);
      const fields = compareFields(null, { name, clients: [clientId ?? knownAfterwards] });
      steps.push(step({ kind: "policy" }, "add an access policy for the app", "add", "okta.accessPolicy", fields));
    } else if (!policy.active) {
      const fields: FieldChange[] = [{ field: "active", from: false, to: true }];
      steps.push(
        step(
          { kind: "policy" },
          `activate the access policy ${quoted(policy.name)}`,
          "change",
          "okta.accessPolicy",
          fields,
        ),
      );
    }
    const fields = rule
      ? compareFields(ruleSettings(rule), wantedRule(rule))
      : compareFields(null, { name: accessRuleName, ...newRule });
    if (!rule || fields.length > 0) {
      const title = rule ? `change the access rule ${quoted(rule.name)}` : "add the access rule for Akto's scopes";
      steps.push(step({ kind: "rule" }, title, rule ? "change" : "add", "okta.accessRule", fields));
    }
  }
  return { steps, warnings };
}

function step(
  action: Action,
  title: string,
  kind: Change["kind"],
  address: string,
  fields: readonly FieldChange[],
): Step {
  return { action, title, changes: [{ system: "okta", kind, address, fields }] };
}
