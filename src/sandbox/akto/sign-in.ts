/** Akto's side of a sign-in: where it sends the browser, and what it makes of the browser's return. */
import { randomUUID } from "node:crypto";
import { aktoScopes } from "../../core/address.ts";
import { readGroupsClaim, traceRole } from "../../core/roles/resolve.ts";
import { clean } from "../../core/text.ts";
import type { AktoAccount, AktoSso } from "./account.ts";
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

/** `{scheme}://{domain}/oauth2/{id}/v1`; an empty id leaves two slashes, and no sign-in works (Akto behaviour). */
function endpoints({ oktaDomain, authorisationServerId }: AktoSso, { scheme }: OrgClient): string {
  return `${scheme}://${oktaDomain}/oauth2/${authorisationServerId}/v1`;
}

function stateOf({ deployment, id }: AktoAccount): string {
  if (deployment === "self-hosted") return String(id);
  return Buffer.from(JSON.stringify({ accountId: String(id) })).toString("base64");
}

/** The account id in a `state`, or `NaN`. */
function accountIdIn(state: string, { deployment }: AktoAccount): number {
  if (deployment === "self-hosted") return Number.parseInt(state, 10);
  try {
    return Number(field(JSON.parse(Buffer.from(state, "base64").toString("utf8")), "accountId"));
  } catch {
    return Number.NaN;
  }
}

function authorizeUrl(base: string, sso: AktoSso, account: AktoAccount, more: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    client_id: sso.clientId,
    redirect_uri: sso.redirectUri,
    response_type: "code",
    scope: aktoScopes.join(" "),
    state: stateOf(account),
    ...more,
  });
  return `${base}/authorize?${parameters}`;
}

/**
 * A sign-in that starts at Akto. The SaaS finds the account by the domain of the e-mail that the user types.
 * No PKCE and no nonce: Akto behaviour.
 */
export function startSignIn({ account, org }: SignInContext, email: string): DashboardAnswer {
  const { sso } = account;
  const known = account.deployment === "self-hosted" || domainOf(email) === sso?.organizationDomain.toLowerCase();
  return sso && known ? redirect(authorizeUrl(endpoints(sso, org), sso, account)) : redirect("/login");
}

/** A sign-in that starts in Okta. It alone has a nonce, and leaves an empty server id's second slash out. */
export function startFromOkta({ account, org }: SignInContext, accountId: string): DashboardAnswer {
  const { sso } = account;
  if (!sso || Number.parseInt(accountId, 10) !== account.id) return redirect("/sso-login");
  const base = endpoints(sso, org).replace("/oauth2//", "/oauth2/");
  return redirect(authorizeUrl(base, sso, account, { nonce: randomUUID() }));
}

/** The browser's return: exchanges the code, reads the user, resolves the role and opens a session. */
export async function finishSignIn(context: SignInContext, query: URLSearchParams): Promise<DashboardAnswer> {
  const { account, log } = context;
  const { sso } = account;
  const code = query.get("code");
  const refusal = [query.get("error"), query.get("error_description")].filter((text) => text !== null).join(": ");
  try {
    if (!sso || accountIdIn(query.get("state") ?? "", account) !== account.id) throw new Error("no SSO for its state");
    if (code === null) throw new Error(refusal || "no code");
    return await admit(context, sso, code);
  } catch (error) {
    log(`Akto turned a sign-in away: ${clean(error instanceof Error ? error.message : error)}`);
    return redirect("/login");
  }
}

async function admit({ account, org, log }: SignInContext, sso: AktoSso, code: string): Promise<DashboardAnswer> {
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
    log(`Akto turned ${clean(email)} away: the e-mail domain is not ${clean(sso.organizationDomain)}.`);
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
  const member = account.members.get(email);
  // A user new to Akto gets the account without the role, which the next sign-in writes: Akto behaviour.
  account.members.set(email, member ? { ...member, role } : { login: email, name, role: null, scopeRoleMapping: null });
  const session = randomUUID();
  account.sessions.set(session, email);
  log(`Akto let ${clean(email)} in: ${clean(role)} (${source})${member ? "" : ", written at the next sign-in"}.`);
  return redirect("/dashboard", { "set-cookie": `${sessionCookie}=${session}; Path=/; HttpOnly; SameSite=Lax` });
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
