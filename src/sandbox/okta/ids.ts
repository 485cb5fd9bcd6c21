/** Ids as Okta makes them: twenty characters, the first three of which tell what they name. */

export type IdKind =
  | "user"
  | "group"
  | "app"
  | "secret"
  | "authorizationServer"
  | "claim"
  | "scope"
  | "policy"
  | "rule"
  | "signOnPolicy"
  | "signOnRule"
  | "apiToken"
  | "key"
  | "org";

const prefixes = {
  user: "00u",
  group: "00g",
  app: "0oa",
  secret: "ocs",
  authorizationServer: "aus",
  claim: "ocl",
  scope: "scp",
  policy: "00p",
  rule: "0pr",
  signOnPolicy: "rst",
  signOnRule: "rul",
  apiToken: "00T",
  key: "pks",
  org: "00o",
} as const satisfies Record<IdKind, string>;

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Generates ids that look random, are all different, and are the same in every run, so that what a test prints can be looked
 * up.
 */
export function idMaker(): (kind: IdKind) => string {
  let count = 0;
  return (kind) => {
    count += 1;
    let rest = (count * 1_000_003 + 1_234_567_891) % 62 ** 7;
    let scrambled = "";
    for (let digit = 0; digit < 7; digit += 1) {
      scrambled = `${alphabet[rest % 62]}${scrambled}`;
      rest = Math.floor(rest / 62);
    }
    return `${prefixes[kind]}${scrambled}AktoSbx5d7`;
  };
}
