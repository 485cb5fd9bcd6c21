/** What a report on one sign-in goes by. */
import type { PolicyAnswer } from "../access/policy.ts";
import type { SignInPolicyAnswer } from "../access/sign-in-policy.ts";
import type { Fact } from "../evidence.ts";
import type { CustomRole, Mapping } from "../model/akto.ts";
import type { Suggestion } from "../similar.ts";
import type { RecordedFact } from "./recorded.ts";
import type { Check, Membership } from "./report.ts";
import type { GroupPath } from "./simulate.ts";

/** The user as Akto learns of them, from userinfo. */
export interface SignInUser {
  /** `sub`: in userinfo the Okta user id (Okta behavior). */
  readonly id: string;
  /** `null` for none; `undefined` where it isn't known. */
  readonly email: string | null | undefined;
  /** `preferred_username`: the Okta login. */
  readonly preferredUsername: string | null;
  readonly name: string | null;
}

/** What the Okta API answered to Akto's question for the user's groups, or why it was not asked. */
export type ApiGroups =
  | {
      readonly kind: "answered";
      /** What Akto would get: the first page of names, in Okta's order. */
      readonly names: readonly string[];
      /** How many there are in all, where that is known. */
      readonly total?: number;
      /** How many of them Akto's token does not show. */
      readonly hidden?: number;
      /** Whether our token stands for Akto's: if it has one isn't known. */
      readonly assumed?: boolean;
    }
  /** The token brought groups, so Akto does not ask. */
  | { readonly kind: "not_needed" }
  | { readonly kind: "no_token" }
  /** Okta refuses Akto, as Akto itself tells: it counts that as no groups. */
  | { readonly kind: "failed"; readonly message: string }
  /** What Akto would get can't be told from here. */
  | { readonly kind: "unasked"; readonly message: string; readonly hint?: string | undefined };

/** A name that was given, as Okta shows it. */
export interface NamedGroup {
  readonly name: string;
  /** Whether Okta shows a group of exactly this name. */
  readonly there: boolean;
  /** Where it shows none: the names that were probably meant. */
  readonly near: readonly Suggestion[];
}

/** What brings the groups: a token that was read, the one that Okta would make, or names taken instead of one. */
export type TokenFact =
  | {
      readonly accessToken: string;
      /** Whether somebody gave it, rather than a sign-in of this run: nothing but the token was looked at then. */
      readonly captured?: boolean;
      /** Why it may not be what Akto gets at the next sign-in: sentences. */
      readonly doubts?: readonly string[];
      /** Why whose it is isn't known: a sentence. */
      readonly unseenUser?: string | undefined;
    }
  | { readonly predicted: GroupPath }
  /** A what-if; `inOkta`: what Okta shows of the names. */
  | { readonly groups: readonly string[]; readonly inOkta: Fact<readonly NamedGroup[]> };

/** The app that Akto signs in with, as it concerns one user. */
export type AppForUser =
  | {
      readonly kind: "found";
      readonly label: string;
      readonly active: boolean;
      readonly assigned: boolean | "everybody";
    }
  | { readonly kind: "missing"; readonly clientId: string };

/** Okta's side of a user's sign-in, before Akto hears of it. */
export interface OktaSide {
  /** The user's status in Okta, such as `ACTIVE`. */
  readonly status: string;
  readonly app: Fact<AppForUser>;
  /** What the app's authentication policy says, told from its rules; `null` where the app has none. */
  readonly signIn: Fact<SignInPolicyAnswer | null>;
  /** What Okta's own simulation of it says; `null` where the org doesn't offer one, or it says nothing. */
  readonly simulated: SignInPolicyAnswer | null;
  readonly policy: Fact<PolicyAnswer>;
}

/** What Okta says to Akto's own request, asked without a user. */
export interface AktoRequest {
  /** `doctor`'s own checks of it, those of grade *seen* by Okta's answer. */
  readonly checks: readonly Check[];
  /** Whether Okta, asked without a user, would let one sign in: it asks for a session, and complains of nothing. */
  readonly accepted?: boolean;
  /** Why Okta's answer says nothing, where it was asked. */
  readonly unheard: string | null;
  /** Why it could not be asked at all. */
  readonly unknown: string | null;
}

/** Everything that decides a sign-in. */
export interface LoginFacts {
  /** `null` when no user is meant, as in a what-if on groups alone. */
  readonly user: SignInUser | null;
  readonly token: TokenFact;
  /** Okta's side, where it was looked at: somebody who has signed in has passed it. */
  readonly okta?: OktaSide;
  /** What Okta recorded of the user's sign-ins, before the one that has just been made, if any. */
  readonly recorded?: Fact<RecordedFact>;
  /** What Okta says to the request that Akto makes, which is not the one that a test makes. */
  readonly request?: AktoRequest;
  /** Whether the user has just signed in for real with Akto's own client, at Akto's own server. */
  readonly signedIn?: boolean;
  /** What could not be seen of Okta, though the sign-in has just used it: sentences. */
  readonly unseen?: readonly string[];
  /** Claims of the ID token and of userinfo: Akto ignores their groups, and people look for them there. */
  readonly otherClaims?: { readonly idToken?: object; readonly userinfo?: object };
  readonly api: ApiGroups;
  /** Empty where it isn't known. */
  readonly mapping: Mapping;
  /** Why the mapping isn't known: a sentence. */
  readonly mappingUnseen?: string | undefined;
  /** Of a mapping that stands for Akto's own, that it does: a sentence. */
  readonly mappingCopied?: string | undefined;
  readonly customRoles: readonly CustomRole[];
  /** Why Akto's custom roles aren't known, though it was asked: a sentence. */
  readonly customRolesUnseen?: string | undefined;
  /** The account's email domain: guessed where it is only what most of Akto's team have, since Akto never tells it. */
  readonly organizationDomain: Fact<string>;
  /** An email domain with which Akto's own page finds no SSO, where that was tried. */
  readonly domainWithoutSso?: string | undefined;
  readonly membership: Membership;
}
