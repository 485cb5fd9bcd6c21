import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, freePort, run, temporaryFolder } from "../program.ts";
import { ctrlC, down, enter, type Screen, start } from "../pty.ts";
import { nothingYet } from "../usecases/provision/world.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Chooses to do Okta's part by hand. */
async function byHand(screen: Screen): Promise<void> {
  await screen.answer("❯ Create it for me", down);
  await screen.answer("❯ Use an existing one", down);
  await screen.answer("❯ I'll do it by hand", enter);
}

/** The wizard up to the question for the client id. */
async function firstSteps(screen: Screen): Promise<void> {
  await byHand(screen);
  await screen.answer("? Akto URL:", sandbox.akto.url + enter);
  await screen.answer("? Akto account id", String(sandbox.akto.accountId) + enter);
  for (const title of [
    "Create the app in Okta",
    "Add the groups claim",
    "Create an API token",
    "Check API Access Management",
  ]) {
    await screen.shows(title);
    await screen.answer("? When that is done:", enter);
  }
}

describe("the wizard in a terminal", () => {
  it("goes from the first screen to the last, and asks one wrong answer again", async () => {
    const env = environment(temporaryFolder());
    const screen = start(["sso", "setup"], env);
    await byHand(screen);
    await screen.answer("? Akto URL:", `${sandbox.akto.url}/dashboard/observe${enter}`);
    await screen.shows(`The Akto URL is ${sandbox.akto.url}: what was given after the host`);
    await screen.answer("? Akto account id", String(sandbox.akto.accountId) + enter);
    await screen.shows("Step 2 of 7");
    await screen.shows(`${sandbox.akto.url}/authorization-code/callback`);
    await screen.shows(`${sandbox.akto.url}/okta-initiate-login?accountId=${sandbox.akto.accountId}`);
    await screen.answer("? When that is done:", enter);
    for (let step = 3; step <= 5; step++) {
      await screen.shows(`Step ${step} of 7`);
      await screen.answer("? When that is done:", enter);
    }
    await screen.answer("? Client ID:", sandbox.okta.clientId + enter);
    await screen.answer("? Client Secret:", `not-the-secret${enter}`);
    await screen.answer("? Authorisation Server ID:", `${sandbox.okta.url}/oauth2/default${enter}`);
    await screen.shows("That is the issuer URL, not the authorization server's id. Use “default”.");
    screen.type(`\u0015default${enter}`);
    await screen.answer("? Domain Name:", `acme-admin.okta.com${enter}`);
    await screen.shows("is the admin console");
    screen.type(`\u0015${sandbox.okta.url}${enter}`);
    await screen.shows("An Okta org answers");
    await screen.shows("Okta refused the client secret.");
    await screen.answer("? What now?", enter);
    await screen.answer("? Client Secret:", sandbox.okta.clientSecret + enter);
    await screen.shows("Okta accepts the client id and secret.");
    await screen.answer("? API Token:", `00nobodys-token${enter}`);
    await screen.answer("? What now?", enter);
    await screen.answer("? API Token:", sandbox.okta.token + enter);
    await screen.shows("Ines Duarte");
    await screen.answer("? Akto API key", sandbox.akto.apiKey + enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.answer("? Map a group to a role?", enter);
    await screen.shows("? Okta group (type to search):");
    screen.type("developers");
    await screen.answer("❯ Akto Developers", enter);
    // Admin is the first role that is free.
    await screen.answer("❯ Admin", enter);
    await screen.shows("“Akto Developers” gets Admin.");
    await screen.shows("2 people are affected");
    await screen.answer("? Map another group?", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);

    for (const secret of [sandbox.okta.token, sandbox.okta.clientSecret, sandbox.akto.apiKey])
      expect(screen.text()).not.toContain(secret);
    const status = await run(["sso", "status", "--json"], env);
    expect(JSON.parse(status.stdout)).toMatchObject({
      akto: { connected: true, configured: true, agrees: true },
      mapping: { akto: 1, profile: 1 },
    });
  });

  it("makes the app, the claim and the access policy itself when it is asked to", async () => {
    const own = await startSandbox({ seed: nothingYet });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder());
    const screen = start(["sso", "setup", "--app-label", "Akto for us"], env);
    await screen.answer("❯ Create it for me", enter);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await screen.answer("? Akto URL:", nobody + enter);
    await screen.shows("could not be reached: it refused the connection");
    await screen.answer("? What now?", down + enter);
    await screen.answer("? Akto URL:", own.akto.url + enter);
    await screen.answer("? Akto account id", String(own.akto.accountId) + enter);
    await screen.answer("? Domain Name:", own.okta.url + enter);
    await screen.answer("? API Token:", own.okta.token + enter);
    await screen.answer("? Authorisation Server ID:", `elsewhere${enter}`);
    await screen.shows("shows no authorization server “elsewhere”");
    await screen.answer("? What now?", enter);
    await screen.answer("? Authorisation Server ID:", `default${enter}`);
    await screen.answer("❯ Everyone in the org", down);
    await screen.answer("❯ The members of certain groups", enter);
    await screen.answer("❯ Everyone", "finance");
    await screen.answer("❯ Finance", enter);
    await screen.answer("? Another group?", enter);
    await screen.answer("? Should users be able to start from Okta's dashboard", `y${enter}`);
    await screen.shows(/onDashboard +true/);
    await screen.shows('okta.app.assignments["Finance"]');
    await screen.shows(/STARTS_WITH/);
    await screen.shows(/\d+ to add, \d+ to change, 0 to remove/);
    await screen.answer("? Make these changes in Okta?", `y${enter}`);
    await screen.shows("Okta accepts the client id and secret.");
    await screen.shows("Okta would begin a sign-in for Akto");
    await screen.answer("? Akto API key", own.akto.apiKey + enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.answer("? Map a group to a role?", enter);
    // A group that Okta doesn't have yet, and that the claim holds back.
    await screen.answer("? Okta group", "Night Watch");
    await screen.answer("❯ Create the group “Night Watch”", enter);
    await screen.answer("❯ Admin", enter);
    await screen.answer("? Map another group?", enter);
    await screen.shows("okta.groupsClaim.value  akto → Night Watch");
    await screen.answer("so that the mapped groups reach Akto?", `y${enter}`);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    const exported = parse((await run(["sso", "export"], env)).stdout);
    expect(exported).toMatchObject({
      okta: { app: { label: "Akto for us", assignments: ["Finance"], initiateLogin: true } },
      mapping: { "Night Watch": "ADMIN" },
    });
    const status = JSON.parse((await run(["sso", "status", "--json"], env)).stdout);
    expect(status.settings.clientId.value).not.toBe(own.okta.clientId);
    expect(status.akto).toMatchObject({ configured: true, agrees: true });
  });

  it("mends the app that is chosen of those there are, and touches no other", async () => {
    const payroll = { label: "Payroll", redirectUris: ["https://payroll.example/callback"] };
    const old = { label: "Old Akto", clientId: "0oaoldakto0000000001", groups: ["Engineering"], pkceRequired: true };
    const own = await startSandbox({
      seed: { okta: { apps: [payroll, { ...old, redirectUris: ["https://old.example/callback"] }] } },
    });
    onTestFinished(() => own.close());
    const { AKTO_OKTA_CLIENT_ID: _, AKTO_OKTA_CLIENT_SECRET: __, ...env } = environment(temporaryFolder(), own);
    const screen = start(["sso", "setup"], env as Record<string, string>);
    await screen.answer("❯ Create it for me", down);
    await screen.answer("❯ Use an existing one", enter);
    await screen.answer("❯ Payroll", down);
    await screen.answer("❯ Old Akto", enter);
    await screen.shows(`${own.akto.url}/authorization-code/callback`);
    await screen.shows(/pkceRequired +true → false/);
    await screen.shows(/\d+ to add, \d+ to change, 0 to remove/);
    await screen.answer("? Make these changes in Okta?", `y${enter}`);
    await screen.shows("Okta SSO is active in Akto");
    await screen.answer("? Map a group to a role?", `n${enter}`);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(parse((await run(["sso", "export"], env as Record<string, string>)).stdout)).toMatchObject({
      okta: { app: { label: "Old Akto", clientId: old.clientId, assignments: ["Engineering"] } },
    });
    const answer = await fetch(`${own.okta.url}/api/v1/apps`, { headers: { authorization: `SSWS ${own.okta.token}` } });
    const apps = (await answer.json()) as { settings: { oauthClient: { redirect_uris: string[] } } }[];
    expect(apps.map(({ settings }) => settings.oauthClient.redirect_uris)).toEqual([
      payroll.redirectUris,
      ["https://old.example/callback", `${own.akto.url}/authorization-code/callback`],
    ]);
  });

  it("takes the app that Akto signs in with already rather than make another", async () => {
    const own = await startSandbox({ aktoConfigured: true });
    onTestFinished(() => own.close());
    const { AKTO_OKTA_CLIENT_ID: _, AKTO_OKTA_CLIENT_SECRET: __, ...env } = environment(temporaryFolder(), own);
    const screen = start(["sso", "setup"], env as Record<string, string>);
    await screen.answer("❯ Create it for me", enter);
    await screen.shows("Akto signs in with the app “Akto” already: that one is taken.");
    await screen.shows("The app, its claim and its access policy are as they have to be.");
    await screen.shows("Akto has just this configuration already.");
    await screen.answer("? Map a group to a role?", ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("puts another SSO in the place of the one that Akto has, when it is told to, and keeps the mapping", async () => {
    const own = await startSandbox({
      seed: {
        akto: {
          sso: { clientId: "0oasomeotherapp00001", managementApiToken: null },
          mapping: new Map([["Akto Admins", "ADMIN"]]),
        },
      },
    });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder(), own);
    const replacing = async (answer: string): Promise<Screen> => {
      const screen = start(["sso", "setup"], env);
      if (answer === "n") {
        await byHand(screen);
        for (let step = 2; step <= 5; step++) {
          await screen.shows(`Step ${step} of 7`);
          await screen.answer("? When that is done:", enter);
        }
      } else await screen.answer("Go on with it?", enter);
      await screen.shows("Akto has another Okta configuration: the client id is “0oasomeotherapp00001” there");
      await screen.shows("which signs every user of the account out of Akto.");
      await screen.answer("? Remove it from Akto and add the new one?", answer + enter);
      return screen;
    };
    const left = await replacing("n");
    await left.shows("that and keeps the mapping");
    expect(await left.ended).toBe(3);
    const screen = await replacing("y");
    await screen.shows("Okta SSO is active in Akto");
    await screen.shows("“Akto Admins” → Admin");
    await screen.answer("? Map another group?", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(JSON.parse((await run(["sso", "status", "--json"], env)).stdout).akto).toMatchObject({ agrees: true });
  });

  it("loses nothing on Ctrl-C: the next run goes on where the first one was left", async () => {
    const env = environment(temporaryFolder());
    const first = start(["sso", "setup"], env);
    await firstSteps(first);
    await first.answer("? Client ID:", sandbox.okta.clientId + enter);
    await first.answer("? Client Secret:", sandbox.okta.clientSecret + enter);
    await first.answer("? Authorisation Server ID:", ctrlC);
    await first.shows("Your answers are kept");
    expect(await first.ended).toBe(130);

    // The secret lies apart from the profile, where only its owner reads.
    const profile = readFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "default.json"), "utf8");
    expect(profile).not.toContain(sandbox.okta.clientSecret);

    const second = start(["sso", "setup"], env);
    await second.answer("Go on with it?", enter);
    await second.shows(`Client id: ${sandbox.okta.clientId}`);
    await second.answer("? Authorisation Server ID:", enter);
    await second.answer("? Domain Name:", sandbox.okta.url + enter);
    await second.answer("? API Token:", enter);
    await second.answer("? Akto API key", enter);
    await second.shows("nothing was sent to Akto");
    await second.shows("Authorisation Server ID  default");
    await second.answer("? Map a group to a role?", `n${enter}`);
    await second.answer("? Try a sign-in now", `n${enter}`);
    expect(await second.ended).toBe(0);
    // What the unfinished setup kept is gone, its secrets too.
    expect(readFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "secrets", "default.setup.json"), "utf8").trim()).toBe(
      "{}",
    );
    expect(JSON.parse((await run(["sso", "status", "--json"], env)).stdout).settings.clientId.value).toBe(
      sandbox.okta.clientId,
    );
  });

  it("asks for a group and a free role when mapping add has no arguments", async () => {
    const env = environment(temporaryFolder());
    Object.assign(env, { OKTA_CLIENT_ORGURL: sandbox.okta.url, OKTA_CLIENT_TOKEN: sandbox.okta.token });
    expect((await run(["mapping", "add", "Akto Admins", "admin"], env)).exitCode).toBe(0);
    const screen = start(["mapping", "add"], env);
    await screen.shows("? Okta group");
    screen.type("finance");
    await screen.answer("❯ Finance", enter);
    await screen.shows(/Admin.*given to Akto Admins/);
    await screen.answer("❯ Security Engineer", enter);
    expect(await screen.ended).toBe(0);
    expect(JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).mapping).toContainEqual({
      group: "Finance",
      role: "MEMBER",
      label: "Security Engineer",
    });
  });
});
