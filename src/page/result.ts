/**
 * The result of a sign-in as one HTML page: shown in the browser after `login test`, and written by `--report`.
 *
 * It needs no network and no script, holds no token and no secret, and tells what the terminal tells: claims, groups,
 * the entry that matched, the role.
 */
import { Failure } from "../core/failure.ts";
import { claimLines, claimPlaces, opaqueToken, type SignInClaims } from "../core/login/claims.ts";
import { describeMembership } from "../core/login/membership.ts";
import { type Check, type LoginReport, withoutRepeats } from "../core/login/report.ts";
import { answerOf, headingOf } from "../core/login/standing.ts";
import type { Candidate } from "../core/roles/resolve.ts";
import { roleLabel } from "../core/roles/roles.ts";
import { clean, count } from "../core/text.ts";
import { factList, type PageContent, type PageFacts, renderDocument } from "./document.ts";
import { type Html, html, sentence } from "./html.ts";
import { mark } from "./mark.ts";

/** What a page tells beside the report. */
export interface ResultDetails {
  /** What to say about the sign-in at the foot of the page. */
  readonly facts?: PageFacts;
  /** Whether it is of a real sign-in, which can be made again as somebody else. */
  readonly again?: boolean;
  /** The decoded claims, of a real sign-in, and when they were looked at. */
  readonly claims?: { readonly of: SignInClaims; readonly at: Date };
}

/**
 * @param result the report on a sign-in, or why there is none
 * @returns a whole HTML document; serve it with `contentSecurityPolicy`
 */
export function renderResultPage(result: LoginReport | Failure, details: ResultDetails = {}): string {
  const { facts = [], claims, again = false } = details;
  return renderDocument({
    ...(result instanceof Failure ? failurePage(result) : reportPage(result, claims)),
    foot: html`${again ? html`<p class="again">To sign in as another user, run the same command with <code>--another-user</code>: then Okta asks who signs in, even if the browser is signed in already.</p>` : null}
${facts.length > 0 ? factList(facts) : null}
<p>Made by akto-okta. This page holds no token and no secret.</p>`,
  });
}

type Content = Pick<PageContent, "title" | "body">;

function failurePage({ message, hint, code }: Failure): Content {
  return {
    title: "Sign-in did not work",
    body: html`<header>
<p class="eyebrow">Okta sign-in for Akto</p>
<h1>Sign-in did not work</h1>
</header>
<main>
<div class="card stop">
<p class="what">${sentence(message)}</p>
${
  hint === undefined
    ? null
    : html`<h2>What to do</h2>
<p>${sentence(hint)}</p>`
}
<p class="eyebrow"><code>${code}</code></p>
</div>
</main>`,
  };
}

function reportPage(report: LoginReport, decoded: ResultDetails["claims"]): Content {
  const { user, role, turnedAwayBy, certain, checks } = report;
  const who = clean(user ? user.name || user.email || user.id || "The user" : "A user in these groups", 80);
  const about = (...prefixes: string[]) =>
    checks.filter(({ id }) => prefixes.some((prefix) => id.startsWith(`${prefix}.`)));
  const claims = about("okta", "claims", "email");
  const groups = about("groups");
  const mapping = about("mapping");
  const others = checks.filter((check) => ![claims, groups, mapping].some((those) => those.includes(check)));
  // From the group that decides, the line to the role is drawn in the role's color.
  const stepClass = (index: number) =>
    index === 3 ? "step end" : index > 0 && role.group !== null ? "step lit" : "step";
  const label = html`<span class="role"><bdi>${role.label}</bdi></span>`;
  const [answer, heading] = [answerOf(report), headingOf(report)];
  const letsIn = certain ? "Akto lets the user in" : "Akto probably lets the user in";
  const steps = [
    step("Claims", "What Okta says about the user.", [userCard(report), checkList(claims)]),
    step("Groups", groupsLead(report), [groupsCard(report), checkList(groups)]),
    step("Mapping", mappingLead(report), [candidatesCard(report.candidates), checkList(mapping)]),
    step("Role", null, [roleCard(report), notesList(report.notes), checkList(others)]),
  ];
  return {
    title: `${clean(role.label)} – ${who}`,
    body: html`<header>
<p class="eyebrow">Okta sign-in for Akto</p>
<h1>${turnedAwayBy === null ? html`<bdi>${who}</bdi> ${heading.before} ${label}${heading.after}` : html`<bdi>${who}</bdi> would be turned away`}</h1>
<p class="verdict ${answer.mark}">${mark(answer.mark)} ${answer.catch ?? letsIn}</p>
${certain || turnedAwayBy !== null ? null : html`<ul class="doubts" aria-label="Why this is not certain">${report.uncertainBecause.map((reason) => html`<li>${clean(reason, 1000)}</li>`)}</ul>`}
</header>
<main>
<ol class="path" aria-label="From the claims to the role">
${steps.map((content, index) => html`<li class="${stepClass(index)}"><span class="number" aria-hidden="true">${index + 1}</span>${content}</li>`)}
</ol>
${decoded ? claimsCard(decoded) : null}
</main>`,
  };
}

/** The decoded claims, folded away. */
function claimsCard({ of, at }: NonNullable<ResultDetails["claims"]>): Html {
  const row = ({ name, value, time }: ReturnType<typeof claimLines>[number]) =>
    html`<dt><code>${name}</code></dt><dd><bdi>${value}</bdi>${time === undefined ? null : html` <span class="when">${time}</span>`}</dd>`;
  return html`<details class="card claims"><summary>Decoded claims of the tokens and of userinfo</summary>
${claimPlaces.map(([place, title, about]) => {
  const own = of[place];
  return html`<h2>${title}</h2>
<p class="lead">${about}</p>
${own === null ? html`<p>${opaqueToken}</p>` : html`<dl>${claimLines(own, at).map(row)}</dl>`}`;
})}
</details>`;
}

function step(title: string, lead: Html | string | null, parts: readonly (Html | null)[]): Html {
  return html`<h2>${title}</h2>
${lead === null ? null : html`<p class="lead">${lead}</p>`}
${parts.filter((part) => part !== null)}`;
}

function userCard({ user }: LoginReport): Html | null {
  if (!user) return null;
  const row = (label: string, value: string) =>
    html`<dt>${label}</dt><dd>${value === "" ? html`<span class="missing">missing</span>` : html`<bdi>${value}</bdi>`}</dd>`;
  return html`<dl class="card">${row("Email", user.email)}${row("Name", user.name)}${row("Okta user id", user.id)}</dl>`;
}

const sources = {
  access_token: "from the access token's “groups” claim",
  management_api: "from the Okta API, since the access token brings none",
  none: "",
} as const;

function groupsLead({ groups }: LoginReport): string {
  const many = count(groups.names.length, "group");
  if (groups.names.length > 0 && groups.basis === "given") return `${many}, as they were given.`;
  if (groups.names.length > 0 && groups.basis === "assumed")
    return `${many}, if the access token's “groups” claim carries them all.`;
  if (groups.names.length > 0) return `${many}, ${sources[groups.source]}.`;
  return groups.source === "management_api"
    ? "None: the access token brings none, and neither does the Okta API."
    : "None: the access token brings none, and the Okta API gives none.";
}

// More groups than this are folded away.
const groupsShown = 16;

function groupsCard({ groups, role, candidates }: LoginReport): Html | null {
  const names = [...new Set(groups.names)];
  if (names.length === 0) return null;
  const looked = new Set(candidates.map(({ group }) => group));
  const item = (name: string) =>
    name === role.group
      ? html`<li class="won"><bdi>${clean(name)}</bdi><span class="hidden"> (decides the role)</span></li>`
      : html`<li><bdi>${clean(name)}</bdi></li>`;
  if (names.length <= groupsShown) return html`<div class="card"><ul class="groups">${names.map(item)}</ul></div>`;
  const first = names.filter((name) => looked.has(name)).slice(0, groupsShown);
  return html`<div class="card">
${first.length > 0 ? html`<ul class="groups">${first.map(item)}</ul>` : null}
<details><summary>All ${count(names.length, "group")}, in Okta's order</summary>
<ol class="all">${names.map(item)}</ol></details>
</div>`;
}

function mappingLead({ role, candidates }: LoginReport): string {
  switch (role.decidedBy) {
    case "mapping":
      return candidates.length === 1
        ? "One entry applies."
        : "The applicable entry with the highest role decides; on a tie, the group that comes first.";
    case "convention":
      return "No entry of the mapping decides, so Akto goes by the group's name.";
    case "default":
      return "No entry decides.";
  }
}

const outcomes = {
  won: "decides the role",
  lower_priority: "not used: there is a higher role",
  later_in_list: "not used: a group with an equal role comes first in the user's list",
  unknown_role: "skipped: Akto has no such role",
  base_role_unresolvable: "skipped: Akto does not find this role's base role at sign-in",
} as const satisfies Record<Candidate["outcome"], string>;

function candidatesCard(candidates: readonly Candidate[]): Html | null {
  if (candidates.length === 0) return null;
  // The winner first, then what was passed over, then what could not be used.
  const order = (outcome: Candidate["outcome"]) =>
    outcome === "won" ? 0 : outcome === "lower_priority" || outcome === "later_in_list" ? 1 : 2;
  const kinds = ["entry won", "entry passed", "entry skipped"];
  const sorted = candidates.toSorted((a, b) => order(a.outcome) - order(b.outcome));
  return html`<ul class="card entries">${sorted.map(
    ({ group, role, via, outcome }) => html`<li class="${kinds[order(outcome)]}">
<span class="name group"><bdi>${clean(group)}</bdi></span><span class="to" aria-hidden="true">→</span><span class="name"><span class="hidden">gives </span><bdi>${clean(roleLabel(role))}</bdi></span>
<span class="why">${outcomes[outcome]}${via === "convention" ? ", by the name's convention" : ""}</span></li>`,
  )}</ul>`;
}

function roleCard({ role, admitted, membership }: LoginReport): Html {
  const group = html`<bdi>“${clean(role.group)}”</bdi>`;
  const why = {
    mapping: html`${group} is mapped to it.`,
    convention: html`The name ${group} means it by Akto's convention.`,
    default: html`Akto's fallback: no group decides.`,
  } as const;
  return html`<div class="${admitted ? "card result" : "card result away"}">
<p class="role"><bdi>${clean(role.label)}</bdi></p>
<p>${admitted ? null : "It would be given if the user were let in. "}${why[role.decidedBy]}</p>
${membership.kind === "unknown" ? null : html`<p class="now">In Akto: ${describeMembership(membership)}.</p>`}
</div>`;
}

function notesList(notes: readonly string[]): Html | null {
  return notes.length === 0
    ? null
    : html`<ul class="notes">${notes.map((note) => html`<li>${sentence(note)}</li>`)}</ul>`;
}

function checkList(checks: readonly Check[]): Html | null {
  if (checks.length === 0) return null;
  const rank = { fail: 0, warn: 1, pass: 2, skip: 3 } as const;
  const sorted = withoutRepeats(checks).toSorted((a, b) => rank[a.status] - rank[b.status]);
  return html`<ul class="checks">${sorted.map(
    ({ status, message, hint }) =>
      html`<li class="${status}">${mark(status)}${sentence(message)}${hint === undefined ? null : html`<span class="hint">${sentence(hint)}</span>`}</li>`,
  )}</ul>`;
}
