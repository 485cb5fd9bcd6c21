/**
 * A soak: real commands in a loop, two at once, some killed half-way, against a sandbox whose network misbehaves all the
 * time. It keeps a model of what must be there, looks after each round, and counts what was lost.
 *
 *   npm run soak -- [--seconds 300] [--seed NUMBER]
 *
 * Ends with 1 when anything was lost, ended as a bug, or got stuck.
 */
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, openWorld, pick } from "./world.js";

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seconds = Number(values.seconds ?? 300);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const random = createRandom(seed);
const roles = Array.from({ length: 24 }, (_, index) => `soak-role-${index}`);
const world = await openWorld(random, roles);

const report = {
  seed,
  seconds,
  rounds: 0,
  commands: 0,
  outcomes: {},
  killed: 0,
  faultChanges: 0,
  lost: [],
  problems: [],
};
/** For each group of ours the roles that Akto may have for it: one, unless a command could not say. */
const model = new Map(roles.map((role) => [`Group of ${role}`, new Set([undefined])]));
const roleOf = (group) => group.replace(/^Group of /, "");
const created = { certain: new Set(), possible: new Set() };
const local = new Set();
/** The apps' redirect URIs from the start. */
const itsOwn = new Set((await Promise.all(world.apps.map(world.redirectUris))).flat());

/** What a command may end with beside success, when everything around it goes wrong. */
const clean = new Set(["akto.mapping_changed", "mapping.changed_meanwhile", "store.locked"]);

/** Runs a command and notes how it ended. @returns whether it is certain that it was done: true, false, or undefined */
async function command(args, options = {}) {
  const outcome = await world.run([...args, "--json", "--no-input"], options);
  const { code, stderr } = outcome;
  report.commands++;
  report.outcomes[code] = (report.outcomes[code] ?? 0) + 1;
  if (outcome.killed) report.killed++;
  const failure = /"code":"([^"]+)"/.exec(stderr.trimEnd().split("\n").at(-1) ?? "")?.[1];
  const expected = code === 0 || code === 5 || (outcome.killed && (code === 130 || code === options.kill));
  if (!expected && !clean.has(failure) && !(options.allows ?? []).includes(code)) {
    report.problems.push({ args, code, stderr: stderr.slice(-1500) });
  }
  const done = code === 0 ? true : failure === "store.locked" ? false : undefined;
  return { ...outcome, done, failure };
}

/** Now and then a signal, at any moment of a command's life. */
const perhapsKilled = (within = 1500) =>
  random() < 0.2
    ? { kill: pick(random, ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"]), after: 100 + random() * within }
    : {};

function allow(group, role, done) {
  const possible = model.get(group);
  if (done === true) model.set(group, new Set([role]));
  else if (done === undefined) possible.add(role);
}

/** One entry more or one less, of this worker's own. */
async function changeOne(group) {
  const [now] = model.get(group);
  const next = now === undefined ? roleOf(group) : undefined;
  const args = next ? ["mapping", "add", group, next, "--force"] : ["mapping", "remove", group];
  const { done } = await command(args, perhapsKilled());
  allow(group, next, done);
}

const shuffled = (list) =>
  list
    .map((item) => [random(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

async function createGroup(name) {
  const { done } = await command(["groups", "create", name], perhapsKilled());
  created.possible.add(name);
  if (done) created.certain.add(name);
}

const rounds = {
  async "two at once"() {
    const groups = shuffled([...model.keys()]);
    const worker = async (own, name) => {
      for (const group of own) await changeOne(group);
      await createGroup(name);
    };
    await Promise.all([
      worker(groups.slice(0, 2), `Soak ${report.rounds} a`),
      worker(groups.slice(2, 4), `Soak ${report.rounds} b`),
    ]);
  },

  async import() {
    const wanted = new Map(
      shuffled([...model.keys()])
        .slice(0, 8)
        .map((group) => [group, roleOf(group)]),
    );
    const file = join(world.folder, "mapping.json");
    writeFileSync(file, JSON.stringify({ mapping: Object.fromEntries(wanted) }));
    const { done } = await command(["mapping", "import", file, "--yes", "--force"], perhapsKilled());
    for (const group of model.keys()) allow(group, wanted.get(group), done);
  },

  async "plan and apply"() {
    const file = join(world.folder, "akto-okta.yaml");
    const exported = await command(["sso", "export", "-o", file, "--yes"]);
    if (!exported.done) return;
    const wanted = new Map(
      shuffled([...model.keys()])
        .slice(0, 6)
        .map((group) => [group, roleOf(group)]),
    );
    const document = JSON.parse(exported.stdout);
    const { path: _, ...spec } = { ...document, mapping: Object.fromEntries(wanted) };
    writeFileSync(file, JSON.stringify(spec));
    for (let attempt = 1; attempt <= 8; attempt++) {
      const { done } = await command(["sso", "apply", "-f", file, "--yes"], perhapsKilled());
      for (const group of model.keys()) allow(group, wanted.get(group), done);
      if (done) return;
    }
  },

  async "another SSO in its place"() {
    const app = world.otherApp();
    const variables = {
      ...(random() < 0.5 ? world.asServiceApp : {}),
      AKTO_OKTA_CLIENT_ID: app.clientId,
      AKTO_OKTA_CLIENT_SECRET: app.clientSecret,
    };
    const args = ["sso", "setup", "--create-app", "--replace-sso", "--yes"];
    for (let attempt = 1; attempt <= 8; attempt++) {
      // The last one is left alone, and is to finish what the others left.
      if (attempt === 8) await settle();
      const { done } = await command(args, { variables, ...(attempt === 8 ? {} : perhapsKilled(3000)) });
      if (!done) continue;
      await settle();
      const { clientId } = await world.sso();
      if (clientId !== app.clientId) report.lost.push({ round: report.rounds, what: "the new SSO", clientId });
      return world.use(app);
    }
    report.lost.push({ round: report.rounds, what: "an SSO that was to be replaced", sso: await world.sso() });
  },

  async "the local copy"() {
    const add = async (name) => {
      const { done } = await command(
        ["mapping", "add", name, `local-${name}`, "--custom-role", "--offline", "--force", "--profile", "local"],
        perhapsKilled(),
      );
      if (done) local.add(name);
    };
    await Promise.all(["a", "b", "c"].map((worker) => add(`${worker}${report.rounds}`)));
  },

  async "a sign-in that is given up"() {
    const args = ["login", "test", "--yes", "--no-browser", "--port", String(20_000 + (report.rounds % 20_000))];
    const allows = [2, 4, 6];
    await command(args, {
      kill: pick(random, ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"]),
      after: "/v1/authorize?",
      allows,
    });
    await settle();
    // The next test finds what a killed one has left.
    await command(args, { kill: "SIGTERM", after: "/v1/authorize?" });
    const left = (await Promise.all(world.apps.map(world.redirectUris))).flat().filter((uri) => !itsOwn.has(uri));
    if (left.length > 0) report.lost.push({ round: report.rounds, what: "redirect URIs left on the app", left });
  },

  async list() {
    const { done, stdout } = await command(["groups", "list"]);
    if (!done) return;
    await settle();
    const listed = new Set(JSON.parse(stdout).groups.map(({ name }) => name));
    const missing = (await world.groupNames()).filter((name) => !listed.has(name));
    if (missing.length > 0) report.lost.push({ round: report.rounds, what: "groups missing from the list", missing });
  },
};

let stop = new AbortController();
let misbehaving = Promise.resolve(0);
/** Lets the network be well. */
async function settle() {
  stop.abort();
  report.faultChanges += await misbehaving;
  misbehaving = Promise.resolve(0);
}

/** What must be there is there; what a command could not say is known from now on. */
async function look(name) {
  const lose = (what, detail) => report.lost.push({ round: report.rounds, name, what, ...detail });
  const mapping = await world.mapping();
  for (const [group, possible] of model) {
    const now = mapping.get(group);
    if (!possible.has(now)) lose("an entry of the mapping", { group, now: now ?? null, possible: [...possible] });
    model.set(group, new Set([now]));
  }
  for (const group of mapping.keys()) if (!model.has(group)) lose("an entry that nobody made", { group });
  const names = await world.groupNames();
  for (const group of created.certain) {
    const count = names.filter((each) => each === group).length;
    if (count !== 1) lose("a group", { group, count });
  }
  if (local.size > 0) {
    const { stdout } = await command(["mapping", "list", "--offline", "--profile", "local"]);
    const kept = new Set(JSON.parse(stdout).mapping.map(({ group }) => group));
    for (const group of local) if (!kept.has(group)) lose("an entry of the local copy", { group });
  }
}

const ends = Date.now() + seconds * 1000;
do {
  report.rounds++;
  const name = report.rounds <= 2 ? "two at once" : pick(random, Object.keys(rounds));
  stop = new AbortController();
  misbehaving = world.misbehave(stop.signal);
  await rounds[name]();
  await settle();
  await look(name);
} while (Date.now() < ends);
await world.sandbox.close();
await rm(world.folder, { recursive: true, force: true });

process.stdout.write(`${JSON.stringify({ ...report, lostCount: report.lost.length }, null, 2)}\n`);
process.exitCode = report.lost.length + report.problems.length > 0 ? 1 : 0;
