/** `login preview`: everyone who is assigned to the app, each with the role that they would get. */

import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { AktoRequest } from "../../core/login/okta-side.ts";
import type { Mapping, TeamMember } from "../../core/model/akto.ts";
import type { OktaApp } from "../../core/model/okta.ts";
import {
  type InAkto,
  type Person,
  type PreviewRow,
  type PreviewSetup,
  type PreviewTotals,
  previewRow,
  previewTotals,
  sortRows,
} from "../../core/preview/preview.ts";
import { count, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings, type Settings } from "../../settings.ts";
import { askAsAkto } from "../login/akto-request.ts";
import { aktoCanAsk, asInAkto, claimsIfAny, ifInSight, type LoginSetup, loginSetup } from "../login/facts.ts";
import type { MappingAccess } from "../mapping/mapping.ts";
import { type OnProgress, readMemberships } from "./memberships.ts";

/** Everyone who could sign in. */
export interface Preview {
  readonly app: OktaApp;
  /** Where the mapping is from. */
  readonly source: MappingAccess["source"];
  /** By role, the highest first. */
  readonly rows: readonly PreviewRow[];
  readonly totals: PreviewTotals;
  /** Why nobody at all gets in as it is, whatever their roles would be: a sentence. */
  readonly blocked: string | null;
  /** What the preview could not take into account, in sentences. */
  readonly warnings: readonly string[];
}

export interface PreviewOptions {
  /** The account's e-mail domain, where it is given. */
  readonly organisationDomain: string | undefined;
  /** Reads the mapping to compare with, when the roles that there are in Akto are known. */
  readonly against: ((setup: LoginSetup) => Promise<Mapping>) | undefined;
}

/**
 * Tells everyone's role. Throws `input.missing` without a token, a client id or an authorization server, `okta.no_app`
 * when no app has the client id, and what Okta and Akto throw.
 */
export async function previewLogins(
  context: Context,
  settings: Settings,
  options: PreviewOptions,
  onProgress: OnProgress,
): Promise<Preview> {
  const org = await context.okta(settings);
  const known = await loginSetup(context, settings, options.organisationDomain);
  const against = await options.against?.(known);
  const clientId = await asInAkto(settings, "clientId", known.sso);
  const authServerId = await asInAkto(settings, "authServerId", known.sso);
  if (clientId === undefined || authServerId === undefined) {
    throw missingSettings([
      ...(clientId === undefined ? (["clientId"] as const) : []),
      ...(authServerId === undefined ? (["authServerId"] as const) : []),
    ]);
  }
  const app = await org.apps.byClientId(clientId);
  if (!app) {
    throw new Failure("usage", "okta.no_app", `Okta has no app with the client id ${quoted(clientId)}.`, {
      hint: "Compare the client id with the app's General tab in Okta.",
    });
  }
  const [claims, policies, request] = await Promise.all([
    claimsIfAny(org, authServerId),
    ifInSight("The access policies were", () => org.authServers.policies(authServerId)),
    askAsAkto(context, settings),
  ]);
  const seen = "kind" in policies ? null : policies;
  const setup: PreviewSetup = {
    claims,
    aktoHasToken: aktoCanAsk(known, org),
    aktoSees: known.aktoSees,
    mapping: known.mapping,
    against,
    customRoles: known.customRoles,
    clientId,
    policies: seen,
    organisationDomain: known.organisationDomain,
    team: known.team ? teamByLogin(known.team) : null,
  };
  const people = await assignedPeople(org, app, onProgress);
  const groups = await readMemberships(org, people, setup, onProgress);
  const rows = sortRows(
    people.map((person) => previewRow(person, groups.get(person.id) ?? null, setup)),
    setup,
  );
  return {
    app,
    source: known.source,
    rows,
    totals: previewTotals(rows, setup),
    blocked: blockedBy(app, request),
    warnings: warningsOf("kind" in policies ? policies.why : null, known, rows),
  };
}

/** Everyone who is assigned, alone or by groups, each once. */
async function assignedPeople(org: OktaOrg, app: OktaApp, onProgress: OnProgress): Promise<Person[]> {
  const people = new Map<string, Person>();
  for await (const { id, login, name, email, status } of org.apps.users(app.id)) {
    people.set(id, { id, login, name, email: email || null, status });
    if (people.size % 200 === 0) onProgress(`Reading who is assigned … ${count(people.size, "person", "people")}`);
  }
  return [...people.values()];
}

function teamByLogin(team: readonly TeamMember[]): Map<string, InAkto> {
  const members = team.filter(({ invited }) => !invited);
  return new Map(members.map((member) => [member.login.toLowerCase(), member]));
}

function blockedBy({ active, label }: OktaApp, request: AktoRequest): string | null {
  if (!active) return `The app ${quoted(label)} is inactive in Okta.`;
  return request.kind === "refused" && request.certain ? request.message : null;
}

function warningsOf(policies: string | null, setup: LoginSetup, rows: readonly PreviewRow[]): string[] {
  const { organisationDomain: domain, domainToldByTeam, aktoToken } = setup;
  const found: string[] = [];
  if (aktoToken === "refused") {
    found.push("Okta refuses the API token that Akto keeps, so Akto gets no groups but the access token's.");
  }
  if (aktoToken === "own" && rows.some(({ role }) => role?.source === "management_api")) {
    found.push("Whether Akto keeps an Okta API token is not known here: the one that was given stands for it.");
  }
  if (policies !== null) found.push(policies);
  if (domain === null) {
    found.push(
      "The organisation's e-mail domain in Akto is not known, so nobody is turned away for another one: --organisation-domain names it.",
    );
  } else if (domainToldByTeam && rows.some(({ turnedAway }) => turnedAway === "email_domain")) {
    found.push(
      `The organisation's e-mail domain is taken to be ${quoted(domain)}, which most of Akto's team have: --organisation-domain names another.`,
    );
  }
  return found;
}
