/** The wizard: all questions first, each answer checked as soon as it can be; then one review; then all of it is done. */
import type { Context } from "../../context.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { connectionDiffers, type TokenChange, wantedConnection } from "../../core/plan/akto.ts";
import { diffMappings, givenBy } from "../../core/roles/mapping.ts";
import { clean } from "../../core/text.ts";
import type { Settings } from "../../settings/settings.ts";
import { renderReview } from "../../terminal/review.ts";
import { confirmWide } from "../mapping/wide.ts";
import { managementToken } from "../provision/connect.ts";
import { type AktoPart, askForAkto } from "./akto-part.ts";
import type { Answers } from "./answers.ts";
import { askForValues, walkThroughConsole } from "./by-hand.ts";
import { carryOut, type SetUp } from "./carry-out.ts";
import { Draft } from "./draft.ts";
import { askForEntries } from "./groups-part.ts";
import { type Intent, mappingOf, planOf, presentMapping, type SetupOptions, specOf } from "./intent.ts";
import { Interview, keptAnswers, stoppedAt } from "./interview.ts";
import { askForApp, askForOrg, askForServer, connectedApp, findApp } from "./okta-part.ts";
import { type Setup, secretQuestion, wayQuestion } from "./questions.ts";
import { reviewOf } from "./review.ts";
import { reviewedEffects } from "./review-effects.ts";
import { askForManagementToken } from "./token-part.ts";
import { checkSignIn } from "./verify.ts";
import { askInitiateLogin, askWhoMay } from "./who-part.ts";

/** How the app in Okta comes about. */
type WayToApp = "create" | "existing" | "hand";

/**
 * Asks, shows the review, and does it.
 *
 * @returns `null` where it ended with the review, because of `--dry-run` or by the person's choice
 * @throws Failure `interrupted` on Ctrl-C; what the setup could not go on from, where the person leaves it there. What was
 *   answered is kept, and the next run offers to go on
 */
export async function runWizard(context: Context, settings: Settings, options: SetupOptions): Promise<SetUp | null> {
  const draft = await Draft.open(context);
  introduce(context);
  if (draft.answers.length > 0 && !(await goOn(context, draft))) await draft.discard();
  const profile = await (await context.profiles()).read();
  const interview = new Interview(context, draft);
  const setup: Setup = { context, settings, profile, draft, interview };
  try {
    const done = await interview.run(async () => {
      const intent = await ask(setup, options);
      return reviewed(setup, intent, options.dryRun ?? false);
    });
    if (done) {
      await lookAtSignIn(context, done.answers);
      await draft.discard();
    }
    return done;
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "interrupted") throw error;
    throw new Failure("interrupted", error.code, "Interrupted.", {
      hint: keptAnswers,
      cause: error,
    });
  }
}

/** Looks whether Okta would let Akto sign in now. All is done by then: what is in the way is said. */
async function lookAtSignIn(context: Context, answers: Answers): Promise<void> {
  const { terminal } = context;
  try {
    await checkSignIn(context, answers);
  } catch (error) {
    if (!canGoOn(error)) throw error;
    terminal.complain(error);
    terminal.note("  Everything is set up as planned; `akto-okta doctor` looks for what is in the way of a sign-in.");
  }
}

/** What it takes, and where that comes from. */
function introduce({ terminal, globals }: Context): void {
  const { bold, dim } = terminal.noteStyle;
  terminal.note(bold("Okta sign-in for Akto"));
  for (const line of [
    "  What you need:",
    "  - In Okta, an admin who may change apps, authorization servers, and groups. With an API token, this tool does the steps:",
    `    ${dim("https://help.okta.com/en-us/Content/Topics/security/api.htm")}`,
    "  - In Akto, an Admin. With an API key, this tool does the steps:",
    `    ${dim("https://docs.akto.io/account-management/sso/okta-oidc")}`,
    "  Nothing is written in Okta or Akto before the review at the end.",
    "  Esc goes back. Ctrl-C stops, and keeps your answers for the next run.",
    `  Profile: ${clean(globals.profile)}`,
  ]) {
    terminal.note(line);
  }
}

/** Shows what an interrupted setup has left. @returns whether to go on with it */
async function goOn({ terminal }: Context, { answers }: Draft): Promise<boolean> {
  terminal.note();
  terminal.note(terminal.noteStyle.bold("An unfinished setup was found here:"));
  for (const { title, shown } of answers) {
    terminal.note(`  ${terminal.noteStyle.dim(`${capital(title)}:`)} ${clean(shown, 200)}`);
  }
  const prompts = await terminal.prompts("Whether to continue");
  return prompts.choose("What now?", [
    { value: true, name: "Continue from there" },
    { value: false, name: "Start over" },
  ]);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Every question, in its order. */
async function ask(setup: Setup, options: SetupOptions): Promise<Intent> {
  const { context } = setup;
  const way = options.createApp ? "create" : await askForWay(setup);
  const akto = await askForAkto(setup);
  const intent = way === "hand" ? await byHand(setup, akto) : await byApi(setup, akto, way, options);
  const present = await presentMapping(context, akto);
  const mapping = await wantedMapping(setup, intent, present, options);
  const changes = diffMappings(present, mapping);
  const whole: Omit<Intent, "token"> = {
    ...intent,
    mapping,
    changes,
    createGroups: [...(options.createGroup ?? []), ...givenBy(changes).map(({ group }) => group)],
    syncTags: options.syncTags,
    replaceSso: options.replaceSso ?? false,
  };
  const byFlag = await managementToken(context, options);
  if (byFlag.change !== "keep") return { ...whole, token: byFlag };
  const stored = storedToken(akto, whole);
  const token = await askForManagementToken(setup, { domain: whole.domain, own: whole.oktaToken, stored });
  return { ...whole, token };

  /** Whether Akto's token, if it has one, outlasts what is about to be done. */
  function storedToken({ sso }: AktoPart, decided: Omit<Intent, "token">): "none" | "stays" | "lost" {
    if (!sso?.hasManagementApiToken) return "none";
    const { clientId } = decided.app;
    const differs = clientId === undefined || connectionDiffers(sso, wantedConnection(specOf(decided), clientId));
    return differs || decided.replaceSso ? "lost" : "stays";
  }
}

function askForWay({ interview }: Setup): Promise<WayToApp> {
  return interview.ask(
    wayQuestion<WayToApp>("way", "app in Okta", "The app in Okta:", [
      {
        value: "create",
        name: "Create it for me",
        hint: "with an Okta API token: the app, the groups claim, the access policy",
      },
      {
        value: "existing",
        name: "Use an existing one",
        hint: "with an Okta API token: what Akto needs is added to it",
      },
      { value: "hand", name: "I'll do it by hand", hint: "the steps are shown, with the values to copy" },
    ]),
  );
}

type Decided = Omit<Intent, "mapping" | "changes" | "createGroups" | "token" | "syncTags" | "replaceSso">;

async function byHand(setup: Setup, akto: AktoPart): Promise<Decided> {
  await walkThroughConsole(setup, akto);
  const { domain, authServerId, clientId, clientSecret, token, org } = await askForValues(setup, akto);
  return {
    akto,
    domain,
    authServerId,
    issuer: setup.settings.issuerOverride,
    byHand: true,
    org,
    oktaToken: token,
    app: { label: undefined, clientId, clientSecret, who: { assign: [], unassign: [] }, initiateLogin: undefined },
  };
}

async function byApi(
  setup: Setup,
  akto: AktoPart,
  way: Exclude<WayToApp, "hand">,
  options: SetupOptions,
): Promise<Decided> {
  const { settings } = setup;
  const org = await askForOrg(setup);
  const authServerId = await askForServer(setup, org);
  const chosen = way === "existing" ? await askForApp(setup, org) : await connectedApp(setup, org, akto);
  const base: Decided = {
    akto,
    domain: org.domain,
    authServerId,
    issuer: settings.issuerOverride,
    byHand: false,
    org: org.org,
    oktaToken: org.token,
    app: {
      label: options.appLabel,
      clientId: chosen,
      clientSecret: null,
      who: { assign: [], unassign: [] },
      initiateLogin: options.initiateLogin,
    },
  };
  const none = { mapping: new Map<string, string>(), createGroups: [], syncTags: undefined };
  const app = await findApp(setup, specOf({ ...base, ...none }), org);
  const who = options.assign
    ? { assign: options.assign, unassign: [] }
    : await askWhoMay(setup, org, app, way === "existing");
  const initiateLogin = options.initiateLogin ?? (app ? undefined : await askInitiateLogin(setup));
  const clientSecret = app && (await secretOf(setup, org, app));
  return {
    ...base,
    app: { ...base.app, clientId: app?.clientId ?? chosen, clientSecret, who, initiateLogin },
  };
}

/** The secret of an app that is there: Okta's, where the token may see it, else asked for. */
async function secretOf(
  setup: Setup,
  { domain, org }: Awaited<ReturnType<typeof askForOrg>>,
  { id, clientId }: { readonly id: string; readonly clientId: string },
): Promise<string | null> {
  const { interview, settings } = setup;
  const seen = await interview.look(
    "secret",
    [domain.origin, id],
    () => org.apps.clientSecret(id),
    () => undefined,
    [],
  );
  if (seen) return seen;
  return interview.ask(
    await secretQuestion(setup, "clientSecret", {
      question: "Okta client secret, which this token can't see",
      addresses: { domain, issuer: settings.issuerOverride, clientId },
    }),
  );
}

/** The mapping of a file, or the one that is there with the entries that the person chooses. */
async function wantedMapping(
  setup: Setup,
  { akto, org }: Decided,
  present: Mapping,
  { mapping }: SetupOptions,
): Promise<Mapping> {
  if (mapping !== undefined) return mappingOf(setup.context, mapping, akto);
  const known = akto.customRoles ?? setup.profile.customRoles ?? null;
  return new Map([...present, ...(await askForEntries(setup, org, present, known))]);
}

/** Shows the review until the person says yes, and does it. */
async function reviewed(setup: Setup, intent: Intent, dryRun: boolean): Promise<SetUp | null> {
  const { context, settings, interview } = setup;
  const { terminal } = context;
  interview.section(6, "Review");
  const planned = await interview.look(
    "plan",
    [fingerprint(intent)],
    () => planOf(context, intent),
    () => undefined,
    () => [
      { id: "aktoAccountId", title: "Akto account id" },
      { id: "token", title: "Okta API token that Akto stores" },
    ],
    "needed",
  );
  if (!planned) throw new Error("The setup went on without a plan that it needs.");
  terminal.note();
  terminal.note(terminal.noteStyle.bold(dryRun ? "What would be done" : "Review: nothing has been written yet"));
  terminal.note();
  const effects = await reviewedEffects(context, intent, planned, true);
  const places = [...(await reviewOf(context, intent, planned)), ...effects.places];
  terminal.note(renderReview(places, terminal.noteStyle));
  for (const warning of [...planned.plan.warnings, ...effects.warnings]) terminal.warn(clean(warning, 1000));
  terminal.note();
  if (dryRun) return null;
  let begun = false;
  let failed: Failure | undefined;
  for (;;) {
    const prompts = await interview.prompts();
    const written = begun ? "what was done stays" : "nothing is written";
    const chosen = await prompts.choose("What now?", [
      { value: "do", name: "Do all of this" },
      { value: "change", name: "Change an answer" },
      { value: "stop", name: "Stop here", hint: `${written}; the answers are kept` },
    ]);
    if (chosen === "stop") {
      if (failed) throw stoppedAt(failed);
      terminal.note("Nothing was written in Okta or Akto.");
      terminal.note(keptAnswers);
      return null;
    }
    if (chosen === "change") await changeAnswer(setup);
    else if (await confirmWide(context, intent.org, givenBy(intent.changes), intent.akto.customRoles)) {
      try {
        // What a try has done is in no plan from before it.
        const plan = begun ? await planOf(context, intent) : planned;
        begun = true;
        return await carryOut(context, settings, intent, plan);
      } catch (error) {
        if (!canGoOn(error)) throw error;
        failed = error;
        terminal.complain(error);
      }
    }
  }
}

/** Has an answer changed; Escape goes back to the review. */
async function changeAnswer({ interview }: Setup): Promise<void> {
  const { WentBack } = await import("../../terminal/prompts.ts");
  const prompts = await interview.prompts();
  const { answers } = interview;
  const choices = [
    ...answers.map(({ id, title, shown }) => ({ value: id, name: `${capital(title)}: ${clean(shown, 60)}` })),
    { value: "", name: "None" },
  ];
  const chosen = await prompts.choose("Which answer?", choices).catch((error: unknown) => {
    if (error instanceof WentBack) return "";
    throw error;
  });
  if (chosen !== "") interview.reconsider(chosen);
}

/** What tells one plan from another: all that is decided, without what it is spoken to with. */
function fingerprint(intent: Intent): string {
  const { org: _, akto, mapping, token, ...decided } = intent;
  const change: TokenChange = token.change;
  return JSON.stringify([decided, akto.url, akto.accountId, akto.key, [...mapping], change]);
}
