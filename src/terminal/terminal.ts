/**
 * The only place that writes to the terminal. Results go to standard output; messages, progress and questions to
 * standard error, so that output pipes.
 */

import { isatty } from "node:tty";
import { Failure } from "../core/failure.ts";
import { toJson } from "../core/json.ts";
import { forProfile } from "../core/named-profile.ts";
import type { Redaction } from "../core/redaction.ts";
import { clean, cleanLines, listed } from "../core/text.ts";
import { columnsOf } from "./columns.ts";
import type { Keyboard } from "./keyboard.ts";
import { inPages, jsonOf, type Listing, linesOf, type PagedListing, type PagedText } from "./listing.ts";
import type { LiveItem, LiveList } from "./live-list.ts";
import type { OutputFormat } from "./output-format.ts";
import { createPassing, type Passing, type Progress } from "./passing.ts";
import type { Prompts } from "./prompts.ts";
import { standardError, standardOutput } from "./standard.ts";
import type { Style } from "./style.ts";
import { createStyles } from "./style.ts";

/** Wraps text at words. What measures text takes a while to load, and only a terminal needs it: see {@link Terminal.prepare}. */
let wrapped = (text: string, _columns: number): string => text;

/** Where text goes: to standard output and standard error unless a run is shown inside another. */
export interface Streams {
  /** Results. May return a promise that resolves once the text is taken, to `false` where nobody reads on. */
  out(text: string): unknown;
  err(text: string): void;
}

const standardStreams: Streams = {
  // Any error but a reader that went away is reported where the run ends, see run.ts.
  out: (text) => standardOutput.write(text),
  err: (text) => void standardError.write(text),
};

export interface TerminalOptions {
  readonly json: boolean;
  readonly input: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  readonly color: boolean;
  readonly signal: AbortSignal;
  readonly streams?: Streams | undefined;
  /** The profile that `--profile` named: commands that are suggested name it, too. */
  readonly profile?: string | undefined;
  /** Knows what must not be written. */
  readonly redaction: Redaction;
}

/** Where a run's text goes, and where its questions come from. */
export class Terminal {
  readonly json: boolean;
  readonly #options: TerminalOptions;
  readonly #streams: Streams;
  readonly #out: Style;
  readonly #err: Style;
  readonly #passing: Passing;
  #keyboard: Keyboard | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#streams = options.streams ?? standardStreams;
    this.json = options.json;
    const styles = createStyles(options.color && !options.json);
    this.#out = styles.out;
    this.#err = styles.err;
    this.#passing = createPassing(this.#err);
  }

  /** Loads what a terminal needs, where there is one. Before it, text goes out as it is. */
  static async prepare(): Promise<void> {
    if (standardOutput.isTTY || standardError.isTTY) ({ wrapped } = await import("./wrap.ts"));
  }

  /** Whether a question may be asked. */
  get interactive(): boolean {
    return this.#options.input && standardError.isTTY && isatty(0);
  }

  /** Colors for what goes to standard output. */
  get style(): Style {
    return this.#out;
  }

  /** Colors for what goes to standard error. */
  get noteStyle(): Style {
    return this.#err;
  }

  /** The width to fit tables to; a pipe has none. */
  get width(): number {
    return standardOutput.isTTY ? columnsOf(standardOutput) : Number.POSITIVE_INFINITY;
  }

  /**
   * A command's one result: text for people, wrapped at words where it goes to a terminal, or with `--json` the document.
   * Outside text in `text` must be clean.
   */
  result(text: string, document: unknown): void {
    this.#writeOut(this.json ? toJson(document, 2) : this.#prose(text));
  }

  #prose(text: string): string {
    const named = this.#named(text);
    return Number.isFinite(this.width) ? wrapped(named, this.width) : named;
  }

  /** As {@link result}, for data that others read: it is exact, even where a name in it is a secret's, too. */
  data(text: string, document: unknown): void {
    this.#writeData(this.json ? toJson(document, 2) : text);
  }

  /** Lines of data on standard output at once, whatever `--json` says. */
  line(text: string): void {
    this.#writeData(text);
  }

  /** How a list is printed: in the asked format, without one as a table, or as tab-separated lines when it is piped. */
  listFormat(output: OutputFormat | undefined): OutputFormat | "tabbed" {
    if (this.json) return "json";
    return output ?? (standardOutput.isTTY ? "table" : "tabbed");
  }

  /** Prints a list, see {@link listFormat}. Its data is exact, as {@link data} has it. */
  async list<Row>(listing: Listing<Row>, output: OutputFormat | undefined): Promise<void> {
    const format = this.listFormat(output);
    if (format === "json") return this.#writeData(toJson(listing.document, 2));
    if (format === "table") return this.#table(listing);
    await this.#writePages(inPages(listing.rows), await linesOf(format, listing));
  }

  /**
   * As {@link list}, each page as soon as it is there: nothing is kept but for a table. Where the reader goes away
   * (`| head`), no more pages are asked for. What goes wrong with a page is thrown once those before it are written: then a
   * JSON document is left without its end, so that nobody takes it for whole.
   */
  async listPages<Row>(listing: PagedListing<Row>, output: OutputFormat | undefined): Promise<void> {
    const { pages, document, footer } = listing;
    const format = this.listFormat(output);
    if (format !== "table") {
      return this.#writePages(pages, format === "json" ? jsonOf(document) : await linesOf(format, listing));
    }
    const rows: Row[] = [];
    for await (const page of pages) rows.push(...page);
    await this.#table({ ...listing, rows, footer: footer(rows.length) });
  }

  /** A message on standard error, not with `--quiet`. Outside text in it must be clean. */
  note(message: string = ""): void {
    if (this.#options.quiet) return;
    this.#writeErr(message);
  }

  /** A message that something was done. */
  success(message: string): void {
    this.note(`${this.#err.green("✓")} ${message}`);
  }

  /** A message that `--quiet` does not hide. */
  warn(message: string): void {
    this.#writeErr(`${this.#err.yellow("!")} ${message}`);
  }

  /** An address alone on a line of standard error, also with `--quiet`: scripts read it. */
  address(url: string): void {
    this.#writeErr(url);
  }

  /** A line of `--debug`. */
  debug(line: string): void {
    if (this.#options.debug) this.#writeErr(this.#err.dim(clean(line, 2000)));
  }

  /**
   * A failure that can be fixed on the spot: the message, and under it what to do.
   *
   * @param hint what to do, where that is another thing than what to do after a run that it ended
   */
  complain(failure: Failure, hint: string | undefined = failure.hint): void {
    this.#writeErr(`${this.#err.red("✗")} ${failure.message}`);
    if (hint !== undefined) this.#writeErr(`  ${hint.replaceAll("\n", "\n  ")}`);
  }

  /** The failure that ends the program: the message, and under it what to do next; with `--json` a last line that scripts can read. */
  fail(failure: Failure): void {
    this.complain(failure);
    const { kind, stack } = failure;
    if (stack !== undefined && (this.#options.debug || kind === "bug"))
      this.#writeErr(this.#err.dim(this.#options.redaction.redact(stack).slice(0, 4000)));
    if (this.json) {
      const { code, message, hint } = failure;
      this.#writeErr(toJson({ error: { code, message, ...(hint === undefined ? {} : { hint: this.#named(hint) }) } }));
    }
  }

  /** Shows that something takes a while: a line that is gone afterwards, on a terminal only. */
  async progress(label: string): Promise<Progress> {
    return this.#showsProgress ? this.#passing.progress(label) : { update: () => {}, stop: () => {} };
  }

  /** Shows what is done side by side, each with its mark once it is; gone afterwards, on a terminal only. */
  async liveList(label: string, items: readonly LiveItem[]): Promise<Pick<LiveList, "mark" | "stop">> {
    // A dumb terminal can't take back what it was sent.
    const shown = this.#showsProgress && process.env.TERM !== "dumb";
    return shown ? this.#passing.list(label, items) : { mark: () => {}, stop: () => {} };
  }

  /** Runs `work` under a progress line. */
  async during<Value>(label: string, work: (progress: Progress) => Promise<Value>): Promise<Value> {
    const progress = await this.progress(label);
    try {
      return await work(progress);
    } finally {
      progress.stop();
    }
  }

  /**
   * The questions.
   *
   * @param what what is to be answered, for the failure when nobody can be asked
   * @param options.settled takes back a question whose answer came in another way
   * @param options.back whether Escape goes back to the question before
   * @throws Failure `input.needed` when there is nobody to ask
   */
  async prompts(
    what: string,
    { settled, back = () => false }: { readonly settled?: AbortSignal; readonly back?: () => boolean } = {},
  ): Promise<Prompts> {
    if (!this.interactive) {
      throw new Failure("usage", "input.needed", `${what} is needed, but there is nobody to ask.`, {
        hint: "Give it as an argument or a flag; --help shows how.",
      });
    }
    const { createPrompts } = await import("./prompts.ts");
    const { createKeyboard } = await import("./keyboard.ts");
    this.#keyboard ??= createKeyboard();
    const { signal, redaction } = this.#options;
    return createPrompts({
      signal,
      settled,
      redaction,
      keyboard: this.#keyboard,
      back,
    });
  }

  get #showsProgress(): boolean {
    const { quiet, debug } = this.#options;
    return !quiet && !debug && !this.json && standardError.isTTY;
  }

  /** The text as it may be written: without secrets, and harmless. */
  #fit(text: string): string {
    return cleanLines(this.#options.redaction.redact(this.#named(text)));
  }

  #named(text: string): string {
    return forProfile(text, this.#options.profile);
  }

  #writeOut(text: string): void {
    this.#writeData(this.#options.redaction.redact(text));
  }

  #writeData(text: string): void {
    this.#write(`${text}\n`);
  }

  #write(text: string): unknown {
    this.#passing.clear();
    return this.#streams.out(cleanLines(text));
  }

  async #writePages<Row>(
    pages: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>,
    { start, page, end }: PagedText<Row>,
  ): Promise<void> {
    let written = 0;
    for await (const rows of pages) {
      if (rows.length === 0) continue;
      if ((await this.#write(`${written === 0 ? start : ""}${page(rows)}`)) === false) return;
      written += rows.length;
    }
    const last = `${written === 0 ? start : ""}${end(written)}`;
    if (last !== "") await this.#write(last);
  }

  async #table<Row>({ rows, columns, header, footer }: Omit<Listing<Row>, "document">): Promise<void> {
    const { renderTable } = await import("./table.ts");
    if (header !== undefined) this.#writeData(`${this.#prose(header)}${rows.length > 0 ? "\n" : ""}`);
    if (rows.length > 0) {
      const { head, lines, leftOut } = renderTable(rows, columns, this.width);
      this.#writeData([...(head === undefined ? [] : [this.#out.dim(head)]), ...lines].join("\n"));
      if (leftOut.length > 0) {
        this.note(this.#err.dim(`Too narrow for ${listed(leftOut)}: \`--output csv\` has everything.`));
      }
    }
    if (footer !== undefined) this.note(this.#err.dim(footer));
  }

  #writeErr(text: string): void {
    this.#passing.clear();
    const shown = this.#fit(text);
    this.#streams.err(`${standardError.isTTY ? wrapped(shown, columnsOf(standardError)) : shown}\n`);
  }
}

/** Shows the cursor again, where a run is ended in the middle of a question or a progress line. */
export function restoreTerminal(): void {
  if (standardError.isTTY) standardError.write("\u001b[?25h");
}
