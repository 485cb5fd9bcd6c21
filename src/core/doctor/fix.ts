/** What can be done by API about a check that failed: data, so that it can be shown before it is done. */
import { clean, listed, quoted } from "../text.ts";

/** A change in Okta or Akto that mends one thing. */
export type Fix =
  | { readonly kind: "app.add_redirect_uri"; readonly appId: string; readonly uri: string }
  | { readonly kind: "app.allow_code_grant"; readonly appId: string }
  | { readonly kind: "app.drop_pkce"; readonly appId: string }
  | { readonly kind: "app.drop_dpop"; readonly appId: string }
  | { readonly kind: "app.use_client_secret"; readonly appId: string }
  | { readonly kind: "app.activate"; readonly appId: string }
  | {
      readonly kind: "app.set_initiate_login";
      readonly appId: string;
      readonly uri: string;
      /** What stands there now. */
      readonly instead: string | null;
    }
  | {
      readonly kind: "app.assign";
      readonly appId: string;
      readonly groups: readonly { readonly id: string; readonly name: string }[];
    }
  | { readonly kind: "server.activate"; readonly serverId: string }
  | { readonly kind: "claim.add"; readonly serverId: string }
  | { readonly kind: "claim.mend"; readonly serverId: string }
  | { readonly kind: "claim.cover"; readonly serverId: string; readonly groups: readonly string[] }
  | { readonly kind: "claim.narrow"; readonly serverId: string }
  | { readonly kind: "policy.add"; readonly serverId: string; readonly clientId: string }
  | { readonly kind: "mapping.rename"; readonly from: string; readonly to: string };

/** The change as an order: what the person is asked to agree to. */
export function describeFix(fix: Fix): string {
  switch (fix.kind) {
    case "app.add_redirect_uri":
      return `Add the redirect URI ${clean(fix.uri)} to the app in Okta`;
    case "app.allow_code_grant":
      return "Allow the authorization code grant for the app in Okta";
    case "app.drop_pkce":
      return "Stop requiring PKCE for the app in Okta";
    case "app.drop_dpop":
      return "Stop requiring DPoP for the app in Okta";
    case "app.use_client_secret":
      return "Let the app in Okta authenticate with a client secret, which Akto then needs";
    case "app.activate":
      return "Activate the app in Okta";
    case "app.set_initiate_login":
      return `Let Okta's dashboard start the sign-in at ${clean(fix.uri)}${fix.instead === null ? "" : ` instead of ${clean(fix.instead)}`}`;
    case "app.assign":
      return `Assign the app in Okta to ${named(fix.groups.map(({ name }) => name))}`;
    case "server.activate":
      return "Activate the authorization server in Okta, along with everything other apps use it for";
    case "claim.add":
      return "Add the claim “groups” to the access token of the authorization server";
    case "claim.mend":
      return "Activate the claim “groups” of the authorization server, for every scope";
    case "claim.cover":
      return `Widen the filter of the claim “groups”, so that it lets ${named(fix.groups)} through`;
    case "claim.narrow":
      return "Narrow the filter of the claim “groups”, which this tool created, to the mapped groups";
    case "policy.add":
      return "Add an access policy for this app to the authorization server";
    case "mapping.rename":
      return `Map ${quoted(fix.to)} instead of ${quoted(fix.from)}, to the same role`;
  }
}

// More names than this are counted.
const shownNames = 4;

function named(names: readonly string[]): string {
  const more = names.length - shownNames;
  const shown = names.slice(0, shownNames).map(quoted);
  return listed(more > 0 ? [...shown, `${more} more`] : shown);
}
