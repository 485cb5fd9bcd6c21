import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command, type Run } from "../login/world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());

const preview = (...args: string[]) => command(sandbox, ["login", "preview", ...args]);
const json = ({ stdout }: Run) => JSON.parse(stdout);

/** A file with this mapping. */
function mappingFile(content: string, name = "mapping.yaml"): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

const same = `mapping:
  Akto Admins: ADMIN
  Akto Security: Security Engineer
  Akto Developers: DEVELOPER
  AppSec Contractors: GUEST
`;

describe("login preview", () => {
  it("tells everyone's role with its reason, and the totals", async () => {
    const { people, ...document } = json(await preview("--json"));
    expect(document).toEqual({
      app: { id: expect.any(String), label: "Akto", clientId: sandbox.okta.clientId },
      source: "akto",
      totals: {
        people: 8,
        admitted: 7,
        byDefault: 2,
        turnedAway: { not_active: 1 },
        roles: [
          { id: "ADMIN", label: "Admin", people: 1, byDefault: 0 },
          { id: "MEMBER", label: "Security Engineer", people: 3, byDefault: 2 },
          { id: "DEVELOPER", label: "Developer", people: 2, byDefault: 0 },
          { id: "GUEST", label: "Guest", people: 1, byDefault: 0 },
        ],
        changes: [],
      },
      total: 8,
      leftInAkto: [],
      blocked: null,
      warnings: [],
    });
    const of = (login: string) => people.find((person: { login: string }) => person.login === login);
    expect(of(logins.contractor)).toEqual({
      id: expect.any(String),
      login: logins.contractor,
      name: "Marek Novak",
      email: logins.contractor,
      status: "ACTIVE",
      admitted: true,
      turnedAway: null,
      role: "GUEST",
      label: "Guest",
      decidedBy: "mapping",
      group: "AppSec Contractors",
      source: "management_api",
      certain: true,
      reason: "“AppSec Contractors”, by API token",
      inAkto: "GUEST",
      stored: true,
      productScoped: false,
      invited: false,
    });
    expect(of("wei.zhang@brightwell.example")).toMatchObject({
      inAkto: null,
      invited: true,
      reason: "“Akto Developers”, outranked if the invitation to Akto is followed",
    });
    expect(of(logins.accountant)).toMatchObject({ role: "MEMBER", decidedBy: "default" });
    expect(of("hanna.lind@brightwell.example")).toMatchObject({
      admitted: false,
      turnedAway: "not_active",
      role: null,
      reason: "suspended in Okta",
    });
  });

  it("names the members of Akto's team who can't sign in through Okta any more, and whom access per product keeps", async () => {
    const members = [
      { login: logins.admin, role: "ADMIN" },
      { login: logins.developer, scopeRoleMapping: { API: "GUEST" } },
      { login: "hanna.lind@brightwell.example", role: "GUEST" },
      { login: "gone.away@brightwell.example", role: "ADMIN" },
    ];
    const mapping = new Map([["Akto Developers", "DEVELOPER"]]);
    const own = await startSandbox({ seed: { akto: { members, mapping } } });
    onTestFinished(() => own.close());
    const document = json(await command(own, ["login", "preview", "--json"]));
    expect(document.leftInAkto).toEqual([
      {
        login: "hanna.lind@brightwell.example",
        name: "hanna.lind@brightwell.example",
        role: "GUEST",
        productScoped: false,
        reason: "suspended in Okta",
      },
      expect.objectContaining({ login: "gone.away@brightwell.example", reason: "not assigned to the app" }),
    ]);
    expect(document.people).toContainEqual(
      expect.objectContaining({
        login: logins.developer,
        reason: "“Akto Developers”, outranked by access per product",
      }),
    );
    const { stderr } = await command(own, ["login", "preview"]);
    expect(stderr).toContain(
      "2 members of Akto's team can't sign in through Okta: hanna.lind@brightwell.example (susp",
    );
  });

  it("says beside another mapping's role, too, whom access per product or an invitation outranks", async () => {
    const own = await startSandbox({ scenario: "product-scoped-user" });
    onTestFinished(() => own.close());
    const file = mappingFile(same.replace("  Akto Developers: DEVELOPER\n", ""));
    const lines = (await command(own, ["login", "preview", "--against", file])).stdout.split("\n");
    const outranked = "“Akto Developers” → default: no group decides, outranked";
    expect(lines).toContainEqual(expect.stringContaining(`${outranked} by access per product`));
    expect(lines).toContainEqual(expect.stringContaining(`${outranked} if the invitation to Akto is followed`));
    const comment = await command(own, ["login", "preview", "--against", file, "--output", "markdown"]);
    expect(comment.stdout).toContain("`Akto Developers` → default: no group decides, outranked by access per product");
    const summed =
      "2 of them have access per product, which outranks the role, or an invitation to Akto, which does once it is followed.";
    expect(comment.stdout).toContain(summed);
    const table = await command(own, ["login", "preview", "--against", file, "--output", "table"]);
    expect(table.stdout).toContain(`Developer → Security Engineer\n${summed}`);
  });

  it("counts whom something outranks among those whose role a mapping changes, and says beside it how many they are", async () => {
    const own = await startSandbox({ scenario: "product-scoped-user" });
    onTestFinished(() => own.close());
    const file = mappingFile(same.replace("  Akto Developers: DEVELOPER\n", ""));
    const { stdout, failure } = await command(own, [
      "--json",
      "login",
      "preview",
      "--against",
      file,
      "--detailed-exitcode",
    ]);
    const { totals, people } = JSON.parse(stdout);
    const moved = people.filter(({ role, to }: { role: string; to: string | null }) => to !== null && to !== role);
    expect(totals.changes).toEqual([{ from: "DEVELOPER", to: "MEMBER", people: moved.length }]);
    const outranked = moved.filter(
      (one: { productScoped: boolean; invited: boolean }) => one.productScoped || one.invited,
    );
    expect([totals.outranked, outranked.length]).toEqual([2, 2]);
    expect(failure).toMatchObject({
      kind: "negative",
      code: "preview.changes",
      message: `${file} gives ${moved.length} people a different role.`,
      hint: "The list above shows who they are. 2 of them have access per product, which outranks the role, or an invitation to Akto, which does once it is followed.",
    });
  });

  it("prints lines for a pipe, JSON lines, CSV, and a table with the totals first", async () => {
    expect((await preview()).stdout.split("\n")[0]).toBe(
      "ines.duarte@brightwell.example\tInes Duarte\tAdmin\t“Akto Admins”",
    );
    const lines = (await preview("--output", "jsonl")).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).role)).toHaveLength(8);
    const [head = "", first = ""] = (await preview("--output", "csv")).stdout.split("\n");
    expect(head).toMatch(/^id,login,email,name,status,admitted,turnedAway,role,label,/);
    expect(first).toMatch(/,ines\.duarte@brightwell\.example,.*,true,,ADMIN,Admin,mapping,Akto Admins,/);
    const { stdout, stderr } = await preview("--output", "table", "--limit", "2");
    expect(stdout).toMatch(/^8 people are assigned to “Akto” in Okta, and 7 would get in\.\n/);
    expect(stdout).toMatch(/Security Engineer {2}3 {2}2 by default: no group decides\n/);
    expect(stdout).toMatch(/Turned away +1 +not active in Okta\n\nLOGIN +NAME +ROLE +WHY\n/);
    expect(stdout.trim().split("\n").at(-1)).toContain("Tomas Berg");
    expect(stderr).toContain("… and 6 people more.");
  });

  it("shows whose role a changed mapping would change, and from what to what", async () => {
    const file = mappingFile("mapping:\n  Akto Developers: ADMIN\n  Akto Security: MEMBER\n  Finance: DEVELOPER\n");
    const { people, totals } = json(await preview("--json", "--against", file));
    const moved = people.map(({ login = "", role, to }: Record<string, string>) => [login.split(".")[0], role, to]);
    expect(moved).toEqual([
      ["ines", "ADMIN", "MEMBER"],
      ["sofia", "MEMBER", "DEVELOPER"],
      ["priya", "DEVELOPER", "ADMIN"],
      ["wei", "DEVELOPER", "ADMIN"],
      ["marek", "GUEST", "MEMBER"],
    ]);
    expect(people[0]).toMatchObject({ toLabel: "Security Engineer", toReason: "“Akto Security”" });
    expect(totals.changes).toEqual([
      { from: "DEVELOPER", to: "ADMIN", people: 2 },
      { from: "ADMIN", to: "MEMBER", people: 1 },
      { from: "MEMBER", to: "DEVELOPER", people: 1 },
      { from: "GUEST", to: "MEMBER", people: 1 },
    ]);
    const { stdout } = await preview("--output", "table", "--against", file);
    expect(stdout).toMatch(/gives 5 people a different role:\n {2}2 {2}Developer → Admin\n/);
    expect(stdout).toMatch(/LOGIN +NAME +FROM +TO +WHY\n/);
    expect(stdout).toMatch(/marek.* Guest +Security Engineer +“AppSec Contractors”, by API token → default/);
    expect(stdout).not.toContain("tomas");
  });

  it("says by its exit code whether a mapping changes anything, when asked to", async () => {
    const changed = mappingFile("group,role\nAkto Developers,ADMIN\n", "mapping.csv");
    expect((await preview("--against", changed)).failure).toBeUndefined();
    expect((await preview("--against", changed, "--detailed-exitcode")).failure).toMatchObject({
      kind: "negative",
      code: "preview.changes",
    });
    const unchanged = await preview("--output", "table", "--against", mappingFile(same), "--detailed-exitcode");
    expect(unchanged.failure).toBeUndefined();
    expect(unchanged.stdout).toMatch(/mapping\.yaml changes nobody's role\.\n$/);
    expect((await preview("--detailed-exitcode")).failure).toMatchObject({ kind: "usage" });
    expect((await preview("--against", mappingFile("mapping:\n  A: NOPE\n"))).failure).toMatchObject({
      kind: "usage",
      code: "mapping.unknown_role",
    });
  });

  it("takes the mapping out of the whole SSO's file", async () => {
    const file = mappingFile(
      `akto:\n  url: https://app.akto.io\nokta:\n  domain: acme.okta.com\n${same}`,
      "akto-okta.yaml",
    );
    expect(json(await preview("--json", "--against", file)).people).toEqual([]);
  });

  it("works on the local copy, and says what it does not know then", async () => {
    const { stdout, stderr } = await command(sandbox, ["--offline", "login", "preview", "--output", "csv"]);
    expect(stdout).toMatch(/MEMBER,Security Engineer,default/);
    expect(stderr).toContain("email domain in Akto is not known");
    const env = { AKTO_OKTA_CONFIG_DIR: join(temporaryFolder(), "config") };
    await command(sandbox, ["--offline", "mapping", "add", "AppSec Contractors", "guest"], env);
    const { warnings } = json(await command(sandbox, ["--json", "--offline", "login", "preview"], env));
    expect(warnings).toContainEqual(expect.stringMatching(/the one that was given is used in its place/));
  });

  it("tells the org's whole story where Akto names a server that is not there, or nobody is assigned", async () => {
    const lost = await startSandbox({ scenario: "server-id-is-issuer" });
    const empty = await startSandbox({ scenario: "no-assignment" });
    try {
      const env = { AKTO_OKTA_AUTH_SERVER_ID: "" };
      const { people, blocked } = json(await command(lost, ["--json", "login", "preview"], env));
      expect([people.length, blocked]).toEqual([8, expect.stringMatching(/issuer/)]);
      const { stdout } = await command(empty, ["login", "preview", "--output", "table"]);
      expect(stdout).toBe("Nobody is assigned to “Akto” in Okta.\n");
    } finally {
      await lost.close();
      await empty.close();
    }
  });

  it("needs an Okta API token, and an app that is there", async () => {
    const env = { OKTA_CLIENT_TOKEN: "" };
    expect((await command(sandbox, ["login", "preview"], env)).failure).toMatchObject({ code: "input.missing" });
    expect((await preview("--client-id", "0oanotthere000000001")).failure).toMatchObject({ code: "okta.no_app" });
  });
});

it("says that nobody gets in as it is, and tells the roles all the same", async () => {
  const own = await startSandbox({ scenario: "pkce-required" });
  try {
    const { people, blocked, totals } = json(await command(own, ["--json", "login", "preview"]));
    expect([blocked, people.length, totals.admitted]).toEqual([expect.stringContaining("PKCE"), 8, 7]);
    const { stdout, stderr } = await command(own, ["login", "preview", "--output", "table"]);
    expect(stdout).toContain("7 would get in once the problem below is fixed.");
    expect(stderr).toMatch(/^! As things stand, nobody gets in\. The app requires PKCE/m);
  } finally {
    await own.close();
  }
});

describe("who is turned away", () => {
  it("is told by what turns them away", async () => {
    const users = [
      { login: "ada@acme.example", roles: ["SUPER_ADMIN"] },
      { login: "bob@other.example" },
      { login: "cyd@acme.example", email: "" },
      { login: "dee@acme.example" },
      { login: "eve@acme.example" },
      { login: "fay@acme.example", status: "DEPROVISIONED" },
    ] as const;
    const many = Array.from({ length: 101 }, (_, at) => ({ name: `Akto ${at}`, members: ["dee@acme.example"] }));
    const staff = {
      name: "Staff",
      members: users.map(({ login }) => login).filter((login) => !login.startsWith("eve")),
    };
    const claims = [{ name: "groups", groupFilterType: "STARTS_WITH", value: "Akto" }] as const;
    const policies = [{ rules: [{ groups: ["Staff"] }] }];
    const own = await startSandbox({
      seed: {
        okta: {
          users,
          groups: [staff, ...many],
          authorizationServers: [{ id: "default", name: "default", claims, policies }],
        },
        akto: { mapping: new Map([["Staff", "DEVELOPER"]]), members: [{ login: "ada@acme.example" }] },
      },
    });
    try {
      const args = ["--json", "login", "preview", "--organization-domain", "ACME.example"];
      const { people, totals } = json(await command(own, args));
      const reasons = Object.fromEntries(
        people.map(({ login = "", turnedAway }: Record<string, string>) => [login.slice(0, 3), turnedAway]),
      );
      expect(reasons).toEqual({
        ada: null,
        bob: "email_domain",
        cyd: "no_email",
        dee: null,
        eve: "policy",
        fay: "not_active",
      });
      expect(json(await command(own, ["--json", "login", "preview"])).warnings).toEqual([
        expect.stringMatching(/“bob@other\.example” may be turned away: most of Akto's team have .*“acme\.example”/),
      ]);
      expect(totals).toMatchObject({ admitted: 2, turnedAway: { email_domain: 1, no_email: 1, policy: 1 } });
    } finally {
      await own.close();
    }
  });

  it("counts whom the app's authentication policy denies, and says whom it may deny", async () => {
    const abroad = { network: { connection: "ZONE", include: ["nzo1"] } };
    const own = await startSandbox({
      seed: {
        okta: {
          signOnPolicies: [
            {
              name: "Akto",
              rules: [
                { name: "No developers", access: "DENY", groups: ["Akto Developers"] },
                { name: "Abroad", access: "DENY", groups: ["AppSec Contractors"], conditions: abroad },
              ],
            },
          ],
          apps: [{ label: "Akto", signOnPolicy: "Akto" }],
        },
      },
    });
    try {
      const { people, totals, warnings } = json(await command(own, ["--json", "login", "preview"]));
      const of = (login: string) => people.find((person: { login: string }) => person.login === login);
      expect(of(logins.developer)).toMatchObject({
        admitted: false,
        turnedAway: "sign_in_policy",
        reason: "denied by the app's authentication policy",
      });
      expect(of(logins.contractor)).toMatchObject({ admitted: true, turnedAway: null });
      expect(totals.turnedAway).toMatchObject({ sign_in_policy: 2 });
      expect(warnings).toEqual([
        "The app's authentication policy may deny 1 person, by its rule “Abroad”: that depends on network.",
        expect.stringMatching(/^The organization's email domain in Akto is assumed to be “brightwell\.example”/),
      ]);
      own.faults.set(["403,path=/api/v1/policies"]);
      const unseen = json(await command(own, ["--json", "login", "preview"]));
      expect(unseen.totals.turnedAway).not.toHaveProperty("sign_in_policy");
      expect(unseen.warnings).toEqual([
        expect.stringContaining("authentication policy can't be seen with this API token"),
        expect.stringMatching(/^The organization's email domain in Akto is assumed to be “brightwell\.example”/),
      ]);
    } finally {
      await own.close();
    }
  });

  it("is a comment for a pull request, and JSON where that is asked for beside it", async () => {
    const file = mappingFile(same.replace("DEVELOPER", "GUEST").replace("AppSec Contractors: GUEST", ""));
    const { stdout } = await preview("--output", "markdown", "--against", file);
    expect(stdout).toContain(`### Who gets which role in Akto: \`${file}\` compared`);
    expect(stdout).toContain("8 people are assigned to `Akto` in Okta, and 7 would get in.");
    expect(stdout).toContain("| `Akto Developers` | `Developer` | `Guest` |");
    expect(stdout).toContain("| `Priya Raman` | `priya.raman@brightwell.example` | `Developer` | `Guest` |");
    expect(stdout).not.toContain("Ines Duarte");
    expect((await preview("--output", "markdown", "--limit", "1")).stdout).toContain("… and 7 people more.");
    expect(json(await preview("--json", "--output", "markdown"))).toMatchObject({ total: 8 });
  });

  it("warns of an email domain that is only a guess, also where nobody's is another one", async () => {
    const differs = await startSandbox({ scenario: "email-domain-differs" });
    onTestFinished(() => differs.close());
    const { warnings } = json(await command(differs, ["login", "preview", "--json"]));
    expect(warnings).toEqual([expect.stringMatching(/is assumed to be “brightwell\.example”.*turns away anyone new/)]);
  });

  it("says once what is wrong for everybody, and of nobody that they have left where nobody gets in", async () => {
    const started = async (scenario: string) => {
      const own = await startSandbox({ scenario });
      onTestFinished(() => own.close());
      return command(own, ["login", "preview"]);
    };
    expect((await started("server-id-is-issuer")).stderr.match(/issuer URL/g)).toHaveLength(1);
    const { stdout, stderr } = await started("no-policy");
    expect(stdout).toContain("denied by Okta's access policies");
    expect(stderr).not.toContain("of Akto's team can't sign in");
  });
});
