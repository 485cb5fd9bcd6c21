/** Checks of the addresses and ids that Akto was given, and of what answers there. None needs a token. */
import { askPolicies, describeDenial } from "../access/policy.ts";
import { coversUri } from "../access/redirect-uris.ts";
import { aktoScopes, parseAuthServerId, parseOktaDomain } from "../address.ts";
import { takesSecret } from "../plan/app.ts";
import { clean, listed, quoted } from "../text.ts";
import { defineCheck, fail, pass, refusal, skip, warn } from "./check.ts";

const domain = defineCheck({
  id: "okta-domain",
  title: "The Okta domain is a bare host, and not the admin console's",
  remedy: "Give Akto the bare host, such as acme.okta.com.",
  needs: ["setup"],
  check: ({ setup }) => {
    try {
      // What the settings here have is what the Okta org is asked at, whatever Akto has.
      if (setup.ownDomain !== undefined) parseOktaDomain(setup.ownDomain);
      const { host } = parseOktaDomain(setup.domain);
      return host === setup.domain.trim().toLowerCase()
        ? pass(`The Okta domain is ${clean(host)}.`)
        : fail(`The Okta domain is stored as ${quoted(setup.domain)}, and Akto puts https:// before it itself.`, {
            hint: `Use the bare host: ${clean(host)}.`,
          });
    } catch (error) {
      const { message, hint } = refusal(error);
      return fail(message, { hint });
    }
  },
});

const authServerId = defineCheck({
  id: "auth-server-id",
  title: "The authorization server field holds an id, not a URL or an audience",
  remedy: "Use the id from Okta: Security → API → Authorization Servers; the built-in one is “default”.",
  needs: ["setup"],
  check: ({ setup }) => {
    try {
      return pass(`The authorization server is ${quoted(parseAuthServerId(setup.authServerId))}.`);
    } catch (error) {
      const { message, hint } = refusal(error);
      return fail(message, { hint });
    }
  },
});

const issuer = defineCheck({
  id: "issuer",
  title: "The authorization server answers, under its own name",
  remedy: "Compare the domain and the authorization server's id with Okta: Security → API → Authorization Servers.",
  needs: ["issuer"],
  check: ({ issuer: fact }) => {
    if (fact.kind === "ok") return pass(`The issuer ${clean(fact.issuer)} answers.`);
    return fact.kind === "failed"
      ? fail(fact.message, { hint: fact.hint })
      : warn(`${fact.message} Akto doesn't mind.`, { hint: fact.hint });
  },
});

const clientId = defineCheck({
  id: "client-id",
  title: "Okta knows the client id",
  remedy: "Copy the client id from the app's General tab in Okta; the app must be active.",
  needs: ["probe", "setup"],
  wants: ["app"],
  check: ({ probe, setup, app }) => {
    if (app && !app.active && stopped(probe.kind)) {
      return skip("The app is inactive, so Okta no longer knows its client id.");
    }
    if (probe.kind === "wrong_client") return fail(`Okta doesn't know the client ${quoted(setup.clientId)}.`);
    if (probe.kind === "feature_missing") return skip("The org accepts no sign-in at custom authorization servers.");
    return pass(`Okta knows the client ${clean(setup.clientId)}.`);
  },
});

const redirectUri = defineCheck({
  id: "redirect-uri",
  title: "Akto's exact redirect URI is among the app's",
  remedy: "Add it in Okta: Applications → the app → General → Login → Sign-in redirect URIs. Every character counts.",
  needs: ["probe", "setup"],
  wants: ["app"],
  check: ({ probe, setup, app }) => {
    const uri = setup.redirectUri;
    const registered = app && coversUri(app, uri);
    const looked = !stopped(probe.kind);
    if (probe.kind !== "wrong_redirect_uri" && registered !== false) {
      return !looked && registered === undefined
        ? skip("Okta turned the request away before it looked at the redirect URI.")
        : pass(`The app has Akto's redirect URI ${clean(uri)}`, looked ? {} : { evidence: "told" });
    }
    if (looked && probe.kind !== "wrong_redirect_uri") {
      return warn(
        `Okta accepts Akto's redirect URI ${clean(uri)}, though the app that the API token shows doesn't have it.`,
        {
          hint: contradiction,
        },
      );
    }
    const near = app?.redirectUris.find((other) => fold(other) === fold(uri));
    return fail(
      near === undefined
        ? `The app does not have Akto's redirect URI ${clean(uri)}`
        : `The app has ${clean(near)}, and Akto sends ${clean(uri)}: they must match exactly.`,
      // Without Akto's own word the address may be no more than the default.
      {
        evidence: looked ? undefined : "told",
        fix: app && setup.source === "akto" ? { kind: "app.add_redirect_uri", appId: app.id, uri } : undefined,
      },
    );
  },
});

/** What to do where Okta's answer to a sign-in and its API differ. */
const contradiction =
  "Okta's answer to the sign-in counts. Look at the app in Okta: it may have been changed a moment ago, or its settings may not all be visible to this API token.";

/** Whether Okta came no further than the client id. */
const stopped = (kind: string) => kind === "wrong_client" || kind === "feature_missing";
const fold = (uri: string) =>
  uri
    .toLowerCase()
    .replace(/(?<!\/)\/+$/, "")
    .replace(/^http:/, "https:");

const pkce = defineCheck({
  id: "pkce",
  title: "The app does not require PKCE, which Akto does not send",
  remedy: "Clear “Require PKCE as additional verification” in Okta: Applications → the app → General.",
  needs: ["probe"],
  wants: ["app"],
  check: ({ probe, app }) => {
    if (probe.kind === "ok" && app?.pkceRequired) {
      return warn("Okta accepts Akto's request without PKCE, though the app that the API token shows requires it.", {
        hint: contradiction,
      });
    }
    if (probe.kind === "pkce_required" || app?.pkceRequired) {
      return fail("The app requires PKCE, which Akto does not send.", {
        evidence: probe.kind === "pkce_required" ? "seen" : "told",
        fix: app ? { kind: "app.drop_pkce", appId: app.id } : undefined,
      });
    }
    return app || !(stopped(probe.kind) || probe.kind === "wrong_redirect_uri")
      ? pass("The app does not require PKCE.", probe.kind === "ok" ? {} : { evidence: "told" })
      : skip("Okta turned the request away before it looked for PKCE.");
  },
});

const scopes = defineCheck({
  id: "scopes",
  title: "The authorization server grants the scopes openid, email, and profile",
  remedy:
    "In Okta: Security → API → the server: its Scopes tab must have openid, email, and profile, and a rule of its Access Policies must allow them.",
  needs: ["probe", "setup"],
  wants: ["policies"],
  check: ({ probe, setup, policies }) => {
    const answer = policies && askPolicies(policies, setup.clientId, null);
    if (answer?.kind === "denied" && answer.why === "scopes") {
      if (probe.kind === "ok") {
        return warn(
          `Okta accepts the scopes that Akto asks for, though by the access policies that the API token shows ${describeDenial(answer)}.`,
        );
      }
      return fail(`No sign-in gets through: ${describeDenial(answer)}.`, {
        evidence: probe.kind === "access_denied" ? "seen" : "told",
        fix: { kind: "policy.add", serverId: setup.authServerId, clientId: setup.clientId },
      });
    }
    switch (probe.kind) {
      case "ok":
        return pass("Okta accepts the scopes that Akto asks for.");
      case "invalid_scope":
        return fail(`Okta does not grant the scopes that Akto asks for: ${quoted(probe.said)}`);
      case "error":
        return fail(`Okta refuses Akto's request: ${quoted(probe.said)}`, {
          hint: "Okta's System Log (Reports → System Log) says more about the refusal.",
        });
      case "access_denied":
        return skip("Okta turned the request away by its access policies.");
      default:
        return answer?.kind === "allowed"
          ? pass("The access policies allow the scopes that Akto asks for.", { evidence: "told" })
          : skip("Okta turned the request away before it looked at the scopes.");
    }
  },
});

const clientSecret = defineCheck({
  id: "client-secret",
  title: "The client secret belongs to the client id",
  remedy: "Copy the secret again from the app's General tab in Okta.",
  needs: ["clientSecret"],
  wants: ["app", "setup"],
  check: ({ clientSecret: fact, app, setup }) => {
    if (fact.kind === "accepted") {
      return pass(
        setup?.source === "akto"
          ? "Okta accepts the client secret given here. Akto's own copy can't be read: a sign-in to Akto shows whether it is the same."
          : "Okta accepts the client secret.",
      );
    }
    return app && (app.applicationType !== "web" || !takesSecret(app.clientAuthMethod))
      ? skip("The app authenticates in another way than by a client secret.")
      : fail(fact.message, { hint: fact.hint });
  },
});

const initiateLogin = defineCheck({
  id: "okta-initiated-login",
  title: "A sign-in that starts in Okta leads to the right app",
  remedy: "Compare the Akto URL, the account id and the SSO configuration in Akto.",
  needs: ["initiateLogin", "setup"],
  check: ({ initiateLogin: fact, setup }) => {
    if (fact.kind === "page") {
      return fail(`Akto answers HTTP ${fact.status} instead of sending the browser to Okta.`);
    }
    if (fact.kind === "elsewhere") {
      return fail(`Akto sends the browser to ${clean(fact.url)}, and not to Okta.`, {
        hint: "Is the account id right, and is Okta SSO set up in that account?",
      });
    }
    const { to, expected } = fact;
    const wrong = [
      ...(to.origin === expected.origin
        ? []
        : [`the domain ${quoted(to.origin)} instead of ${quoted(expected.origin)}`]),
      ...(to.path === expected.path ? [] : [`the path ${quoted(to.path)} instead of ${quoted(expected.path)}`]),
      ...(to.clientId === setup.clientId
        ? []
        : [`the client ${quoted(to.clientId)} instead of ${quoted(setup.clientId)}`]),
      ...(to.redirectUri === setup.redirectUri
        ? []
        : [`the redirect URI ${quoted(to.redirectUri)} instead of ${quoted(setup.redirectUri)}`]),
      ...(to.responseType === "code" ? [] : [`the response type ${quoted(to.responseType)} instead of “code”`]),
      ...(aktoScopes.every((scope) => to.scopes.includes(scope))
        ? []
        : [`the scopes ${quoted(to.scopes.join(" "))} instead of ${quoted(aktoScopes.join(" "))}`]),
      ...(to.state ? [] : ["no state, which tells Akto the account when the browser comes back"]),
    ];
    return wrong.length === 0
      ? pass("A sign-in that starts in Okta leads to the right app.")
      : fail(`A sign-in that starts in Okta has ${listed(wrong)}.`);
  },
});

const startByEmail = defineCheck({
  id: "start-by-email",
  title: "A sign-in starts with the email address as people type it",
  remedy:
    "Let people start from Okta's tile, which names the account, or set the SSO up again as an Admin of that domain.",
  needs: ["startByEmail", "organizationDomain"],
  wants: ["initiateLoginUri"],
  check: ({ startByEmail: { page, domain, leads }, initiateLoginUri }) => {
    const typed = `an address of ${clean(domain)} at ${clean(page)}`;
    const tile = `Let people start ${initiateLoginUri === undefined ? "from Okta's tile" : `at ${clean(initiateLoginUri)} or from Okta's tile`}, which names the account.`;
    if (leads.kind === "okta") return pass(`Anyone who types ${typed} gets to Okta.`);
    if (leads.kind === "elsewhere") {
      return fail(
        `Anyone who types ${typed} gets to ${clean(leads.to)}, not to this Okta app: another Akto account, or a SAML setup, comes first for the domain.`,
        { hint: tile },
      );
    }
    const nowhere = `Anyone who types ${typed} lands back on Akto's login page, with no explanation: Akto finds`;
    return leads.spelled === null
      ? fail(`${nowhere} no SSO for that domain.`, {
          hint: `${tile} Akto goes by the email domain of the API key's owner who set the SSO up, with exactly the same capitals.`,
        })
      : fail(`${nowhere} the SSO only as ${quoted(leads.spelled)}, with exactly these capitals.`, {
          hint: `${tile} Or set the SSO up again, with the API key of an Admin whose login has the domain in lowercase.`,
        });
  },
});

export const addressChecks = [
  domain,
  authServerId,
  issuer,
  clientId,
  redirectUri,
  pkce,
  scopes,
  clientSecret,
  initiateLogin,
  startByEmail,
];
