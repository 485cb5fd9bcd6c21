/** The program: global flags, and the commands of a table that is handed in, since some of them build it themselves. */
import { Command, type Help, Option } from "commander";
import type { Context, GlobalOptions } from "../context.ts";
import { Failure } from "../core/failure.ts";
import { defaultProfile } from "../store/folder.ts";
import type { ProfileInUse } from "../store/profile-in-use.ts";
import { refuseUnsafeName } from "../store/safe-name.ts";
import { helpWidth, standardError, standardOutput } from "../terminal/standard.ts";

/** What a command is given: the context of its run, and the table that it stands in. */
export interface CommandContext extends Context {
  readonly table: CommandTable;
}

/** A command's file: its flags, then what it does. */
export interface CommandModule {
  /** Declares arguments, flags and examples. */
  declare(command: Command): void;
  /** Does it. `options` and `args` are as `declare` declared them. */
  run(context: CommandContext, options: never, ...args: never[]): Promise<void>;
}

/** A command in the table. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** It runs whatever profile is in use, and even where that can't be told. */
  readonly withoutProfile?: true;
  readonly load: () => Promise<CommandModule>;
}

/** A noun with its verbs. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly CommandEntry[];
}

/** Every command. */
export type CommandTable = readonly (CommandGroup | CommandEntry)[];

/**
 * The whole program, each noun without its verbs and each command without its flags until it is called.
 *
 * @param table its commands
 * @param makeContext the context of the command that is called
 * @param inUse the profile that is used without `--profile`
 * @param called its first word, where that is known: then no other entry is made
 */
export function buildProgram(
  table: CommandTable,
  signal: AbortSignal,
  makeContext: (globals: GlobalOptions) => Context | Promise<Context> = async (globals) =>
    (await import("../context.ts")).createContext(globals, process.env, signal),
  inUse: ProfileInUse = { name: defaultProfile, from: "default" },
  called?: string,
): Command {
  const program = new Command("akto-okta");
  program
    .description("Okta single sign-on for Akto: set it up, provision it, and see why a user gets a role.")
    .version(__VERSION__, "-V, --version")
    .option("--profile <name>", "the profile to use (env AKTO_OKTA_PROFILE)", inUse.name)
    .option("--json", "print one JSON document on standard output")
    .option("--no-input", "never prompt for anything")
    .option("-y, --yes", "answer yes to every confirmation")
    .option("-q, --quiet", "print results and errors only")
    .option("--debug", "show each request and answer on standard error, without secrets")
    .option("--no-color", "print without color (env NO_COLOR)")
    .option("--offline", "work on the local copy, even with an Akto API key")
    .addOption(
      new Option("--secrets <where>", "where secrets are stored (env AKTO_OKTA_SECRETS)").choices([
        "keychain",
        "file",
        "none",
      ]),
    )
    .helpCommand("help [command]", "show help for a command")
    .addHelpText(
      "after",
      "\nStart with `akto-okta demo`, or set up for real with `akto-okta sso setup`.\nExit codes: 0 done, 1 bug, 2 usage, 3 refused by a rule, 4 not authorized,\n            5 unreachable, 6 the answer is no, 130 interrupted.",
    );
  configure(program);

  // Read when a command starts: the flags may stand anywhere on the line.
  const context = async ({ withoutProfile }: CommandEntry): Promise<CommandContext> => {
    const profileFrom = program.getOptionValueSource("profile") === "default" ? inUse.from : "flag";
    if (inUse.problem && profileFrom !== "flag" && !withoutProfile) throw inUse.problem;
    const made = await makeContext({ ...program.opts<GlobalOptions>(), profileFrom });
    if (!withoutProfile) refuseUnsafeName(made.env, made.globals.profile);
    return { ...made, table };
  };
  const entries = table.filter(({ name }) => name === called);
  for (const entry of entries.length > 0 ? entries : table) {
    if ("verbs" in entry) {
      const noun = program.command(entry.name).description(entry.summary);
      configure(noun);
      program.hook("preSubcommand", (_program, called) => {
        if (called === noun) for (const verb of entry.verbs) addCommand(noun, verb, context);
      });
    } else addCommand(program, entry, context);
  }
  return program;
}

function addCommand(
  parent: Command,
  entry: CommandEntry,
  context: (entry: CommandEntry) => Promise<CommandContext>,
): void {
  const { name, summary, load } = entry;
  const command = parent.command(name).description(summary);
  configure(command);
  parent.hook("preSubcommand", async (_parent, called) => {
    if (called !== command) return;
    const { declare, run } = await load();
    declare(command);
    // What `declare` declared is what `run` takes: the one place where commander's untyped values get their types.
    command.action(async () => {
      const given = await context(entry);
      const options: { readonly dryRun?: boolean } = command.opts();
      const sayDry = () => {
        if (options.dryRun) given.terminal.note("Nothing was written: --dry-run was given.");
      };
      try {
        await run(given, options as never, ...(command.processedArgs as never[]));
      } catch (error) {
        // It ran, and the answer is no.
        if (error instanceof Failure && error.kind === "negative") sayDry();
        throw error;
      }
      sayDry();
    });
  });
}

function configure(command: Command): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20, formatItem: layOut(command.createHelp().formatItem) })
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => void standardOutput.write(text),
      writeErr: (text) => void standardError.write(text),
      getOutHelpWidth: () => helpWidth(standardOutput),
      getErrHelpWidth: () => helpWidth(standardError),
    })
    .showSuggestionAfterError(true);
}

/**
 * How an option or a command stands with what it does: side by side, or where that leaves no room for a sentence, one under
 * the other.
 */
function layOut(sideBySide: Help["formatItem"]): Help["formatItem"] {
  return (term, termWidth, description, help) => {
    const width = help.helpWidth ?? 80;
    if (width - termWidth >= 36) return sideBySide.call(help, term, termWidth, description, help);
    const [indent, under] = ["  ", "      "];
    const lines = help.boxWrap(description, width - under.length).split("\n");
    return [indent + term, ...lines.map((line) => under + line)].join("\n");
  };
}
