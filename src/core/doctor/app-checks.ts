/** Checks of the app in Okta and of the authorization server's access policies. */
import { askPolicies, describeDenial } from "../access-policy.ts";
import { clean, quoted } from "../text.ts";
import { defineCheck, fail, pass, skip } from "./check.ts";

const noApp = skip("There is no such app in Okta to look at.");

const appExists = defineCheck({
  id: "app",
  title: "The app exists in Okta and is active",
  remedy: "Compare the client id with the app's General tab in Okta.",
  needs: ["app", "setup"],
  check: ({ app, setup }) => {
    if (!app) return fail(`No app in Okta has the client id ${quoted(setup.clientId)}.`);
    return app.active
      ? pass(`The app is ${quoted(app.label)}.`)
      : fail(`The app ${quoted(app.label)} is inactive.`, {
          hint: "Activate it in Okta: Applications → the app.",
          fix: { kind: "app.activate", appId: app.id },
        });
  },
});

const grantTypes = defineCheck({
  id: "grant-type",
  title: "The app may use the authorization code grant",
  remedy: "Tick “Authorization Code” in Okta: Applications → the app → General → Grant type.",
  needs: ["app"],
  check: ({ app }) => {
    if (!app) return noApp;
    return app.grantTypes.includes("authorization_code")
      ? pass("The app may use the authorization code grant.")
      : fail("The app may not use the authorization code grant, by which Akto signs in.", {
          fix: { kind: "app.allow_code_grant", appId: app.id },
        });
  },
});

// Akto sends the secret in the form body; an app set to either way takes both (Okta behaviour).
const secretMethods = new Set(["client_secret_post", "client_secret_basic"]);

const clientAuth = defineCheck({
  id: "client-auth",
  title: "The app authenticates with a client secret",
  remedy: "Choose “Client secret” in Okta: Applications → the app → General → Client Credentials.",
  needs: ["app"],
  check: ({ app }) => {
    if (!app) return noApp;
    return secretMethods.has(app.clientAuthMethod)
      ? pass("The app authenticates with a client secret.")
      : fail(`The app authenticates by ${quoted(app.clientAuthMethod)}, and Akto sends a client secret.`, {
          fix: { kind: "app.use_client_secret", appId: app.id },
        });
  },
});

const dpop = defineCheck({
  id: "dpop",
  title: "The app does not demand DPoP-bound tokens, which Akto can't make",
  remedy: "Untick “Require Demonstrating Proof of Possession (DPoP)” in Okta: Applications → the app → General.",
  needs: ["app"],
  check: ({ app }) => {
    if (!app) return noApp;
    return app.dpopRequired
      ? fail("The app demands DPoP-bound tokens, which Akto can't make.", {
          fix: { kind: "app.drop_dpop", appId: app.id },
        })
      : pass("The app does not demand DPoP-bound tokens.");
  },
});

const assignments = defineCheck({
  id: "assignments",
  title: "Somebody is assigned to the app",
  remedy: "Assign a group such as Everyone in Okta: Applications → the app → Assignments.",
  needs: ["people"],
  check: ({ people }) =>
    people.users.length === 0
      ? fail("Nobody is assigned to the app, so nobody can sign in.")
      : pass(
          `${people.complete ? people.users.length : `Over ${people.users.length}`} people are assigned to the app.`,
        ),
});

const startsFromOkta = defineCheck({
  id: "initiate-login-uri",
  title: "Where Okta's dashboard starts the sign-in, it starts at this Akto account",
  remedy: "Set it in Okta: Applications → the app → General → Login → Initiate login URI.",
  needs: ["app", "initiateLoginUri"],
  check: ({ app, initiateLoginUri: uri }) => {
    if (!app) return noApp;
    if (!app.startsFromOkta) return pass("Sign-in starts at Akto only, by the app's own setting.");
    return app.initiateLoginUri === uri
      ? pass("Okta's dashboard starts the sign-in at this Akto account.")
      : fail(`Okta's dashboard starts the sign-in at ${quoted(app.initiateLoginUri ?? "")}, not at ${clean(uri)}`, {
          fix: { kind: "app.set_initiate_login", appId: app.id, uri },
        });
  },
});

const accessPolicy = defineCheck({
  id: "access-policy",
  title: "An access policy lets the sign-in through",
  remedy:
    "In Okta: Security → API → the server → Access Policies, add a rule for this app with the authorization code grant and the scopes openid, email and profile.",
  needs: ["policies", "setup"],
  wants: ["probe"],
  check: ({ policies, setup, probe }) => {
    const answer = askPolicies(policies, setup.clientId, null);
    if (answer.kind === "denied") {
      return fail(`No sign-in gets through: ${describeDenial(answer)}.`, {
        fix: { kind: "policy.add", serverId: setup.authServerId, clientId: setup.clientId },
      });
    }
    if (probe?.kind === "access_denied") return fail(`Okta denies Akto's request: ${quoted(probe.said)}`);
    return pass(`The rule ${quoted(answer.rule)} of ${quoted(answer.policy)} lets the sign-in through.`);
  },
});

export const appChecks = [appExists, grantTypes, clientAuth, dpop, assignments, startsFromOkta, accessPolicy];
