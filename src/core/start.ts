/** How a user starts a sign-in to Akto: the addresses, and what to type there. */
import { initiateLoginUri, ssoLoginUrl } from "./address.ts";
import { clean } from "./text.ts";

/** Where a sign-in can start. */
export interface Starts {
  /** Akto's page, which finds the account by the domain of the email address. */
  readonly byEmail: string;
  /** The address that names the account, which Okta's tile opens too; `null` where the account id isn't known. */
  readonly byAccount: string | null;
}

/** The addresses for an account. */
export function startsOf(aktoUrl: string, accountId: number | undefined): Starts {
  return {
    byEmail: ssoLoginUrl(aktoUrl),
    byAccount: accountId === undefined ? null : initiateLoginUri(aktoUrl, accountId),
  };
}

/** What to tell the users, line by line: an address has a line of its own, on which it can be copied. */
export function describeStarts({ byEmail, byAccount }: Starts): string[] {
  return [
    clean(byEmail),
    "  with their work email address in lowercase",
    ...(byAccount === null
      ? ["the Akto tile in Okta, if the app has one"]
      : [clean(byAccount), "  or from the Akto tile in Okta, if the app has one"]),
  ];
}
