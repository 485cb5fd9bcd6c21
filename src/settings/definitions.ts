/** The settings that connect to Okta and Akto: their flags, their variables, what they are called. */
import type { Command } from "commander";
import { Failure } from "../core/failure.ts";
import type { SecretName } from "../core/model/secret.ts";
import { listed } from "../core/text.ts";

export interface SettingDefinition {
  /** The option's key in commander's parsed options. */
  readonly key: string;
  readonly flag: string;
  readonly argument: string;
  readonly env: string;
  readonly title: string;
  readonly secret?: SecretName;
}

/** Every setting that connects to Okta or Akto. The names are public behavior. */
export const settingDefinitions = {
  domain: { key: "domain", flag: "--domain", argument: "<host>", env: "OKTA_CLIENT_ORGURL", title: "Okta domain" },
  oktaToken: {
    key: "oktaTokenFile",
    flag: "--okta-token-file",
    argument: "<path>",
    env: "OKTA_CLIENT_TOKEN",
    title: "Okta API token",
    secret: "oktaToken",
  },
  authServerId: {
    key: "authServerId",
    flag: "--auth-server-id",
    argument: "<id>",
    env: "AKTO_OKTA_AUTH_SERVER_ID",
    title: "authorization server id",
  },
  issuer: { key: "issuer", flag: "--issuer", argument: "<url>", env: "AKTO_OKTA_ISSUER", title: "issuer" },
  clientId: { key: "clientId", flag: "--client-id", argument: "<id>", env: "AKTO_OKTA_CLIENT_ID", title: "client id" },
  clientSecret: {
    key: "clientSecretFile",
    flag: "--client-secret-file",
    argument: "<path>",
    env: "AKTO_OKTA_CLIENT_SECRET",
    title: "client secret",
    secret: "clientSecret",
  },
  aktoUrl: { key: "aktoUrl", flag: "--akto-url", argument: "<url>", env: "AKTO_URL", title: "Akto URL" },
  aktoAccountId: {
    key: "aktoAccountId",
    flag: "--akto-account-id",
    argument: "<id>",
    env: "AKTO_ACCOUNT_ID",
    title: "Akto account id",
  },
  aktoKey: {
    key: "aktoKeyFile",
    flag: "--akto-key-file",
    argument: "<path>",
    env: "AKTO_API_KEY",
    title: "Akto API key",
    secret: "aktoKey",
  },
  aktoProduct: {
    key: "aktoProduct",
    flag: "--akto-product",
    argument: "<name>",
    env: "AKTO_PRODUCT",
    title: "Akto product",
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof settingDefinitions;

/** Which settings each system needs, for a command's help. */
export const settingGroups = {
  okta: ["domain", "oktaToken"],
  oidc: ["authServerId", "issuer", "clientId", "clientSecret"],
  akto: ["aktoUrl", "aktoAccountId", "aktoKey", "aktoProduct"],
} as const satisfies Record<string, readonly SettingName[]>;

/** The Akto of the SaaS, where none is named. */
export const defaultAktoUrl = "https://app.akto.io";

/** The flags of a command that connects, as commander parsed them: every one is text. */
export type ConnectionOptions = Readonly<Partial<Record<(typeof settingDefinitions)[SettingName]["key"], string>>>;

/** Declares the flags that connect to these systems. */
export function declareConnection(command: Command, ...groups: readonly (keyof typeof settingGroups)[]): Command {
  for (const group of groups) {
    for (const name of settingGroups[group]) {
      const { flag, argument, env, title, ...rest }: SettingDefinition = settingDefinitions[name];
      const what = "secret" in rest ? `file that holds the ${title}, - for standard input` : title;
      command.optionsGroup("Connection:").option(`${flag} ${argument}`, `${what} (env ${env})`);
    }
  }
  return command;
}

/** One failure for everything that is missing, each with its flag and its variable. */
export function missingSettings(names: readonly SettingName[]): Failure {
  const titles = names.map((name) => `the ${settingDefinitions[name].title}`);
  const ways = names.map((name) => {
    const { flag, argument, env } = settingDefinitions[name];
    return `${flag} ${argument} or ${env}`;
  });
  return new Failure("usage", "input.missing", `Missing: ${listed(titles)}.`, {
    hint: `Give ${ways.join("\n     ")}\nor run \`akto-okta sso setup\` in a terminal: it asks for them, and saves them.`,
  });
}
