/** The wizard's questions: each answer is taken from where it is given already, else asked for and kept. */

import type { Context } from "../../context.ts";
import { leftOffAktoUrl, type OktaDomain, parseAktoUrl, parseOktaDomain } from "../../core/address.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { Profile } from "../../core/model/profile.ts";
import type { SecretAddresses, SecretName } from "../../core/model/secret.ts";
import { clean, secretTail } from "../../core/text.ts";
import { defaultAktoUrl, type SettingName, type Settings, settingDefinitions } from "../../settings.ts";
import type { Prompts } from "../../terminal/prompts.ts";
import type { Draft } from "./draft.ts";
import { verifyAktoKey, verifyAktoUrl, verifyOktaToken } from "./verify.ts";

/** A way out of a check that failed. */
export interface WayOut {
  readonly name: string;
  readonly go: () => Promise<void>;
}

/** The questions of one run, with what they share. */
export class Questions {
  readonly context: Context;
  readonly settings: Settings;
  readonly prompts: Prompts;
  readonly draft: Draft;
  /** As it was when the wizard began. */
  readonly profile: Profile;
  /** How many steps there are. */
  steps = 0;
  #step = 1;

  constructor(context: Context, settings: Settings, prompts: Prompts, draft: Draft, profile: Profile) {
    this.context = context;
    this.settings = settings;
    this.prompts = prompts;
    this.draft = draft;
    this.profile = profile;
  }

  /** The title of the next step. */
  heading(title: string): void {
    const { terminal } = this.context;
    terminal.note();
    terminal.note(
      `${terminal.noteStyle.dim(`Step ${this.#step} of ${this.steps}`)}  ${terminal.noteStyle.bold(title)}`,
    );
    this.#step += 1;
  }

  /** A check, until it passes or the person goes on without it. */
  async settle(check: () => Promise<string>, waysOut: (failure: Failure) => readonly WayOut[]): Promise<boolean> {
    const { terminal } = this.context;
    for (;;) {
      try {
        terminal.success(await terminal.during("Checking …", check));
        return true;
      } catch (error) {
        if (!canGoOn(error)) throw error;
        terminal.complain(error);
        const ways = waysOut(error);
        const retry: WayOut = { name: "Check again as it is", go: async () => {} };
        const chosen = await this.prompts.choose<WayOut | null>("What now?", [
          // What can't be reached is not mended by another answer, most of the time.
          ...(error.kind === "unavailable" ? [retry, ...ways] : [...ways, retry]).map((way) => ({
            value: way,
            name: way.name,
          })),
          { value: null, name: "Go on without this check" },
        ]);
        if (chosen === null) return false;
        await chosen.go();
      }
    }
  }

  /**
   * An answer, asked for again until its check passes or the person goes on without that.
   *
   * @param name what the way out is called that asks again
   */
  async checked<Answer>(
    first: Answer,
    ask: (last: Answer) => Promise<Answer>,
    check: (answer: Answer) => Promise<string>,
    name: string,
  ): Promise<Answer> {
    let answer = first;
    const again: WayOut = {
      name,
      go: async () => {
        answer = await ask(answer);
      },
    };
    await this.settle(
      () => check(answer),
      () => [again],
    );
    return answer;
  }

  /** A setting that is no secret: from a flag or the environment, from the interrupted setup, or asked for. */
  async text<Value extends string | number>(
    name: "aktoUrl" | "aktoAccountId" | "clientId" | "authServerId",
    question: string,
    parse: (text: string) => Value,
    initial: Value | undefined,
    anew: boolean = false,
  ): Promise<Value> {
    if (!anew) {
      const given = await this.#given(name);
      if (given !== undefined) return this.#shown(name, parse(String(given)));
      const drafted = this.draft.fields[name];
      if (drafted !== undefined) return this.#shown(name, parse(String(drafted)));
    }
    const typed = await this.prompts.text(question, {
      initial: initial === undefined ? undefined : String(initial),
      check: sentenceOf(parse),
    });
    const answer = parse(typed);
    const leftOff = name === "aktoUrl" ? leftOffAktoUrl(typed) : undefined;
    if (leftOff !== undefined) this.context.terminal.note(`  ${leftOff}`);
    await this.draft.keep(name, { [name]: answer });
    return answer;
  }

  /** What a flag or the environment gives: it isn't asked for. */
  async #given(name: "aktoUrl" | "aktoAccountId" | "clientId" | "authServerId"): Promise<string | number | undefined> {
    const origin = await this.settings.origin(name);
    return origin === "flag" || origin === "environment" ? this.settings[name] : undefined;
  }

  #shown<Value>(name: SettingName, value: Value): Value {
    const { title } = settingDefinitions[name];
    this.context.terminal.note(`  ${title.charAt(0).toUpperCase()}${title.slice(1)}: ${clean(value)}`);
    return value;
  }

  /** The Akto URL, once a server answers there or the person goes on without that. Akto's own cloud is not tried. */
  async aktoUrl(): Promise<string> {
    const ask = (initial: string, anew: boolean) => this.text("aktoUrl", "Akto URL:", parseAktoUrl, initial, anew);
    const first = await ask(this.profile.aktoUrl ?? defaultAktoUrl, false);
    if (first === defaultAktoUrl || this.context.globals.offline) return first;
    const http = await this.context.http();
    return this.checked(
      first,
      (last) => ask(last, true),
      (url) => verifyAktoUrl(http, url),
      `Change the ${settingDefinitions.aktoUrl.title}`,
    );
  }

  /** The Okta domain, where it was given, or answered already. */
  async knownDomain(): Promise<OktaDomain | undefined> {
    const origin = await this.settings.origin("domain");
    return origin === "flag" || origin === "environment" ? this.settings.domain() : this.draft.domain;
  }

  /** The Okta domain, from where the other settings come from. */
  async domain(anew: boolean = false): Promise<OktaDomain> {
    if (!anew) {
      const ready = await this.knownDomain();
      if (ready) {
        this.#shown("domain", ready.host);
        return ready;
      }
    }
    const initial = this.draft.fields.domain ?? this.profile.domain;
    const domain = parseOktaDomain(
      await this.prompts.text("Domain Name:", { initial, check: sentenceOf(parseOktaDomain) }),
    );
    await this.draft.keepDomain(domain);
    return domain;
  }

  /** A secret for these addresses that is at hand already, or `undefined`. */
  async readySecret(name: SecretName, addresses: SecretAddresses): Promise<string | undefined> {
    return (await this.settings.givenSecret(name)) ?? this.draft.secret(name, addresses);
  }

  /**
   * A secret from a hidden prompt; an empty answer keeps the one that is stored for these addresses, or goes without where
   * that is possible.
   */
  async #askSecret(
    name: SecretName,
    question: string,
    optional: boolean,
    addresses: SecretAddresses,
  ): Promise<string | undefined> {
    const stored = await this.settings.keptSecret(name, addresses);
    const way =
      stored !== undefined
        ? ` (Enter keeps the one that ends in ${secretTail(stored)})`
        : optional
          ? " (Enter goes without)"
          : "";
    const typed = await this.prompts.secret(
      `${question}${way}`,
      (answer) => answer.trim() !== "" || way !== "" || "Nothing was typed.",
    );
    const secret = typed.trim() || stored;
    await this.draft.keepSecret(name, secret, addresses);
    return secret;
  }

  /** A secret that the setup can't do without. */
  async requiredSecret(
    name: SecretName,
    question: string,
    addresses: SecretAddresses,
    anew: boolean = false,
  ): Promise<string> {
    const ready = anew ? undefined : await this.readySecret(name, addresses);
    const secret = ready ?? (await this.#askSecret(name, question, false, addresses));
    if (secret === undefined)
      throw new Failure("usage", "input.missing", `The ${settingDefinitions[name].title} is missing.`);
    return secret;
  }

  /** The Okta API token, once it works or the person goes on without that. */
  async oktaToken(domain: OktaDomain, needed: boolean = false): Promise<string | undefined> {
    const ask = () => this.#askSecret("oktaToken", "API Token:", !needed, { domain });
    const ready = await this.readySecret("oktaToken", { domain });
    return this.checked(
      ready === undefined && !this.draft.isDone("oktaToken") ? await ask() : ready,
      ask,
      async (token) =>
        token === undefined
          ? "No API token: the groups come from the access token alone."
          : verifyOktaToken(await this.context.oktaWith(domain, token)),
      "Type the API token again",
    );
  }

  /** The Akto API key, once it works or the person goes on without that. */
  async aktoKey(aktoUrl: string, aktoAccountId: number): Promise<string | undefined> {
    if (this.context.globals.offline) return undefined;
    const place = { aktoUrl, aktoAccountId };
    const ask = () => this.#askSecret("aktoKey", "Akto API key, from Settings → Integrations → Akto API:", true, place);
    return this.checked(
      (await this.readySecret("aktoKey", place)) ?? (await ask()),
      ask,
      async (key) =>
        key === undefined
          ? "No Akto API key: nothing is sent to Akto."
          : verifyAktoKey(await this.context.aktoWith(this.settings, aktoUrl, key, { quiet: true })),
      "Type the Akto API key again",
    );
  }
}

/** A parser as a prompt's check: the sentence and the hint when it refuses. */
function sentenceOf(parse: (text: string) => unknown): (text: string) => true | string {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch (error) {
      if (error instanceof Failure) return [error.message, error.hint].filter((part) => part !== undefined).join(" ");
      throw error;
    }
  };
}
