/** Checks of the app in Okta and of the authorization server's access policies. */
import { askPolicies, describeDenial, rulesFor } from "../access/policy.ts";
import type { OktaApp } from "../model/okta.ts";
import type { UnassignedGroup } from "../picture.ts";
import { takesSecret } from "../plan/app.ts";
import { clean, count, quoted } from "../text.ts";
import { defineCheck, fail, pass, skip, warn } from "./check.ts";
import type { Fix } from "./fix.ts";

const noApp = skip("There is no such app in Okta to look at.");

const appExists = defineCheck({
  id: "app",
  title: "The app exists in Okta and is active",
  remedy: "Compare the client id with the app's General tab in Okta.",
  needs: ["app", "setup"],
  wants: ["probe"],
  check: ({ app, setup, probe }) => {
    if (!app && probe?.kind === "wrong_client") return noApp;
    if (!app) return fail(`No app in Okta has the client id ${quoted(setup.clientId)}.`);
    if (app.active) return pass(`The app is ${quoted(app.label)}.`);
    return probe && probe.kind !== "wrong_client" && probe.kind !== "feature_missing"
      ? warn(`The API token shows the app ${quoted(app.label)} as inactive, though Okta accepts its client id.`, {
          hint: "Look at the app in Okta: it may have been changed a moment ago.",
        })
      : fail(`The app ${quoted(app.label)} is inactive.`, {
          hint: "Activate it in Okta: Applications → the app.",
          fix: { kind: "app.activate", appId: app.id },
        });
  },
});

const grantTypes = defineCheck({
  id: "grant-type",
  title: "The app may use the authorization code grant",
  remedy: "Select “Authorization Code” in Okta: Applications → the app → General → Grant type.",
  needs: ["probe"],
  wants: ["app"],
  check: ({ probe, app }) => {
    const lacks = app && !app.grantTypes.includes("authorization_code");
    if (probe.kind === "ok" && lacks) {
      return warn(
        "Okta accepts Akto's request, though the app that the API token shows lacks the authorization code grant.",
      );
    }
    if (probe.kind === "wrong_grant" || lacks) {
      return fail("The app may not use the authorization code grant, which Akto needs to sign in.", {
        evidence: probe.kind === "wrong_grant" ? "seen" : "told",
        fix: app ? { kind: "app.allow_code_grant", appId: app.id } : undefined,
      });
    }
    return app || probe.kind === "ok"
      ? pass("The app may use the authorization code grant.", probe.kind === "ok" ? {} : { evidence: "told" })
      : skip("Okta turned the request away before it looked at the grant.");
  },
});

const clientAuth = defineCheck({
  id: "client-auth",
  title: "The app authenticates with a client secret",
  remedy: "Choose “Client secret” in Okta: Applications → the app → General → Client Credentials.",
  needs: ["app"],
  check: ({ app }) => {
    if (!app) return noApp;
    if (app.applicationType !== "web") {
      return fail(`The app has the type ${quoted(app.applicationType)}, and Akto needs a web app.`, {
        hint: "Okta can't change an app's type: create a web app with `akto-okta sso setup --create-app`.",
      });
    }
    return takesSecret(app.clientAuthMethod)
      ? pass("The app authenticates with a client secret.")
      : fail(`The app authenticates with ${quoted(app.clientAuthMethod)}, and Akto sends a client secret.`, {
          fix: { kind: "app.use_client_secret", appId: app.id },
        });
  },
});

const dpop = defineCheck({
  id: "dpop",
  title: "The app does not require DPoP-bound tokens, which Akto can't make",
  remedy: "Clear “Require Demonstrating Proof of Possession (DPoP)” in Okta: Applications → the app → General.",
  needs: ["app"],
  check: ({ app }) => {
    if (!app) return noApp;
    return app.dpopRequired
      ? fail("The app requires DPoP-bound tokens, which Akto can't make.", {
          fix: { kind: "app.drop_dpop", appId: app.id },
        })
      : pass("The app does not require DPoP-bound tokens.");
  },
});

const assignments = defineCheck({
  id: "assignments",
  title: "Somebody is assigned to the app",
  remedy: "Assign a group such as Everyone in Okta: Applications → the app → Assignments.",
  needs: ["people"],
  wants: ["app", "unassigned"],
  check: ({ people, app, unassigned }) => {
    if (app?.implicitAssignment) return pass("Everybody in the org can sign in to the app (Federation Broker Mode).");
    const assigned = count(people.users.length, "person", "people");
    if (people.users.length > 0) {
      return pass(`${people.complete ? assigned : `Over ${assigned}`} can sign in to the app.`);
    }
    return fail("Nobody is assigned to the app, so nobody can sign in.", { fix: assign(app, unassigned) });
  },
});

const groupAssignments = defineCheck({
  id: "group-assignments",
  title: "Everyone in a mapped group is assigned to the app",
  remedy: "Assign the mapped groups in Okta: Applications → the app → Assignments.",
  needs: ["people", "unassigned"],
  wants: ["app"],
  check: ({ people, unassigned, app }) => {
    if (app?.implicitAssignment) return pass("Everybody in the org can sign in to the app (Federation Broker Mode).");
    if (people.users.length === 0) return skip("Nobody is assigned to the app.");
    const [first] = unassigned;
    if (!first) return pass("Everyone in a mapped group is assigned to the app.");
    const others = unassigned.length > 1 ? ` The same goes for ${count(unassigned.length - 1, "other group")}.` : "";
    return fail(
      `The group ${quoted(first.name)} is mapped but not assigned to the app: ${clean(first.people[0])} can't sign in.${others}`,
      { fix: assign(app, unassigned) },
    );
  },
});

const assign = (app: OktaApp | null | undefined, groups: readonly UnassignedGroup[] | undefined): Fix | undefined =>
  app && groups?.length
    ? { kind: "app.assign", appId: app.id, groups: groups.map(({ id, name }) => ({ id, name })) }
    : undefined;

const startsFromOkta = defineCheck({
  id: "initiate-login-uri",
  title: "A sign-in from Okta's dashboard starts at this Akto account",
  remedy: "Set it in Okta: Applications → the app → General → Login → Initiate login URI.",
  needs: ["app", "initiateLoginUri"],
  wants: ["setup"],
  check: ({ app, initiateLoginUri: uri, setup }) => {
    if (!app) return noApp;
    const fix =
      setup?.source === "akto"
        ? ({ kind: "app.set_initiate_login", appId: app.id, uri, instead: app.initiateLoginUri } as const)
        : undefined;
    if (app.implicitAssignment) {
      return app.idpInitiatedLogin === "DISABLED"
        ? pass("Sign-in starts only at Akto: an app in Federation Broker Mode is on nobody's dashboard.")
        : warn("The app is in Federation Broker Mode, so it is on nobody's dashboard: no sign-in can start in Okta.", {
            hint: "Let users start at Akto, or turn Federation Broker Mode off and assign the app: Applications → the app → General.",
          });
    }
    if (app.idpInitiatedLogin === "DISABLED") {
      return app.onDashboard
        ? fail(
            "Okta's dashboard shows a tile for the app, and the app starts no sign-in from there: the tile leads to an error.",
            {
              hint: "In Okta: Applications → the app → General → Login initiated by: Either Okta or App; or hide the tile.",
              fix,
            },
          )
        : pass("Sign-in starts only at Akto, as the app is set.");
    }
    if (app.idpInitiatedLogin === "OKTA") {
      return fail("A start from Okta's dashboard sends an ID token to Akto, which Akto does not accept.", {
        hint: "In Okta: Applications → the app → General → Login flow: Redirect to app to initiate login (OIDC Compliant).",
        fix,
      });
    }
    return app.initiateLoginUri === uri
      ? pass("Okta's dashboard starts the sign-in at this Akto account.")
      : fail(`Okta's dashboard starts the sign-in at ${quoted(app.initiateLoginUri ?? "")}, not at ${clean(uri)}`, {
          fix,
        });
  },
});

const accessPolicy = defineCheck({
  id: "access-policy",
  title: "An access policy lets the sign-in through",
  remedy:
    "In Okta: Security → API → the server → Access Policies, add a rule for this app with the authorization code grant and the scopes openid, email, and profile.",
  needs: ["probe", "setup"],
  wants: ["policies", "mappedGroups", "keptOut"],
  check: ({ policies, setup, probe, mappedGroups, keptOut }) => {
    const answer = policies && askPolicies(policies, setup.clientId, null);
    const covered = ({ id }: { readonly id: string }) =>
      askPolicies(policies ?? [], setup.clientId, { userId: "", groupIds: [id] }).kind === "allowed";
    if (answer?.kind === "denied") {
      if (answer.why === "scopes") return skip("What the access policies don't allow is the scopes.");
      return probe.kind === "ok"
        ? warn(
            `Okta doesn't refuse Akto's request, though by the access policies that the API token shows, no sign-in gets through: ${describeDenial(answer)}.`,
            { fix: { kind: "policy.add", serverId: setup.authServerId, clientId: setup.clientId } },
          )
        : fail(`No sign-in gets through: ${describeDenial(answer)}.`, {
            evidence: probe.kind === "access_denied" ? "seen" : "told",
            fix: { kind: "policy.add", serverId: setup.authServerId, clientId: setup.clientId },
          });
    }
    if (probe.kind === "access_denied") return fail(`Okta denies Akto's request: ${quoted(probe.said)}`);
    if (answer) {
      const outside = answer.everyone ? undefined : (mappedGroups ?? []).find(({ groups }) => !groups.every(covered));
      if (outside) {
        return warn(
          `The rule ${quoted(answer.rule)} of ${quoted(answer.policy)} lets only some people in, and nobody for being in the mapped group ${quoted(outside.name)}.`,
          { hint: "Add the mapped groups to the rule in Okta: Security → API → the server → Access Policies." },
        );
      }
      const rule = `The rule ${quoted(answer.rule)} of ${quoted(answer.policy)}`;
      const [first, ...others] = keptOut ?? [];
      if (first !== undefined) {
        const more = others.length > 0 ? ` and ${count(others.length, "other person", "other people")}` : "";
        return warn(`${rule} keeps out ${clean(first)}${more}: assigned to the app, and excluded from the rule.`, {
          hint: "If they are meant to sign in, take them off the rule's exclusions in Okta: Security → API → the server → Access Policies.",
          evidence: "predicted",
        });
      }
      const hooked = rulesFor(policies, setup.clientId).find(({ inlineHook }) => inlineHook !== null);
      if (hooked) {
        return warn(
          `The rule ${quoted(hooked.name)} calls a token inline hook, ${quoted(hooked.inlineHook)}, which can add, change, or remove the groups claim.`,
          { hint: "`akto-okta login test` shows what the token really carries.", evidence: "told" },
        );
      }
      return pass(`${rule} lets the sign-in through.`, { evidence: "told" });
    }
    return probe.kind === "ok"
      ? pass("Okta doesn't deny Akto's request. Whom its access policies let in can't be seen here.")
      : skip("Okta turned the request away before it asked its access policies.");
  },
});

export const appChecks = [
  appExists,
  grantTypes,
  clientAuth,
  dpop,
  assignments,
  groupAssignments,
  startsFromOkta,
  accessPolicy,
];
