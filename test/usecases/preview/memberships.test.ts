import { afterEach, describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/core/evidence.ts";
import type { OktaGroup, ServerClaim } from "../../../src/core/model/okta.ts";
import { type Person, type PreviewSetup, previewRow } from "../../../src/core/preview/preview.ts";
import { createHttpClient } from "../../../src/http/client.ts";
import { createOktaOrg } from "../../../src/okta/org.ts";
import type { OktaOrg } from "../../../src/okta/types.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { GroupSeed } from "../../../src/sandbox/okta/types.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { groupsOfUser } from "../../../src/usecases/login/user.ts";
import { readEveryone } from "../../../src/usecases/preview/everyone.ts";
import { readMemberships } from "../../../src/usecases/preview/memberships.ts";
import { accessPolicy, accessRule, groupsClaim } from "../../okta-things.ts";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

/** An org of so many people, and how often it was asked. */
async function orgOf(users: number, groups: readonly GroupSeed[]) {
  const people = Array.from({ length: users }, (_, at) => ({ login: login(at) }));
  sandbox = await startSandbox({ seed: { okta: { users: people, groups } } });
  const requests: string[] = [];
  const http = createHttpClient({ log: (line) => line.startsWith("→") && requests.push(line), sleep: async () => {} });
  const org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http });
  const everyone: Person[] = [];
  for await (const { id, login, name, email, status } of org.apps.users(sandbox.okta.clientId)) {
    everyone.push({ id, login, name, email, status });
  }
  requests.length = 0;
  return { org, everyone, requests };
}

/** The groups of these people, who come page by page. */
function memberships(
  org: OktaOrg,
  people: readonly Person[],
  setup: PreviewSetup,
  mapped: ReadonlyMap<string, readonly OktaGroup[]> = new Map(),
) {
  async function* pages() {
    for (let at = 0; at < people.length; at += 10) {
      yield people.slice(at, at + 10);
    }
  }
  return readMemberships(
    org,
    readEveryone(pages(), () => {}),
    setup,
    mapped,
    () => {},
  );
}

const login = (at: number) => `user${at}@acme.example`;
/** Every `step`th person from `from` on. */
const some = (users: number, step: number, from = 0) =>
  Array.from({ length: users }, (_, at) => at)
    .filter((at) => at % step === from)
    .map(login);

const claim = groupsClaim();
const base: PreviewSetup = {
  claims: known([claim]),
  aktoHasToken: true,
  mapping: new Map([
    ["Akto Admins", "ADMIN"],
    ["Akto Devs", "DEVELOPER"],
    ["Contractors", "GUEST"],
  ]),
  customRoles: [{ name: "lead", baseRole: "DEVELOPER" }],
  clientId: "0oa1",
  policies: null,
  signInPolicy: null,
  organizationDomain: unknown("It is not known here."),
  team: null,
};
const users = 90;
const groups: GroupSeed[] = [
  { name: "Sales", members: some(users, 2) },
  { name: "Akto Leads", members: some(users, 15) },
  { name: "Akto Devs", members: some(users, 3) },
  { name: "Akto Admins", members: some(users, 20, 1) },
  { name: "Akto Admins", type: "APP_GROUP", members: some(users, 20, 2) },
  { name: "Contractors", members: some(users, 4, 1) },
  { name: "akto guest", members: some(users, 10, 3) },
  { name: "Akto Fans", members: some(users, 6, 5) },
];

/** The rows when everyone's groups are asked for one by one. */
async function byUser(org: OktaOrg, everyone: readonly Person[], setup: PreviewSetup) {
  const rows = [];
  for (const person of everyone) {
    const { all, firstPage } = await groupsOfUser(org, person.id);
    rows.push(previewRow(person, { all, firstPage, ids: all.map(({ id }) => id), passing: true }, setup));
  }
  return rows.map(facts);
}

const facts = ({ person, role, other, turnedAway }: ReturnType<typeof previewRow>) => ({
  login: person.login,
  role: role && [role.id, role.decidedBy, role.group, role.certain],
  other: other && [other.id, other.decidedBy, other.group],
  turnedAway,
});

const rule = (groups: readonly string[]) => accessPolicy({ rules: [accessRule({ groups })] });

describe("reading who is in which group", () => {
  it.each<[what: string, most: number, change: (org: OktaOrg) => Promise<Partial<PreviewSetup>>]>([
    ["a claim that carries what is mapped", 12, async () => ({ aktoHasToken: false })],
    ["groups that the claim keeps out, which Akto asks for", 20, async () => ({})],
    ["no claim, all by API token", 12, async () => ({ claims: known([]) })],
    ["no API Access Management", 12, async () => ({ claims: known(null) })],
    ["an expression that only Okta can evaluate", 12, async () => ({ claims: [expression("user.getGroups()")] })],
    ["the same names for everyone", 12, async () => ({ claims: [expression('{"Akto Devs"}')] })],
    ["a list that is cut short", 30, async () => ({ claims: [expression('Groups.startsWith("OKTA", "Akto", 1)')] })],
    [
      "two groups whose roles are tied: only the user's own list tells",
      40,
      async () => ({ mapping: new Map([...base.mapping, ["Akto Leads", "lead"]]) }),
    ],
    [
      "another mapping to compare with",
      25,
      async () => ({
        against: new Map([
          ["Sales", "ADMIN"],
          ["Akto Fans", "THREAT_VIEWER"],
        ]),
        claims: known([]),
      }),
    ],
    [
      "an access rule for one group",
      25,
      async (org) => ({ policies: [rule((await org.groupsNamed("Sales")).map(({ id }) => id))] }),
    ],
  ])("tells what asking everyone tells, in far fewer requests: %s", async (_, most, change) => {
    const { org, everyone, requests } = await orgOf(users, groups);
    const setup = { ...base, ...(await change(org)) };
    requests.length = 0;
    const known = await memberships(org, everyone, setup);
    expect(requests.length).toBeLessThanOrEqual(most);
    const rows = everyone.map((person) => facts(previewRow(person, known.get(person.id) ?? null, setup)));
    expect(rows).toEqual(await byUser(org, everyone, setup));
  });

  it("counts the groups of the claim by group too, where the org has over 100 of them", async () => {
    const many = Array.from({ length: 110 }, (_, at) => ({
      name: `Akto ${at}`,
      members: [login(0), login(1 + (at % 9))],
    }));
    const { org, everyone, requests } = await orgOf(140, [...groups, ...many]);
    const known = await memberships(org, everyone, base);
    expect(requests.filter((line) => /\/users\/[^/]+\/groups/.test(line)).length).toBe(0);
    const rows = everyone.map((person) => facts(previewRow(person, known.get(person.id) ?? null, base)));
    expect(rows.filter(({ role }) => role?.[3] === false).map((row) => row.login)).toEqual([login(0)]);
    expect(rows).toEqual(await byUser(org, everyone, base));
  });

  it("asks for nothing twice: groups that are known by name, that a rule names as well, or whose names are the convention's", async () => {
    const { org, everyone, requests } = await orgOf(users, groups);
    const devs = await org.groupsNamed("Akto Devs", { members: true });
    const setup = { ...base, policies: [rule(devs.map(({ id }) => id))] };
    requests.length = 0;
    const known = await memberships(org, everyone, setup, new Map([["Akto Devs", devs]]));
    expect(requests.filter((line, at) => requests.indexOf(line) !== at)).toEqual([]);
    const searches = requests
      .map((line) => /[?&]search=([^&]*)/.exec(line)?.[1])
      .filter((search) => search !== undefined);
    expect(
      searches
        .filter((search) => /akto/i.test(search))
        .map(decodeURIComponent)
        .sort(),
    ).toEqual(['profile.name co "akto"', 'profile.name eq "Akto Admins"']);
    const rows = everyone.map((person) => facts(previewRow(person, known.get(person.id) ?? null, setup)));
    expect(rows).toEqual(await byUser(org, everyone, setup));
  });

  it("asks a few people by user, and nobody who is turned away anyway", async () => {
    const { org, everyone, requests } = await orgOf(
      3,
      groups.map((group) => ({ ...group, members: [login(1)] })),
    );
    const [first, ...others] = everyone.map((person, at) => (at === 0 ? { ...person, status: "SUSPENDED" } : person));
    const known = await memberships(org, [...(first ? [first] : []), ...others], base);
    expect(known.has(first?.id ?? "")).toBe(false);
    expect(requests.filter((line) => /\/users\/[^/]+\/groups/.test(line))).toHaveLength(everyone.length - 1);
    expect(requests.filter((line) => /\/groups\/[^/]+\/users/.test(line))).toHaveLength(0);
  });

  it("goes on through a rate limit", async () => {
    const { org, everyone } = await orgOf(users, groups);
    sandbox.faults.set(["429=0,times=3,path=/api/v1/groups/"]);
    const known = await memberships(org, everyone, base);
    expect(known.size).toBe(everyone.length);
    expect(sandbox.faults.list()).toEqual([]);
  });
});

function expression(value: string): ServerClaim {
  return { ...claim, valueType: "EXPRESSION", groupFilterType: null, value };
}
