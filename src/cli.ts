/** The program: global flags, the table of commands, and what becomes of an error. */
import { Command, CommanderError, Option } from "commander";
import { type CommandEntry, commandTable } from "./commands/table.ts";
import { type Context, createContext, type GlobalOptions } from "./context.ts";
import { exitCodes, Failure } from "./core/failure.ts";
import { clean } from "./core/text.ts";
import { Terminal } from "./terminal/terminal.ts";

/**
 * Runs the program once.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => {
    // A second Ctrl-C does not wait for anybody.
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort(new Failure("interrupted", "interrupted", "Interrupted."));
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // A reader that went away (`| head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.interrupted);
    throw error;
  });

  const program = buildProgram(interruption.signal);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return report(error, program, interruption.signal);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** The whole program, each command without its flags until it is called. */
export function buildProgram(signal: AbortSignal): Command {
  const program = new Command("akto-okta");
  program
    .description("Okta single sign-on for Akto: set it up, provision it, and see why a user gets a role.")
    .version(__VERSION__, "-V, --version")
    .option(
      "--profile <name>",
      "the profile to use (env AKTO_OKTA_PROFILE)",
      process.env.AKTO_OKTA_PROFILE || "default",
    )
    .option("--json", "print one JSON document on standard output", false)
    .option("--no-input", "never ask anything")
    .option("-y, --yes", "answer yes where a confirmation would be asked", false)
    .option("-q, --quiet", "print results and errors only", false)
    .option("--debug", "show each request and answer on standard error, without secrets", false)
    .option("--no-color", "print without colour (env NO_COLOR)")
    .option("--offline", "work on the local copy, even with an Akto API key", false)
    .addOption(
      new Option("--secrets <where>", "where secrets are kept (env AKTO_OKTA_SECRETS)").choices([
        "keychain",
        "file",
        "none",
      ]),
    )
    .helpCommand("help [command]", "show help for a command")
    .addHelpText(
      "after",
      "\nStart with `akto-okta demo`, or set up for real with `akto-okta sso setup`.\nExit codes: 0 done, 1 bug, 2 usage, 3 refused by a rule, 4 not authorised, 5 unreachable, 6 the answer is no, 130 interrupted.",
    );
  configure(program);

  // Read when a command starts: the flags may stand anywhere on the line.
  const context = (): Context => createContext(program.opts<GlobalOptions>(), process.env, signal);
  for (const entry of commandTable) {
    if ("verbs" in entry) {
      const noun = program.command(entry.name).description(entry.summary);
      configure(noun);
      for (const verb of entry.verbs) addCommand(noun, verb, context);
    } else addCommand(program, entry, context);
  }
  return program;
}

function addCommand(parent: Command, { name, summary, load }: CommandEntry, context: () => Context): void {
  const command = parent.command(name).description(summary);
  configure(command);
  parent.hook("preSubcommand", async (_parent, called) => {
    if (called !== command) return;
    const { declare, run } = await load();
    declare(command);
    // What `declare` declared is what `run` takes: the one place where commander's untyped values get their types.
    command.action(() => run(context(), command.opts() as never, ...(command.processedArgs as never[])));
  });
}

function configure(command: Command): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(process.stdout.columns || 100, 110) })
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(true);
}

function report(error: unknown, program: Command, signal: AbortSignal): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { json, input, quiet, debug, color } = program.opts<GlobalOptions>();
  const terminal = new Terminal({ json, input, quiet, debug, color: color && !process.env.NO_COLOR, signal });
  const failure = toFailure(error, signal);
  terminal.fail(failure);
  if (failure.kind === "bug" && !debug && failure.stack)
    process.stderr.write(`${clean(failure.stack, 4000).replaceAll("\\u{0a}", "\n")}\n`);
  return exitCodes[failure.kind];
}

/** Any error as a failure: commander's are wrong usage, an aborted wait is an interruption, the rest is a bug. */
function toFailure(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  if (signal.aborted && signal.reason instanceof Failure) return signal.reason;
  if (error instanceof CommanderError) {
    const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
    if (error.code === "commander.help") {
      return new Failure("usage", "usage.command_missing", "A command is missing.", {
        hint: "The help above shows which there are.",
      });
    }
    return new Failure("usage", error.code.replace(/^commander\./, "usage."), sentence(clean(first)), {
      hint: [...rest.map((line) => clean(line)), "Add --help to see what it takes."]
        .filter((line) => line !== "")
        .join("\n"),
    });
  }
  const bug = new Failure(
    "bug",
    "bug",
    `Something unforeseen happened: ${clean(error instanceof Error ? error.message : error)}`,
    {
      hint: "This is a bug in akto-okta. Run it again with --debug and report what it prints.",
      cause: error,
    },
  );
  if (error instanceof Error && error.stack !== undefined) bug.stack = error.stack;
  return bug;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
