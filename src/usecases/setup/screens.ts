/** What the wizard tells an admin to do in Okta, in the order of the dashboard's own steps. */
import { initiateLoginUri, loopbackPort, loopbackRedirectUri, redirectUri } from "../../core/address.ts";
import { clean } from "../../core/text.ts";

/** One step that an admin does in the Okta console. */
export interface Screen {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** The steps in Okta, with the exact values to copy. */
export function oktaScreens(aktoUrl: string, accountId: number | undefined): readonly Screen[] {
  const initiate = accountId === undefined ? undefined : initiateLoginUri(aktoUrl, accountId);
  return [
    {
      id: "app",
      title: "the app",
      lines: [
        "Applications → Applications → Create App Integration: OIDC, Web Application.",
        "  App integration name   Akto",
        "  Grant type             Authorization Code",
        "  Sign-in redirect URIs  both of these:",
        `    ${clean(redirectUri(aktoUrl))}`,
        `    ${loopbackRedirectUri(loopbackPort)}   (for \`akto-okta login test\`)`,
        "  Assignments            the groups or people who may sign in to Akto",
        "  Leave PKCE and DPoP off: Akto sends neither.",
        ...(initiate === undefined
          ? []
          : [
              "To let sign-ins start from Okta's dashboard as well:",
              "  Login initiated by     Either Okta or App",
              "  Application visibility Display application icon to users",
              "  Login flow             Redirect to app to initiate login",
              "  Initiate login URI",
              `    ${clean(initiate)}`,
            ]),
      ],
    },
    {
      id: "claim",
      title: "the groups claim",
      lines: [
        "Security → API → Authorization Servers → your server, such as default → Claims → Add Claim:",
        "  Name                   groups",
        "  Include in token type  Access Token, Always (not ID Token: Akto never looks there)",
        "  Value type             Groups",
        "  Filter                 Starts with, Akto (or whatever your groups' names start with)",
        "  Include in             Any scope",
        "Keep the filter narrow: for a user with over 100 matching groups, Okta may issue no token. Imported groups (from Active Directory, LDAP, or an app) don't pass a filter; they need an expression.",
      ],
    },
    {
      id: "access",
      title: "the access policy",
      lines: [
        "The server's Access Policies need a rule that lets this app in:",
        "  Grant type             Authorization Code",
        "  Scopes                 openid, email, profile",
        "If Security → API shows no Authorization Servers, the org lacks API Access Management: no groups claim can be added there, and Akto's sign-in may not work at all. The next step finds out.",
      ],
    },
    {
      id: "token",
      title: "an API token (optional)",
      lines: [
        "Security → API → Tokens → Create token.",
        "With one, this tool searches for groups and checks their names. Whether Akto gets one is asked later.",
      ],
    },
  ];
}
