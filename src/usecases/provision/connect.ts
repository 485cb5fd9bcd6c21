/** From a file and the settings to the document and both systems. */
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { type SsoSpec, specFileName } from "../../core/plan/spec.ts";
import { readSpec } from "../../core/plan/spec-read.ts";
import { clean } from "../../core/text.ts";
import { type ConnectionOptions, missingSettings, settingDefinitions } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { makePlan, type Planned } from "./apply.ts";
import type { Clients, ManagementToken, Secrets } from "./clients.ts";
import { readSpecFile } from "./file.ts";
import { keptClientSecret } from "./kept-secrets.ts";

/** The flags about what Akto can't change or never shows. */
export interface AktoChangeOptions {
  readonly managementTokenFile?: string;
  readonly removeManagementToken?: boolean;
  readonly replaceSso?: boolean;
}

/** The flags of a command that works on the file. */
export interface ProvisionOptions extends ConnectionOptions, AktoChangeOptions {
  /** The file that was named, or else the one with the usual name in the working folder. */
  readonly file?: string;
}

/** The file that a command works on. */
export function fileOf({ file = specFileName }: Pick<ProvisionOptions, "file">): string {
  return file;
}

/** The variable with the token to store in Akto if it has none. */
export const managementTokenVariable = "AKTO_OKTA_MANAGEMENT_TOKEN";

/** All that a plan is made from. */
export interface Provisioning {
  readonly spec: SsoSpec;
  readonly clients: Clients;
  readonly secrets: Secrets;
}

/**
 * Reads the file and connects to the systems that it names. A system for which there is no credential is left out.
 *
 * @param steady whether requests to Akto go on when the run is interrupted, since they must not be left half done
 * @throws Failure what `readSpecFile` and `readSpec` throw; `file.other_system` when the settings name another org or
 *   dashboard than the file: a token goes to the system that it was given for, and nowhere else; `file.system_unnamed`
 *   when only a file that nobody named tells where a token would go
 */
export async function openProvisioning(
  context: Context,
  options: ProvisionOptions,
  steady: boolean,
): Promise<Provisioning> {
  const { name, root } = await readSpecFile(fileOf(options));
  const written = readSpec(root, name, null);
  const own = await context.settings(options);
  await refuseOther(context, own, written, options.file);
  const domain = await own.domain();
  // A bare host in the file doesn't say how a loopback org speaks, which the settings may know of the same one. Of another
  // host they say nothing: a folder's file may name any, and the token is not for it.
  const { origin } = domain?.host === written.okta.domain.host ? domain : written.okta.domain;
  const { url, accountId: account } = written.akto;
  const settings = await context.settings({
    ...options,
    domain: origin,
    aktoUrl: url,
    ...(account !== undefined && { aktoAccountId: String(account) }),
  });

  const okta = await context.oktaIfAny(settings);
  const akto = await context.aktoIfAny(settings, { evenWhenInterrupted: steady });
  if (!okta && !akto) throw missingSettings(["oktaToken", "aktoKey"]);
  // With Akto at hand a role is one that it has.
  const spec = akto ? readSpec(root, name, await akto.customRoles()) : written;
  const accountId = spec.akto.accountId ?? settings.aktoAccountId;
  const profiles = await context.profiles();
  return {
    spec: {
      ...spec,
      akto: { ...spec.akto, accountId },
      okta: { ...spec.okta, domain: { ...spec.okta.domain, origin } },
    },
    clients: { okta, akto, profiles },
    secrets: {
      clientSecret: async (clientId) => {
        // What is given is the named app's: an SSO that is taken out may be another one's.
        const named = spec.okta.app.clientId ?? settings.clientId ?? clientId;
        const given = named === clientId ? await settings.givenSecret("clientSecret") : undefined;
        return given ?? keptClientSecret(context, clientId);
      },
      managementToken: await managementToken(context, options),
    },
  };
}

/** The plan for the file. What could not be compared is among its warnings. Throws what `makePlan` throws. */
export async function planFile(
  { spec, clients, secrets }: Provisioning,
  { replaceSso }: ProvisionOptions,
): Promise<Planned> {
  const planned = await makePlan(spec, clients, { token: secrets.managementToken.change, replaceSso });
  const unasked = [
    ...(clients.okta ? [] : ["Okta was not compared: there is no API token for it (OKTA_CLIENT_TOKEN)."]),
    ...(clients.akto
      ? []
      : ["Akto was not compared: there is no API key for it (AKTO_API_KEY), or --offline was given."]),
  ];
  const { plan } = planned;
  return { ...planned, plan: { ...plan, warnings: [...plan.warnings, ...unasked] } };
}

/** A file may have come with somebody's repository: it is told whether it names what the settings name. */
async function refuseOther(
  context: Context,
  settings: Settings,
  { okta, akto }: SsoSpec,
  named: string | undefined,
): Promise<void> {
  const file = clean(fileOf({ file: named }));
  const systems = [
    { name: "domain", secret: "oktaToken", inFile: okta.domain.host, inSettings: (await settings.domain())?.host },
    { name: "aktoUrl", secret: "aktoKey", inFile: akto.url, inSettings: settings.aktoUrl },
  ] as const;
  for (const { name, secret, inFile, inSettings } of systems) {
    const { title, flag } = settingDefinitions[name];
    const origin = await settings.origin(name);
    const said = origin === "flag" || origin === "environment" || origin === "profile";
    const agreed = inSettings === inFile && origin !== "folder_file";
    if (said && inSettings !== inFile) {
      throw new Failure(
        "usage",
        "file.other_system",
        `${file} is for a different ${title} from the settings: ${clean(inFile)} there, ${clean(inSettings)} here.`,
        {
          hint: `The credentials of ${clean(inSettings)} are not sent to ${clean(inFile)}. Use the profile, flags, or environment of the one that the file is for (profile ${clean(context.globals.profile)}).`,
        },
      );
    }
    // A stored secret is bound to its own system. One that is given goes where somebody said.
    if (!said && !agreed && named === undefined && (await settings.isGiven(secret))) {
      throw new Failure(
        "usage",
        "file.system_unnamed",
        `The ${settingDefinitions[secret].title} is not sent to ${clean(inFile)}: only ${file} in this folder names it.`,
        { hint: `If that is right, name the file (-f ${file}) or the ${title} (${flag} ${clean(inFile)}).` },
      );
    }
  }
}

/**
 * What becomes of the Okta API token that Akto stores, by the flags and the environment.
 *
 * @throws Failure `usage.conflict`, `input.secret_file`
 */
export async function managementToken(
  { env, redaction, secretFile }: Context,
  { managementTokenFile: path, removeManagementToken: remove }: AktoChangeOptions,
): Promise<ManagementToken> {
  if (path !== undefined && remove) {
    throw new Failure("usage", "usage.conflict", "A token can't be stored and removed at the same time.", {
      hint: "Give --management-token-file or --remove-management-token, not both.",
    });
  }
  if (remove) return { change: "remove" };
  if (path !== undefined) {
    const value = await secretFile(path, "--management-token-file");
    redaction.hide(value);
    return { change: "replace", value };
  }
  const value = env[managementTokenVariable]?.trim();
  redaction.hide(value);
  return value ? { change: "ensure", value } : { change: "keep" };
}
