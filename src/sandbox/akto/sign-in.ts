/** Akto's side of a sign-in: where it sends the browser, and what it makes of the browser's return. */
import { randomUUID } from "node:crypto";
import { aktoScopes } from "../../core/address.ts";
import { readGroupsClaim, traceRole } from "../../core/roles/resolve.ts";
import { clean } from "../../core/text.ts";
import { type AktoAccount, type AktoMember, type AktoSso, defaultRoleName } from "./account.ts";
import { type DashboardAnswer, redirect } from "./http.ts";
import { field, groupNames, type OrgClient } from "./org-client.ts";

/** The dashboard's session cookie. */
export const sessionCookie = "akto_session";

/** What a sign-in needs. */
export interface SignInContext {
  readonly account: AktoAccount;
  readonly org: OrgClient;
  /** Takes a line about each sign-in, as Akto's own log does: the browser isn't told why it was sent away. */
  readonly log: (line: string) => void;
}

/** `{scheme}://{domain}/oauth2/{id}/v1`; an empty id leaves two slashes, and no sign-in works (Akto behavior). */
function endpoints({ oktaDomain, authorisationServerId }: AktoSso, { scheme }: OrgClient): string {
  return `${scheme}://${oktaDomain}/oauth2/${authorisationServerId}/v1`;
}

/** An invitation that a sign-in follows: its code stands in the link, and travels through Okta in the state. */
interface FollowedInvitation {
  readonly signupInvitationCode: string;
  readonly signupEmailId: string;
}

function stateOf({ deployment, id }: AktoAccount, invitation: FollowedInvitation | null): string {
  if (deployment === "self-hosted") return String(id);
  return Buffer.from(JSON.stringify({ accountId: String(id), ...invitation })).toString("base64");
}

/** What a `state` holds: the account id, or `NaN`, and the login of an invitation that is followed. */
function readState(state: string, { deployment }: AktoAccount): { accountId: number; invited: string | null } {
  if (deployment === "self-hosted") return { accountId: Number.parseInt(state, 10), invited: null };
  try {
    const held: unknown = JSON.parse(Buffer.from(state, "base64").toString("utf8"));
    const invited = field(held, "signupEmailId");
    const follows = typeof invited === "string" && field(held, "signupInvitationCode") === invitationCode(invited);
    return { accountId: Number(field(held, "accountId")), invited: follows ? invited : null };
  } catch {
    return { accountId: Number.NaN, invited: null };
  }
}

/** The code in the link of an invitation: here it can be told from the login, so that a test needs no mailbox. */
export function invitationCode(login: string): string {
  return Buffer.from(`invitation of ${login}`).toString("base64url");
}

function authorizeUrl(base: string, sso: AktoSso, state: string, more: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    client_id: sso.clientId,
    redirect_uri: sso.redirectUri,
    response_type: "code",
    scope: aktoScopes.join(" "),
    state,
    ...more,
  });
  return `${base}/authorize?${parameters}`;
}

/** The SSO to sign users in by, which a self-hosted Akto may have read a while ago. */
const signInSso = ({ signInSso, ...account }: AktoAccount) => signInSso.get("", () => account.sso);

/** A parameter exactly as it is in the address: Akto decodes none here, so that `%40` is not an `@` (Akto behavior). */
function rawParameter(query: string, name: string): string {
  const parts = query.replace(/^\?/, "").split("&");
  return parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
}

/**
 * A sign-in that starts at Akto. The SaaS finds the account by the domain of the email that the user types, in exactly
 * the letters of the one who set the SSO up, and says nothing when it finds none. No PKCE and no nonce: Akto behavior.
 *
 * @param query the part of the address after the `?`
 */
export function startSignIn({ account, org }: SignInContext, query: string): DashboardAnswer {
  const sso = signInSso(account);
  const domain = rawParameter(query, "email").split("@")[1] ?? "";
  const known = account.deployment === "self-hosted" || (domain !== "" && domain === sso?.organizationDomain);
  if (!sso || !known) return redirect("/login");
  const signupInvitationCode = rawParameter(query, "signupInvitationCode");
  const signupEmailId = rawParameter(query, "signupEmailId");
  const invitation = signupInvitationCode && signupEmailId ? { signupInvitationCode, signupEmailId } : null;
  return redirect(authorizeUrl(endpoints(sso, org), sso, stateOf(account, invitation)));
}

/** A sign-in that starts in Okta. It alone has a nonce, and leaves an empty server id's second slash out. */
export function startFromOkta({ account, org }: SignInContext, accountId: string): DashboardAnswer {
  const sso = signInSso(account);
  if (!sso || Number.parseInt(accountId, 10) !== account.id) return redirect("/sso-login");
  const base = endpoints(sso, org).replace("/oauth2//", "/oauth2/");
  return redirect(authorizeUrl(base, sso, stateOf(account, null), { nonce: randomUUID() }));
}

/** The browser's return: exchanges the code, reads the user, resolves the role and opens a session. */
export async function finishSignIn(context: SignInContext, query: URLSearchParams): Promise<DashboardAnswer> {
  const { account, log } = context;
  const sso = signInSso(account);
  const code = query.get("code");
  const refusal = [query.get("error"), query.get("error_description")].filter((text) => text !== null).join(": ");
  try {
    const { accountId, invited } = readState(query.get("state") ?? "", account);
    if (!sso || accountId !== account.id) throw new Error("no SSO for its state");
    if (code === null) throw new Error(refusal || "no code");
    return await admit(context, sso, code, invited);
  } catch (error) {
    log(`Akto turned a sign-in away: ${clean(error instanceof Error ? error.message : error)}`);
    return redirect("/login");
  }
}

async function admit(
  { account, org, log }: SignInContext,
  sso: AktoSso,
  code: string,
  invited: string | null,
): Promise<DashboardAnswer> {
  const base = endpoints(sso, org);
  const tokens = await org.postForm(
    `${base}/token`,
    new URLSearchParams({
      grant_type: "authorization_code",
      code,
      client_id: sso.clientId,
      client_secret: sso.clientSecret,
      redirect_uri: sso.redirectUri,
    }),
  );
  const accessToken = required(tokens, "access_token");
  const userInfo = await org.getJson(`${base}/userinfo`, `Bearer ${accessToken}`);
  const email = required(userInfo, "email");
  const name = required(userInfo, "preferred_username");
  if (sso.organizationDomain !== "" && domainOf(email) !== sso.organizationDomain.toLowerCase()) {
    log(`Akto turned ${clean(email)} away: the email domain is not ${clean(sso.organizationDomain)}.`);
    return redirect("/login?error=unauthorized");
  }

  const groupsFromApi =
    readGroupsClaim(accessToken).kind === "groups" ? null : await askForGroups(org, sso, field(userInfo, "sub"));
  const { role, source } = traceRole({
    accessToken,
    groupsFromApi,
    mapping: sso.mapping ?? [],
    customRoles: account.customRoles,
  });
  const { member, written } = memberAfter(account, { email, name, role, invited });
  account.members.set(email, member);
  const session = randomUUID();
  account.sessions.set(session, email);
  log(`Akto let ${clean(email)} in: ${clean(role)} (${source})${written}.`);
  return redirect("/dashboard", { "set-cookie": `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Lax` });
}

/** A user of whom Okta has told who they are. */
interface Arrival {
  readonly email: string;
  readonly name: string;
  /** The role that the groups give. */
  readonly role: string;
  /** The login of the invitation that the sign-in follows. */
  readonly invited: string | null;
}

/** What a sign-in makes of a user, and what the log says of it (Akto behavior). */
function memberAfter(
  { members, invitations, elsewhere }: AktoAccount,
  { email, name, role, invited }: Arrival,
): { readonly member: AktoMember; readonly written: string } {
  const known = members.get(email);
  const invitation = invited === email ? invitations.get(email) : undefined;
  if (invitation) {
    invitations.delete(email);
    const scopeRoleMapping = new Map(Object.entries(invitation.scopeRoleMapping ?? { API: defaultRoleName }));
    const member = { login: email, name, role: known?.role ?? null, scopeRoleMapping };
    return { member, written: ", outranked by the invitation's access per product" };
  }
  if (known) return { member: { ...known, role }, written: "" };
  // Someone without any login gets the account without the role, which the next sign-in writes.
  const isNew = !elsewhere.has(email);
  return {
    member: { login: email, name, role: isNew ? null : role, scopeRoleMapping: null },
    written: isNew ? ", written at the next sign-in" : "",
  };
}

/** The user's groups by the stored token: the first page, and none when Okta refuses. `null` without a token. */
async function askForGroups(org: OrgClient, sso: AktoSso, userId: unknown): Promise<string[] | null> {
  if (!sso.managementApiToken || typeof userId !== "string") return null;
  const url = `${org.scheme}://${sso.oktaDomain}/api/v1/users/${encodeURIComponent(userId)}/groups`;
  return groupNames(await org.getJson(url, `SSWS ${sso.managementApiToken}`).catch(() => []));
}

function required(answer: unknown, name: string): string {
  const value = field(answer, name);
  if (typeof value === "string") return value;
  throw new Error(`Okta's answer has no ${name}.`);
}

/** What stands after the first `@`, in lower case. */
function domainOf(email: string): string | undefined {
  const at = email.indexOf("@");
  return at < 0 ? undefined : email.slice(at + 1).toLowerCase();
}
