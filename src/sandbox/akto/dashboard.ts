/** The Akto dashboard: its actions, its sign-in and the two pages that a browser meets. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { defaultRoleId, roleLabel } from "../../core/roles/roles.ts";
import { type AktoAccount, defaultRoleName } from "./account.ts";
import { answerAction } from "./actions.ts";
import { type DashboardAnswer, type DashboardRequest, handle, html, redirect } from "./http.ts";
import { createOrgClient, type OrgAccess } from "./org-client.ts";
import { escapeHtml, page } from "./pages.ts";
import { finishSignIn, type SignInContext, sessionCookie, startFromOkta, startSignIn } from "./sign-in.ts";

/** A running dashboard, without its server. */
export interface Dashboard {
  handler(req: IncomingMessage, res: ServerResponse): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes the dashboard of one account.
 *
 * @param account what it keeps; changed by actions and sign-ins
 * @param origin its own address
 * @param access how to reach the org
 * @param log takes a line about each sign-in
 */
export function createDashboard(
  account: AktoAccount,
  origin: string,
  access: OrgAccess,
  log: (line: string) => void,
): Dashboard {
  const org = createOrgClient(access);
  const context: SignInContext = { account, org, log };
  return {
    handler: handle(origin, async (request) =>
      request.url.pathname.startsWith("/api/") ? answerAction(account, org, request) : answerPage(context, request),
    ),
    close: () => org.close(),
  };
}

async function answerPage(context: SignInContext, { url, cookie }: DashboardRequest): Promise<DashboardAnswer> {
  const { searchParams } = url;
  switch (url.pathname) {
    case "/":
      return redirect("/dashboard");
    case "/login":
    case "/sso-login":
      return html(200, loginPage(searchParams));
    case "/trigger-saml-sso":
      return startSignIn(context, url.search);
    case "/okta-initiate-login":
      return startFromOkta(context, searchParams.get("accountId") ?? "");
    case "/authorization-code/callback":
      return finishSignIn(context, searchParams);
    case "/dashboard":
      return dashboardPage(context.account, cookie ?? "");
    default:
      return html(404, page("Not found", "<h1>Not found</h1>"));
  }
}

function loginPage(query: URLSearchParams): string {
  const message =
    query.get("error") === "unauthorized" ? `<p role="alert">You are not authorized to use this account.</p>` : "";
  return page(
    "Akto sandbox · Sign in",
    `<h1>Sign in to Akto</h1>${message}
<form><label>Work email <input type="email" name="email" autocomplete="email" required></label>
<button>Sign in with SSO</button></form>
<script>${startByEmail}</script>`,
  );
}

// The address is put together by hand, as the real page does: a form would send %40 for the @, which Akto doesn't decode.
const startByEmail = `document.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const invitation = location.search.replace("?", "&");
  location.href = "/trigger-saml-sso?email=" + event.target.email.value + invitation;
});`;

function dashboardPage(account: AktoAccount, cookie: string): DashboardAnswer {
  const session = new RegExp(`(?:^|; )${sessionCookie}=([^;]*)`).exec(cookie)?.[1] ?? "";
  const login = account.sessions.get(session) ?? "";
  const member = account.rights.get(login, () => account.members.get(login));
  if (!member) return redirect("/login");
  const role = member.scopeRoleMapping
    ? Array.from(
        member.scopeRoleMapping,
        ([product, granted]) => `${product}: ${roleLabel(granted === defaultRoleName ? defaultRoleId : granted)}`,
      ).join(", ")
    : roleLabel(member.role ?? defaultRoleId);
  return html(
    200,
    page(
      "Akto sandbox",
      `<h1>Akto</h1><p>Signed in as ${escapeHtml(member.login)}.</p><p>Role: ${escapeHtml(role)}</p>`,
    ),
  );
}
