/** The wizard: the dashboard's steps in their order, every answer checked as soon as it can be. */
import type { Context } from "../../context.ts";
import {
  parseAccountId,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  redirectUri,
  selfHostedAccountId,
} from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import { clean } from "../../core/text.ts";
import type { Issuer } from "../../oidc/discover.ts";
import { defaultAktoUrl, type Settings, settingDefinitions } from "../../settings.ts";
import { openMapping } from "../mapping.ts";
import { type Answers, issuerFor } from "./answers.ts";
import { Draft } from "./draft.ts";
import type { AppOptions } from "./okta-app.ts";
import { chooseWay, coverMapping, oktaByApi, oktaByHand, type WayToApp } from "./okta-ways.ts";
import { Questions, type WayOut } from "./questions.ts";
import { type ClientToVerify, verifyAktoSignIn, verifyClientSecret, verifyDomain, verifyIssuer } from "./verify.ts";

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
    const { context, settings, prompts, profile } = questions;
    context.terminal.note();
    const way = createApp ? "create" : await chooseWay(questions);
    this.#way = way;
    questions.steps = stepCount[way];
    questions.heading("Your Akto");
    const aktoUrl = await questions.text("aktoUrl", "Akto URL:", parseAktoUrl, profile.aktoUrl ?? defaultAktoUrl);
    const accountId = await questions.text(
      "aktoAccountId",
      "Akto account id (a number, in Akto's account settings):",
      parseAccountId,
      profile.aktoAccountId ?? (aktoUrl === defaultAktoUrl ? undefined : selfHostedAccountId),
    );
    if (way === "hand") await oktaByHand(questions, aktoUrl, accountId);
    else await oktaByApi(questions, way, options, aktoUrl, accountId);

    questions.heading("Give Akto the values");
    const http = await context.http();
    let clientId = await questions.text("clientId", "Client ID:", parseClientId, profile.clientId);
    let clientSecret = await questions.requiredSecret("clientSecret", "Client Secret:");
    let authServerId = await questions.text(
      "authServerId",
      "Authorisation Server ID:",
      parseAuthServerId,
      profile.authServerId ?? "default",
    );
    let domain = await questions.domain();
    let issuerOverride = settings.issuerOverride;

    const again = {
      clientId: async () => {
        clientId = await questions.text("clientId", "Client ID:", parseClientId, clientId, true);
      },
      clientSecret: async () => {
        clientSecret = await questions.requiredSecret("clientSecret", "Client Secret:", true);
      },
      authServerId: async () => {
        authServerId = await questions.text(
          "authServerId",
          "Authorisation Server ID:",
          parseAuthServerId,
          authServerId,
          true,
        );
      },
      domain: async () => {
        domain = await questions.domain(true);
      },
      issuer: async () => {
        issuerOverride = (
          await prompts.text("Issuer:", { initial: issuerFor({ issuer: issuerOverride, domain, authServerId }) })
        ).trim();
      },
    };
    const change = (name: keyof typeof again): WayOut => ({
      name: `Change the ${settingDefinitions[name].title}`,
      go: again[name],
    });

    await questions.settle(
      () => verifyDomain(http, domain),
      () => [change("domain")],
    );
    let issuer: Issuer | undefined;
    await questions.settle(
      async () => {
        issuer = await verifyIssuer(http, issuerFor({ issuer: issuerOverride, domain, authServerId }));
        return `The authorization server answers: ${clean(issuer.issuer)}`;
      },
      ({ code }) =>
        code === "oidc.issuer_mismatch"
          ? [change("issuer"), change("domain")]
          : [change("authServerId"), change("domain")],
    );
    const found = issuer;
    if (found) {
      const client = (): ClientToVerify => ({
        issuer: found,
        clientId,
        clientSecret,
        redirectUri: redirectUri(aktoUrl),
      });
      await questions.settle(
        () => verifyClientSecret(http, client()),
        ({ code }) =>
          code === "oidc.unknown_client"
            ? [change("clientId"), change("clientSecret")]
            : [change("clientSecret"), change("clientId")],
      );
      await questions.settle(
        () => verifyAktoSignIn(http, client()),
        () => [change("clientId")],
      );
    }
    const oktaToken = await questions.oktaToken(() => domain);

    questions.heading("Submit to Akto");
    const aktoKey = await questions.aktoKey(aktoUrl);
    return {
      aktoUrl,
      aktoAccountId: accountId,
      domain,
      authServerId,
      issuer: issuerOverride,
      clientId,
      clientSecret,
      oktaToken,
      aktoKey,
    };
  }
}
