/** Reviews of access for the page's tests: made by the real preview from people and groups such as orgs have. */
import { known as fact } from "../../src/core/evidence.ts";
import { leftInTeam } from "../../src/core/preview/left.ts";
import {
  type KnownGroups,
  type PreviewSetup,
  previewRow,
  previewTotals,
  sortRows,
} from "../../src/core/preview/preview.ts";
import { type AccessReview, rolePaths } from "../../src/core/preview/review.ts";
import { diffMappings } from "../../src/core/roles/mapping.ts";
import { groupsClaim } from "../okta-things.ts";

const groupNames = [
  "Akto Admins",
  "Akto Developers",
  "Akto Penetration-Testing Contractors of the Payments and Settlement Programme (EMEA)",
  "Инженеры безопасности – отдел платёжных систем",
  "セキュリティ担当・決済基盤チーム（東京）",
  "فريق الأمن والحماية",
  "Finance",
  "akto-guest",
];
const roles = ["ADMIN", "DEVELOPER", "GUEST", "PAYMENTS_AUDIT", "THREAT_ENGINEER", "MEMBER"];
const names = ["Ada Lovelace", "Grace Hopper", "山田 花子", "Ольга Ладыженская", "فاطمة الفهرية", "Emmy Noether"];

export interface Given {
  readonly people: number;
  /** In place of a name now and then. */
  readonly oddName?: string;
  /** How many more groups are mapped, in which nobody is. */
  readonly moreGroups?: number;
  readonly compared?: boolean;
  /** Whether Akto was asked. */
  readonly asked?: boolean;
}

/** A review of so many people. */
export function review({ people, oddName, moreGroups = 0, compared = false, asked = true }: Given): AccessReview {
  const groups = oddName === undefined ? groupNames : [...groupNames.slice(0, -1), oddName];
  const mapping = new Map([
    ...groups.slice(0, 6).map((group, index) => [group, roles[index % roles.length] ?? "MEMBER"] as const),
    ...Array.from({ length: moreGroups }, (_, index) => [`Team ${index + 1}`, roles[index % 3] ?? "MEMBER"] as const),
    ...(oddName === undefined ? [] : [[oddName, "GUEST"] as const]),
  ]);
  const against = compared ? new Map([...mapping, ["Finance", "DEVELOPER"], ["Akto Developers", "GUEST"]]) : undefined;
  const persons = Array.from({ length: people }, (_, index) => ({
    id: `00u${index}`,
    login: `person.${String(index).padStart(5, "0")}@acme.com`,
    name: index % 5 === 4 && oddName !== undefined ? oddName : (names[index % names.length] ?? ""),
    email: index % 97 === 96 ? null : `person.${String(index).padStart(5, "0")}@acme.com`,
    status: index % 7 === 6 ? "SUSPENDED" : "ACTIVE",
  }));
  const member = (index: number) => ({
    storedRole: index % 2 === 0 ? "MEMBER" : null,
    scopedRoles: new Map(index % 5 === 0 ? [["API", "GUEST"]] : []),
    invited: index % 11 === 3,
  });
  const team = new Map(persons.slice(0, Math.ceil(people / 2)).map(({ login }, index) => [login, member(index)]));
  const setup: PreviewSetup = {
    claims: fact([groupsClaim({ groupFilterType: "REGEX", value: ".*" })]),
    aktoHasToken: true,
    mapping,
    against,
    customRoles: [{ name: "PAYMENTS_AUDIT", baseRole: "THREAT_VIEWER" }],
    clientId: "0oa1",
    policies: null,
    signInPolicy: null,
    organizationDomain: fact("acme.com"),
    team: asked ? team : null,
  };
  const groupsOf = (index: number): KnownGroups => {
    const own = [groups[index % (groups.length + 1)], groups[(index * 5) % groups.length]];
    const all = own.flatMap((name) => (name === undefined ? [] : [{ name, type: "OKTA_GROUP" }]));
    return { all, firstPage: all.length, ids: [], passing: true };
  };
  const rows = sortRows(
    persons.map((person, index) => previewRow(person, groupsOf(index), setup)),
    setup,
  );
  const members = Array.from(team, ([login, each]) => ({ login, name: oddName ?? login, ...each }));
  return {
    made: "2026-11-26T17:05:12Z",
    app: oddName ?? "Akto",
    origin: [
      ["Okta org", "acme.okta.com"],
      ["Okta API token", oddName ?? "ines.duarte@acme.com's"],
    ],
    rows,
    totals: previewTotals(rows, setup),
    paths: rolePaths(rows, mapping),
    blocked: null,
    against: against ? { file: oddName ?? "mapping.yaml", entries: diffMappings(mapping, against) } : null,
    left: asked ? leftInTeam(members, rows, "not assigned to the app") : null,
    unknown: oddName === undefined ? [] : [`The policy may deny ${oddName}.`],
  };
}
