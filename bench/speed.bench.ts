/** How long things take, and what the largest of them costs: printed, never judged. The built program is measured. */
import { execa } from "execa";
import { it } from "vitest";
import { resolveRole } from "../src/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import type { Sandbox, SandboxSeed } from "../src/sandbox/types.ts";
import { environment, executable, temporaryFolder } from "../test/program.ts";

const print = (what: string, result: string) => process.stdout.write(`${what.padEnd(58)} ${result}\n`);
const milliseconds = (time: number) => `${Math.round(time).toLocaleString("en-US")} ms`;

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

// Told by the program itself as it ends.
const tellMemory =
  "--import=data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

/** Runs the program. @returns its time in milliseconds, its memory at most in MB, and what it said */
async function timed(args: readonly string[], env: Record<string, string>) {
  const start = performance.now();
  const { stderr } = await execa(process.execPath, [tellMemory, executable, ...args], { env, extendEnv: false });
  const time = performance.now() - start;
  return { time, memory: Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024, stderr };
}

it("start-up", async () => {
  const env = environment(temporaryFolder());
  for (const args of [["--version"], ["--help"], ["mapping", "list"], ["login", "explain", "--group", "A"]]) {
    const times: number[] = [];
    for (let run = 0; run < 15; run++) times.push((await timed(args, env)).time);
    print(`akto-okta ${args.join(" ")}`, `${milliseconds(median(times))}, the median of ${times.length}`);
  }
});

it("role resolution", () => {
  const groups = Array.from({ length: 100 }, (_, at) => `Akto Team ${at}`);
  const payload = Buffer.from(JSON.stringify({ groups })).toString("base64url");
  const mapping = new Map(Array.from({ length: 30 }, (_, at) => [`Akto Team ${at * 3}`, `ROLE_${at}`]));
  const customRoles = Array.from({ length: 30 }, (_, at) => ({ name: `ROLE_${at}`, baseRole: "DEVELOPER" }));
  const runs = 20_000;
  const start = performance.now();
  for (let run = 0; run < runs; run++) {
    resolveRole({ accessToken: `e30.${payload}.`, groupsFromApi: null, mapping, customRoles });
  }
  const each = ((performance.now() - start) / runs) * 1000;
  print("resolveRole, 100 groups, 30 entries, 30 custom roles", `${each.toFixed(1)} µs`);
});

it.each([
  [20_000, 2_000],
  [50_000, 5_000],
])("login preview of %i people in %i groups", async (users, groups) => {
  const sandbox = await startSandbox({ seed: largeOrg(users, groups) });
  try {
    const of = `login preview, ${users.toLocaleString("en-US")} people in ${groups.toLocaleString("en-US")} groups`;
    const { time, memory } = await previewed(sandbox, []);
    const { stderr } = await previewed(sandbox, ["--debug"]);
    const requests = stderr.match(/^→/gm)?.length ?? 0;
    print(of, `${milliseconds(time)}, ${Math.round(memory)} MB at most, ${requests} requests`);
  } finally {
    await sandbox.close();
  }
});

function previewed(sandbox: Sandbox, more: readonly string[]) {
  const env = environment(temporaryFolder(), sandbox);
  return timed(["login", "preview", "--output", "csv", ...more], env);
}

/** An org in which everyone is in ten groups, and a few thousand in a mapped one. */
function largeOrg(users: number, groups: number): SandboxSeed {
  const login = (at: number) => `user${at}@acme.example`;
  const people = Array.from({ length: users }, (_, at) => ({
    login: login(at),
    ...(at === 0 ? { roles: ["SUPER_ADMIN"] as const } : {}),
  }));
  const range = (from: number, length: number) => Array.from({ length }, (_, at) => login(from + at));
  const teams = Array.from({ length: groups }, (_, at) => ({
    name: at % 40 === 0 ? `Akto Team ${at}` : `Team ${at}`,
    members: Array.from({ length: Math.floor((users * 10) / groups) }, (_, nth) => login((at * 7 + nth * 131) % users)),
  }));
  const mapped = [
    { name: "Akto Admins", members: range(0, 20) },
    { name: "Akto Developers", members: range(1_000, 1_500) },
    { name: "Contractors", members: range(5_000, 100) },
  ];
  return {
    okta: { users: people, groups: [...mapped, ...teams], rateLimit: 1_000_000 },
    akto: {
      mapping: new Map([
        ["Akto Admins", "ADMIN"],
        ["Akto Developers", "DEVELOPER"],
        ["Contractors", "GUEST"],
      ]),
    },
  };
}
