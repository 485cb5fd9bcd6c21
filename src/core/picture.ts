/**
 * The picture of a live sign-on: what is known of it, each fact under its name. `usecases/world` draws it, each fact when it
 * is first asked for; reports, checks and plans read it and ask nobody themselves.
 */
import type { OktaDomain } from "./address.ts";
import type { Failure } from "./failure.ts";
import type { RecordedSignIn } from "./history/sign-ins.ts";
import type { AktoSso, CustomRole, Mapping, TeamMember } from "./model/akto.ts";
import type {
  AccessPolicy,
  ApiTokenInfo,
  ApiTokenSight,
  AuthServer,
  OktaApp,
  OktaGroup,
  OktaUser,
  ServerClaim,
} from "./model/okta.ts";
import type { SignInPolicy } from "./model/sign-in-policy.ts";
import type { Suggestion } from "./similar.ts";

/** The single sign-on as Akto uses it, or as the profile has it where Akto can't be asked. All text is as it is stored. */
export interface SetupFact {
  readonly source: "akto" | "profile";
  readonly domain: string;
  readonly authServerId: string;
  readonly clientId: string;
  /** What Akto sends to Okta. */
  readonly redirectUri: string;
  /** The Okta domain of the settings here, as it was given; it is the same where there is no other source. */
  readonly ownDomain: string | undefined;
}

/** Whether the key was taken; a dashboard that can't be reached took none. */
export type KeyFact =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly message: string; readonly hint: string | undefined };

/** The SSO of the Akto account. */
export type SsoFact =
  | { readonly kind: "none" }
  /** Another kind of SSO is active. */
  | { readonly kind: "other"; readonly failure: Failure }
  | {
      readonly kind: "okta";
      readonly sso: AktoSso;
      readonly expectedRedirectUri: string;
      /** Where the settings here say something else of the connection, in words: `the client id “a”, in Akto “b”`. */
      readonly differences: readonly string[];
      /** Whether the mapping here is another. */
      readonly mappingDiffers: boolean;
      /** Whether anything of it is set here, too, so that it could differ. */
      readonly comparable: boolean;
    };

/** What an issuer says about itself. */
export type IssuerFact =
  | { readonly kind: "ok"; readonly issuer: string }
  /** It answers under another name, as with a custom domain; Akto doesn't mind. */
  | { readonly kind: "other_name"; readonly message: string; readonly hint: string | undefined }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly hint: string | undefined;
      /** Whether the org itself says that it has no such server, rather than nothing. */
      readonly absent: boolean;
    };

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

/** Where a sign-in leads that starts on Akto's page, by the email address. */
export interface StartByEmailFact {
  /** The page. */
  readonly page: string;
  /** The domain that was tried, as people type it: in lower case. */
  readonly domain: string;
  readonly leads: /** To the Okta app. */
    | { readonly kind: "okta" }
    /** Back to Akto's login page; `spelled` is the spelling of the domain with which it does lead to Okta, where one is known. */
    | { readonly kind: "nowhere"; readonly spelled: string | null }
    /** To another place than the Okta app. */
    | { readonly kind: "elsewhere"; readonly to: string };
}

/** Whether Akto has the domain for the account's own: it sends its people to Okta, be it in other letters. */
export function leadsToOkta({ leads }: StartByEmailFact): boolean {
  return leads.kind === "okta" || (leads.kind === "nowhere" && leads.spelled !== null);
}

/** The Okta API token that is used here. */
export interface TokenFact {
  /** An org that can't be reached takes none. */
  readonly state: "accepted" | "refused";
  readonly message: string;
  readonly hint: string | undefined;
  /** Its own facts, as far as its owner may see them. */
  readonly info:
    | Exclude<ApiTokenSight, { kind: "seen" }>
    | {
        readonly kind: "seen";
        readonly name: string;
        /** `null` when it does not end by date. */
        readonly expiresInDays: number | null;
        readonly network: ApiTokenInfo["network"];
      };
}

/**
 * Which of the org's groups the token shows. Every org has the group Everyone (Okta behavior), so a token that doesn't show
 * that one may hide others as well, and one that shows none shows nothing.
 */
export type GroupSight = "all" | "some" | "none";

/** The API token with which Akto asks Okta for a user's groups. */
export interface AktoTokenFact {
  /** `own`: whether Akto stores one can't be asked, and the token that is used here stands for it. */
  readonly state: "works" | "refused" | "none" | "own";
  /** The names of the groups that it shows to Akto; `undefined` where it shows all, or that isn't known. */
  readonly sees?: ReadonlySet<string> | undefined;
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
  | { readonly kind: "found"; readonly server: AuthServer }
  | { readonly kind: "missing" }
  /** The org lacks API Access Management. */
  | { readonly kind: "not_in_plan" };

/** One mapped name, and the groups in Okta that have it. */
export interface MappedGroup {
  readonly name: string;
  readonly groups: readonly OktaGroup[];
  /** What was probably meant, if no group has the name. */
  readonly suggestions: readonly Suggestion[];
}

/** Who is assigned to the app, by group or alone. */
export interface PeopleFact {
  readonly users: readonly OktaUser[];
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

/** The sign-ins that Okta recorded in the last day. */
export interface RecentFact {
  /** Those of people, the newest first. */
  readonly signIns: readonly RecordedSignIn[];
  readonly now: Date;
}

/** Every fact, by name. */
export interface Facts {
  readonly setup: SetupFact;
  /** The org's address, which `setup` has as a bare host. */
  readonly domain: OktaDomain;
  readonly aktoKey: KeyFact;
  readonly sso: SsoFact;
  readonly mapping: Mapping;
  readonly customRoles: readonly CustomRole[];
  readonly team: readonly TeamMember[];
  /** The group names that Akto itself sees with the token it stores. */
  readonly aktoGroups: readonly string[];
  readonly aktoToken: AktoTokenFact;
  readonly issuer: IssuerFact;
  readonly probe: ProbeFact;
  readonly clientSecret: ClientSecretFact;
  readonly initiateLogin: InitiateLoginFact;
  readonly startByEmail: StartByEmailFact;
  /** Akto's sign-in address for Okta, as the app should have it. */
  readonly initiateLoginUri: string;
  readonly oktaToken: TokenFact;
  readonly groupSight: GroupSight;
  /** The app that Akto signs in with; `null` when Okta itself says that it knows no such client. */
  readonly app: OktaApp | null;
  /** The sign-ins of the last day, as Okta recorded them. */
  readonly recentSignIns: RecentFact;
  /** The app's authentication policy; `null` where Okta shows none, as in an org of the Classic Engine. */
  readonly signInPolicy: SignInPolicy | null;
  readonly server: ServerFact;
  /** The authorization server's claims; `null` when the org lacks API Access Management, without which it carries none. */
  readonly claims: readonly ServerClaim[] | null;
  /** The ids of the claims that this tool made, by its own notes: no others are narrowed. */
  readonly ownClaims: ReadonlySet<string>;
  readonly policies: readonly AccessPolicy[];
  readonly mappedGroups: readonly MappedGroup[];
  readonly people: PeopleFact;
  readonly unassigned: readonly UnassignedGroup[];
  /** People who are assigned to the app, and whom no access policy lets in since its rules exclude them: their names. */
  readonly keptOut: readonly string[];
  readonly conventions: readonly ConventionGroup[];
  readonly reach: ReachFact;
  readonly shadowed: ShadowedFact;
  /** The one email domain that Akto lets in. */
  readonly organizationDomain: string;
}

export type FactName = keyof Facts;
