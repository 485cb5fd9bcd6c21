import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { redirectUri } from "../../core/address.ts";
import { compareProfile } from "../../core/agreement.ts";
import { isFailure } from "../../core/failure.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import { samePlace } from "../../core/model/place.ts";
import { describeOwner, sameOwner } from "../../core/model/secret.ts";
import { describeProfileOrigin } from "../../core/profile-state.ts";
import { describeStarts, startsOf } from "../../core/start.ts";
import { clean, count, listed } from "../../core/text.ts";
import {
  type ConnectionOptions,
  declareConnection,
  type SettingDefinition,
  type SettingName,
  settingDefinitions,
} from "../../settings/definitions.ts";
import { describeOrigin, type Origin } from "../../settings/origin.ts";
import type { Settings } from "../../settings/settings.ts";
import { examples } from "../options.ts";

export function declare(command: Command): void {
  declareConnection(command, "okta", "oidc", "akto");
  examples(command, "sso status", "sso status --json", "sso status --profile staging");
}

export async function run(context: Context, options: ConnectionOptions): Promise<void> {
  const { terminal } = context;
  const { profileFrom = "default" } = context.globals;
  const settings = await context.settings(options);
  const store = await context.profiles();
  const profile = await store.read();
  const { dashboard, why } = await connection(context, settings);
  const sso = dashboard ? await terminal.during("Asking Akto …", () => dashboard.fetchSso()) : null;

  const rows = await Promise.all(
    (Object.keys(settingDefinitions) as SettingName[]).map((name) => settingRow(settings, name)),
  );
  const { aktoUrl, aktoAccountId } = settings;
  const { differences, lacking, uncopied, fresh } = sso
    ? compareProfile(
        sso,
        {
          clientId: settings.clientId,
          authServerId: settings.authServerId,
          domain: (await settings.domain())?.host,
          redirectUri: redirectUri(aktoUrl),
        },
        profile.mapping,
      )
    : { differences: [], lacking: [], uncopied: false, fresh: false };
  const replacing = profile.replacing !== undefined && samePlace(profile.replacing, settings.account);
  const starts = startsOf(aktoUrl, aktoAccountId);
  const document = {
    profile: store.name,
    profileFrom,
    path: store.path,
    settings: Object.fromEntries(rows.map(({ name, ...row }) => [name, row])),
    redirectUri: redirectUri(aktoUrl),
    ssoLoginUrl: starts.byEmail,
    initiateLoginUri: starts.byAccount,
    mapping: { profile: profile.mapping?.length ?? 0, akto: sso ? sso.mapping.size : null },
    akto: {
      connected: dashboard !== null,
      configured: dashboard ? sso !== null : null,
      agrees: !sso || (differences.length === 0 && (lacking.length > 0 || uncopied)) ? null : differences.length === 0,
      managementApiToken: sso ? sso.hasManagementApiToken : null,
      syncGroupsToUserTags: sso ? sso.syncGroupsToUserTags : null,
      replacing,
      differences,
    },
  };

  const { style } = terminal;
  const title = (name: SettingName) => settingDefinitions[name].title;
  const width = Math.max(...rows.map(({ name }) => title(name).length));
  // Beside what it is, or under it where that leaves too little room.
  const narrow = terminal.width < width + 40;
  const field = (label: string, ...values: readonly string[]) =>
    narrow
      ? [`  ${style.dim(label)}`, ...values.map((value) => `      ${value}`)]
      : values.map((value, index) => `  ${style.dim((index === 0 ? label : "").padEnd(width))}  ${value}`);
  const lines = [
    style.bold(`Profile ${clean(store.name)}`) + style.dim(` (${describeProfileOrigin(profileFrom)})`),
    ...rows.flatMap(({ name, value, origin, for: whose }) =>
      field(
        title(name),
        `${value === null ? style.dim("not set") : clean(value)}${whose === undefined ? "" : `, for ${whose}`}${origin === null ? "" : style.dim(` (${describeOrigin(name, origin)})`)}`,
      ),
    ),
    ...field("redirect URI", clean(document.redirectUri)),
    ...field(
      "mapping",
      `${count(sso?.mapping.size ?? profile.mapping?.length ?? 0, "group")}${uncopied ? style.dim(" (read from Akto: this profile has no copy)") : ""}`,
    ),
    ...field("users start at", ...describeStarts(starts)),
    "",
    aktoLine(),
    ...differences.map(({ what, akto, profile: here }) => `  ${what}: ${clean(akto)} in Akto, ${clean(here)} here`),
    ...(sso ? [`  Okta API token in Akto: ${keptToken(sso)}`] : []),
  ];
  terminal.result(lines.join("\n"), document);
  if (differences.length > 0) {
    terminal.note("Akto's is what counts. `akto-okta sso setup` makes the two agree.");
    if (differences.some(({ what }) => what === "mapping"))
      terminal.note("`akto-okta mapping list --offline` shows the mapping kept here.");
  }
  if (lacking.length > 0) terminal.note("`akto-okta sso setup` copies what Akto has.");
  if (replacing) {
    terminal.note("A run was interrupted while it was replacing Akto's SSO: run that command again to finish it.");
  }
  if (profile.setup) terminal.note("A setup was started but not finished: `akto-okta sso setup` continues it.");

  function aktoLine(): string {
    if (!dashboard) return `${style.yellow("!")} Not connected to Akto: ${why}`;
    if (!sso) return `${style.yellow("!")} Connected to Akto; Okta SSO is not set up there.`;
    if (differences.length > 0) return `${style.red("✗")} Akto and what is set here differ:`;
    if (fresh) return `${style.yellow("!")} Okta SSO is set up in Akto; nothing of it is set here yet.`;
    return lacking.length > 0
      ? `${style.yellow("!")} What is set here matches Akto; ${listed(lacking.map((what) => `the ${what}`))} ${lacking.length === 1 ? "is" : "are"} not set.`
      : `${style.green("✓")} What is set here matches Akto.`;
  }
}

/** Akto, or why it isn't asked: a key that is another account's is said, and the rest is told all the same. */
async function connection(context: Context, settings: Settings) {
  try {
    const dashboard = await context.aktoIfAny(settings);
    return { dashboard, why: context.globals.offline ? "--offline was given." : "there is no Akto API key." };
  } catch (error) {
    if (!isFailure(error, "secret.other_owner")) throw error;
    return { dashboard: null, why: `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}` };
  }
}

/** Whether Akto keeps a token, and what it does with it beside looking groups up. */
function keptToken({ hasManagementApiToken, syncGroupsToUserTags }: AktoSso): string {
  if (!hasManagementApiToken) return "none";
  return syncGroupsToUserTags ? "stored, and syncGroupsToUserTags is on" : "stored";
}

interface SettingRow {
  readonly name: SettingName;
  readonly value: string | null;
  readonly origin: Origin | null;
  /** What a stored secret is for, where that isn't what the settings name. */
  readonly for?: string;
}

async function settingRow(settings: Settings, name: SettingName): Promise<SettingRow> {
  const origin = (await settings.origin(name)) ?? null;
  const definition: SettingDefinition = settingDefinitions[name];
  if (definition.secret) {
    const { secret } = definition;
    const owner = origin === "profile" ? await settings.storedOwner(secret) : undefined;
    const target = await settings.owner(secret);
    if (!owner || !target || sameOwner(owner, target)) return { name, value: origin && "set", origin };
    return { name, value: "set", origin, for: describeOwner(secret, owner) };
  }
  const value =
    name === "domain"
      ? (await settings.domain())?.host
      : name === "issuer"
        ? settings.issuerOverride
        : settings[name as "clientId" | "authServerId" | "aktoUrl" | "aktoAccountId" | "aktoProduct"];
  return { name, value: value === undefined ? null : String(value), origin };
}
