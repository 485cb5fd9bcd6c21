/**
 * What the checks go by. Each fact is gathered on its own, from what it needs; what can't be gathered says why, and the
 * checks that need it are skipped.
 */

import type { CustomRole, Mapping, TeamMember } from "../model/akto.ts";
import type { AccessPolicy, ServerClaim } from "../model/okta.ts";
import type { Suggestion } from "../similar.ts";

/** What a person must have at hand for a fact. */
export type Means = "okta_token" | "akto_key" | "client_secret" | "account_id";

/** The single sign-on as Akto uses it, or as the profile has it where Akto can't be asked. All text is as it is stored. */
export interface SetupFact {
  readonly source: "akto" | "profile";
  readonly domain: string;
  readonly authServerId: string;
  readonly clientId: string;
  /** What Akto sends to Okta. */
  readonly redirectUri: string;
}

/** Whether the key was taken; a dashboard that can't be reached took none. */
export type KeyFact =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string | undefined };

/** The SSO of the Akto account. */
export type SsoFact =
  | { readonly kind: "none" }
  | { readonly kind: "other" }
  | {
      readonly kind: "okta";
      readonly redirectUri: string;
      readonly expectedRedirectUri: string;
      readonly hasApiToken: boolean;
      /** Where the profile says something else, in words: `client id “a”, Akto has “b”`. */
      readonly differences: readonly string[];
    };

/** What an issuer says about itself. */
export type IssuerFact =
  | { readonly kind: "ok"; readonly issuer: string }
  /** It answers under another name, as with a custom domain; Akto does not mind. */
  | { readonly kind: "other_name"; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined };

/** What the authorization endpoint thinks of Akto's request, asked without a user. `said` is Okta's own sentence. */
export interface ProbeFact {
  readonly kind:
    | "ok"
    | "wrong_client"
    | "wrong_redirect_uri"
    | "pkce_required"
    /** The app may not use the authorization code grant. */
    | "wrong_grant"
    | "invalid_scope"
    | "access_denied"
    /** The org lacks API Access Management. */
    | "feature_missing"
    | "error";
  readonly said: string;
}

/** What the token endpoint thinks of the client id and its secret. */
export type ClientSecretFact =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string | undefined };

/** Where Akto's own sign-in address for Okta leads. */
export type InitiateLoginFact =
  | {
      readonly kind: "redirect";
      /** The request that the browser is sent to Okta with. */
      readonly to: {
        readonly origin: string;
        readonly path: string;
        readonly clientId: string | null;
        readonly redirectUri: string | null;
        readonly responseType: string | null;
        readonly scopes: readonly string[];
        /** Whether a `state` goes along, by which Akto knows the account when the browser is back. */
        readonly state: boolean;
      };
      readonly expected: { readonly origin: string; readonly path: string };
    }
  | { readonly kind: "page"; readonly status: number }
  | { readonly kind: "elsewhere"; readonly url: string };

/** The Okta API token that is used here. */
export interface TokenFact {
  /** An org that can't be reached takes none. */
  readonly state: "accepted" | "refused";
  readonly message: string;
  readonly hint: string | undefined;
  /** Its own facts, when its owner may see them. */
  readonly info: {
    readonly name: string;
    readonly expiresInDays: number | null;
    readonly network: "anywhere" | "restricted";
  } | null;
  /** Whether it may list groups; `null` when that was not asked, since it was refused. */
  readonly seesGroups: boolean | null;
}

/** The app in Okta that Akto signs in with; `null` when no app has the client id. */
export interface AppFact {
  readonly id: string;
  readonly label: string;
  readonly active: boolean;
  /** `web` is the only kind that has a client secret and a redirect to a server. */
  readonly applicationType: string;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly clientAuthMethod: string;
  readonly pkceRequired: boolean;
  readonly dpopRequired: boolean;
  readonly initiateLoginUri: string | null;
  /** Whether Okta's own dashboard can start the sign-in. */
  readonly startsFromOkta: boolean;
}

/** A mapped group with people who are not assigned to the app. */
export interface UnassignedGroup {
  readonly id: string;
  readonly name: string;
  /** Some of those who can't sign in. */
  readonly people: readonly string[];
}

/** A group whose name alone gives a role: Akto knows it, and nobody mapped it. */
export interface ConventionGroup {
  readonly name: string;
  readonly role: string;
}

/** The authorization server that Akto uses. */
export type ServerFact =
  | { readonly kind: "found"; readonly id: string; readonly active: boolean }
  | { readonly kind: "missing" }
  /** The org lacks API Access Management. */
  | { readonly kind: "not_in_plan" };

/** One mapped name, and the groups in Okta that bear it. */
export interface MappedGroup {
  readonly name: string;
  readonly groups: readonly { readonly id: string; readonly type: string; readonly members: number | null }[];
  /** What was probably meant, where no group bears the name. */
  readonly suggestions: readonly Suggestion[];
}

/** Who is assigned to the app, by group or alone. */
export interface PeopleFact {
  readonly users: readonly { readonly name: string; readonly email: string | null }[];
  /** Whether these are all: of a large org the first pages are looked at. */
  readonly complete: boolean;
}

/** How many groups the claim's filter lets through. */
export interface ReachFact {
  /** Of the org's groups. */
  readonly orgGroups: number;
  /** Users with more than one claim can carry. */
  readonly usersOver: readonly { readonly name: string; readonly groups: number }[];
  readonly usersAsked: number;
  readonly complete: boolean;
}

/** People whose role gets lost in the claim's filter. */
export interface ShadowedFact {
  /**
   * Each is in a mapped group which the filter keeps out, and in another which it lets through: the token then has
   * groups, and Akto doesn't ask for the others.
   */
  readonly people: readonly { readonly name: string; readonly group: string }[];
  readonly complete: boolean;
}

/** A member of the Akto account. */
export type TeamFact = Pick<TeamMember, "login" | "scopedRoles">;

/** Every fact, by name. */
export interface Facts {
  readonly setup: SetupFact;
  readonly aktoKey: KeyFact;
  readonly sso: SsoFact;
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
  readonly team: readonly TeamFact[];
  /** The group names that Akto itself sees with the token it keeps. */
  readonly aktoGroups: readonly string[];
  readonly issuer: IssuerFact;
  readonly probe: ProbeFact;
  readonly clientSecret: ClientSecretFact;
  readonly initiateLogin: InitiateLoginFact;
  /** Akto's sign-in address for Okta, as the app should have it. */
  readonly initiateLoginUri: string;
  readonly oktaToken: TokenFact;
  readonly app: AppFact | null;
  readonly server: ServerFact;
  readonly claims: readonly ServerClaim[];
  /** The ids of the claims that this tool made, by its own notes: no others are narrowed. */
  readonly ownClaims: ReadonlySet<string>;
  readonly policies: readonly AccessPolicy[];
  readonly mappedGroups: readonly MappedGroup[];
  readonly people: PeopleFact;
  readonly unassigned: readonly UnassignedGroup[];
  readonly conventions: readonly ConventionGroup[];
  readonly reach: ReachFact;
  readonly shadowed: ShadowedFact;
  /** The one e-mail domain that Akto lets in. */
  readonly organisationDomain: string;
}

export type FactName = keyof Facts;

/** A fact, or why it isn't known: a sentence. */
export type FactState<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly why: string };

/** The means that each fact takes; none where it can be had without. */
export const factMeans: Readonly<Record<FactName, readonly Means[]>> = {
  setup: [],
  aktoKey: ["akto_key"],
  sso: ["akto_key"],
  mapping: [],
  customRoles: ["akto_key"],
  team: ["akto_key"],
  aktoGroups: ["akto_key"],
  issuer: [],
  probe: [],
  clientSecret: ["client_secret"],
  initiateLogin: ["account_id"],
  initiateLoginUri: ["account_id"],
  oktaToken: ["okta_token"],
  app: ["okta_token"],
  server: ["okta_token"],
  claims: ["okta_token"],
  ownClaims: [],
  policies: ["okta_token"],
  mappedGroups: ["okta_token"],
  people: ["okta_token"],
  unassigned: ["okta_token"],
  conventions: ["okta_token"],
  reach: ["okta_token"],
  shadowed: ["okta_token"],
  organisationDomain: ["akto_key"],
};

/** A means in words. */
export const meansWords: Readonly<Record<Means, string>> = {
  okta_token: "Okta API token",
  akto_key: "Akto API key",
  client_secret: "client secret",
  account_id: "Akto account id",
};
