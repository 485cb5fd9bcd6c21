/** The wizard's questions about settings and secrets, as {@link Interview} takes them. */
import type { Context } from "../../context.ts";
import { leftOffAktoUrl, type OktaDomain, parseAktoUrl, parsePastedOktaDomain } from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import type { DraftValue, Profile } from "../../core/model/profile.ts";
import type { SecretAddresses, SecretName } from "../../core/model/secret.ts";
import { clean, secretTail } from "../../core/text.ts";
import { settingDefinitions } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import type { Draft } from "./draft.ts";
import type { Interview, Question } from "./interview.ts";

/** What the parts of the wizard share. */
export interface Setup {
  readonly context: Context;
  readonly settings: Settings;
  /** As it was when the wizard began. */
  readonly profile: Profile;
  readonly draft: Draft;
  readonly interview: Interview;
}

type Plain = "aktoUrl" | "aktoAccountId" | "clientId" | "authServerId" | "domain";

/** What is asked for in a line of text. */
export interface TextQuestion<Value> {
  readonly question: string;
  readonly parse: (text: string) => Value;
  /** The answer as it is typed. */
  readonly text: (value: Value) => string;
  /** What Enter takes. */
  readonly initial?: Value | undefined;
}

/** A setting that isn't a secret. */
export async function settingQuestion<Value>(
  { settings }: Pick<Setup, "settings">,
  name: Plain,
  { question, parse, text, initial }: TextQuestion<Value>,
): Promise<Question<Value>> {
  const value = (await settings.isGiven(name))
    ? name === "domain"
      ? await settings.domain()
      : settings[name]
    : undefined;
  return {
    id: name,
    title: settingDefinitions[name].title,
    given: value as Value | undefined,
    shown: (answer) => clean(text(answer)),
    kept: (answer) => text(answer),
    read: (kept) => parsed(kept, parse),
    ask: async (prompts, before) =>
      parse(
        await prompts.text(question, {
          initial: initial === undefined ? undefined : text(initial),
          typed: before === undefined ? undefined : text(before),
          check: sentenceOf(parse),
        }),
      ),
  };
}

/** What was kept, if it still passes for an answer. */
function parsed<Value>(kept: DraftValue, parse: (text: string) => Value): Value | undefined {
  if (typeof kept !== "string") return undefined;
  try {
    return parse(kept);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

export const domainText = (initial: OktaDomain | undefined): TextQuestion<OktaDomain> => ({
  question: "Okta domain, such as acme.okta.com:",
  parse: parsePastedOktaDomain,
  text: ({ host, origin }) => (origin === `https://${host}` ? host : origin),
  initial,
});

/** The Akto URL. What was left off of it is said. */
export async function askForAktoUrl(setup: Setup, initial: string): Promise<string> {
  let leftOff: string | undefined;
  const question = await settingQuestion(setup, "aktoUrl", {
    question: "Akto URL:",
    parse: (typed) => {
      const url = parseAktoUrl(typed);
      leftOff = leftOffAktoUrl(typed);
      return url;
    },
    text: (url) => url,
    initial,
  });
  const url = await setup.interview.ask(question);
  if (leftOff !== undefined) setup.interview.say(`  ${leftOff}`);
  return url;
}

/** How a secret is asked for. */
export interface SecretAsked {
  readonly question: string;
  /** The addresses that it is for. */
  readonly addresses: SecretAddresses;
  /** Whether one may go without. */
  readonly without?: boolean;
}

/**
 * A secret from a hidden prompt. Enter keeps the one that is stored for these addresses, or goes without where one may:
 * `null`.
 */
export async function secretQuestion(
  { settings, draft }: Pick<Setup, "settings" | "draft">,
  name: SecretName,
  { question, addresses, without }: SecretAsked,
): Promise<Question<string | null>> {
  return {
    id: name,
    title: settingDefinitions[name].title,
    given: await settings.givenSecret(name),
    shown: (secret) => (secret === null ? "none" : "given"),
    // It lies in the draft's own secrets.
    kept: (secret) => secret !== null,
    read: async (kept) => (kept === false ? null : draft.secret(name, addresses)),
    ask: async (prompts, before) => {
      const stored = before ?? (await settings.keptSecret(name, addresses));
      const enter = stored ? `Enter keeps ${secretTail(stored)}` : without && "Enter to skip";
      const typed = await prompts.secret(
        enter === undefined ? `${question}:` : `${question} (${enter}):`,
        (answer) => answer.trim() !== "" || enter !== undefined || "Nothing was typed.",
      );
      const secret = typed.trim() || stored || null;
      await draft.keepSecret(name, secret, addresses);
      return secret;
    },
  };
}

/** Two or more ways to go on. */
export interface Way<Value extends string> {
  readonly value: Value;
  readonly name: string;
  readonly hint?: string;
}

/** A choice among a few ways. */
export function wayQuestion<Value extends string>(
  id: string,
  title: string,
  question: string,
  ways: readonly Way<Value>[],
): Question<Value> {
  return {
    id,
    title,
    shown: (value) => ways.find((way) => way.value === value)?.name ?? value,
    kept: (value) => value,
    read: (kept) => ways.find(({ value }) => value === kept)?.value,
    ask: (prompts, before) => prompts.choose(question, ways, before),
  };
}

/** A question that is answered with yes or no. */
export function yesNoQuestion(id: string, title: string, question: string, initial: boolean): Question<boolean> {
  return {
    id,
    title,
    shown: (value) => (value ? "yes" : "no"),
    kept: (value) => value,
    read: (kept) => (typeof kept === "boolean" ? kept : undefined),
    ask: (prompts, before) => prompts.yesNo(question, before ?? initial),
  };
}

/** A parser as a prompt's check: the sentence and the hint when it refuses. */
export function sentenceOf(parse: (text: string) => unknown): (text: string) => true | string {
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
