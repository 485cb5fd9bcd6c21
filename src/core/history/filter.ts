/** What to ask Okta's log for, in its filter language (SCIM, RFC 7644 section 3.4.2.2). */
import type { Concern } from "./changes.ts";
import type { AboutUser } from "./join.ts";
import type { AboutApp } from "./steps.ts";

/** A text in the filter language is one of JSON's. */
const is = (field: string, text: string) => `${field} eq ${JSON.stringify(text)}`;
const starts = (...types: readonly string[]) => types.map((type) => `eventType sw ${JSON.stringify(type)}`);
const any = (...terms: readonly string[]) => (terms.length === 1 ? (terms[0] ?? "") : `(${terms.join(" or ")})`);

/** Groups are named one by one, and an address has an end. */
const mostGroups = 20;

/**
 * Sign-ins to the app. Those of everybody, also where one user's are wanted: the app's own requests for tokens may name no
 * user, and only beside the others can it be told whose they are.
 *
 * @param user whose ways into Okta are wanted as well: for those Okta names no app
 */
export function signInFilter({ clientId, appId }: AboutApp, user?: AboutUser): string {
  const terms = [ofApp({ clientId, appId })];
  if (user) {
    const theirs = user.id === null ? is("actor.alternateId", user.login) : is("actor.id", user.id);
    const kinds = any(...starts("user.session.", "user.authentication."), is("eventType", "policy.evaluate_sign_on"));
    terms.push(`(${theirs} and ${kinds})`);
  }
  return terms.join(" or ");
}

/**
 * Sign-ins of one user to the app alone: far fewer events than {@link signInFilter} finds, without those in which Okta names
 * no user.
 */
export function ownSignInFilter(about: AboutApp, { id, login }: AboutUser): string {
  const theirs =
    id === null
      ? any(is("actor.alternateId", login), is("target.alternateId", login))
      : any(is("actor.id", id), is("target.id", id));
  const kinds = any(...starts("user.session.", "user.authentication."), is("eventType", "policy.evaluate_sign_on"));
  return `${theirs} and (${ofApp(about)} or ${kinds})`;
}

function ofApp({ clientId, appId }: AboutApp): string {
  const ids = [...new Set([appId, clientId])];
  return [is("actor.id", clientId), is("client.id", clientId), ...ids.map((id) => is("target.id", id))].join(" or ");
}

/** Changes that may matter. Those of servers and policies are asked for all together: they are few. */
export function changeFilter({ appId, userId, groupIds = [] }: Concern): string {
  const terms = [
    `(${is("target.id", appId)} and ${any(...starts("application.", "group.application_assignment.", "app.oauth2.credentials.", "app.oauth2.client."))})`,
    ...starts("oauth2.", "policy.lifecycle.", "policy.rule."),
  ];
  if (userId !== undefined) {
    const kinds = any(
      ...starts("group.user_membership.", "application.user_membership.", "user.lifecycle.", "user.account."),
    );
    terms.push(`(${is("target.id", userId)} and ${kinds})`);
  }
  const named = groupIds.slice(0, mostGroups).map((id) => is("target.id", id));
  if (named.length > 0) terms.push(`(${any(...named)} and ${any(...starts("group.lifecycle.", "group.profile."))})`);
  return terms.join(" or ");
}
