import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { shellWord } from "../core/roles/mapping.ts";
import type { Sandbox } from "../sandbox/types.ts";
import { examples } from "./options.ts";
import { buildProgram, type CommandContext } from "./program.ts";

/** One command of the demo; `user` is who signs in, where somebody does. */
interface Step {
  readonly says: string;
  readonly args: readonly string[];
  readonly user?: string;
}

export function declare(command: Command): void {
  examples(command, "demo", "demo --json");
}

export async function run(context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const { startSandbox } = await import("../sandbox/index.ts");
  const folder = await mkdtemp(join(tmpdir(), "akto-okta-demo-"));
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await startSandbox();
    terminal.note(
      `A sandbox is running: an Okta org at ${sandbox.okta.url} and an Akto dashboard at ${sandbox.akto.url}.`,
    );
    const results = [];
    for (const step of steps(await freePort())) {
      signal.throwIfAborted();
      terminal.note();
      terminal.note(terminal.noteStyle.dim(`# ${step.says}`));
      terminal.note(`${terminal.noteStyle.bold("$")} akto-okta ${step.args.map(shellWord).join(" ")}`);
      results.push({
        command: step.args.join(" "),
        user: step.user ?? null,
        result: await runStep(context, sandbox, folder, step),
      });
    }
    if (terminal.json) terminal.result("", { steps: results });
    terminal.note();
    terminal.success(
      "That was the main job. The sandbox has been shut down: `akto-okta sandbox` starts one to play with, and `akto-okta sso setup` does it for real.",
    );
  } finally {
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function steps(port: number): readonly Step[] {
  const test = ["login", "test", "--port", String(port), "--timeout", "30", "--yes", "--quiet"];
  return [
    {
      says: "Set up Okta sign-in for Akto: every value is checked, submitted, and read back.",
      args: ["sso", "setup", "--no-input"],
    },
    {
      says: "Which groups does the org have?",
      args: ["groups", "list", "--members", "--limit", "8", "--output", "table"],
    },
    { says: "Give three of them a role.", args: ["mapping", "add", "Akto Admins", "admin"] },
    {
      says: "A group has one role, and a role has one group.",
      args: ["mapping", "add", "Akto Developers", "developer"],
    },
    {
      says: "Names are exact, and checked against Okta.",
      args: ["mapping", "add", "AppSec Contractors", "threat-engineer"],
    },
    { says: "Priya signs in: her groups are in the access token.", args: test, user: "priya.raman@brightwell.example" },
    {
      says: "Marek signs in: the claim's filter leaves his group out, so the API token is used to look it up.",
      args: test,
      user: "marek.novak@brightwell.example",
    },
    { says: "Sofia signs in: she is in no mapped group.", args: test, user: "sofia.rossi@brightwell.example" },
  ];
}

/** Runs a command as a shell would, in a context of its own. @returns its JSON document with `--json` */
async function runStep(
  context: CommandContext,
  sandbox: Sandbox,
  folder: string,
  { args, user }: Step,
): Promise<unknown> {
  const { json, color, debug } = context.globals;
  const { createContext } = await import("../context.ts");
  const captured: string[] = [];
  const streams = json ? { out: (text: string) => captured.push(text), err: () => {} } : undefined;
  const program = buildProgram(context.table, context.signal, (globals) => ({
    ...createContext(
      { ...globals, json, color, debug },
      environment(sandbox, folder),
      context.signal,
      streams,
      context.redaction,
    ),
    // Whoever signs in there needs no display.
    where: { kind: "here" },
    openBrowser: async (url) => {
      const { Visitor } = await import("../sandbox/visitor.ts");
      // What goes wrong here shows as a sign-in that does not come back.
      if (user !== undefined)
        void new Visitor().signIn(url, user).catch((error: unknown) => context.terminal.debug(String(error)));
      return true;
    },
  }));
  await program.parseAsync([...args], { from: "user" });
  return json ? JSON.parse(captured.join("")) : undefined;
}

function environment({ okta, variables }: Sandbox, folder: string): NodeJS.ProcessEnv {
  return {
    ...variables,
    AKTO_OKTA_MANAGEMENT_TOKEN: okta.tokenForAkto,
    AKTO_OKTA_CONFIG_DIR: folder,
    AKTO_OKTA_SECRETS: "file",
  };
}

/** A port that is free now: the demo must not depend on the usual one. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
