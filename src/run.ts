/** One run of the program: signals, and what becomes of an error. */
import { writeFileSync } from "node:fs";
import { type Command, CommanderError } from "commander";
import { buildProgram } from "./commands/program.ts";
import { commandTable } from "./commands/table.ts";
import type { GlobalOptions } from "./context.ts";
import { errorCode, exitCodes, Failure, unforeseen } from "./core/failure.ts";
import { createRedaction, type Redaction, secretsIn } from "./core/redaction.ts";
import { isProfileName } from "./store/folder.ts";
import { profileInUse } from "./store/profile-in-use.ts";
import { standardError, standardOutput } from "./terminal/standard.ts";
import { restoreTerminal, Terminal } from "./terminal/terminal.ts";
import { unwritten } from "./unwritten.ts";
import { usageFailure } from "./usage.ts";
import { refuseGarbledWords } from "./words.ts";

/** Ctrl-C, a polite end, the terminal's window that was closed, Ctrl-\, and Ctrl-Break (Windows). */
const interruptions = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"] as const;

/** How soon a second signal is still the first one, in milliseconds: npx passes on what the terminal has sent to all. */
const sameSignal = 500;

/**
 * Runs the program, once in a process: what listens for signals stays until the end.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code
 */
export async function run(argv: readonly string[]): Promise<number> {
  leaveMemoryOutOfCoreFiles();
  const interruption = new AbortController();
  let interruptedAt = 0;
  const interrupt = () => {
    if (interruption.signal.aborted) {
      if (performance.now() - interruptedAt < sameSignal) return;
      // A second Ctrl-C does not wait for anybody.
      restoreTerminal();
      process.exit(exitCodes.interrupted);
    }
    interruptedAt = performance.now();
    interruption.abort(new Failure("interrupted", "interrupted", "Interrupted."));
    // Whoever reads a secret from a pipe waits for its end, and for no signal.
    if (!process.stdin.isTTY) process.stdin.destroy();
  };
  for (const name of interruptions) process.on(name, interrupt);
  // What goes wrong where nobody waits for it. A reader that went away (`| head`) or a terminal that was closed (EIO) is no
  // error, and what an interrupted run still takes back needs neither.
  const stray = (error: unknown) => {
    const code = errorCode(error);
    if (code !== "EPIPE" && code !== "EIO") process.exit(report(error, program, interruption.signal, redaction));
    if (code === "EIO") process.on("exit", endWithoutCore);
    if (!interruption.signal.aborted) interrupt();
  };
  process.on("uncaughtException", stray);
  // Output that is cut short ends the run as Ctrl-C does: what is to be taken back is taken back.
  let lost: Failure | undefined;
  let ended = false;
  standardOutput.onError((error) => {
    const failure = unwritten(error);
    if (failure === undefined) return stray(error);
    lost = failure;
    if (ended) process.exit(report(failure, program, interruption.signal, redaction));
    interruption.abort(failure);
  });
  // Nothing can be said of it there, and the exit code says how the run ended.
  standardError.onError((error) => {
    if (unwritten(error) === undefined) stray(error);
  });

  // Nothing is left to wait for, and the run waits still: it has done less than it was asked to, which must not look like success.
  process.once("beforeExit", () => {
    if (!ended)
      process.exit(report(new Error("the run came to a stop half-way"), program, interruption.signal, redaction));
  });

  const redaction = createRedaction();
  // Wherever somebody put it: what is wrong with a command line is told by quoting it.
  for (const secret of argv.flatMap(secretsIn)) redaction.hide(secret);
  if (process.env.NODE_DEBUG) hideFromNode(redaction);
  const makeContext = async (globals: GlobalOptions) => {
    const { createContext } = await import("./context.ts");
    return createContext(globals, process.env, interruption.signal, undefined, redaction);
  };
  const program = buildProgram(commandTable, interruption.signal, makeContext, profileInUse(process.env), argv[0]);
  program.hook("preAction", () => refuseGarbledWords(argv));
  await Terminal.prepare();
  try {
    await program.parseAsync(asFlag(argv), { from: "user" });
    return lost === undefined ? 0 : report(lost, program, interruption.signal, redaction);
  } catch (error) {
    return report(lost ?? error, program, interruption.signal, redaction);
  } finally {
    ended = true;
  }
}

/** `help mapping add` as `mapping add --help`: commander's own `help` knows none of a noun's verbs. Nothing asks for help, too. */
function asFlag(argv: readonly string[]): string[] {
  const [first, ...words] = argv;
  if (first === undefined) return ["--help"];
  return first === "help" && words.length > 0 ? [...words, "--help"] : [...argv];
}

/**
 * A core file would hold every secret. Linux leaves out what a process says it should, which is all of its memory here
 * (core(5), `coredump_filter`); on other systems nothing of the kind can be said from within.
 */
function leaveMemoryOutOfCoreFiles(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // A system without core files, or without /proc, has none of this.
  }
}

/** What Node itself tells of its requests where NODE_DEBUG asks for it has the credentials in it. */
function hideFromNode(redaction: Redaction): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  stderr.write = (text: string | Uint8Array, ...rest: never[]) =>
    write(typeof text === "string" ? redaction.redact(text) : text, ...rest);
}

/** Node aborts where it can't restore a terminal that is gone, and a core file would hold every secret. */
function endWithoutCore(): void {
  process.kill(process.pid, "SIGKILL");
}

function report(error: unknown, program: Command, signal: AbortSignal, redaction: Redaction): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { json = false, input, quiet = false, debug = false, color, profile } = program.opts<GlobalOptions>();
  const terminal = new Terminal({
    json,
    input,
    quiet,
    debug,
    color: color && !process.env.NO_COLOR,
    signal,
    redaction,
    profile: program.getOptionValueSource("profile") === "cli" && isProfileName(profile) ? profile : undefined,
  });
  const failure = toFailure(error, signal);
  terminal.fail(failure);
  return exitCodes[failure.kind];
}

/** Any error as a failure: commander's are wrong usage, an aborted wait is an interruption, the rest is a bug. */
function toFailure(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Failure) return error;
  if (signal.aborted && signal.reason instanceof Failure) return signal.reason;
  if (error instanceof CommanderError) return usageFailure(error);
  return unforeseen(error);
}
