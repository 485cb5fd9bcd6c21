import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { initiateLoginUri, redirectUri } from "../../core/address.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import type { Profile } from "../../core/model/profile.ts";
import { sameMapping } from "../../core/roles/mapping.ts";
import { clean, count } from "../../core/text.ts";
import {
  type ConnectionOptions,
  declareConnection,
  type SettingName,
  type Settings,
  settingDefinitions,
} from "../../settings.ts";
import { examples } from "../options.ts";

export function declare(command: Command): void {
  declareConnection(command, "okta", "oidc", "akto");
  examples(command, "sso status", "sso status --json", "sso status --profile staging");
}

/** Something that Akto and the profile say differently. */
interface Disagreement {
  readonly what: string;
  readonly akto: string | null;
  readonly profile: string | null;
}

export async function run(context: Context, options: ConnectionOptions): Promise<void> {
  const { terminal } = context;
  const settings = await context.settings(options);
  const store = await context.profiles();
  const profile = await store.read();
  const dashboard = await context.aktoIfAny(settings);
  const sso = dashboard ? await terminal.during("Asking Akto …", () => dashboard.fetchSso()) : null;

  const rows = await Promise.all(
    (Object.keys(settingDefinitions) as SettingName[]).map((name) => settingRow(settings, name)),
  );
  const { aktoUrl, aktoAccountId } = settings;
  const differences = sso
    ? disagreements(
        sso,
        settings.clientId,
        settings.authServerId,
        (await settings.domain())?.host,
        redirectUri(aktoUrl),
        profile,
      )
    : [];
  const document = {
    profile: store.name,
    path: store.path,
    settings: Object.fromEntries(rows.map(({ name, value, origin }) => [name, { value, origin }])),
    redirectUri: redirectUri(aktoUrl),
    initiateLoginUri: aktoAccountId === undefined ? null : initiateLoginUri(aktoUrl, aktoAccountId),
    mapping: { profile: profile.mapping?.length ?? 0, akto: sso ? sso.mapping.size : null },
    akto: {
      connected: dashboard !== null,
      configured: dashboard ? sso !== null : null,
      agrees: sso ? differences.length === 0 : null,
      managementApiToken: sso ? sso.hasManagementApiToken : null,
      syncGroupsToUserTags: sso ? sso.syncGroupsToUserTags : null,
      differences,
    },
  };

  const { style } = terminal;
  const title = (name: SettingName) => settingDefinitions[name].title;
  const width = Math.max(...rows.map(({ name }) => title(name).length));
  const lines = [
    style.bold(`Profile ${clean(store.name)}`),
    ...rows.map(
      ({ name, value, origin }) =>
        `  ${style.dim(title(name).padEnd(width))}  ${value === null ? style.dim("not set") : clean(value)}${origin && origin !== "profile" ? style.dim(` (${origin})`) : ""}`,
    ),
    `  ${style.dim("redirect URI".padEnd(width))}  ${clean(document.redirectUri)}`,
    `  ${style.dim("mapping".padEnd(width))}  ${count(sso?.mapping.size ?? profile.mapping?.length ?? 0, "group")}`,
    "",
    aktoLine(),
    ...differences.map(
      ({ what, akto, profile: here }) =>
        `  ${what}: ${akto === null ? "not set" : clean(akto)} in Akto, ${here === null ? "not set" : clean(here)} here`,
    ),
    ...(sso ? [`  Okta API token in Akto: ${keptToken(sso)}`] : []),
  ];
  terminal.result(lines.join("\n"), document);
  if (differences.length > 0) {
    terminal.note("Akto's is what counts. `akto-okta sso setup` brings the two together.");
    if (differences.some(({ what }) => what === "mapping"))
      terminal.note("`akto-okta mapping list --offline` shows the mapping that is here.");
  }
  if (profile.replacing) {
    terminal.note(
      "A run was cut off while it put another SSO in the place of Akto's: run that command again, which finishes it.",
    );
  }
  if (profile.setup) terminal.note("A setup was begun and not finished: `akto-okta sso setup` goes on with it.");

  function aktoLine(): string {
    if (!dashboard)
      return `${style.yellow("!")} Not connected to Akto: ${context.globals.offline ? "--offline was given" : "there is no Akto API key"}.`;
    if (!sso) return `${style.yellow("!")} Connected to Akto; Okta SSO is not set up there.`;
    return differences.length === 0
      ? `${style.green("✓")} Akto and the profile agree.`
      : `${style.red("✗")} Akto and the profile differ:`;
  }
}

/** Whether Akto keeps a token, and what it does with it beside looking groups up. */
function keptToken({ hasManagementApiToken, syncGroupsToUserTags }: AktoSso): string {
  if (!hasManagementApiToken) return "none";
  return syncGroupsToUserTags ? "stored, and users are tagged with their groups" : "stored";
}

async function settingRow(
  settings: Settings,
  name: SettingName,
): Promise<{ name: SettingName; value: string | null; origin: string | null }> {
  const origin = (await settings.origin(name)) ?? null;
  if ("secret" in settingDefinitions[name]) return { name, value: origin === null ? null : "set", origin };
  const value =
    name === "domain"
      ? (await settings.domain())?.host
      : name === "issuer"
        ? settings.issuerOverride
        : settings[name as "clientId" | "authServerId" | "aktoUrl" | "aktoAccountId"];
  return { name, value: value === undefined ? null : String(value), origin };
}

function disagreements(
  sso: AktoSso,
  clientId: string | undefined,
  authServerId: string | undefined,
  host: string | undefined,
  redirect: string,
  profile: Profile,
): Disagreement[] {
  const pairs: Disagreement[] = [
    { what: "client id", akto: sso.clientId, profile: clientId ?? null },
    { what: "authorization server id", akto: sso.authorisationServerId, profile: authServerId ?? null },
    { what: "Okta domain", akto: sso.oktaDomain, profile: host ?? null },
    { what: "redirect URI", akto: sso.redirectUri, profile: redirect },
  ];
  const mapped = new Map(profile.mapping ?? []);
  if (!sameMapping(sso.mapping, mapped))
    pairs.push({
      what: "mapping",
      akto: count(sso.mapping.size, "group"),
      profile: `${count(mapped.size, "group")}${mapped.size === sso.mapping.size ? ", other ones" : ""}`,
    });
  return pairs.filter(({ akto, profile: here }) => akto !== here);
}
