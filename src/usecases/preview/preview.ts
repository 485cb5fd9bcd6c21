/** `login preview`: everyone who is assigned to the app, each with the role that they would get. */

import { askStatus } from "../../core/access/user-status.ts";
import { valueIn } from "../../core/evidence.ts";
import { Failure, isFailure } from "../../core/failure.ts";
import type { AktoRequest } from "../../core/login/facts.ts";
import type { Mapping, TeamMember } from "../../core/model/akto.ts";
import type { OktaApp, OktaUser } from "../../core/model/okta.ts";
import { hiddenGroups } from "../../core/preview/groups.ts";
import { type LeftMember, leftInTeam } from "../../core/preview/left.ts";
import {
  createPreviewer,
  type InAkto,
  isOutside,
  type KnownGroups,
  type Person,
  type Previewer,
  type PreviewRow,
  type PreviewSetup,
  type PreviewTotals,
  previewTotals,
  sortRows,
} from "../../core/preview/preview.ts";
import { count, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { groupsUnseen } from "../groups/groups.ts";
import { type Account, aktoAsks, differencesToAkto, readAccount } from "../login/account.ts";
import { askAsAkto } from "../login/request.ts";
import type { MappingAccess } from "../mapping/mapping.ts";
import { insist } from "../world/read.ts";
import type { World } from "../world/world.ts";
import { type Everyone, type OnProgress, readEveryone } from "./everyone.ts";
import { readMemberships } from "./memberships.ts";

/** Everyone who could sign in. */
export interface Preview {
  readonly app: OktaApp;
  /** Where the mapping is from. */
  readonly source: MappingAccess["source"];
  readonly mapping: Mapping;
  /** The mapping that it is compared with, if any. */
  readonly against: Mapping | null;
  /** By role, the highest first. */
  readonly rows: readonly PreviewRow[];
  readonly totals: PreviewTotals;
  /** Why nobody at all gets in as it is, whatever their roles would be: a sentence. */
  readonly blocked: string | null;
  /** Members of Akto's team who can't sign in through Okta; `null` where Akto was not asked. */
  readonly left: readonly LeftMember[] | null;
  /** What the preview could not take into account, in sentences. */
  readonly warnings: readonly string[];
}

export interface PreviewOptions {
  /** Reads the mapping to compare with, when the roles that there are in Akto are known. */
  readonly against: ((account: Account) => Promise<Mapping>) | undefined;
}

/**
 * Tells everyone's role. Throws `input.missing` without a token, a client id or an authorization server, `okta.no_app`
 * when Okta doesn't know this client, `okta.app_unseen` when the token doesn't show the app, and what Okta and Akto throw.
 */
export async function previewLogins(world: World, options: PreviewOptions, onProgress: OnProgress): Promise<Preview> {
  const org = insist(await world.org());
  const begun = begin(world, org, onProgress);
  // What is wrong with the account, or with the other mapping, is said first.
  begun.catch(() => {});
  try {
    const account = await readAccount(world);
    const against = await options.against?.(account);
    return await previewOf(world, { ...(await begun), org, account, against, onProgress });
  } finally {
    begun.then(
      ({ everyone }) => everyone.stop(),
      () => {},
    );
  }
}

/** The app, and everyone who may sign in to it on their way: of all that is asked, their pages take the longest. */
async function begin(world: World, org: OktaOrg, onProgress: OnProgress) {
  const { clientId } = insist(await world.setup());
  const app = await previewedApp(world, clientId);
  // In Federation Broker Mode nobody is assigned, and everybody may sign in.
  const pages = app.implicitAssignment ? org.userPages() : assignedPages(org, app);
  return { app, clientId, everyone: readEveryone(pages, onProgress) };
}

/** Those who are assigned to the app. That Okta finds no list of them means that the token's owner may not see it. */
async function* assignedPages(org: OktaOrg, { id, label }: OktaApp): AsyncGenerator<readonly OktaUser[], void> {
  try {
    yield* org.apps.userPages(id);
  } catch (error) {
    if (!isFailure(error, "okta.not_found")) throw error;
    throw new Failure(
      "auth",
      "okta.app_unseen",
      `This API token can't see who is assigned to the app ${quoted(label)}.`,
      {
        hint: "Use the API token of an admin who can see the app's assignments, such as a read-only administrator.",
      },
    );
  }
}

/** What a preview is made from. */
interface Begun {
  readonly org: OktaOrg;
  readonly account: Account;
  readonly against: Mapping | undefined;
  readonly app: OktaApp;
  readonly clientId: string;
  readonly everyone: Everyone;
  readonly onProgress: OnProgress;
}

async function previewOf(
  world: World,
  { org, account, against, app, clientId, everyone, onProgress }: Begun,
): Promise<Preview> {
  const [claims, policies, signInPolicy, mapped, request, sight] = await Promise.all([
    world.claims(),
    world.policies(),
    world.signInPolicy(),
    world.mappedGroups(),
    askAsAkto(world),
    world.groupSight(),
  ]);
  const setup: PreviewSetup = {
    claims,
    ...aktoAsks(account),
    mapping: account.mapping,
    mappingUnseen: against === undefined ? account.mappingUnseen : undefined,
    against,
    customRoles: account.customRoles,
    clientId,
    policies: valueIn(policies) ?? null,
    signInPolicy: valueIn(signInPolicy) ?? null,
    organizationDomain: account.organizationDomain,
    team: account.team ? teamByLogin(account.team) : null,
  };
  const byName = new Map(valueIn(mapped)?.map(({ name, groups }) => [name, groups]));
  if (sight.known && sight.value === "none") throw groupsUnseen();
  const hidden = hiddenGroups(sight);
  // How many people have come takes the longest to be told: what is read meanwhile isn't shown in between.
  const onRead: OnProgress = (label) => {
    if (everyone.haveCome()) onProgress(label);
  };
  const groups = await readMemberships(org, everyone, setup, byName, onRead, hidden);
  const people = await everyone.all();
  const previewer = createPreviewer(setup);
  const rows = sortRows(
    people.map((person) => previewer.row(person, groups.get(person.id) ?? null)),
    setup,
  );
  const blocked = blockedBy(app, request, rows);
  return {
    app,
    source: account.source,
    mapping: account.mapping,
    against: against ?? null,
    rows,
    // Where nobody is shown, nobody is known to be missing.
    left:
      account.team && people.length > 0
        ? leftInTeam(account.team, rows, app.implicitAssignment ? "no user of the org" : "not assigned to the app")
        : null,
    totals: previewTotals(rows, setup),
    blocked,
    warnings: eachOnce(blocked, [
      ...(await differencesToAkto(world)).map(
        (difference) => `The settings here name ${difference}: what counts is Akto's.`,
      ),
      ...(request.unheard === null ? [] : [request.unheard]),
      ...(claims.known ? [] : [claims.why]),
      ...(policies.known ? [] : [policies.why]),
      ...(signInPolicy.known ? [] : [signInPolicy.why]),
      ...maybeDenied(people, groups, previewer),
      ...new Set([...groups.values()].flatMap(({ hidden }) => (hidden === undefined ? [] : [hidden]))),
      ...nobodyAssigned(people),
      ...warningsOf(account, rows),
    ]),
  };
}

/** The sentences, each once, without the one that is said of everybody already. */
const eachOnce = (said: string | null, sentences: readonly string[]): string[] =>
  [...new Set(sentences)].filter((sentence) => sentence !== said);

/** The app whose people are told. */
async function previewedApp(world: World, clientId: string): Promise<OktaApp> {
  const app = await world.app();
  if (app.known && app.value) return app.value;
  if (app.known) {
    throw new Failure("usage", "okta.no_app", `Okta doesn't know the client ${quoted(clientId)}.`, {
      hint: "Compare the client id with the app's General tab in Okta.",
    });
  }
  throw (
    app.failure ??
    new Failure("auth", "okta.app_unseen", app.why, {
      hint: "Use the API token of an admin who can see the app, such as a read-only administrator.",
    })
  );
}

/** Akto's team by login in lower case. */
export function teamByLogin(team: readonly TeamMember[]): Map<string, InAkto> {
  return new Map(team.map((member) => [member.login.toLowerCase(), member]));
}

function blockedBy(
  { active, label }: OktaApp,
  { checks, accepted }: AktoRequest,
  rows: readonly PreviewRow[],
): string | null {
  if (!active && !accepted) return `The app ${quoted(label)} is inactive in Okta.`;
  const faults = checks.filter(({ status, evidence }) => status === "fail" && evidence !== "guessed");
  const fault = faults.find(({ id }) => id !== "access-policy");
  if (fault) return fault.message;
  // Whom our own reading of the policies turns away, their rows say. Okta's own no counts for the others, too.
  const denied = faults.find(({ id, evidence }) => id === "access-policy" && evidence === "seen");
  return denied && rows.some(({ role }) => role) ? denied.message : null;
}

/** Whom the app's authentication policy may deny, where that hangs on the moment. */
function maybeDenied(
  people: readonly Person[],
  groups: ReadonlyMap<string, KnownGroups>,
  previewer: Previewer,
): string[] {
  const byRule = new Map<string, { readonly on: readonly string[]; people: number }>();
  for (const person of people) {
    const known = groups.get(person.id);
    const answer = known && previewer.signIn(person, known);
    if (answer?.kind !== "depends") continue;
    const found = byRule.get(answer.mayDeny) ?? { on: answer.on, people: 0 };
    byRule.set(answer.mayDeny, { ...found, people: found.people + 1 });
  }
  return Array.from(
    byRule,
    ([rule, { on, people }]) =>
      `The app's authentication policy may deny ${count(people, "person", "people")}, by its rule ${quoted(rule)}: that depends on ${listed(on)}.`,
  );
}

/** That nobody is assigned may be no more than what the token shows. */
function nobodyAssigned(people: readonly Person[]): string[] {
  return people.length > 0
    ? []
    : ["This API token shows nobody who is assigned to the app: nobody is, or its owner may not see them."];
}

/** What Okta doesn't show of people, so that they may be turned away all the same. */
function unseenOf(rows: readonly PreviewRow[]): string[] {
  const noStatus = rows.filter(({ person, role }) => role && askStatus(person.status).kind === "unknown").length;
  const noEmail = rows.filter(({ person, role }) => role && person.email === undefined).length;
  const of = (people: number) => count(people, "person", "people");
  return [
    ...(noStatus > 0
      ? [`Whether ${of(noStatus)} may sign in at all isn't known: Okta shows no status that is known here.`]
      : []),
    ...(noEmail > 0
      ? [`The API token doesn't show the email address of ${of(noEmail)}, without which Akto turns them away.`]
      : []),
  ];
}

function warningsOf(account: Account, rows: readonly PreviewRow[]): string[] {
  const { organizationDomain: domain, token, mappingUnseen, mappingCopied, customRolesUnseen, teamUnseen } = account;
  const found = [
    ...[mappingUnseen, mappingCopied].filter((sentence) => sentence !== undefined),
    ...(customRolesUnseen === undefined ? [] : [`Akto's custom roles aren't known: ${customRolesUnseen}`]),
    ...(teamUnseen === undefined ? [] : [`Akto's team isn't known: ${teamUnseen}`]),
    ...unseenOf(rows),
  ];
  if (token.state === "refused") {
    found.push(
      "Akto gets no group with the API token that it stores: Okta refuses it, or doesn't answer. Only the access token's groups count.",
    );
  }
  if (token.state === "own" && rows.some(({ role }) => role?.source === "management_api")) {
    found.push(
      "It isn't known here whether Akto stores an Okta API token: the one that was given is used in its place.",
    );
  }
  if (!domain.known) {
    found.push(
      "The organization's email domain in Akto is not known, so nobody counts as turned away for another one: --organization-domain names it.",
    );
    return found;
  }
  const outside = rows.filter(
    ({ person, role, inAkto }) =>
      role && person.email && (!inAkto || inAkto.invited) && isOutside(person.email, domain.value),
  );
  const [first] = outside;
  if (domain.grade !== "told" && first) {
    found.push(
      `${quoted(first.person.email)}${outside.length > 1 ? ` and ${count(outside.length - 1, "other address", "other addresses")}` : ""} may be turned away: most of Akto's team have the email domain ${quoted(domain.value)}, and Akto lets in one only. --organization-domain names it.`,
    );
  } else if (domain.grade === "guessed" && rows.some(({ role }) => role)) {
    found.push(
      `The organization's email domain in Akto is assumed to be ${quoted(domain.value)}, which most of Akto's team have: if it is a different one, Akto turns away anyone new. --organization-domain names it.`,
    );
  }
  return found;
}
