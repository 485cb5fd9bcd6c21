import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { toJson } from "../core/json.ts";
import { shellWord } from "../core/roles/mapping.ts";
import { count } from "../core/text.ts";
import { faultHelp } from "../sandbox/faults.ts";
import type { Sandbox } from "../sandbox/types.ts";
import { declareOutput, examples, type ListOptions, wholeNumber } from "./options.ts";

interface Options extends ListOptions {
  readonly port: number;
  readonly aktoPort: number;
  readonly seed?: string;
  readonly scenario?: string;
  readonly listScenarios?: boolean;
  readonly fault?: readonly string[];
  readonly tls?: boolean;
  readonly aktoConfigured?: boolean;
}

export function declare(command: Command): void {
  command
    .option("--port <n>", "the Okta org's port, 0 for any free one", wholeNumber(0, 65_535), 0)
    .option("--akto-port <n>", "the Akto dashboard's port, 0 for any free one", wholeNumber(0, 65_535), 0)
    .option("--seed <file>", "users, groups, apps, servers, and mapping from a YAML or JSON file")
    .option("--akto-configured", "start with Okta SSO set up in Akto, its mapping empty")
    .option("--scenario <name>", "start with something broken")
    .option("--list-scenarios", "show the scenarios")
    .option("--fault <spec>", "make requests fail; repeat for more (see below)", collect)
    .option("--tls", "speak https, with a certificate created at startup");
  declareOutput(command);
  command.addHelpText("after", `\nA fault is ${faultHelp}`);
  examples(
    command,
    "sandbox",
    "sandbox --scenario claim-on-id-token",
    "sandbox --fault 429,times=3,path=/api/v1/groups",
    "sandbox --seed org.yaml --port 8800 --json",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal, signal } = context;
  if (options.listScenarios) return listScenarios(context, options);
  const { startSandbox } = await import("../sandbox/index.ts");
  const seed = options.seed === undefined ? {} : await readSeedFile(options.seed);
  const sandbox = await startSandbox({
    port: options.port,
    aktoPort: options.aktoPort,
    seed,
    faults: options.fault ?? [],
    ...(options.scenario !== undefined && { scenario: options.scenario }),
    tls: options.tls ?? false,
    aktoConfigured: options.aktoConfigured ?? false,
    log: (line) => terminal.note(line),
  });
  const certificate = sandbox.certificate === null ? null : await keepCertificate(sandbox.certificate);
  try {
    if (terminal.json) terminal.line(toJson(readyDocument(sandbox, certificate?.path ?? null)));
    else {
      if (options.scenario !== undefined) await describeScenario(context, options.scenario);
      announce(context, sandbox, certificate?.path ?? null);
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await Promise.all([sandbox.close(), certificate?.remove()]);
  }
}

const collect = (value: string, others: readonly string[] = []) => [...others, value];

async function readSeedFile(path: string) {
  const { loadSeedFile } = await import("../sandbox/seed-file.ts");
  return loadSeedFile(path);
}

/** Writes the certificate where other programs can be told to trust it (`NODE_EXTRA_CA_CERTS`). */
async function keepCertificate(certificate: string) {
  const directory = await mkdtemp(join(tmpdir(), "akto-okta-sandbox-"));
  const path = join(directory, "certificate.pem");
  await writeFile(path, certificate);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}

function readyDocument({ okta, akto, users }: Sandbox, certificateFile: string | null): object {
  return { okta, akto, users, ...(certificateFile === null ? {} : { certificateFile }) };
}

async function describeScenario({ terminal }: Context, name: string): Promise<void> {
  const { findScenario } = await import("../sandbox/scenarios/table.ts");
  terminal.note(`${terminal.noteStyle.bold("Scenario")}        ${findScenario(name).summary}`);
}

/** What to try next goes to standard error; what a shell can read in, to standard output. */
function announce(
  { terminal }: Context,
  { okta, akto, users, variables }: Sandbox,
  certificateFile: string | null,
): void {
  const { bold, dim } = terminal.noteStyle;
  terminal.note(`${bold("Okta org")}        ${okta.url}   ${dim(`${count(users.length, "user")}, no passwords`)}`);
  terminal.note(`${bold("Akto dashboard")}  ${akto.url}`);
  // In a file they are not seen here.
  const seen = Number.isFinite(terminal.width);
  terminal.note(
    seen
      ? "\nIn another shell, set these variables:\n"
      : "\nIn another shell, load what was written to standard output.",
  );
  const exported = {
    AKTO_OKTA_PROFILE: "sandbox",
    ...variables,
    AKTO_OKTA_MANAGEMENT_TOKEN: okta.tokenForAkto,
    ...(certificateFile === null ? {} : { NODE_EXTRA_CA_CERTS: certificateFile }),
  };
  const lines = Object.entries(exported).map(([name, value]) => `export ${name}=${shellWord(value)}`);
  terminal.line(lines.join("\n"));
  terminal.note(`
Then try: ${bold("akto-okta sso setup")}, ${bold("akto-okta groups list")}, ${bold("akto-okta login test")}
${dim("Ctrl-C stops it; nothing is saved.")}`);
}

async function listScenarios({ terminal }: Context, { output }: Options): Promise<void> {
  const { scenarios } = await import("../sandbox/scenarios/table.ts");
  const rows = scenarios.map(({ name, summary }) => ({ name, summary }));
  await terminal.list(
    {
      rows,
      columns: [
        { head: "SCENARIO", cell: (row) => row.name },
        { head: "WHAT IS WRONG", cell: (row) => row.summary, wraps: true },
      ],
      document: { scenarios: rows },
      record: (row) => ({ ...row }),
      keys: ["name", "summary"],
    },
    output,
  );
}
