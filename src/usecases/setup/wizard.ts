/** The wizard: the dashboard's steps in their order, every answer checked as soon as it can be. */
import type { Context } from "../../context.ts";
import { parseAccountId, selfHostedAccountId } from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import { defaultAktoUrl, type Settings } from "../../settings.ts";
import { openMapping } from "../mapping/mapping.ts";
import type { Answers } from "./answers.ts";
import { Draft } from "./draft.ts";
import type { AppOptions } from "./okta-app.ts";
import { chooseWay, coverMapping, oktaByApi, oktaByHand, type WayToApp } from "./okta-ways.ts";
import { Questions } from "./questions.ts";
import { askForValues } from "./values.ts";

// The steps of the wizard by the way to the app: by hand the four of Okta's console stand in place of one.
const stepCount: Record<WayToApp, number> = { create: 4, existing: 4, hand: 7 };

/** One run of the wizard. */
export class Wizard {
  readonly #questions: Questions;
  #way: WayToApp | undefined;

  private constructor(questions: Questions) {
    this.#questions = questions;
  }

  /** Starts a wizard, or goes on with one that was interrupted, if the person wants that. */
  static async begin(context: Context, settings: Settings): Promise<Wizard> {
    const prompts = await context.terminal.prompts("The setup's answers");
    const draft = await Draft.open(context);
    if (draft.begun && !(await prompts.yesNo("A setup was begun here and not finished. Go on with it?")))
      await draft.discard();
    return new Wizard(new Questions(context, settings, prompts, draft, await (await context.profiles()).read()));
  }

  /** Drops what was kept of the answers on the way: they are in the profile now. */
  async finish(): Promise<void> {
    await this.#questions.draft.discard();
  }

  /**
   * Goes through all the questions.
   *
   * @param options what the app is to be, where it is made by API
   * @param createApp whether that was decided already, by a flag
   * @throws Failure `interrupted` on Ctrl-C; what was answered is kept, and the next run offers to go on
   */
  async answers(options: AppOptions, createApp: boolean): Promise<Answers> {
    try {
      return await this.#ask(options, createApp);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== "interrupted") throw error;
      throw new Failure("interrupted", error.code, "Interrupted.", {
        hint: "Your answers are kept: run `akto-okta sso setup` again to go on.",
        cause: error,
      });
    }
  }

  /**
   * Sees to it that the groups claim carries what was mapped in the meantime, where the app was made or mended by API.
   *
   * @param settings those in which the answers are kept
   */
  async coverMapping(
    settings: Settings,
    { domain, authServerId, aktoUrl, aktoAccountId, clientId, oktaToken }: Answers,
  ): Promise<void> {
    const { context } = this.#questions;
    const org = this.#way === "hand" ? null : await context.oktaIfAny(settings);
    const { mapping } = await openMapping(context, settings);
    if (!org || mapping.size === 0) return;
    const tokenForAkto = oktaToken !== undefined;
    const place = { domain, authServerId, aktoUrl, aktoAccountId, clientId, tokenForAkto };
    await coverMapping(this.#questions, org, place, [...mapping.keys()]);
  }

  async #ask(options: AppOptions, createApp: boolean): Promise<Answers> {
    const questions = this.#questions;
    const { profile } = questions;
    const way = createApp ? "create" : await chooseWay(questions);
    this.#way = way;
    questions.steps = stepCount[way];
    questions.heading("Your Akto");
    const aktoUrl = await questions.aktoUrl();
    const accountId = await questions.text(
      "aktoAccountId",
      "Akto account id (a number, in Akto's account settings):",
      parseAccountId,
      profile.aktoAccountId ?? (aktoUrl === defaultAktoUrl ? undefined : selfHostedAccountId),
    );
    if (way === "hand") await oktaByHand(questions, aktoUrl, accountId);
    else await oktaByApi(questions, way, options, aktoUrl, accountId);

    questions.heading("Give Akto the values");
    const values = await askForValues(questions, aktoUrl);
    const oktaToken = await questions.oktaToken(values.domain);

    questions.heading("Submit to Akto");
    const aktoKey = await questions.aktoKey(aktoUrl, accountId);
    // The dashboard's own form has a field for it, and the wizard has asked for that.
    return { aktoUrl, aktoAccountId: accountId, ...values, oktaToken, tokenForAkto: oktaToken, aktoKey };
  }
}
