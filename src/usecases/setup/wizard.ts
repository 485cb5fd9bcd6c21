/** The wizard: the dashboard's steps in their order, every answer checked as soon as it can be. */
import type { Context } from "../../context.ts";
import {
  type OktaDomain,
  parseAccountId,
  parseAktoUrl,
  parseAuthServerId,
  parseClientId,
  parseOktaDomain,
  redirectUri,
  selfHostedAccountId,
} from "../../core/address.ts";
import { Failure } from "../../core/failure.ts";
import { clean, secretTail } from "../../core/text.ts";
import type { Issuer } from "../../oidc/discover.ts";
import type { OktaOrg } from "../../okta/types.ts";
import {
  defaultAktoUrl,
  missingSettings,
  type SettingName,
  type Settings,
  settingDefinitions,
} from "../../settings.ts";
import type { Profile, SecretName } from "../../store/types.ts";
import type { Choice, Prompts } from "../../terminal/prompts.ts";
import { type Answers, issuerFor } from "./answers.ts";
import { Draft } from "./draft.ts";
import { type AppOptions, appByApi } from "./okta-app.ts";
import { oktaScreens } from "./screens.ts";
import {
  type ClientToVerify,
  verifyAktoKey,
  verifyAktoSignIn,
  verifyClientSecret,
  verifyDomain,
  verifyIssuer,
  verifyOktaToken,
} from "./verify.ts";

/** How the app in Okta comes about. */
type WayToApp = "create" | "existing" | "hand";

// The steps of the wizard by the way to the app: by hand the four of Okta's console stand in place of one.
const stepCount: Record<WayToApp, number> = { create: 4, existing: 4, hand: 7 };

/** A way out of a check that failed. */
interface WayOut {
  readonly name: string;
  readonly go: () => Promise<void>;
}

export class Wizard {
  readonly #context: Context;
  readonly #settings: Settings;
  readonly #prompts: Prompts;
  readonly #draft: Draft;
  readonly #profile: Profile;
  #step = 1;
  #steps = stepCount.hand;

  private constructor(context: Context, settings: Settings, prompts: Prompts, draft: Draft, profile: Profile) {
    this.#context = context;
    this.#settings = settings;
    this.#prompts = prompts;
    this.#draft = draft;
    this.#profile = profile;
  }

  /** Starts a wizard, or goes on with one that was interrupted, if the person wants that. */
  static async begin(context: Context, settings: Settings): Promise<Wizard> {
    const prompts = await context.terminal.prompts("The setup's answers");
    const draft = await Draft.open(context);
    if (draft.begun && !(await prompts.yesNo("A setup was begun here and not finished. Go on with it?")))
      await draft.discard();
    return new Wizard(context, settings, prompts, draft, await (await context.profiles()).read());
  }

  /** Drops what was kept of the answers on the way: they are in the profile now. */
  async finish(): Promise<void> {
    await this.#draft.discard();
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

  async #ask(options: AppOptions, createApp: boolean): Promise<Answers> {
    const { terminal } = this.#context;
    terminal.note();
    const way = createApp ? "create" : await this.#wayToApp();
    this.#steps = stepCount[way];
    this.#heading("Your Akto");
    const aktoUrl = await this.#text("aktoUrl", "Akto URL:", parseAktoUrl, this.#profile.aktoUrl ?? defaultAktoUrl);
    const accountId = await this.#text(
      "aktoAccountId",
      "Akto account id (a number, in Akto's account settings):",
      parseAccountId,
      this.#profile.aktoAccountId ?? (aktoUrl === defaultAktoUrl ? undefined : selfHostedAccountId),
    );
    if (way === "hand") await this.#oktaByHand(aktoUrl, accountId);
    else await this.#oktaByApi(way, options, aktoUrl, accountId);

    this.#heading("Give Akto the values");
    const http = await this.#context.http();
    let clientId = await this.#text("clientId", "Client ID:", parseClientId, this.#profile.clientId);
    let clientSecret = await this.#requiredSecret("clientSecret", "Client Secret:");
    let authServerId = await this.#text(
      "authServerId",
      "Authorisation Server ID:",
      parseAuthServerId,
      this.#profile.authServerId ?? "default",
    );
    let domain = await this.#domain();
    let issuerOverride = this.#settings.issuerOverride;

    const again = {
      clientId: async () => {
        clientId = await this.#text("clientId", "Client ID:", parseClientId, clientId, true);
      },
      clientSecret: async () => {
        clientSecret = await this.#requiredSecret("clientSecret", "Client Secret:", true);
      },
      authServerId: async () => {
        authServerId = await this.#text(
          "authServerId",
          "Authorisation Server ID:",
          parseAuthServerId,
          authServerId,
          true,
        );
      },
      domain: async () => {
        domain = await this.#domain(true);
      },
      issuer: async () => {
        issuerOverride = (
          await this.#prompts.text("Issuer:", { initial: issuerFor({ issuer: issuerOverride, domain, authServerId }) })
        ).trim();
      },
    };
    const change = (name: keyof typeof again): WayOut => ({
      name: `Change the ${settingDefinitions[name].title}`,
      go: again[name],
    });

    await this.#settle(
      () => verifyDomain(http, domain),
      () => [change("domain")],
    );
    let issuer: Issuer | undefined;
    await this.#settle(
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
      await this.#settle(
        () => verifyClientSecret(http, client()),
        ({ code }) =>
          code === "oidc.unknown_client"
            ? [change("clientId"), change("clientSecret")]
            : [change("clientSecret"), change("clientId")],
      );
      await this.#settle(
        () => verifyAktoSignIn(http, client()),
        () => [change("clientId")],
      );
    }
    const oktaToken = await this.#oktaToken(() => domain);

    this.#heading("Submit to Akto");
    const aktoKey = await this.#aktoKey(aktoUrl);
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

  /** How the app comes about: asked once, also over an interruption. */
  async #wayToApp(): Promise<WayToApp> {
    for (const way of ["create", "existing", "hand"] as const) if (this.#draft.isDone(way)) return way;
    const way = await this.#prompts.choose<WayToApp>("The app in Okta:", [
      {
        value: "create",
        name: "Create it for me",
        hint: "with an Okta API token: the app, the groups claim and the access policy",
      },
      {
        value: "existing",
        name: "Use an existing one",
        hint: "with an Okta API token: it is compared, and mended where it has to be",
      },
      { value: "hand", name: "I'll do it by hand", hint: "the steps are shown, with the values to copy" },
    ]);
    await this.#draft.keep(way, {});
    return way;
  }

  async #oktaByHand(aktoUrl: string, accountId: number): Promise<void> {
    const { terminal } = this.#context;
    for (const { id, title, lines } of oktaScreens(aktoUrl, accountId)) {
      this.#heading(title);
      for (const line of lines) terminal.note(`  ${line}`);
      if (this.#draft.isDone(id)) continue;
      await this.#prompts.choose("When that is done:", [{ value: true, name: "Go on" }]);
      await this.#draft.keep(id, {});
    }
  }

  /** The app by API: its client id and secret come from Okta and are not asked for. */
  async #oktaByApi(way: "create" | "existing", options: AppOptions, aktoUrl: string, accountId: number): Promise<void> {
    this.#heading("The app in Okta");
    if (this.#draft.isDone("provided")) return this.#context.terminal.success("The app is in place already.");
    const http = await this.#context.http();
    let domain = await this.#domain();
    const again: WayOut = {
      name: "Change the Okta domain",
      go: async () => {
        domain = await this.#domain(true);
      },
    };
    await this.#settle(
      () => verifyDomain(http, domain),
      () => [again],
    );
    const token = await this.#oktaToken(() => domain, true);
    if (token === undefined) throw missingSettings(["oktaToken"]);
    const org = await this.#context.oktaWith(domain, token);
    const authServerId = await this.#text("authServerId", "Authorisation Server ID:", parseAuthServerId, "default");
    const clientId = way === "existing" ? await this.#existingApp(org) : undefined;
    const mapped = (this.#profile.mapping ?? []).map(([group]) => group);
    const place = { domain, authServerId, aktoUrl, aktoAccountId: accountId, clientId };
    const app = await appByApi(this.#context, org, options, place, mapped);
    if (!app) throw new Failure("interrupted", "interrupted", "Interrupted.");
    await this.#draft.keepSecret("clientSecret", app.clientSecret);
    await this.#draft.keep("provided", { clientId: app.clientId });
  }

  async #existingApp(org: OktaOrg): Promise<string> {
    const apps: Choice<string>[] = [];
    for await (const { clientId, label, applicationType, active } of org.apps.all()) {
      if (applicationType === "web" && active) apps.push({ value: clientId, name: label, hint: clientId });
    }
    if (apps.length === 0) {
      throw new Failure("usage", "okta.no_web_app", "The org has no active OIDC web app.", {
        hint: "Run the setup again and let it create one.",
      });
    }
    return this.#prompts.find("Which app?", async (text) =>
      apps.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())),
    );
  }

  #heading(title: string): void {
    const { terminal } = this.#context;
    terminal.note();
    terminal.note(
      `${terminal.noteStyle.dim(`Step ${this.#step} of ${this.#steps}`)}  ${terminal.noteStyle.bold(title)}`,
    );
    this.#step += 1;
  }

  /** A check, until it passes or the person goes on without it. */
  async #settle(check: () => Promise<string>, waysOut: (failure: Failure) => readonly WayOut[]): Promise<boolean> {
    const { terminal } = this.#context;
    for (;;) {
      try {
        terminal.success(await terminal.during("Checking …", check));
        return true;
      } catch (error) {
        if (!(error instanceof Failure) || error.kind === "interrupted" || error.kind === "bug") throw error;
        terminal.complain(error);
        const ways = waysOut(error);
        const retry: WayOut = { name: "Check again as it is", go: async () => {} };
        const chosen = await this.#prompts.choose<WayOut | null>("What now?", [
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

  /** A setting that is no secret: from a flag or the environment, from the interrupted setup, or asked for. */
  async #text<Value extends string | number>(
    name: "aktoUrl" | "aktoAccountId" | "clientId" | "authServerId",
    question: string,
    parse: (text: string) => Value,
    initial: Value | undefined,
    anew: boolean = false,
  ): Promise<Value> {
    if (!anew) {
      const given = await this.#given(name);
      if (given !== undefined) return this.#shown(name, parse(String(given)));
      const drafted = this.#draft.fields[name];
      if (drafted !== undefined) return this.#shown(name, parse(String(drafted)));
    }
    const answer = parse(
      await this.#prompts.text(question, {
        initial: initial === undefined ? undefined : String(initial),
        check: sentenceOf(parse),
      }),
    );
    await this.#draft.keep(name, { [name]: answer });
    return answer;
  }

  /** What a flag or the environment gives: it isn't asked for. */
  async #given(name: "aktoUrl" | "aktoAccountId" | "clientId" | "authServerId"): Promise<string | number | undefined> {
    const origin = await this.#settings.origin(name);
    return origin === "flag" || origin === "environment" ? this.#settings[name] : undefined;
  }

  #shown<Value>(name: SettingName, value: Value): Value {
    const { title } = settingDefinitions[name];
    this.#context.terminal.note(`  ${title.charAt(0).toUpperCase()}${title.slice(1)}: ${clean(value)}`);
    return value;
  }

  async #domain(anew: boolean = false): Promise<OktaDomain> {
    if (!anew) {
      const origin = await this.#settings.origin("domain");
      const ready = origin === "flag" || origin === "environment" ? await this.#settings.domain() : this.#draft.domain;
      if (ready) {
        this.#shown("domain", ready.host);
        return ready;
      }
    }
    const initial = this.#draft.fields.domain ?? this.#profile.domain;
    const domain = parseOktaDomain(
      await this.#prompts.text("Domain Name:", { initial, check: sentenceOf(parseOktaDomain) }),
    );
    await this.#draft.keepDomain(domain);
    return domain;
  }

  /** A secret that is at hand already, or `undefined`. */
  async #readySecret(name: SecretName): Promise<string | undefined> {
    return (await this.#settings.givenSecret(name)) ?? this.#draft.secret(name);
  }

  /** A secret from a hidden prompt; an empty answer keeps the stored one, or goes without where that is possible. */
  async #askSecret(name: SecretName, question: string, optional: boolean): Promise<string | undefined> {
    const stored = await this.#settings.secret(name);
    const way =
      stored !== undefined
        ? ` (Enter keeps the one that ends in ${secretTail(stored)})`
        : optional
          ? " (Enter goes without)"
          : "";
    const typed = await this.#prompts.secret(
      `${question}${way}`,
      (answer) => answer.trim() !== "" || way !== "" || "Nothing was typed.",
    );
    const secret = typed.trim() || stored;
    await this.#draft.keepSecret(name, secret);
    return secret;
  }

  async #requiredSecret(name: SecretName, question: string, anew: boolean = false): Promise<string> {
    const secret = (anew ? undefined : await this.#readySecret(name)) ?? (await this.#askSecret(name, question, false));
    if (secret === undefined)
      throw new Failure("usage", "input.missing", `The ${settingDefinitions[name].title} is missing.`);
    return secret;
  }

  async #oktaToken(domain: () => OktaDomain, needed: boolean = false): Promise<string | undefined> {
    const ask = () => this.#askSecret("oktaToken", "API Token:", !needed);
    let token = await this.#readySecret("oktaToken");
    if (token === undefined && !this.#draft.isDone("oktaToken")) token = await ask();
    const check = async () => {
      if (token === undefined) return "No API token: the groups come from the access token alone.";
      return verifyOktaToken(await this.#context.oktaWith(domain(), token));
    };
    const retype: WayOut = {
      name: "Type the API token again",
      go: async () => {
        token = await ask();
      },
    };
    await this.#settle(check, () => [retype]);
    return token;
  }

  async #aktoKey(aktoUrl: string): Promise<string | undefined> {
    if (this.#context.globals.offline) return undefined;
    const ask = () => this.#askSecret("aktoKey", "Akto API key, from Settings → Integrations → Akto API:", true);
    let key = (await this.#readySecret("aktoKey")) ?? (await ask());
    const retype: WayOut = {
      name: "Type the Akto API key again",
      go: async () => {
        key = await ask();
      },
    };
    await this.#settle(
      async () =>
        key === undefined
          ? "No Akto API key: nothing is sent to Akto."
          : verifyAktoKey(await this.#context.aktoWith(aktoUrl, key)),
      () => [retype],
    );
    return key;
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
