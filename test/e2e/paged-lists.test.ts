/** Lists that come in pages are printed as the pages come. */
import { once } from "node:events";
import { execa } from "execa";
import Papa from "papaparse";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { type Gate, gateBefore } from "../gate.ts";
import { environment, executable, run, temporaryFolder } from "../program.ts";

// Three pages, the group Everyone first.
const names = Array.from({ length: 450 }, (_, at) => `Team ${at}${at === 449 ? ", whose name is the longest" : ""}`);
const pageSize = 200;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    seed: {
      okta: {
        users: [{ login: "admin@acme.example", roles: ["SUPER_ADMIN"] }],
        groups: names.map((name) => ({ name, description: "é" })),
      },
    },
  });
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.faults.set([]));

/** A gate that holds every page back but the first, and the addresses of those that were asked for. */
async function gateBeforeSecondPage(): Promise<Gate & { readonly later: string[] }> {
  const later: string[] = [];
  const gate = await gateBefore(sandbox.okta.url, (_, path) => {
    const held = path.includes("after=");
    if (held) later.push(path);
    return held;
  });
  sandbox.faults.set([`link-host=${gate.origin}`]);
  return { ...gate, later };
}

const throughGate = (gate: Gate) => ({ ...environment(temporaryFolder(), sandbox), OKTA_CLIENT_ORGURL: gate.origin });

/** `groups list` that runs, and what it has written. */
function listing(args: readonly string[], env: Record<string, string>) {
  const child = execa(process.execPath, [executable, "groups", "list", ...args], {
    env,
    extendEnv: false,
    reject: false,
    buffer: { stdout: false, stderr: true },
  });
  let written = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    written += text;
  });
  return {
    child,
    written: () => written,
    async shows(text: string) {
      while (!written.includes(text)) {
        const more = await Promise.race([once(child.stdout, "data"), child.then(() => null)]);
        if (more === null) throw new Error(`It ended without ${text}.`);
      }
    },
  };
}

const readers = {
  "lines with tabs": { args: [], read: (text: string) => text.split("\n").map((line) => line.split("\t")[0]) },
  "JSON Lines": {
    args: ["--output", "jsonl"],
    read: (text: string) => text.split("\n").map((line) => JSON.parse(line).name),
  },
  CSV: {
    args: ["--output", "csv"],
    read: (text: string) =>
      Papa.parse<{ name: string }>(text, { header: true, delimiter: "," }).data.map(({ name }) => name),
  },
  JSON: {
    args: ["--json"],
    read: (text: string) => {
      const { groups, total } = JSON.parse(text);
      expect(total).toBe(names.length + 1);
      return groups.map(({ name }: { name: string }) => name);
    },
  },
};

describe.each(Object.entries(readers))("a list of three pages as %s", (_, { args, read }) => {
  it("is printed up to the first page's last row before the second has come, and whole in the end", async () => {
    const gate = await gateBeforeSecondPage();
    const { child, shows, written } = listing(args, throughGate(gate));
    await gate.reached;
    await shows(names[pageSize - 2] ?? "");
    expect(gate.later).toHaveLength(1);
    gate.open();
    expect(await child).toMatchObject({ exitCode: 0, stderr: "" });
    expect(read(written().trimEnd())).toEqual(["Everyone", ...names]);
  });

  it.skipIf(process.platform === "win32")(
    "asks for no more pages once nobody reads on, which is no error",
    async () => {
      const gate = await gateBeforeSecondPage();
      const { child, shows } = listing(args, throughGate(gate));
      await shows("Everyone");
      await gate.reached;
      child.stdout.destroy();
      await once(child.stdout, "close");
      gate.open();
      expect(await child).toMatchObject({ exitCode: 0, stderr: "" });
      expect(gate.later).toHaveLength(1);
    },
  );
});

it("a later page that Okta refuses ends a list with its exit code after the rows that came", async () => {
  const env = environment(temporaryFolder(), sandbox);
  sandbox.faults.set(["403,path=/api/v1/groups?limit=200&after="]);
  const { exitCode, stdout, stderr } = await run(["groups", "list", "--output", "jsonl"], env);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 4,
    stderr: expect.stringMatching(/^✗ The API token isn't allowed to do this/),
  });
  expect(readers["JSON Lines"].read(stdout)).toEqual(["Everyone", ...names.slice(0, pageSize - 1)]);

  const json = await run(["groups", "list", "--json"], env);
  expect(json.exitCode).toBe(4);
  expect(JSON.parse(json.stderr.split("\n").at(-1) ?? "").error.code).toBe("okta.token_powerless");
  // Nobody can take it for the whole list.
  expect(() => JSON.parse(json.stdout)).toThrow();
  expect(JSON.parse(`${json.stdout}]}`).groups).toHaveLength(pageSize);
});

it("a list whose first page fails prints nothing at all, as one of groups that the token does not show", async () => {
  const env = environment(temporaryFolder(), sandbox);
  for (const fault of ["403", "empty"]) {
    for (const { args } of Object.values(readers)) {
      sandbox.faults.set([`${fault},path=/api/v1/groups`]);
      expect(await run(["groups", "list", ...args], env)).toMatchObject({ exitCode: 4, stdout: "" });
    }
  }
});

it("a table's columns are as wide as the widest row of the last page", async () => {
  const env = environment(temporaryFolder(), sandbox);
  const { stdout } = await run(["groups", "list", "--output", "table"], env);
  const [head = "", ...rows] = stdout.split("\n");
  expect(rows).toHaveLength(names.length + 1);
  expect(head.indexOf("TYPE")).toBe((names.at(-1) ?? "").length + 2);
});

it("--limit is met in the middle of a page, and no page after it is asked for", async () => {
  const gate = await gateBeforeSecondPage();
  gate.open();
  const env = throughGate(gate);
  const limited = await run(["groups", "list", "--limit", "250", "--output", "jsonl"], env);
  expect(readers["JSON Lines"].read(limited.stdout)).toEqual(["Everyone", ...names.slice(0, 249)]);
  expect(gate.later).toHaveLength(1);
  expect(JSON.parse((await run(["groups", "list", "--limit", "200", "--json"], env)).stdout).total).toBe(200);
  expect(gate.later).toHaveLength(1);
});
