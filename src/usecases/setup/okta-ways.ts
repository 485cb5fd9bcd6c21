/** The wizard's ways to the app in Okta: made or mended by API, or by hand with the steps shown. */
import { parseAuthServerId } from "../../core/address.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import { defaultAuthServerId } from "../../core/plan/spec.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings, settingDefinitions } from "../../settings.ts";
import type { Choice } from "../../terminal/prompts.ts";
import { askForGroup } from "../mapping/ask.ts";
import { type AppOptions, type AppPlace, appByApi } from "./okta-app.ts";
import type { Questions } from "./questions.ts";
import { oktaScreens } from "./screens.ts";
import { verifyDomain, verifyServer } from "./verify.ts";

/** How the app in Okta comes about. */
export type WayToApp = "create" | "existing" | "hand";

/** How the app comes about: asked once, also over an interruption. */
export async function chooseWay({ context, draft, prompts }: Questions): Promise<WayToApp> {
  for (const way of ["create", "existing", "hand"] as const) if (draft.isDone(way)) return way;
  context.terminal.note();
  const way = await prompts.choose<WayToApp>("The app in Okta:", [
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
  await draft.keep(way, {});
  return way;
}

/** The steps in Okta's own console, one after the other. */
export async function oktaByHand(questions: Questions, aktoUrl: string, accountId: number): Promise<void> {
  const { context, draft, prompts } = questions;
  for (const { id, title, lines } of oktaScreens(aktoUrl, accountId)) {
    questions.heading(title);
    for (const line of lines) context.terminal.note(`  ${line}`);
    if (draft.isDone(id)) continue;
    await prompts.choose("When that is done:", [{ value: true, name: "Go on" }]);
    await draft.keep(id, {});
  }
}

/** The app by API: its client id and secret come from Okta and are not asked for. */
export async function oktaByApi(
  questions: Questions,
  way: "create" | "existing",
  options: AppOptions,
  aktoUrl: string,
  accountId: number,
): Promise<void> {
  const { context, draft, profile } = questions;
  questions.heading("The app in Okta");
  if (draft.isDone("provided")) return context.terminal.success("The app is in place already.");
  const { domain, org } = await askForOrg(questions);
  const authServerId = await askForServer(questions, org);
  const clientId =
    way === "existing"
      ? await askForApp(questions, org)
      : await connectedApp(questions, org, aktoUrl, accountId, domain.host);
  const wanted: AppOptions = {
    ...options,
    assign: options.assign ?? (clientId === undefined ? await askWhoMay(questions, org) : undefined),
    initiateLogin: options.initiateLogin ?? (clientId === undefined ? await askInitiateLogin(questions) : undefined),
  };
  const mapped = (profile.mapping ?? []).map(([group]) => group);
  const tokenForAkto = (await questions.readySecret("oktaToken", { domain })) !== undefined;
  const place = { domain, authServerId, aktoUrl, aktoAccountId: accountId, clientId, tokenForAkto };
  const app = await appByApi(context, org, wanted, place, mapped);
  if (!app) throw new Failure("interrupted", "interrupted", "Interrupted.");
  // Whoever may not see it is asked for it.
  if (app.clientSecret !== null) {
    const { issuerOverride: issuer } = questions.settings;
    await draft.keepSecret("clientSecret", app.clientSecret, { domain, issuer, clientId: app.clientId });
  }
  await draft.keep("provided", { clientId: app.clientId });
}

/** The org: with the service app of Okta's own settings where it is the one that those are for, else with a token. */
async function askForOrg(questions: Questions) {
  const { context, settings } = questions;
  const http = await context.http();
  const domain = await questions.checked(
    await questions.domain(),
    () => questions.domain(true),
    (answer) => verifyDomain(http, answer),
    `Change the ${settingDefinitions.domain.title}`,
  );
  if ((await questions.readySecret("oktaToken", { domain })) === undefined) {
    // The service app signs in to the org that its settings name, and to no other. A token goes before it.
    const kept = await settings.keptSecret("oktaToken", { domain });
    const known = await settings.domain();
    const org = kept === undefined && known?.origin === domain.origin ? await context.oktaIfAny(settings) : null;
    if (org) {
      context.terminal.success("The service app of Okta's own settings signs in (authorizationMode PrivateKey).");
      return { domain, org };
    }
    context.terminal.note("  A token of an admin who may change apps, authorization servers and groups:");
    context.terminal.note("  Security → API → Tokens → Create Token. Akto keeps it, too, to look groups up.");
  }
  const token = await questions.oktaToken(domain, true);
  if (token === undefined) throw missingSettings(["oktaToken"]);
  return { domain, org: await context.oktaWith(domain, token) };
}

/** The app with which Akto signs in already, where that can be asked: another one would have to take its place. */
async function connectedApp(
  { context, settings }: Questions,
  org: OktaOrg,
  aktoUrl: string,
  aktoAccountId: number,
  host: string,
): Promise<string | undefined> {
  if (context.globals.offline) return undefined;
  const key =
    (settings.aktoUrl === aktoUrl ? await settings.givenSecret("aktoKey") : undefined) ??
    (await settings.keptSecret("aktoKey", { aktoUrl, aktoAccountId }));
  if (key === undefined) return undefined;
  try {
    const sso = await (await context.aktoWith(settings, aktoUrl, key, { quiet: true })).fetchSso();
    const app = sso?.oktaDomain === host ? await org.apps.byClientId(sso.clientId) : null;
    if (app) context.terminal.note(`  Akto signs in with the app ${quoted(app.label)} already: that one is taken.`);
    return app?.clientId;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // The step that submits asks Akto again, and says what is wrong there.
    return undefined;
  }
}

/** The authorization server, once the org has it or the person goes on without that. */
async function askForServer(questions: Questions, org: OktaOrg): Promise<string> {
  const ask = (initial: string, anew: boolean) =>
    questions.text("authServerId", "Authorization Server ID:", parseAuthServerId, initial, anew);
  return questions.checked(
    await ask(defaultAuthServerId, false),
    (last) => ask(last, true),
    (id) => verifyServer(org, id),
    `Change the ${settingDefinitions.authServerId.title}`,
  );
}

async function askForApp({ prompts }: Questions, org: OktaOrg): Promise<string> {
  const apps: Choice<string>[] = [];
  for await (const { clientId, label, applicationType, active } of org.apps.all()) {
    if (applicationType === "web" && active) apps.push({ value: clientId, name: label, hint: clientId });
  }
  if (apps.length === 0) {
    throw new Failure("usage", "okta.no_web_app", "The org has no active OIDC web app.", {
      hint: "Run the setup again, begin anew, and let it create one.",
    });
  }
  return prompts.find("Which app?", async (text) =>
    apps.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())),
  );
}

/** Who may sign in: everyone, or the members of groups that are named one after the other. */
async function askWhoMay({ context, draft, prompts }: Questions, org: OktaOrg): Promise<readonly string[]> {
  const { assign } = draft.fields;
  if (assign) return assign;
  const everyone = await prompts.choose("Who may sign in to Akto?", [
    { value: true, name: "Everyone in the org", hint: "the app is assigned to the group Everyone" },
    { value: false, name: "The members of certain groups", hint: "the app is assigned to the groups that you choose" },
  ]);
  const chosen = new Set<string>();
  if (everyone) chosen.add("Everyone");
  else {
    do {
      chosen.add(await askForGroup(context, org, (name) => (chosen.has(name) ? "is chosen" : undefined)));
    } while (await prompts.yesNo("Another group?", false));
  }
  await draft.keep("assign", { assign: [...chosen] });
  return [...chosen];
}

async function askInitiateLogin({ draft, prompts }: Questions): Promise<boolean> {
  const { initiateLogin } = draft.fields;
  if (initiateLogin !== undefined) return initiateLogin;
  const wanted = await prompts.yesNo("Should users be able to start from Okta's dashboard, too?", false);
  await draft.keep("initiateLogin", { initiateLogin: wanted });
  return wanted;
}

/** Lets the claim carry the groups that were mapped after it was made, if it doesn't, and the person agrees. */
export async function coverMapping(
  { context }: Questions,
  org: OktaOrg,
  place: AppPlace,
  groups: readonly string[],
): Promise<void> {
  const { terminal } = context;
  terminal.note();
  const question = "Make these changes in Okta, so that the mapped groups reach Akto?";
  if (!(await appByApi(context, org, { assign: [] }, place, groups, question))) {
    terminal.warn("The groups claim stays as it is: `akto-okta doctor` says what does not reach Akto.");
  }
}
