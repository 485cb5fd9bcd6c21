/** The Okta API token that Akto stores: it is never given one unasked, and never without a word. */
import type { AktoDashboard } from "../../akto/types.ts";
import type { Context } from "../../context.ts";
import { canGoOn } from "../../core/failure.ts";
import type { AktoSso } from "../../core/model/akto.ts";
import type { TokenChange } from "../../core/plan/akto.ts";

/** What became of it. */
export type StoredToken =
  /** `works` is `false` where Akto gets no groups with it. */
  { readonly state: "stored"; readonly works: boolean } | { readonly state: "kept" | "removed" | "none" };

/**
 * What became of it.
 *
 * @param before the SSO before this run
 * @param after the one that Akto has now
 * @param replaced whether the one was removed and the other added
 */
export async function storedToken(
  akto: AktoDashboard,
  before: AktoSso | null,
  after: AktoSso,
  replaced: boolean,
  change: TokenChange,
): Promise<StoredToken> {
  const had = before?.hasManagementApiToken ?? false;
  if (!after.hasManagementApiToken) return { state: had ? "removed" : "none" };
  const isNew = change === "replace" || (change === "ensure" && (!had || replaced));
  return isNew ? { state: "stored", works: await tokenWorks(akto) } : { state: "kept" };
}

/** Whether Akto gets groups with it. Every org has one, Everyone: none at all means that Okta refused (Akto behavior). */
async function tokenWorks(akto: AktoDashboard): Promise<boolean> {
  try {
    return (await akto.fetchGroups()).length > 0;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // It is stored; that nothing could be seen of it says nothing against it.
    return true;
  }
}

const words: Readonly<Record<StoredToken["state"], string>> = {
  stored: "Akto stores the Okta API token that was given for it, to look up users' groups.",
  kept: "Akto still stores the Okta API token that it had.",
  removed: "Akto's Okta API token was removed: it takes the groups only from the access token.",
  none: "Akto stores no Okta API token: it takes the groups only from the access token (--management-token-file gives it one).",
};

/** Says whether Akto can ask Okta for groups. */
export function sayToken({ terminal }: Context, token: StoredToken): void {
  terminal.note(`  ${words[token.state]}`);
  if (token.state === "stored" && !token.works) {
    terminal.warn(
      "Akto gets no groups from Okta with that token: it may be wrong, or limited to a network zone that Akto is not in, or its owner may not be allowed to see groups.",
    );
  }
}
