/** Where the value of a setting was found. */
import { type SettingName, settingDefinitions } from "./definitions.ts";

/**
 * Where a setting's value was found; a stored secret is the profile's. `home_file` is `~/.okta/okta.yaml`, `folder_file`
 * the `okta.yaml` of the working folder.
 */
export type Origin = "flag" | "environment" | "profile" | "home_file" | "folder_file" | "default";

/** The origins by Okta's own word for the place of a settings file. */
export const fileOrigins = { home: "home_file", folder: "folder_file", environment: "environment" } as const;

/** Where a setting comes from, in words: `OKTA_CLIENT_ORGURL`, `--domain`, `~/.okta/okta.yaml`. */
export function describeOrigin(name: SettingName, origin: Origin): string {
  const { flag, env } = settingDefinitions[name];
  const words = {
    flag,
    environment: env,
    profile: "the profile",
    home_file: "~/.okta/okta.yaml",
    folder_file: "okta.yaml in this folder",
    default: "the default",
  } satisfies Record<Origin, string>;
  return words[origin];
}
