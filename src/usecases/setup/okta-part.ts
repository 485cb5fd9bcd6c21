/** The wizard's part about Okta, where its API does the work: the org, the authorization server, the app. */
import { leftOffOktaDomain, type OktaDomain, parseAuthServerId, parseOktaDomain } from "../../core/address.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import { defaultAuthServerId, everyone, type SsoSpec } from "../../core/plan/spec.ts";
import { clean, count, listed, quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { isForEveryone, readApp } from "../provision/live.ts";
import type { AktoPart } from "./akto-part.ts";
import type { Question } from "./interview.ts";
import { domainText, type Setup, secretQuestion, settingQuestion, wayQuestion } from "./questions.ts";
import { verifyDomain, verifyOktaToken, verifyServer } from "./verify.ts";

/** The org, and how it is spoken to. */
export interface OrgPart {
  readonly domain: OktaDomain;
  /** `null` for the service app of Okta's own settings. */
  readonly token: string | null;
  readonly org: OktaOrg;
}

/** An app of the org that Akto signs in with, or is to. */
export interface FoundApp {
  readonly id: string;
  readonly label: string;
  readonly clientId: string;
  readonly forEveryone: boolean;
  /** Federation Broker Mode: everybody may sign in, and nobody can be assigned. */
  readonly open: boolean;
  /** The names of the groups that it is assigned to, as far as Okta tells them. */
  readonly groups: readonly string[];
  readonly assignments: number;
}

/** The org's domain, once one answers there. */
export async function askForDomain(setup: Setup): Promise<OktaDomain> {
  const { context, profile, interview } = setup;
  const known = profile.domain === undefined ? undefined : parseOktaDomain(profile.origin ?? profile.domain);
  let leftOff: string | undefined;
  const typed = domainText(known);
  const question = await settingQuestion(setup, "domain", {
    ...typed,
    parse: (text) => {
      const domain = typed.parse(text);
      leftOff = leftOffOktaDomain(text);
      return domain;
    },
  });
  const domain = await interview.ask(question);
  if (leftOff !== undefined) interview.say(`  ${leftOff}`);
  const http = await context.http();
  await interview.look(
    "org",
    [domain.origin],
    () => verifyDomain(http, domain),
    (found) => found,
    [question],
  );
  return domain;
}

/** The org: with the service app of Okta's own settings where it is the one that those are for, else with a token. */
export async function askForOrg(setup: Setup): Promise<OrgPart> {
  const { context, settings, interview } = setup;
  interview.section(2, "Okta");
  const domain = await askForDomain(setup);
  const question = await secretQuestion(setup, "oktaToken", {
    question: "Okta API token",
    addresses: { domain },
  });
  if (question.given === undefined) {
    // The service app signs in to the org that its settings name, and to no other. A token goes before it.
    const kept = await settings.keptSecret("oktaToken", { domain });
    const known = await settings.domain();
    const org = kept === undefined && known?.origin === domain.origin ? await context.oktaIfAny(settings) : null;
    if (org) {
      interview.say("  The service app of Okta's own settings signs in (authorizationMode PrivateKey).");
      return { domain, token: null, org };
    }
    interview.say(
      "  A token from an admin who can change apps, authorization servers, and groups: Security → API → Tokens. It stays on this computer; whether Akto gets one is asked later.",
    );
  }
  const token = await interview.ask(question);
  if (token === null) throw new Error("The setup went on without a token that it needs.");
  const org = await context.oktaWith(domain, token);
  await interview.look(
    "token",
    [domain.origin, token],
    () => verifyOktaToken(org),
    (found) => found,
    [question, { id: "domain", title: "Okta domain" }],
  );
  return { domain, token, org };
}

/** The authorization server: chosen among the org's, where they can be seen. */
export async function askForServer(setup: Setup, { domain, org }: OrgPart): Promise<string> {
  const { interview, profile } = setup;
  const typed = await settingQuestion(setup, "authServerId", {
    question: "Okta authorization server id:",
    parse: parseAuthServerId,
    text: (id) => id,
    initial: profile.authServerId ?? defaultAuthServerId,
  });
  const servers = await interview.look(
    "servers",
    [domain.origin],
    async () => {
      try {
        return (await org.authServers.all()).filter(({ active }) => active);
      } catch (error) {
        if (!canGoOn(error)) throw error;
        // Someone who can't list them may still know one.
        return [];
      }
    },
    () => undefined,
    [],
  );
  const [only, second] = servers ?? [];
  let question: Question<string> = typed;
  if (only && second) {
    const ways = (servers ?? []).map(({ id, name, audiences }) => ({
      value: id,
      name: id === name ? name : `${name} (${id})`,
      hint: `for the audience ${listed(audiences)}`,
    }));
    const choice = wayQuestion("authServerId", typed.title, "Okta authorization server:", ways);
    question = { ...choice, given: typed.given };
  } else if (only && typed.given === undefined) {
    interview.say(`  Authorization server: ${clean(only.id)}, the only one that is active in the org.`);
    return only.id;
  }
  const serverId = await interview.ask(question);
  await interview.look(
    "server",
    [domain.origin, serverId],
    () => verifyServer(org, serverId),
    (found) => found,
    [question],
  );
  return serverId;
}

/** The app to use, chosen among the org's web apps. @returns its client id */
export async function askForApp({ interview }: Setup, { domain, org }: OrgPart): Promise<string> {
  const apps = await interview.look(
    "apps",
    [domain.origin],
    async () => {
      const found = [];
      for await (const { clientId, label, applicationType, active } of org.apps.all()) {
        if (applicationType === "web" && active) found.push({ clientId, label });
      }
      if (found.length > 0) return found;
      throw new Failure("usage", "okta.no_web_app", "The org has no active OIDC web app.", {
        hint: "Let this tool create one.",
      });
    },
    () => undefined,
    [{ id: "way", title: "app in Okta" }],
  );
  return interview.ask<string>({
    id: "clientId",
    title: "app in Okta",
    shown: (clientId) => clean(apps?.find((app) => app.clientId === clientId)?.label ?? clientId),
    kept: (clientId) => clientId,
    read: (kept) => (apps?.some(({ clientId }) => clientId === kept) ? String(kept) : undefined),
    ask: (prompts) =>
      prompts.find("Which app is Akto's?", async (text) =>
        (apps ?? [])
          .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()))
          .map(({ clientId, label }) => ({ value: clientId, name: label, typed: label, hint: clientId })),
      ),
  });
}

/** The app with which Akto signs in already: another one would have to take its place. @returns its client id */
export async function connectedApp(
  { interview }: Setup,
  { domain, org }: OrgPart,
  { sso }: AktoPart,
): Promise<string | undefined> {
  if (sso?.oktaDomain !== domain.host) return undefined;
  const app = await interview.look(
    "connected app",
    [domain.origin, sso.clientId],
    () => org.apps.byClientId(sso.clientId),
    (found) => (found ? `Akto already signs in with the app ${quoted(found.label)}: that one is used.` : undefined),
    [],
  );
  return app?.clientId;
}

/** The app that the document means, if it is there, and who may sign in to it now. */
export function findApp({ interview }: Setup, spec: SsoSpec, { domain, org }: OrgPart): Promise<FoundApp | null> {
  const { clientId, label } = spec.okta.app;
  return interview
    .look(
      "app",
      [domain.origin, clientId, label, spec.akto.url],
      async (): Promise<FoundApp | null> => {
        const app = await readApp(spec, org);
        if (!app) return null;
        const groups: string[] = [];
        for await (const { name } of org.apps.groups(app.id)) if (name !== null) groups.push(name);
        const forEveryone = await isForEveryone(org, app);
        const { id, label, clientId, implicitAssignment: open, assignedGroups } = app;
        return { id, label, clientId, open, forEveryone, groups, assignments: assignedGroups.length };
      },
      () => undefined,
      [],
    )
    .then((app) => app ?? null);
}

/** Who may sign in to an app now, as the end of a sentence. */
export function describeAssignments({ open, forEveryone, groups, assignments }: FoundApp): string {
  if (open) return "in Federation Broker Mode: everybody in the org can sign in, and it has no assignments";
  if (forEveryone) return `assigned to ${everyone}, so everybody in the org can sign in`;
  if (assignments === 0) return "assigned to no group";
  if (groups.length < assignments || assignments > 4) return `assigned to ${count(assignments, "group")}`;
  return `assigned to ${listed(groups.map(quoted))}`;
}
