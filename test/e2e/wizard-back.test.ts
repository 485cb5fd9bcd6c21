import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment, run, temporaryFolder } from "../program.ts";
import { ctrlC, down, enter, escapeKey, type Screen, start, up } from "../pty.ts";
import { nothingYet } from "../usecases/provision/world.ts";
import { withoutApp } from "../wizard.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** Through the wizard to the question for groups and roles, with an app that is there. */
async function toGroups(screen: Screen): Promise<void> {
  await screen.answer("❯ Create it for me", enter);
  await screen.answer("❯ Whoever can now", enter);
  await screen.shows("❯ ◯ Everyone");
}

/** On, without a group, to the question for Akto's token. */
async function toToken(screen: Screen): Promise<void> {
  await toGroups(screen);
  screen.type(up);
  await screen.answer("❯ Continue without mapping a group", enter);
  await screen.shows("? Which token should Akto store?");
}

/** On to the review, agreed to, with Admin for the group that everybody is in. */
async function agreeToAdminsForAll(screen: Screen): Promise<void> {
  await toGroups(screen);
  screen.type(enter);
  await screen.answer("❯ Continue with 1 group", enter);
  await screen.answer("❯ Admin", enter);
  await screen.answer("❯ None", enter);
  await screen.answer("❯ Do all of this", enter);
}

describe("Escape in the wizard", () => {
  it("goes back from every question to the one before, with its answer at hand", async () => {
    const own = await startSandbox({ seed: nothingYet });
    onTestFinished(() => own.close());
    const env = environment(temporaryFolder());
    const screen = start(["sso", "setup"], env);
    // The first question has nothing before it.
    await screen.answer("❯ Create it for me", escapeKey);
    screen.type(enter);
    const backAndOn = async (from: string, to: string, on: string = enter) => {
      await screen.answer(from, escapeKey);
      await screen.answer(to, on);
      await screen.shows(from);
    };
    await backAndOn("? Akto URL:", "❯ Create it for me");
    screen.type(own.akto.url + enter);
    await backAndOn("? Akto account id", `? Akto URL: ${own.akto.url}`);
    screen.type(String(own.akto.accountId) + enter);
    await backAndOn("? Akto API key", "? Akto account id");
    screen.type(own.akto.apiKey + enter);
    await backAndOn("? Okta domain", "? Akto API key (Enter keeps …-key)");
    screen.type(own.okta.url + enter);
    await backAndOn("? Okta API token", `? Okta domain, such as acme.okta.com: ${own.okta.url}`);
    screen.type(own.okta.token + enter);
    await backAndOn("❯ Everyone in the org", "? Okta API token (Enter keeps …0001)");
    screen.type(down);
    await screen.answer("❯ The members of certain groups", enter);
    await backAndOn("❯ ◯ Everyone", "❯ The members of certain groups");
    screen.type(`Finance${enter}`);
    // A second time it is in already, and stays in.
    await screen.answer("❯ Continue with 1 group", `Finance${enter}Payments Team${enter}`);
    await screen.answer("❯ Continue with 2 groups", enter);
    await backAndOn("? Should users also be able to start from Okta's dashboard", "❯ Continue with 2 groups");
    screen.type(`n${enter}`);
    await backAndOn("❯ ◯ Everyone", "? Should users also be able to start from Okta's dashboard");
    screen.type(`Akto Admins${enter}`);
    await screen.answer("❯ Continue with 1 group", enter);
    await backAndOn("❯ Admin", "❯ Continue with 1 group");
    screen.type(enter);
    await backAndOn("❯ None", "❯ Admin");
    screen.type(enter);
    await backAndOn("❯ Do all of this", "❯ None");
    screen.type(enter);
    await screen.shows("Okta SSO is active in Akto");
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(parse((await run(["sso", "export"], env)).stdout)).toMatchObject({
      okta: { app: { assignments: ["Finance", "Payments Team"] } },
      mapping: { "Akto Admins": "ADMIN" },
    });
  });

  it("goes back out of a check that failed, and looks again only at what has changed", async () => {
    const screen = start(["sso", "setup"], environment(temporaryFolder()));
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("? Akto URL:", sandbox.akto.url + enter);
    await screen.answer("? Akto account id", `7${enter}`);
    await screen.answer("? Akto API key", `nobodys-key-1234${enter}`);
    await screen.answer("❯ Change the Akto API key", escapeKey);
    await screen.answer("? Akto API key", escapeKey);
    await screen.answer("? Akto account id (in Akto under Settings → About): 7", escapeKey);
    await screen.answer(`? Akto URL: ${sandbox.akto.url}`, ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text().match(/A server answers at/g)).toHaveLength(1);
  });
});

describe("the wizard's review", () => {
  it("lets any answer be changed, and asks nothing again that still stands", async () => {
    const env = withoutApp(environment(temporaryFolder(), sandbox));
    const { AKTO_ACCOUNT_ID: _, ...asked } = env;
    const screen = start(["sso", "setup"], asked);
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("? Akto account id", `7${enter}`);
    await screen.answer("❯ Whoever can now", enter);
    await screen.answer("❯ ◯ Everyone", up);
    await screen.answer("❯ Continue without mapping a group", enter);
    await screen.answer("❯ None", enter);
    await screen.shows("account 7");
    await screen.answer("❯ Do all of this", down);
    await screen.answer("❯ Change an answer", enter);
    await screen.answer("❯ App in Okta: Create it for me", down);
    await screen.answer("❯ Akto account id: 7", enter);
    await screen.answer("? Akto account id (in Akto under Settings → About): 7", `\u00151712345678${enter}`);
    await screen.shows("account 1712345678");
    await screen.answer("❯ Do all of this", ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("comes back, unchanged, from the list of answers and from a name to type when Escape is pressed there", async () => {
    const screen = start(["sso", "setup"], withoutApp(environment(temporaryFolder(), sandbox)));
    await agreeToAdminsForAll(screen);
    await screen.answer("? Type the group's name to confirm (Enter to cancel):", escapeKey);
    await screen.answer("❯ Do all of this", down);
    await screen.answer("❯ Change an answer", enter);
    await screen.answer("❯ App in Okta: Create it for me", escapeKey);
    await screen.answer("❯ Do all of this", ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text()).not.toContain("activate the SSO in Akto");
  });

  it("asks before it gives a high role to most of the org", async () => {
    const screen = start(["sso", "setup"], withoutApp(environment(temporaryFolder(), sandbox)));
    await agreeToAdminsForAll(screen);
    await screen.shows("“Everyone” is the whole org (8 people), and this gives Admin to each of them.");
    await screen.answer("? Type the group's name to confirm", enter);
    await screen.answer("❯ Do all of this", ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text()).not.toContain("activate the SSO in Akto");
  });
});

describe("the wizard's questions", () => {
  it("stand under one title a step, however often somebody goes back within it", async () => {
    const screen = start(["sso", "setup"], withoutApp(environment(temporaryFolder(), sandbox)));
    await toGroups(screen);
    screen.type(enter);
    await screen.answer("❯ Continue with 1 group", enter);
    await screen.answer("❯ Admin", escapeKey);
    await screen.answer("❯ Continue with 1 group", enter);
    await screen.answer("❯ Admin", escapeKey);
    await screen.answer("❯ Continue with 1 group", ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text().match(/Step 4 of 6/g)).toHaveLength(1);
  });

  it("take the host of any page of the org's, and say so", async () => {
    const { AKTO_OKTA_CLIENT_ID: _, OKTA_CLIENT_ORGURL: __, ...env } = environment(temporaryFolder(), sandbox);
    const screen = start(["sso", "setup"], env);
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("? Okta domain", enter);
    await screen.answer("The Okta domain is empty.", `${sandbox.okta.url}/admin/dashboard${enter}`);
    await screen.shows(`The Okta domain is ${new URL(sandbox.okta.url).host}: what came after it belongs to a page`);
    await screen.answer("❯ Whoever can now", ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("list a group that is to be created, so that it can be taken out again", async () => {
    const screen = start(["sso", "setup"], withoutApp(environment(temporaryFolder(), sandbox)));
    await toGroups(screen);
    screen.type("Akto Testers");
    await screen.answer("❯ ◯ Create the group “Akto Testers”", enter);
    await screen.shows("Chosen: Akto Testers (new)");
    await screen.answer("❯ Continue with 1 group", down);
    await screen.answer("❯ ◉ Create the group “Akto Testers”", enter);
    await screen.shows("❯ ◯ Everyone");
    expect(screen.text()).not.toContain("Chosen");
    screen.type(ctrlC);
    expect(await screen.ended).toBe(130);
  });

  it("say nothing of variables and flags where an answer is asked for again", async () => {
    const { AKTO_API_KEY: _, ...env } = environment(temporaryFolder(), sandbox);
    const screen = start(["sso", "setup"], env);
    await screen.answer("❯ Create it for me", enter);
    await screen.answer("? Akto API key", `nobodys-key-1234${enter}`);
    await screen.answer("❯ Change the Akto API key", ctrlC);
    expect(await screen.ended).toBe(130);
    expect(screen.text()).toContain("Create one in Akto under Settings → Integrations → Akto API, as an Admin.");
    expect(screen.text()).not.toContain("AKTO_API_KEY");
  });
});

describe("the wizard with an app that everybody may use", () => {
  it("says so, and takes Everyone off only when that is asked for", async () => {
    const own = await startSandbox();
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await screen.answer("❯ Create it for me", enter);
    await screen.shows("The app “Akto” already exists, so it is used. It is assigned to Everyone, so everybody");
    await screen.answer("❯ Whoever can now", down);
    await screen.answer("❯ The members of certain groups", enter);
    await screen.answer("❯ ◯ Everyone", `Finance${enter}`);
    await screen.answer("❯ Continue with 1 group", enter);
    await screen.shows("The app is also assigned to Everyone: everybody can sign in, whatever groups you choose.");
    await screen.shows("then only the members of Finance can sign in");
    await screen.answer("❯ Remove it from the app", enter);
    await screen.answer("❯ ◯ Everyone", up);
    await screen.answer("❯ Continue without mapping a group", enter);
    await screen.answer("❯ None", enter);
    await screen.shows("+ the app is assigned to “Finance”");
    await screen.shows("- the app's assignment to “Everyone”");
    await screen.answer("❯ Do all of this", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(parse((await run(["sso", "export"], env)).stdout)).toMatchObject({
      okta: { app: { assignments: ["Finance"] } },
    });
  });

  it("is told in a plan, which never takes an assignment away", async () => {
    const env = environment(temporaryFolder(), sandbox);
    const exported = (await run(["sso", "export"], env)).stdout;
    const narrowed = exported.replace(/assignments:(?:\n\s+- .*| \[.*\])/, 'assignments: ["Finance"]');
    const plan = await run(["sso", "plan", "-f", "-", "--json"], env, narrowed);
    expect(JSON.parse(plan.stdout).warnings).toContainEqual(
      expect.stringContaining("The app is also assigned to Everyone: everybody can sign in"),
    );
    expect(JSON.parse(plan.stdout).summary.remove).toBe(0);
  });
});

describe("a setup that fails once it is being done", () => {
  it("says why, comes back to the review, and does the rest on the next try", async () => {
    const own = await startSandbox();
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await toToken(screen);
    await screen.answer("❯ None", enter);
    await screen.shows("❯ Do all of this");
    own.faults.set(["403,times=1,path=/api/v1/apps"]);
    screen.type(enter);
    await screen.shows("Not done:");
    await screen.shows("- activate the SSO in Akto");
    await screen.answer("❯ Do all of this", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    const { akto } = JSON.parse((await run(["sso", "status", "--json"], env)).stdout);
    expect(akto).toMatchObject({ configured: true, agrees: true });
  });
});

describe("a setup that is left where it can't go on", () => {
  it("ends as what was in its way, says how to go on, and keeps the answers", async () => {
    const own = await startSandbox();
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup", "--profile", "staging"], env);
    await toToken(screen);
    await screen.answer("❯ None", enter);
    await screen.shows("❯ Do all of this");
    own.faults.set(["403,times=1,path=/api/v1/apps"]);
    screen.type(enter);
    await screen.shows("Not done:");
    await screen.answer("❯ Do all of this", up);
    await screen.shows("what was done stays; the answers are kept");
    await screen.answer("❯ Stop here", enter);
    await screen.shows("✗ The setup stopped there.");
    await screen.shows("Your answers are kept: run `akto-okta sso setup --profile staging` again to continue.");
    expect(await screen.ended).toBe(4);
    const next = start(["sso", "setup", "--profile", "staging"], env);
    await next.answer("❯ Continue from there", enter);
    await next.answer("❯ Do all of this", ctrlC);
    expect(await next.ended).toBe(130);
  });
});

describe("the Okta token that Akto keeps", () => {
  const stored = async (env: Record<string, string>) =>
    JSON.parse((await run(["sso", "status", "--json"], env)).stdout).akto.managementApiToken;

  it.each([
    ["none", [enter], false],
    ["the setup's own", [down, down, enter], true],
  ] as const)("is %s when that is chosen", async (_, keys, expected) => {
    const own = await startSandbox();
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await toToken(screen);
    for (const [index, key] of keys.entries()) {
      await screen.answer(["❯ None", "❯ Another one", "❯ The one from this setup"][index] ?? "", key);
    }
    await screen.answer("❯ Do all of this", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(await stored(env)).toBe(expected);
  });

  it("may be another one with fewer rights, which is tried first and kept by Akto alone", async () => {
    const reader = "00read-only-token-of-ines-duarte-0000009999";
    const own = await startSandbox({
      seed: { okta: { apiTokens: [{ token: reader, name: "reader", owner: "ines.duarte@brightwell.example" }] } },
    });
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await toToken(screen);
    await screen.answer("❯ None", down);
    await screen.shows("sign in to Okta as a Read-only Administrator");
    screen.type(enter);
    await screen.answer("? Okta API token for Akto", `00nobodys-token-at-all${enter}`);
    await screen.shows("Okta did not accept the API token");
    await screen.answer("❯ Change the token with fewer rights", enter);
    await screen.answer("? Okta API token for Akto", reader + enter);
    await screen.shows("+ the Okta API token that you chose, for Akto to store");
    await screen.answer("❯ Do all of this", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(screen.text()).not.toContain(reader);
    expect(await stored(env)).toBe(true);
    const kept = JSON.parse((await run(["secrets", "list", "--json"], env)).stdout);
    expect(JSON.stringify(kept)).not.toContain("9999");
  });

  it("stays when Akto has one, unless that is changed", async () => {
    const own = await startSandbox({ aktoConfigured: true });
    onTestFinished(() => own.close());
    const env = withoutApp(environment(temporaryFolder(), own));
    const screen = start(["sso", "setup"], env);
    await toToken(screen);
    await screen.answer("❯ The one it stores now", down);
    await screen.answer("❯ None: remove the one it stores", enter);
    await screen.shows("- the Okta API token that Akto stores");
    await screen.answer("❯ Do all of this", enter);
    await screen.answer("? Try a sign-in now", `n${enter}`);
    expect(await screen.ended).toBe(0);
    expect(await stored(env)).toBe(false);
  });
});
