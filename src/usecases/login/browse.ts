/** How the person gets to Okta's page, and how the answer gets back: through the browser, or as a pasted address. */
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { clean } from "../../core/text.ts";
import { forwardLine, type Where } from "../../terminal/where.ts";

/** What the flags say. */
export interface Browsing {
  /** Where the listener waits. */
  readonly port: number;
  /** Start a browser; otherwise the URL is printed alone on a line. */
  readonly browser: boolean;
  /** Take the redirected URL from standard input where there is no terminal, too. */
  readonly paste: boolean;
}

/** One sign-in's way there and back. */
export class Browser {
  readonly #context: Context;
  readonly #flags: Browsing;
  /** Aborted when something is to be said while a question stands on the screen; then there is a new one. */
  #news = new AbortController();
  #said: (() => void)[] = [];
  #asking = false;
  #isDone = false;

  constructor(context: Context, flags: Browsing) {
    this.#context = context;
    this.#flags = flags;
  }

  /** Whether an address can be pasted: always in a terminal, elsewhere only if asked for. */
  get pastes(): boolean {
    return this.#flags.paste || this.#context.terminal.interactive;
  }

  /** Opens the address, or shows it with what there is to know about where to open it. */
  async open(url: string): Promise<void> {
    const context = this.#context;
    const { terminal, env, where } = context;
    // Whoever names a browser knows where it opens.
    const mayOpen = this.#flags.browser && (where.kind === "here" || Boolean(env.BROWSER?.trim()));
    if (mayOpen && (await context.openBrowser(url, (how) => this.#openerFailed(how, url)))) {
      terminal.note("Sign in to Okta in the browser that has opened, as the user you want to test. Ctrl-C gives up.");
      terminal.note(terminal.noteStyle.dim(`If none has opened, go to ${url}`));
      return;
    }
    if (mayOpen) terminal.warn("No browser could be started. Open this address yourself:");
    else for (const line of advice(where, this.#flags, this.pastes)) terminal.note(line);
    // Alone on its line, also with --quiet: scripts read it.
    terminal.address(url);
  }

  /** What happens to the browser from here on doesn't matter. */
  done(): void {
    this.#isDone = true;
  }

  #openerFailed(how: string, url: string): void {
    if (this.#isDone) return;
    const { terminal } = this.#context;
    this.#said.push(() => {
      terminal.warn(`No browser has opened: ${clean(how)}. Open this address yourself:`);
      terminal.address(url);
    });
    if (!this.#asking) this.#speak();
    else this.#news.abort();
  }

  #speak(): void {
    for (const say of this.#said.splice(0)) say();
  }

  /**
   * Asks for the redirected address until the signal says that the question is settled, one way or the other.
   *
   * @param check whether it is one, else what is wrong with it
   */
  async pasted(settled: AbortSignal, check: (typed: string) => true | string): Promise<string> {
    if (!this.#context.terminal.interactive) return fromInput(settled);
    const { TakenOff } = await import("../../terminal/prompts.ts");
    const question = "Or paste the address that the browser ends on:";
    for (;;) {
      this.#news = new AbortController();
      const { signal } = this.#news;
      const prompts = await this.#context.terminal.prompts("The redirected address", {
        settled: AbortSignal.any([settled, signal]),
      });
      this.#asking = true;
      try {
        return await prompts.text(question, { check });
      } catch (error) {
        if (!(error instanceof TakenOff) || settled.aborted) throw error;
      } finally {
        this.#asking = false;
      }
      this.#speak();
    }
  }
}

/** What to know before the address is opened somewhere. */
function advice(where: Where, { port, browser }: Browsing, pastes: boolean): string[] {
  const orPaste =
    "Or open it as it is, and paste the address that the browser ends on, whether it shows an error or not.";
  switch (where.kind) {
    case "here":
      return [
        pastes
          ? "Open this address in a browser on this machine and sign in, or open it in any browser and paste the address it ends on:"
          : "Open this address in a browser on this machine and sign in:",
      ];
    case "no display":
      return [
        ...(browser ? ["There is no display here for a browser."] : []),
        pastes
          ? "Open this address in any browser and sign in. If that is on another machine, paste the address it ends on:"
          : "Open this address in a browser on this machine and sign in:",
      ];
    case "remote":
      return [
        `This terminal is on a different machine from your browser (${where.by}), and Okta sends the browser back to 127.0.0.1 on its own machine.`,
        where.ssh
          ? `Forward the port, in a terminal on your own machine, then open the address there:\n  ${clean(forwardLine(where.ssh, port))}`
          : `Forward port ${port} to the same port of your own machine (in VS Code under Ports), then open the address there.`,
        ...(pastes ? [orPaste] : []),
      ];
  }
}

/** The longest line that is read for an address, in bytes: a browser's own limit is far below it. */
const longestAddress = 65_536;

/** The redirected address from a pipe. */
async function fromInput(settled: AbortSignal): Promise<string> {
  const { readLineUpTo } = await import("../../files/read.ts");
  // An open pipe would keep the program running.
  settled.addEventListener("abort", () => process.stdin.destroy());
  const line = await readLineUpTo(process.stdin, longestAddress);
  const hint = "Paste the whole address from the browser's address bar.";
  if (line === undefined) {
    throw new Failure("usage", "oidc.paste_invalid", "What came in on standard input is too long for an address.", {
      hint,
    });
  }
  if (line !== null) return line;
  throw new Failure("usage", "input.needed", "No redirected address came in on standard input.", { hint });
}
