/** The notes of one SSO, of what was made and what is mapped, stay its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { nothingYet } from "../usecases/provision/world.ts";
import { codeOf, configOf, messageOf } from "./config-folder.ts";

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = temporaryFolder();
  env = environment(folder);
});
const { readConfig, writeConfig } = configOf(() => env);

describe("what was made", () => {
  it("for one org is not taken for gone in another, nor removed there", async () => {
    const [first, second] = await Promise.all([startSandbox({ seed: nothingYet }), startSandbox({ seed: nothingYet })]);
    const create = ["sso", "setup", "--create-app", "--no-input", "--yes"];
    const of = ({ okta, akto }: Sandbox) => ({
      ...env,
      OKTA_CLIENT_ORGURL: okta.url,
      OKTA_CLIENT_TOKEN: okta.token,
      AKTO_URL: akto.url,
      AKTO_ACCOUNT_ID: String(akto.accountId),
      AKTO_API_KEY: akto.apiKey,
    });
    const made = await run(create, of(first));
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const before = [readConfig("default.json"), readConfig("secrets/default.json")];
    const remove = ["sso", "remove", "--okta", "--yes", "--json"];
    // Everything of the other org, then the other org's Okta alone with the profile's own Akto.
    const mixed = { ...env, OKTA_CLIENT_ORGURL: second.okta.url, OKTA_CLIENT_TOKEN: second.okta.token };
    for (const given of [of(second), mixed]) {
      const refused = await run(remove, given);
      expect([codeOf(refused), refused.exitCode]).toEqual(["remove.other_sso", 2]);
      expect(messageOf(refused)).toContain(`for ${first.okta.url}`);
      expect(messageOf(refused)).toContain(second.okta.url);
    }
    expect([readConfig("default.json"), readConfig("secrets/default.json")]).toEqual(before);

    // The profile becomes the second org's: the notes stay apart, and each is removed from its own.
    expect(await run(create, of(second))).toMatchObject({ exitCode: 0 });
    const { created } = readConfig("default.json");
    const orgs = (kind: string) =>
      created.filter((each: { kind: string }) => each.kind === kind).map(({ org }: { org: string }) => org);
    expect(orgs("app")).toEqual([first.okta.url, second.okta.url]);
    const gone = await run(remove, of(second));
    expect(gone, gone.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(gone.stdout).okta.map(({ kind }: { kind: string }) => kind)).toEqual([
      "rule",
      "policy",
      "claim",
      "app",
    ]);
    expect(JSON.parse(gone.stdout).others).toHaveLength(4);
    expect(gone.stderr).toContain(`stays: it was created for ${first.okta.url} and the account`);
    const others = readConfig("default.json").created;
    expect(others.every(({ org }: { org: string }) => org === first.okta.url)).toBe(true);

    // What somebody else has deleted meanwhile is told from what this run deletes.
    const app = others.find(({ kind }: { kind: string }) => kind === "app");
    const headers = { authorization: `SSWS ${first.okta.token}` };
    await fetch(`${first.okta.url}/api/v1/apps/${app.id}/lifecycle/deactivate`, { method: "POST", headers });
    await fetch(`${first.okta.url}/api/v1/apps/${app.id}`, { method: "DELETE", headers });
    const rest = await run(["sso", "remove", "--okta", "--yes", "--offline"], of(first));
    expect(rest, rest.stderr).toMatchObject({ exitCode: 0 });
    expect(rest.stderr).toContain("The app “Akto” was already gone from Okta");
    expect(rest.stderr).toContain("Deleted the claim “groups” in Okta");
    expect(readConfig("default.json").created).toBeUndefined();
    await Promise.all([first.close(), second.close()]);
  });

  it("is noted by version 0.1.0 without an org, which is the profile's own until that changes", async () => {
    const note = { kind: "group", id: "00g1", name: "Akto Admins" };
    writeConfig("default.json", {
      domain: "acme.okta.com",
      created: [note],
      creating: [{ kind: "app", name: "Akto" }],
    });
    const other = await startSandbox({ seed: nothingYet });
    onTestFinished(() => other.close());
    const given = { ...env, OKTA_CLIENT_ORGURL: other.okta.url, OKTA_CLIENT_TOKEN: other.okta.token };
    const refused = await run(["sso", "remove", "--okta", "--yes", "--json"], given);
    expect(codeOf(refused)).toBe("remove.other_sso");
    expect(messageOf(refused)).toMatch(/^The profile is for acme\.okta\.com, and the settings name/);
    await run(["groups", "create", "Of another org"], given);
    expect(readConfig("default.json")).toMatchObject({
      created: [
        { ...note, org: "https://acme.okta.com" },
        { name: "Of another org", org: other.okta.url },
      ],
      creating: [{ name: "Akto", org: "https://acme.okta.com" }],
    });
  });
});

describe("the local copy of the mapping", () => {
  const copyOf = (config: { mapping?: unknown }) => config.mapping;

  it("is not changed by what is done at another Akto, and says of no other account what is mapped", async () => {
    const [own, far] = await Promise.all([
      startSandbox({ aktoConfigured: true }),
      startSandbox({ aktoConfigured: true }),
    ]);
    const at = ({ akto }: Sandbox) => ({ ...env, AKTO_URL: akto.url, AKTO_API_KEY: akto.apiKey });
    const file = join(folder, "mapping.json");
    writeFileSync(file, JSON.stringify({ mapping: { Elsewhere: "DEVELOPER" } }));
    writeConfig("default.json", {
      aktoUrl: own.akto.url,
      aktoAccountId: own.akto.accountId,
      clientId: own.okta.clientId,
      mapping: [["Own", "GUEST"]],
    });
    for (const args of [
      ["mapping", "add", "Far away", "ADMIN", "--force", "--yes"],
      ["mapping", "import", file, "--force", "--yes"],
      ["mapping", "remove", "Elsewhere"],
    ]) {
      const outcome = await run([...args, "--json"], at(far));
      expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
      expect(outcome.stderr).toContain(
        "The profile is for another SSO: its local copy of the mapping stays as it was.",
      );
      expect([args[1], copyOf(readConfig("default.json"))]).toEqual([args[1], [["Own", "GUEST"]]]);
    }
    // The same Akto, and another account of it, which its SSO tells.
    writeConfig("default.json", { ...readConfig("default.json"), clientId: "0oaofanotheraccount0" });
    await run(["mapping", "add", "Not mine", "ADMIN", "--force", "--yes"], at(own));
    expect(copyOf(readConfig("default.json"))).toEqual([["Own", "GUEST"]]);

    const { AKTO_API_KEY: _, ...keyless } = at(far);
    for (const args of [
      ["mapping", "list"],
      ["mapping", "export"],
      ["mapping", "add", "Far away", "ADMIN"],
      ["mapping", "remove", "Own"],
      ["login", "explain", "--group", "Own"],
    ]) {
      const outcome = await run([...args, "--json"], keyless);
      expect([args.join(" "), codeOf(outcome), outcome.exitCode]).toEqual([args.join(" "), "mapping.other_account", 2]);
    }
    expect(copyOf(readConfig("default.json"))).toEqual([["Own", "GUEST"]]);
    await Promise.all([own.close(), far.close()]);
  });

  it("follows what is done at its own", async () => {
    const own = await startSandbox({ aktoConfigured: true });
    const given = { ...env, AKTO_API_KEY: own.akto.apiKey };
    writeConfig("default.json", { aktoUrl: own.akto.url, clientId: own.okta.clientId, mapping: [["Old", "GUEST"]] });
    const outcome = await run(["mapping", "add", "New", "ADMIN", "--force", "--yes"], given);
    expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    expect(outcome.stderr).not.toContain("local copy");
    expect(copyOf(readConfig("default.json"))).toEqual([["New", "ADMIN"]]);
    const read = await run(["mapping", "list", "--offline", "--json"], given);
    expect(JSON.parse(read.stdout).mapping).toMatchObject([{ group: "New" }]);
    await own.close();
  });
});
