import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "node-html-parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { temporaryFolder } from "../../program.ts";
import { command } from "../login/world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: "healthy" });
});
afterAll(() => sandbox.close());

const report = (file: string, ...args: string[]) =>
  command(sandbox, ["login", "preview", "--no-input", "--report", file, ...args]);

describe("login preview --report", () => {
  it("writes what the list says, and what it was made from, for its owner alone", async () => {
    const file = join(temporaryFolder(), "review.html");
    const { failure, stdout, stderr } = await report(file, "--json");
    expect(failure).toBe(undefined);
    expect(stderr).toContain(`The access review is in ${file}`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const html = readFileSync(file, "utf8");
    const page = parse(html);
    const { people } = JSON.parse(stdout) as { people: { login: string; label: string | null }[] };
    const rows = page.querySelectorAll("section[aria-labelledby=people] tbody tr");
    const shown = rows.map((row) => [
      row.querySelector(".login bdi")?.text,
      row.parentNode?.parentNode?.parentNode?.querySelector("h3")?.text,
    ]);
    expect(new Map(shown as [string, string][])).toEqual(
      new Map(people.map(({ login, label }) => [login, label ?? "Turned away"])),
    );
    const facts = new Map(
      page.querySelectorAll("dt").map((term) => [term.text, term.nextElementSibling?.text.replaceAll("&#39;", "'")]),
    );
    expect(facts.get("Okta org")).toBe(new URL(sandbox.okta.url).host);
    expect(facts.get("Application")).toBe(`Akto (client id ${sandbox.okta.clientId})`);
    expect(facts.get("Okta API token")).toMatch(/^ines\.duarte@brightwell\.example's/);
    expect(facts.get("Groups claim")).toBe("“groups”: starts with “Akto”");
    expect(facts.get("Mapping and team")).toContain(`account ${sandbox.akto.accountId}`);
    for (const secret of [sandbox.okta.token, sandbox.okta.clientSecret, sandbox.akto.apiKey]) {
      expect(html).not.toContain(secret);
    }
  });

  it("holds everyone, whatever --limit lists, and what --against would change", async () => {
    const folder = temporaryFolder();
    const [file, mapping] = [join(folder, "review.html"), join(folder, "mapping.csv")];
    writeFileSync(mapping, "group,role\nAkto Admins,ADMIN\nAkto Developers,GUEST\n");
    const { failure } = await report(file, "--against", mapping, "--limit", "1");
    expect(failure).toBe(undefined);
    const page = parse(readFileSync(file, "utf8"));
    expect(page.querySelectorAll("section[aria-labelledby=people] tbody tr")).toHaveLength(8);
    const entries = page.querySelectorAll("section[aria-labelledby=against] table")[0];
    expect(
      entries?.querySelectorAll("tbody tr").map((row) => row.querySelectorAll("bdi").map(({ text }) => text)),
    ).toEqual(expect.arrayContaining([["Akto Developers", "Developer", "Guest"]]));
  });

  it("marks the roles that are a guess", async () => {
    const limited = await startSandbox({ scenario: "token-inline-hook" });
    try {
      const file = join(temporaryFolder(), "review.html");
      const { failure } = await command(limited, ["login", "preview", "--report", file]);
      expect(failure).toBe(undefined);
      const page = parse(readFileSync(file, "utf8"));
      expect(page.querySelector(".verdict")?.classNames).toContain("warn");
      expect(page.querySelectorAll("section[aria-labelledby=people] .tag.guess").length).toBe(7);
      expect(page.querySelector("section[aria-labelledby=not-certain] li")?.text).toContain("7 roles are a guess");
    } finally {
      await limited.close();
    }
  });

  it("takes no other file's place without a yes, and no folder's, before anything is read", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "kept.html");
    writeFileSync(file, "kept");
    const refused = await report(file);
    expect(refused.stdout).toBe("");
    expect(refused.failure?.kind).toBe("usage");
    expect(refused.failure?.message).toMatch(/already exists\. Overwrite it\?/);
    expect(readFileSync(file, "utf8")).toBe("kept");
    mkdirSync(join(folder, "folder"));
    expect((await report(join(folder, "folder"))).failure?.message).toMatch(/can't be written: it is a folder\.$/);
    expect((await report(join(folder, "none", "x.html"))).failure?.message).toMatch(
      /can't be written: there is no such folder\.$/,
    );
    expect((await report(file, "--yes")).failure).toBe(undefined);
    expect(readFileSync(file, "utf8")).toContain("Access review");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
