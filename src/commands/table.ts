/** Every command, by noun and verb. A command's module is loaded only when it is called. */
import type { CommandTable } from "./program.ts";

export const commandTable: CommandTable = [
  {
    name: "sso",
    summary: "set up, provision, and inspect the single sign-on",
    verbs: [
      { name: "setup", summary: "set up Okta sign-in for Akto, step by step", load: () => import("./sso/setup.ts") },
      {
        name: "status",
        summary: "show what is configured, where, and whether Akto agrees",
        load: () => import("./sso/status.ts"),
      },
      {
        name: "plan",
        summary: "show how things differ from the file, and what apply would do",
        load: () => import("./sso/plan.ts"),
      },
      { name: "apply", summary: "make Okta and Akto match the file", load: () => import("./sso/apply.ts") },
      { name: "export", summary: "write the live SSO to a file", load: () => import("./sso/export.ts") },
      {
        name: "remove",
        summary: "remove the SSO from Akto, and from Okta if asked",
        load: () => import("./sso/remove.ts"),
      },
    ],
  },
  {
    name: "groups",
    summary: "the Okta org's groups",
    verbs: [
      { name: "list", summary: "list the org's groups", load: () => import("./groups/list.ts") },
      { name: "create", summary: "create a group in Okta", load: () => import("./groups/create.ts") },
    ],
  },
  {
    name: "mapping",
    summary: "which Okta group gets which Akto role",
    verbs: [
      { name: "list", summary: "show the mapping", load: () => import("./mapping/list.ts") },
      { name: "add", summary: "give a role to a group", load: () => import("./mapping/add.ts") },
      { name: "remove", summary: "remove a group's role", load: () => import("./mapping/remove.ts") },
      {
        name: "import",
        summary: "replace the mapping with the one in a file",
        load: () => import("./mapping/import.ts"),
      },
      { name: "export", summary: "write out the mapping", load: () => import("./mapping/export.ts") },
    ],
  },
  {
    name: "login",
    summary: "which role a user gets, and why",
    verbs: [
      {
        name: "test",
        summary: "sign in for real and show the role Akto would give",
        load: () => import("./login/test.ts"),
      },
      {
        name: "explain",
        summary: "explain a user's role without a sign-in",
        load: () => import("./login/explain.ts"),
      },
      {
        name: "preview",
        summary: "list everyone who could sign in, with their roles",
        load: () => import("./login/preview.ts"),
      },
      {
        name: "history",
        summary: "list the sign-ins that Okta recorded, and why some failed",
        load: () => import("./login/history.ts"),
      },
    ],
  },
  {
    name: "doctor",
    summary: "check the whole single sign-on, and say how to fix each problem",
    load: () => import("./doctor.ts"),
  },
  {
    name: "profile",
    summary: "the setups kept here, one for each Akto account",
    verbs: [
      { name: "list", summary: "list the profiles", withoutProfile: true, load: () => import("./profile/list.ts") },
      {
        name: "use",
        summary: "choose the profile to use",
        withoutProfile: true,
        load: () => import("./profile/use.ts"),
      },
      {
        name: "rename",
        summary: "rename a profile, with its secrets",
        withoutProfile: true,
        load: () => import("./profile/rename.ts"),
      },
      {
        name: "delete",
        summary: "delete a profile and its secrets from this machine",
        withoutProfile: true,
        load: () => import("./profile/delete.ts"),
      },
    ],
  },
  {
    name: "secrets",
    summary: "where this profile's secrets are stored",
    verbs: [
      { name: "list", summary: "show what is stored, and where", load: () => import("./secrets/list.ts") },
      {
        name: "move",
        summary: "move the secrets to the keychain or the file",
        load: () => import("./secrets/move.ts"),
      },
      { name: "clear", summary: "delete the secrets", load: () => import("./secrets/clear.ts") },
    ],
  },
  {
    name: "sandbox",
    summary: "run a local Okta org and Akto dashboard",
    withoutProfile: true,
    load: () => import("./sandbox.ts"),
  },
  {
    name: "demo",
    summary: "watch the main job, from start to finish, on a sandbox",
    withoutProfile: true,
    load: () => import("./demo.ts"),
  },
  {
    name: "completion",
    summary: "print a completion script for your shell",
    withoutProfile: true,
    load: () => import("./completion.ts"),
  },
];
