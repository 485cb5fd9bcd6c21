/**
 * The review of who gets in as one HTML page, for those who review access: roles with counts, groups to roles, every person
 * with role and reason, and what would change. It needs no network and no script, and holds no token and no secret.
 */
import {
  describeChange,
  describeOutranked,
  describeRole,
  describeRow,
  describeTurnedAway,
  isChanged,
  type PreviewRow,
  type TurnedAway,
} from "../core/preview/preview.ts";
import { type AccessReview, describeInAkto, nextSignIn, type RolePath, uncertainRows } from "../core/preview/review.ts";
import { defaultRoleId, roleLabel } from "../core/roles/roles.ts";
import { clean, count, quoted, thousands } from "../core/text.ts";
import { factList, renderDocument } from "./document.ts";
import { drawPaths } from "./drawing.ts";
import { type Html, html, sentence } from "./html.ts";
import { mark } from "./mark.ts";
import { reviewStyle } from "./review-style.ts";

/** @returns a whole HTML document */
export function renderReviewPage(review: AccessReview): string {
  const { people, admitted } = review.totals;
  const sections = [
    madeFrom(review),
    roles(review),
    groupsToRoles(review),
    ...(review.against ? [otherMapping(review)] : []),
    inAkto(review),
    notCertain(review),
    everyone(review),
  ];
  const app = html`<bdi>${quoted(review.app)}</bdi>`;
  const heading =
    people === 0
      ? html`Nobody is assigned to ${app} in Okta`
      : review.blocked !== null
        ? html`As things stand, nobody gets into Akto`
        : html`${howMany(admitted, people)} would get into Akto`;
  return renderDocument({
    title: `Access review: ${clean(review.app, 80)}, ${review.made.slice(0, 10)}`,
    style: reviewStyle,
    body: html`<header id="top">
<p class="eyebrow">Access review · Akto, by sign-in through Okta · ${review.made.slice(0, 10)}</p>
<h1>${heading}</h1>
${verdict(review)}
<nav class="contents" aria-label="On this page"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(
  ({
    id,
    title,
    body,
    ownPage = false,
  }) => html`<section aria-labelledby="${id}"${ownPage ? html` class="own"` : null}><h2 id="${id}">${title}</h2>
${body.filter((part) => part !== null)}</section>`,
)}
<div class="signed"><p>Reviewed by</p><p>Signature</p><p>Date</p></div>
</main>`,
    foot: html`<p class="top"><a href="#top">To the top</a></p>
<p>Made by akto-okta at ${review.made}. This page holds no token and no secret, but people's names, addresses, and roles.</p>`,
  });
}

function howMany(admitted: number, people: number): string {
  if (admitted === 0) return "Nobody";
  if (admitted < people) return `${thousands(admitted)} of ${thousands(people)} people`;
  return people === 1 ? "One person" : `All ${thousands(people)} people`;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: readonly (Html | null)[];
  /** Whether it begins a page on paper. */
  readonly ownPage?: boolean;
}

function verdict({ blocked, rows, totals, left, unknown }: AccessReview): Html {
  const open = uncertainRows(rows).length;
  if (blocked !== null) return html`<p class="verdict fail">${mark("fail")} ${blocked}</p>`;
  if (totals.people === 0) return html`<p class="verdict warn">${mark("warn")} Nobody can sign in</p>`;
  if (totals.admitted === 0) return html`<p class="verdict fail">${mark("fail")} Everybody is turned away</p>`;
  if (open > 0) {
    return html`<p class="verdict warn">${mark("warn")} ${count(open, "role is", "roles are")} not certain</p>`;
  }
  return unknown.length > 0 || left === null
    ? html`<p class="verdict warn">${mark("warn")} Not everything is certain</p>`
    : html`<p class="verdict pass">${mark("pass")} Everything that decides could be read</p>`;
}

function madeFrom({ made, origin }: AccessReview): Section {
  return {
    id: "made-from",
    title: "Made from",
    body: [
      html`<p class="soft">Nobody signed in for this: who gets in, and as what, follows from the settings of Okta and Akto as they were then.</p>`,
      factList([["Made", made], ...origin], "card"),
    ],
  };
}

const anchorOf = (index: number) => `role-${index + 1}`;

function roles({ totals }: AccessReview): Section {
  const away = Object.entries(totals.turnedAway);
  const line = (name: Html, people: number, more: Html | null) =>
    html`<tr><th scope="row">${name}</th><td class="n">${thousands(people)}</td><td>${more}</td></tr>`;
  return {
    id: "roles",
    title: "Roles",
    body: [
      table(
        null,
        [html`<th scope="col">Role</th>`, html`<th scope="col" class="n">People</th>`, html`<th scope="col">Note</th>`],
        [
          ...totals.roles.map((role, index) =>
            line(
              html`<a href="#${anchorOf(index)}"><bdi>${clean(role.label)}</bdi></a>`,
              role.people,
              role.byDefault > 0
                ? html`${tag("fallback", "default")}${thousands(role.byDefault)} of them only because no group decides`
                : null,
            ),
          ),
          ...away.map(([reason, people]) =>
            line(
              html`<a href="#turned-away">Turned away</a>`,
              people,
              html`${tag("away", "turned away")}${describeTurnedAway(reason as TurnedAway)}`,
            ),
          ),
        ],
      ),
    ],
  };
}

const tag = (kind: "fallback" | "guess" | "away" | "changed", words: string) =>
  html`<span class="tag ${kind}">${words}</span>`;

function table(caption: Html | string | null, head: readonly Html[], rows: readonly Html[]): Html {
  return html`<table>${caption === null ? null : html`<caption>${caption}</caption>`}
<thead><tr>${head}</tr></thead>
<tbody>
${rows}
</tbody></table>`;
}

const via = {
  mapping: "mapped to it",
  convention: "by its name, which Akto recognizes",
  default: "Akto's fallback",
} as const satisfies Record<RolePath["via"], string>;

function groupsToRoles({ paths }: AccessReview): Section {
  return {
    id: "groups",
    title: "Groups to roles",
    body: [
      html`<p class="soft">Each group with the people whose role it decides. Anyone in several mapped groups gets the highest role, and is counted where it comes from.</p>`,
      drawPaths(paths),
      paths.length === 0 ? html`<p>No group is mapped, and nobody gets a role.</p>` : pathsTable(paths),
    ],
  };
}

const pathsTable = (paths: readonly RolePath[]) =>
  table(
    null,
    [
      html`<th scope="col">Okta group</th>`,
      html`<th scope="col">Akto role</th>`,
      html`<th scope="col">How</th>`,
      html`<th scope="col" class="n">Decides for</th>`,
    ],
    paths.map(
      ({ group, label, via: how, people }) =>
        html`<tr><th scope="row">${group === null ? html`${tag("fallback", "default")}no group decides` : html`<bdi>${clean(group)}</bdi>`}</th><td><bdi>${clean(label)}</bdi></td><td>${via[how]}</td><td class="n">${people === 0 ? "nobody" : thousands(people)}</td></tr>`,
    ),
  );

const roleOrNone = (role: string | null) => (role === null ? "none" : clean(roleLabel(role)));

function otherMapping({ against, rows, totals }: AccessReview): Section {
  const changed = rows.filter(isChanged);
  const { file = "", entries = [] } = against ?? {};
  return {
    id: "against",
    title: "What another mapping would change",
    ownPage: changed.length > 20,
    body: [
      html`<p>${
        changed.length === 0
          ? html`<bdi>${clean(file)}</bdi> changes nobody's role.`
          : html`<bdi>${clean(file)}</bdi> gives ${count(changed.length, "person", "people")} a different role: ${totals.changes.map((change) => `${clean(describeChange(change))}, ${thousands(change.people)}`).join("; ")}. ${describeOutranked(totals) ?? ""}`
      }</p>`,
      entries.length === 0
        ? null
        : table(
            "Entries that differ",
            headings("Okta group", "Role now", "Role there"),
            entries.map(
              ({ group, from, to }) =>
                html`<tr><th scope="row"><bdi>${clean(group)}</bdi></th><td><bdi>${roleOrNone(from)}</bdi></td><td><bdi>${roleOrNone(to)}</bdi></td></tr>`,
            ),
          ),
      changed.length === 0
        ? null
        : table(
            "People whose role it changes",
            headings("Person", "Role now", "Role there"),
            changed.map(
              (row) =>
                html`<tr>${person(row)}<td><bdi>${clean(row.role?.label)}</bdi><span class="login">${row.role && describeRow(row)}</span></td><td><bdi>${clean(row.other?.label)}</bdi><span class="login">${row.other && describeRole(row.other)}</span></td></tr>`,
            ),
          ),
    ],
  };
}

const headings = (...names: readonly string[]) => names.map((name) => html`<th scope="col">${name}</th>`);

function person({ person: { name, login, email } }: PreviewRow): Html {
  const other = email && email.toLowerCase() !== login.toLowerCase() ? html` · <bdi>${clean(email)}</bdi>` : null;
  return html`<th scope="row"><bdi>${clean(name)}</bdi><span class="login"><bdi>${clean(login)}</bdi>${other}</span></th>`;
}

function inAkto({ rows, left }: AccessReview): Section {
  const id = "akto";
  const title = "What differs from Akto now";
  if (left === null) {
    return { id, title, body: [html`<p>Akto was not asked, so which roles people have there now is not known.</p>`] };
  }
  const changes = rows.filter((row) => nextSignIn(row) === "changes");
  const fresh = rows.filter((row) => nextSignIn(row) === "new");
  const kept = rows.filter((row) => nextSignIn(row) === "outranked");
  const same = rows.filter((row) => nextSignIn(row) === "same");
  return {
    id,
    title,
    ownPage: changes.length + kept.length + left.length > 20,
    body: [
      html`<ul class="notes">
<li>${count(same.length, "person already has", "people already have")} the role that the next sign-in gives.</li>
${fresh.length === 0 ? null : html`<li>${count(fresh.length, "person is", "people are")} not in Akto's team yet. A first session runs as ${roleLabel(defaultRoleId)}, and the second sign-in stores the role.</li>`}
</ul>`,
      changes.length === 0
        ? null
        : table(
            "Another role at the next sign-in",
            headings("Person", "In Akto now", "At the next sign-in"),
            changes.map(
              (row) =>
                html`<tr>${person(row)}<td>${describeInAkto(row)}</td><td><bdi>${clean(row.role?.label)}</bdi><span class="login">${describeRow(row)}</span></td></tr>`,
            ),
          ),
      kept.length === 0
        ? null
        : table(
            "Access per product, or an invitation to it, outranks the role",
            headings("Person", "In Akto now", "The role that it outranks"),
            kept.map(
              (row) =>
                html`<tr>${person(row)}<td>${describeInAkto(row)}</td><td><bdi>${clean(row.role?.label)}</bdi></td></tr>`,
            ),
          ),
      left.length === 0
        ? null
        : table(
            "In Akto's team, and not let in through Okta. Akto removes nobody by itself",
            headings("Person", "In Akto now", "Why no sign-in brings them back"),
            left.map(
              ({ member, why }) =>
                html`<tr><th scope="row"><bdi>${clean(member.name)}</bdi><span class="login"><bdi>${clean(member.login)}</bdi></span></th><td><bdi>${clean(roleLabel(member.storedRole ?? defaultRoleId))}</bdi></td><td>${tag("away", "turned away")}${why}</td></tr>`,
            ),
          ),
    ],
  };
}

function notCertain({ rows, unknown }: AccessReview): Section {
  const open = uncertainRows(rows);
  return {
    id: "not-certain",
    title: "What is not certain",
    body: [
      html`<ul class="notes">
${open.length === 0 ? null : html`<li>${count(open.length, "role is", "roles are")} a guess, and ${open.length === 1 ? "is" : "are"} marked so below.</li>`}
${unknown.map((why) => html`<li>${sentence(why)}</li>`)}
<li>What only a sign-in shows is not in here, such as a factor that somebody has not enrolled or cannot give.</li>
</ul>`,
    ],
  };
}

function everyone({ rows, totals, left }: AccessReview): Section {
  const away = rows.filter(({ role }) => role === null);
  const asked = left !== null;
  const rowsOf = (id: string) => rows.filter(({ role }) => role?.id === id);
  return {
    id: "people",
    title: "People",
    ownPage: true,
    body: [
      ...totals.roles.map(({ id, label, byDefault }, index) => {
        const more = byDefault > 0 ? `${thousands(byDefault)} by default` : "";
        return peopleBlock(anchorOf(index), html`<bdi>${clean(label)}</bdi>`, more, rowsOf(id), asked);
      }),
      rows.length === 0 ? html`<p>Nobody.</p>` : null,
      away.length === 0 ? null : peopleBlock("turned-away", html`Turned away`, "", away, asked),
    ],
  };
}

// So few are held together on paper.
const fewRows = 12;

/** People who get the same, under a heading of their own. */
function peopleBlock(anchor: string, heading: Html, more: string, rows: readonly PreviewRow[], asked: boolean): Html {
  const people = [count(rows.length, "person", "people"), ...(more === "" ? [] : [more])].join(", ");
  return html`<div${rows.length <= fewRows ? html` class="short"` : null}><h3 id="${anchor}">${heading}</h3>
${peopleTable(people, rows, asked)}</div>`;
}

function peopleTable(caption: string, rows: readonly PreviewRow[], asked: boolean): Html {
  return table(
    caption,
    headings("Person", "Why", ...(asked ? ["In Akto now"] : [])),
    rows.map(
      (row) =>
        html`<tr>${person(row)}<td>${tags(row)}${reason(row)}</td>${asked ? html`<td>${nextSignIn(row) === "changes" ? tag("changed", "changes") : null}${describeInAkto(row)}</td>` : null}</tr>`,
    ),
  );
}

/** The reason beside its tag, which says the first word of it. */
const reason = (row: PreviewRow) => describeRow(row).replace(/^default: /, "");

function tags({ role }: PreviewRow): readonly Html[] {
  if (role === null) return [tag("away", "turned away")];
  return [
    ...(role.decidedBy === "default" ? [tag("fallback", "default")] : []),
    ...(role.certain ? [] : [tag("guess", "not certain")]),
  ];
}
