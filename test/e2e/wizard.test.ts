import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, freePort, run, temporaryFolder } from "../program.ts";
import { ctrlC, down, enter, type Screen, start, up } from "../pty.ts";
import { nothingYet } from "../usecases/provision/world.ts";
import { byHand, throughConsole, withoutApp } from "../wizard.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** All that Okta and Akto hold that a setup could write. */
async function held({ okta, akto }: Sandbox): Promise<string> {
  const headers = { authorization: `SSWS ${okta.token}` };
  const get = async (path: string) => (await fetch(okta.url + path, { headers })).text();
  const post = async (action: string) =>
    (
      await fetch(`${akto.url}/api/${action}`, {
        method: "POST",
        body: "{}",
        headers: { "X-API-KEY": akto.apiKey, "content-type": "application/json" },
      })
    ).text();
  return JSON.stringify([
    await get("/api/v1/apps"),
    await get("/api/v1/groups"),
    await get("/api/v1/authorizationServers/default/claims"),
    await get("/api/v1/authorizationServers/default/policies"),
    await post("fetchOktaSso"),
  ]);
}

describe("the wizard in a terminal", () => {
  it("goes by hand from the first screen to the last, and asks wrong answers again", async () => {
    const env = environment(temporaryFolder());
    const screen = start(["sso", "setup"], env);
    await screen.shows("What you need:");
    await screen.shows("https://help.okta.com/");
    await screen.shows("https://docs.akto.io/");
    await byHand(screen);
    await screen.answer("? Akto URL:", `${sandbox.akto.url}/dashboard/observe${enter}`);
    await screen.shows(`The Akto URL is ${sandbox.akto.url}: what came after the host`);
    await screen.answer("? Akto account id", String(sandbox.akto.accountId) + enter);
    await screen.answer("? Akto API key", sandbox.akto.apiKey + enter);
    await screen.shows("Akto accepts the key; the account has no SSO yet.");
    await screen.shows("Step 2 of 6");
    await throughConsole(screen);
    for (const uri of ["authorization-code/callback", `okta-initiate-login?accountId=${sandbox.akto.accountId}`])
      expect(screen.text()).toContain(`${sandbox.akto.url}/${uri}`);
    await screen.answer("? Okta domain", `acme${enter}`);
    await screen.shows("“acme” is not a full host name. Did you mean acme.okta.com?");
    screen.type(`\u0015${sandbox.okta.url}/app/UserHome${enter}`);
    await screen.shows("what came after it belongs to a page of the org, and was dropped.");
    await screen.shows("An Okta org answers");
    await screen.answer("? Okta authorization server id:", `${sandbox.okta.url}/oauth2/default${enter}`);
    await screen.shows("That is the issuer URL, not the authorization server's id. Use “default”.");
    screen.type(`\u0015default${enter}`);
    await screen.answer("? Okta client id:", sandbox.okta.clientId + enter);
    await screen.answer("? Okta client secret:", `not-the-secret${enter}`);
    await screen.shows("Okta refused the client secret.");
    await screen.answer("❯ Change the client secret", enter);
    await screen.answer("? Okta client secret", sandbox.okta.clientSecret + enter);
    await screen.shows("Okta accepts the client id and secret.");
    await screen.answer("? Okta API token", `00nobodys-token${enter}`);
    await screen.answer("❯ Change the Okta API token", enter);
    await screen.answer("? Okta API token", sandbox.okta.token + enter);
    await screen.shows("Ines Duarte");
    await screen.answer("❯ ◯ Everyone", "developers");
    await screen.answer("❯ ◯ Akto Developers", enter);
    await screen.answer("❯ Continue with 1 group", enter);
    // Admin is the first role that is free; each says what it may do.
    await screen.shows("❯ Admin");
    await screen.answer("everything, users and settings included", enter);
    await screen.answer("❯ None", enter);
    await screen.shows("Review: nothing has been written yet");
    await screen.shows("nothing: what is set up there is used as it is");
    await screen.shows("+ Okta SSO");
    await screen.shows("+ “Akto Developers” → Admin");
    await screen.shows("Okta API token that Akto stores: none");
    await screen.shows("+ the client secret, Okta API token of this setup, and Akto API key");
    await screen.shows(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "secrets", "default.json"));
    await screen.shows("Whose role changes");
    await screen.shows(
      "1 person new to Akto: Admin instead of Security Engineer, from their second sign-in on (Priya Raman)",
    );
    await screen.answer("❯ Do all of this", enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.shows("Okta would start a sign-in for Akto");
    await screen.shows("1 group mapped.");
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);

    for (const secret of [sandbox.okta.token, sandbox.okta.clientSecret, sandbox.akto.apiKey])
      expect(screen.text()).not.toContain(secret);
    const status = await run(["sso", "status", "--json"], env);
    expect(JSON.parse(status.stdout)).toMatchObject({
      akto: { connected: true, configured: true, agrees: true, managementApiToken: false },
      mapping: { akto: 1, profile: 1 },
    });
  });

  it("makes the app, the claim, the access policy and groups itself, and nothing of it before the review", async () => {
    const own = await startSandbox({ seed: nothingYet });
    onTestFinished(() => own.close());
    const before = await held(own);
    const env = environment(temporaryFolder());
    const screen = start(["sso", "setup", "--app-label", "Akto for us"], env);
    await screen.answer("❯ Create it for me", enter);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await screen.answer("? Akto URL:", nobody + enter);
    await screen.shows("could not be reached: it refused the connection");
    await screen.answer("❯ Check again", down);
    await screen.answer("❯ Change the Akto URL", enter);
    // What was typed stands there to be corrected.
    await screen.answer(`? Akto URL: ${nobody}`, `\u0015${own.akto.url}${enter}`);
    await screen.answer("? Akto account id", String(own.akto.accountId) + enter);
    await screen.answer("? Akto API key", own.akto.apiKey + enter);
    await screen.answer("? Okta domain", own.okta.url + enter);
    await screen.answer("? Okta API token:", own.okta.token + enter);
    await screen.shows("Authorization server: default, the only one that is active in the org.");
    await screen.answer("❯ Everyone in the org", down);
    await screen.answer("❯ The members of certain groups", enter);
    await screen.answer("❯ ◯ Everyone", `Finance${enter}Engineering${enter}`);
    await screen.answer("❯ Continue with 2 groups", enter);
    await screen.answer("? Should users also be able to start from Okta's dashboard", `y${enter}`);
    // A group that Okta doesn't have yet, and that the claim would hold back.
    await screen.answer("❯ ◯ Everyone", "Night Watch");
    await screen.answer("❯ ◯ Create the group “Night Watch”", enter);
    await screen.answer("❯ Continue with 1 group", enter);
    await screen.answer("❯ Admin", enter);
    await screen.answer("❯ None", enter);
    await screen.shows("Review: nothing has been written yet");
    for (const line of [
      "+ the group “Night Watch”",
      "+ the app “Akto for us”",
      "start from Okta's dashboard: opens the initiate login URI",
      "shown on Okta's dashboard: yes",
      "+ the app is assigned to “Finance”",
      "+ the app is assigned to “Engineering”",
      "groups whose name starts with “Night Watch”",
      "+ Okta SSO",
      "client id: that of the new app",
      "+ “Night Watch” → Admin",
    ])
      await screen.shows(line);
    await screen.shows("❯ Do all of this");
    expect(screen.text()).not.toMatch(/okta\.app|onDashboard|pkceRequired/);
    expect(await held(own)).toBe(before);
    screen.type(enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.shows("Okta accepts the client id and secret.");
    await screen.shows("Okta would start a sign-in for Akto");
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    const exported = parse((await run(["sso", "export"], env)).stdout);
    expect(exported).toMatchObject({
      okta: { app: { label: "Akto for us", assignments: ["Engineering", "Finance"], initiateLogin: true } },
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
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await screen.answer("❯ Create it for me", down);
    await screen.answer("❯ Use an existing one", enter);
    await screen.answer("❯ Payroll", down);
    await screen.answer("❯ Old Akto", enter);
    await screen.shows("The app “Old Akto” is assigned to “Engineering”.");
    await screen.answer("❯ Whoever can now", enter);
    await screen.answer("❯ ◯ Everyone", up);
    await screen.answer("❯ Continue without mapping a group", enter);
    await screen.answer("❯ None", enter);
    await screen.shows("~ the app");
    await screen.shows(`sign-in redirect URIs: ${own.akto.url}/authorization-code/callback added`);
    await screen.shows("requires PKCE, which Akto does not send: yes → no");
    await screen.answer("❯ Do all of this", enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(parse((await run(["sso", "export"], env)).stdout)).toMatchObject({
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
    const screen = start(["sso", "setup"], withoutApp(environment(temporaryFolder(), own)));
    await screen.answer("❯ Create it for me", enter);
    await screen.shows("Akto already signs in with the app “Akto”: that one is used.");
    await screen.answer("❯ Whoever can now", enter);
    await screen.answer("❯ ◯ Everyone", up);
    await screen.answer("❯ Continue without mapping a group", enter);
    await screen.answer("❯ The one it stores now", enter);
    await screen.shows("In Okta, ");
    await screen.shows("nothing: everything is there already");
    await screen.shows("In Akto, ");
    await screen.shows("nothing: everything is there already");
    await screen.answer("❯ Do all of this", enter);
    await screen.shows("Akto already has exactly this configuration.");
    await screen.answer("? Try a sign-in now", ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("puts another SSO in the place of the one that Akto has, when the review is agreed to, and keeps the mapping", async () => {
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
    const atReview = async (screen: Screen) => {
      await screen.shows("~ Okta SSO is removed and added again");
      await screen.shows(`client id: 0oasomeotherapp00001 → ${own.okta.clientId}`);
      await screen.shows("which signs every user of the account out of Akto.");
      return screen;
    };
    const left = start(["sso", "setup"], env);
    await byHand(left);
    await throughConsole(left);
    await left.shows("“Akto Admins” → Admin (as it is)");
    await left.answer("❯ ◯ Everyone", up);
    await left.answer("❯ Continue without mapping a group", enter);
    await left.answer("❯ None", enter);
    await atReview(left);
    await left.answer("❯ Do all of this", down + down);
    await left.answer("❯ Stop here", enter);
    await left.shows("Nothing was written in Okta or Akto.");
    await left.shows("Your answers are kept: run `akto-okta sso setup` again to continue.");
    // A choice is no interruption.
    expect(await left.ended).toBe(0);
    expect(left.text()).not.toContain("Interrupted");
    expect(JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).source).toBe("akto");

    const screen = start(["sso", "setup"], env);
    await screen.answer("❯ Continue from there", enter);
    await atReview(screen);
    await screen.answer("❯ Do all of this", enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.shows("1 group mapped.");
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(JSON.parse((await run(["sso", "status", "--json"], env)).stdout).akto).toMatchObject({ agrees: true });
  });

  it("loses nothing on Ctrl-C: the next run shows what was answered, and goes on where the first one was left", async () => {
    const env = environment(temporaryFolder());
    const first = start(["sso", "setup"], env);
    await byHand(first);
    await first.answer("? Akto URL:", sandbox.akto.url + enter);
    await first.answer("? Akto account id", String(sandbox.akto.accountId) + enter);
    await first.answer("? Akto API key", enter);
    await throughConsole(first);
    await first.answer("? Okta domain", sandbox.okta.url + enter);
    await first.answer("? Okta authorization server id:", enter);
    await first.answer("? Okta client id:", sandbox.okta.clientId + enter);
    await first.answer("? Okta client secret:", sandbox.okta.clientSecret + enter);
    await first.answer("? Okta API token", ctrlC);
    await first.shows("Your answers are kept");
    expect(await first.ended).toBe(130);

    // The secret lies apart from the profile, where only its owner reads.
    const profile = readFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "default.json"), "utf8");
    expect(profile).not.toContain(sandbox.okta.clientSecret);

    const second = start(["sso", "setup"], env);
    await second.shows("An unfinished setup was found here:");
    await second.shows(`Client id: ${sandbox.okta.clientId}`);
    await second.shows("Client secret: given");
    await second.answer("❯ Continue from there", enter);
    await second.answer("? Okta API token (Enter to skip):", enter);
    await second.answer("? Group name, exactly as in Okta (Enter to skip):", `Akto Admins${enter}`);
    await second.answer("? Another group (Enter to finish):", enter);
    await second.answer("❯ Admin", enter);
    await second.answer("❯ None", enter);
    await second.answer("❯ Do all of this", enter);
    await second.shows("nothing was sent to Akto. What to enter there:");
    await second.shows("Authorization Server ID  default");
    await second.shows("Group mapping            “Akto Admins” → Admin");
    await second.shows("are saved here; what Akto has is as it was:");
    await second.shows("Once they are in Akto, users can start a sign-in at:");
    await second.answer("? Try a sign-in now", `n${enter}`);
    expect(await second.ended).toBe(0);
    expect(second.text()).not.toContain("is set up for");
    // The steps in the console were not shown again.
    expect(second.text()).not.toContain("Add Claim");
    // What the unfinished setup kept is gone, its secrets too.
    expect(readFileSync(join(env.AKTO_OKTA_CONFIG_DIR ?? "", "secrets", "default.setup.json"), "utf8").trim()).toBe(
      "{}",
    );
    expect(JSON.parse((await run(["sso", "status", "--json"], env)).stdout)).toMatchObject({
      settings: { clientId: { value: sandbox.okta.clientId } },
      mapping: { profile: 1 },
    });
  });

  it("asks for a group and a free role when mapping add has no arguments", async () => {
    const env = environment(temporaryFolder());
    Object.assign(env, { OKTA_CLIENT_ORGURL: sandbox.okta.url, OKTA_CLIENT_TOKEN: sandbox.okta.token });
    expect((await run(["mapping", "add", "Akto Admins", "admin"], env)).exitCode).toBe(0);
    const screen = start(["mapping", "add"], env);
    await screen.shows("? Okta group");
    screen.type("finance");
    await screen.answer("❯ Finance", enter);
    await screen.shows(/Admin.*Akto Admins has it/);
    await screen.answer("❯ Security Engineer", enter);
    expect(await screen.ended).toBe(0);
    expect(JSON.parse((await run(["mapping", "list", "--json"], env)).stdout).mapping).toContainEqual({
      group: "Finance",
      role: "MEMBER",
      label: "Security Engineer",
    });
  });
});
