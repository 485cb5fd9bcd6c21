/** What goes wrong at the sign-in itself, and is best seen in Okta's System Log. */
import { credentials, logins } from "../seed.ts";
import { app, claim, group, okta, type Scenario, token, user } from "./change.ts";

export const recordedScenarios: readonly Scenario[] = [
  {
    name: "sign-on-policy-denies",
    summary: "The app's authentication policy denies the group Akto Developers.",
    change: (seed) =>
      okta(app(seed, { signOnPolicy: "Akto" }), {
        signOnPolicies: [
          { name: "Akto", rules: [{ name: "No developers", access: "DENY", groups: ["Akto Developers"] }] },
        ],
      }),
  },
  {
    name: "claim-not-evaluated",
    summary: "The groups claim is an expression that Okta can't evaluate: its limit is over 100.",
    change: (seed) => claim(seed, { valueType: "EXPRESSION", value: 'Groups.startsWith("OKTA", "Akto", 1000)' }),
  },
  {
    name: "group-taken-away",
    summary: "An hour ago, an admin removed a developer from the group that the app is assigned through.",
    change: (seed) => {
      const assigned = app(seed, { groups: ["Akto Admins", "Akto Security", "Akto Developers", "AppSec Contractors"] });
      const others = seed.okta.groups.find(({ name }) => name === "Akto Developers")?.members ?? [];
      return okta(group(assigned, "Akto Developers", { members: others.filter((one) => one !== logins.developer) }), {
        past: [
          { kind: "sign-in", user: logins.developer, minutesAgo: 180 },
          {
            kind: "membership",
            change: "remove",
            user: logins.developer,
            group: "Akto Developers",
            by: logins.admin,
            minutesAgo: 60,
          },
          { kind: "sign-in", user: logins.developer, minutesAgo: 30, unassigned: true },
        ],
      });
    },
  },
  {
    name: "log-unreadable",
    summary: "The admin's API token belongs to an API Access Management admin, who can't see the System Log.",
    change: (seed) =>
      token(user(seed, logins.accountant, { roles: ["API_ACCESS_MANAGEMENT_ADMIN"] }), credentials.token, {
        owner: logins.accountant,
      }),
  },
];
