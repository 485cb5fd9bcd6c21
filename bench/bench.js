/**
 * How long things take and what they cost, each against the same done without this program, in pairs of runs: printed, never
 * judged. `npm run bench`, or some of it: `npm run bench -- start lists`.
 */
import { execFileSync, fork } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { resolveRole } from "../dist/index.js";
import { searchKeys } from "./keys.js";
import { environment, executable, folder, pairs, run } from "./measure.js";

const bare = (name) => fileURLToPath(new URL(`bare/${name}.js`, import.meta.url));
const print = (what, ...parts) => process.stdout.write(`${what.padEnd(44)} ${parts.join(", ")}\n`);
const number = (value) => Math.round(value).toLocaleString("en-US");
const ms = (value) => `${number(value)} ms`;
const times = (ratio) => `${ratio.toFixed(2)} ×`;
const wanted = (...limits) => `wanted: ≤ ${limits.map((limit) => `${limit} ×`).join(" and ")}`;

/** Runs `work` with a sandbox of this kind beside it. */
async function beside(kind, work) {
  const child = fork(new URL("sandbox.js", import.meta.url), [kind]);
  try {
    const sandbox = await new Promise((resolve, reject) => child.once("message", resolve).once("exit", reject));
    return await work(environment(sandbox), sandbox);
  } finally {
    if (child.connected) child.disconnect();
  }
}

const costs = ({ time, ratio }) => [
  ms(time),
  `${times(ratio("time"))} the time`,
  `${times(ratio("cpu"))} the processor's`,
];
const space = ({ memory, ratio }) => `${number(memory)} MB, ${times(ratio("memory"))} the memory`;

const parts = {
  async start() {
    process.stdout.write("Against `node -e 0`\n");
    const env = environment();
    const mapping = join(folder, "mapping.csv");
    writeFileSync(mapping, "group,role\nAkto Admins,ADMIN\nAkto Developers,DEVELOPER\n");
    await run([executable, "mapping", "import", mapping, "--offline", "--force", "--yes"], env);
    for (const [args, limit] of [
      [["--version"], 1.25],
      [["--help"], 1.25],
      [["completion", "bash"], 1.25],
      [["mapping", "list", "--offline"], 1.5],
    ]) {
      const found = await pairs(["-e", "0"], [executable, ...args], env, 15);
      print(args.join(" "), ...costs(found), wanted(limit));
    }
  },

  async commands() {
    process.stdout.write("Against a script that fetches one page\n");
    await beside("small", async (env, { user }) => {
      for (const [args, ...limits] of [
        [["groups", "list"], 1.9, 1.3],
        [["doctor"], 3],
        [["login", "preview"], 3],
        [["login", "explain", "--user", user], 3],
      ]) {
        const found = await pairs([bare("groups")], [executable, ...args], env, 9);
        print(args.join(" "), ...costs(found), space(found), wanted(...limits));
      }
    });
  },

  async lists() {
    process.stdout.write("100,000 groups, against a script that fetches them page by page\n");
    await beside("groups", async (env) => {
      const list = [executable, "groups", "list", "--output", "jsonl"];
      const found = await pairs([bare("all-groups")], list, env, 3);
      print("groups list --output jsonl", ...costs(found), space(found), wanted(1.5, 1.2));
      print("  its first row", `after ${ms(found.first)}`);
      const { echo, list: shown } = await searchKeys(env);
      print("a key in the wizard's search", `shown after ${ms(echo)}`, `the list narrowed to it after ${ms(shown)}`);
    });
  },

  async preview() {
    process.stdout.write("20,000 people in 2,000 groups, against a script that makes the same requests\n");
    await beside("people", async (env) => {
      const preview = [executable, "login", "preview", "--output", "csv"];
      const { stderr } = await run([...preview, "--debug"], env);
      const asked = [...stderr.matchAll(/^→ (\S+) (\S+)/gm)];
      const addresses = join(folder, "addresses");
      const gets = asked.filter(
        ([, method, address]) => method === "GET" && address.startsWith(env.OKTA_CLIENT_ORGURL),
      );
      writeFileSync(addresses, gets.map(([, , address]) => address).join("\n"));
      const found = await pairs([bare("addresses")], preview, { ...env, BENCH_ADDRESSES: addresses }, 9);
      print(
        "login preview",
        `${asked.length} requests`,
        ...costs(found),
        space(found),
        "wanted: ≤ 300 requests",
        wanted(1.5),
      );
    });
  },

  async role() {
    const groups = Array.from({ length: 100 }, (_, at) => `Akto Team ${at}`);
    const payload = Buffer.from(JSON.stringify({ groups })).toString("base64url");
    const mapping = new Map(Array.from({ length: 30 }, (_, at) => [`Akto Team ${at * 3}`, `ROLE_${at}`]));
    const customRoles = Array.from({ length: 30 }, (_, at) => ({ name: `ROLE_${at}`, baseRole: "DEVELOPER" }));
    const start = performance.now();
    for (let round = 0; round < 20_000; round++) {
      resolveRole({ accessToken: `e30.${payload}.`, groupsFromApi: null, mapping, customRoles });
    }
    print("resolveRole, 100 groups, 30 entries", `${((performance.now() - start) / 20).toFixed(1)} µs`);
  },

  async install() {
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    const [packed] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--ignore-scripts=false", "--pack-destination", folder], options).replace(
        /^[^[]*/,
        "",
      ),
    );
    const prefix = join(folder, "global");
    execFileSync("npm", ["install", "--global", "--prefix", prefix, join(folder, packed.filename)], options);
    const files = readdirSync(prefix, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const size = files.reduce((sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length, 0);
    const packages = files.filter(
      ({ parentPath, name }) =>
        name === "package.json" && /node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+$/.test(parentPath),
    );
    print("npm install --global", `${packages.length} packages`, `${(size / 1e6).toFixed(1)} MB`);
  },
};

const chosen = process.argv.slice(2);
for (const [name, measure] of Object.entries(parts)) if (chosen.length === 0 || chosen.includes(name)) await measure();
