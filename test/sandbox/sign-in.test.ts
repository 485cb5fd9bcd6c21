import { describe, expect, test } from "vitest";
import { invitationCode } from "../../src/sandbox/akto/sign-in.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { logins } from "../../src/sandbox/seed.ts";
import { Visitor } from "../../src/sandbox/visitor.ts";

const mapping = new Map([
  ["Akto Developers", "DEVELOPER"],
  ["AppSec Contractors", "GUEST"],
]);

/** Runs `work` on a sandbox of its own, with Okta SSO set up in Akto. */
async function withSandbox(options: SandboxOptions, work: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({
    ...options,
    seed: { ...options.seed, akto: { mapping, ...options.seed?.akto } },
  });
  try {
    await work(sandbox);
  } finally {
    await sandbox.close();
  }
}

const atAkto = ({ akto }: Sandbox, email: string) => `${akto.url}/trigger-saml-sso?email=${email}`;
const fromOkta = ({ akto }: Sandbox) => `${akto.url}/okta-initiate-login?accountId=${akto.accountId}`;

/** The address of Okta that a way in leads to. */
async function authorizeUrl(start: string): Promise<URL> {
  const response = await fetch(start, { redirect: "manual" });
  expect(response.status).toBe(302);
  return new URL(response.headers.get("location") ?? "", start);
}

const call = ({ akto }: Sandbox, action: string, body: object = {}) =>
  fetch(`${akto.url}/api/${action}`, {
    method: "POST",
    headers: { "x-api-key": akto.apiKey },
    body: JSON.stringify(body),
  });

async function team({ akto }: Sandbox): Promise<Map<string, { role: string; isInvitation?: boolean }>> {
  const response = await fetch(`${akto.url}/api/getTeamData`, {
    method: "POST",
    headers: { "x-api-key": akto.apiKey },
    body: "{}",
  });
  const users = (await response.json()) as { login: string; role: string }[];
  return new Map(users.map((user) => [user.login, user]));
}

describe("a sign-in to Akto", () => {
  test("asks Okta for openid, email and profile, without PKCE, and with a nonce only when Okta starts it", () =>
    withSandbox({}, async (sandbox) => {
      const own = await authorizeUrl(atAkto(sandbox, logins.developer));
      expect(own.origin + own.pathname).toBe(`${sandbox.okta.url}/oauth2/default/v1/authorize`);
      expect(Object.fromEntries(own.searchParams)).toEqual({
        client_id: sandbox.okta.clientId,
        redirect_uri: `${sandbox.akto.url}/authorization-code/callback`,
        response_type: "code",
        scope: "openid email profile",
        state: btoa(JSON.stringify({ accountId: String(sandbox.akto.accountId) })),
      });
      const theirs = await authorizeUrl(fromOkta(sandbox));
      expect([...theirs.searchParams.keys()]).toEqual([...own.searchParams.keys(), "nonce"]);
    }));

  test("gives a new user the default role first, and the resolved one from the second time on", () =>
    withSandbox({}, async (sandbox) => {
      const priya = new Visitor();
      expect((await priya.signIn(atAkto(sandbox, logins.developer), logins.developer)).page?.text).toContain(
        "Role: Security Engineer",
      );
      expect((await team(sandbox)).get(logins.developer)?.role).toBe("SECURITY ENGINEER");
      expect((await priya.open(fromOkta(sandbox))).page?.text).toContain("Role: Developer");
      expect((await team(sandbox)).get(logins.developer)?.role).toBe("DEVELOPER");
      const marek = new Visitor();
      await marek.signIn(fromOkta(sandbox), logins.contractor);
      await marek.open(fromOkta(sandbox));
      expect((await team(sandbox)).get(logins.contractor)?.role).toBe("GUEST");
      const wei = "wei.zhang@brightwell.example";
      expect((await team(sandbox)).get(wei)?.isInvitation).toBe(true);
      await new Visitor().signIn(fromOkta(sandbox), wei);
      expect((await team(sandbox)).get(wei)?.isInvitation).toBeUndefined();
    }));

  test("works without an email on a self-hosted Akto, whose state is the bare account id", () =>
    withSandbox({ seed: { akto: { deployment: "self-hosted", accountId: 1_000_000 } } }, async (sandbox) => {
      const start = `${sandbox.akto.url}/trigger-saml-sso`;
      expect((await authorizeUrl(start)).searchParams.get("state")).toBe("1000000");
      expect((await new Visitor().signIn(start, logins.admin)).page?.text).toContain("Role: Security Engineer");
    }));

  test("is turned away for another account's state, another account's tile, a bad code and another email domain", () =>
    withSandbox({}, async (sandbox) => {
      const { akto } = sandbox;
      const state = btoa(JSON.stringify({ accountId: String(akto.accountId) }));
      const priya = new Visitor({ stopAt: ({ searchParams }) => searchParams.has("code") });
      const back = await priya.signIn(fromOkta(sandbox), logins.developer);
      const goodCode = back.url.searchParams.get("code");
      for (const query of [
        `code=x&state=${btoa('{"accountId":"7"}')}`,
        "code=x&state=%00",
        `code=x&state=${state}`,
        `error=access_denied&state=${state}`,
        `code=${goodCode}&state=${btoa('{"accountId":"7"}')}`,
      ]) {
        expect((await authorizeUrl(`${akto.url}/authorization-code/callback?${query}`)).pathname).toBe("/login");
      }
      expect((await authorizeUrl(back.url.href)).pathname).toBe("/dashboard");
      expect((await authorizeUrl(`${akto.url}/okta-initiate-login?accountId=7`)).pathname).toBe("/sso-login");
      expect((await authorizeUrl(atAkto(sandbox, "ana@other.example"))).pathname).toBe("/login");
    }));

  test("needs the email domain of whose key set the SSO up, in upper or lower case", async () => {
    const okta = { users: [{ login: "ana@acme.example", email: "ana@ACME.example" }, { login: "ben@other.example" }] };
    await withSandbox({ seed: { okta, akto: { keyOwner: "boss@Acme.example" } } }, async (sandbox) => {
      const end = async (login: string) => (await new Visitor().signIn(fromOkta(sandbox), login)).url;
      expect((await end("ana@acme.example")).pathname).toBe("/dashboard");
      expect((await end("ben@other.example")).search).toBe("?error=unauthorized");
    });
  });

  test("asks for the first page of a user's groups alone, when the token has none", async () => {
    const login = "ana@acme.example";
    const teams = Array.from({ length: 200 }, (_, index) => ({ name: `Team ${index}`, members: [login] }));
    const authorizationServers = [{ id: "default", name: "default" }];
    for (const [groups, role] of [
      [[...teams.slice(2), { name: "Owners", members: [login] }], "ADMIN"],
      [[...teams, { name: "Owners", members: [login] }], "MEMBER"],
    ] as const) {
      const okta = { users: [{ login }], groups, authorizationServers };
      const akto = { mapping: new Map([["Owners", "ADMIN"]]), members: [{ login, role: "GUEST" }] };
      await withSandbox({ seed: { okta, akto } }, async (sandbox) => {
        await new Visitor().signIn(fromOkta(sandbox), login);
        expect((await team(sandbox)).get(login)?.role).toBe(role);
      });
    }
  });

  test("leads nowhere with an empty authorization server id: the address has two slashes", () =>
    withSandbox({ seed: { akto: { sso: { authorisationServerId: "" } } } }, async (sandbox) => {
      const url = await authorizeUrl(atAkto(sandbox, logins.developer));
      expect(url.pathname).toBe("/oauth2//v1/authorize");
      expect((await fetch(url)).status).toBe(404);
    }));

  test("starts by the email's domain in exactly the letters of the key's owner, and without decoding", async () => {
    const okta = { users: [{ login: "ana@acme.example" }] };
    await withSandbox({ seed: { okta, akto: { keyOwner: "boss@Acme.example" } } }, async (sandbox) => {
      const leadsTo = async (email: string) => (await authorizeUrl(atAkto(sandbox, email))).pathname;
      expect(await leadsTo("anybody@Acme.example")).toBe("/oauth2/default/v1/authorize");
      for (const email of ["ana@acme.example", "anybody%40Acme.example", "Acme.example", "", "anybody@"]) {
        expect(await leadsTo(email)).toBe("/login");
      }
    });
  });

  test("fails on a client secret with a + or a %, which Akto sends as they are", async () => {
    for (const [clientSecret, end] of [
      ["a-client-secret-of-letters", "/dashboard"],
      ["a-client-secret-with-a+sign", "/login"],
      ["a-client-secret-with-%41", "/login"],
    ] as const) {
      const options = { seed: { okta: { apps: [{ label: "Akto", clientSecret }] as const } } };
      await withSandbox(options, async (sandbox) => {
        expect((await new Visitor().signIn(fromOkta(sandbox), logins.developer)).url.pathname).toBe(end);
      });
    }
  });

  test("gives who has a login in another account the role at the first sign-in", () =>
    withSandbox({ seed: { akto: { mapping, elsewhere: [logins.developer] } } }, async (sandbox) => {
      const { page } = await new Visitor().signIn(fromOkta(sandbox), logins.developer);
      expect(page?.text).toContain("Role: Developer");
      expect((await team(sandbox)).get(logins.developer)?.role).toBe("DEVELOPER");
    }));

  test("gives who follows an invitation the access that it says, which no role outranks", async () => {
    const login = logins.developer;
    const link = `&signupInvitationCode=${invitationCode(login)}&signupEmailId=${login}`;
    for (const [invitation, products, shown] of [
      [{ login, role: "GUEST" }, { API: "SECURITY ENGINEER" }, "Role: API: Security Engineer"],
      [{ login, role: "GUEST", scopeRoleMapping: { AGENTIC: "GUEST" } }, { AGENTIC: "GUEST" }, "Role: AGENTIC: Guest"],
    ] as const) {
      await withSandbox({ seed: { akto: { mapping, invitations: [invitation] } } }, async (sandbox) => {
        expect((await team(sandbox)).get(login)).toMatchObject({ isInvitation: true });
        const priya = new Visitor();
        await priya.signIn(atAkto(sandbox, login) + link, login);
        const again = await priya.open(fromOkta(sandbox));
        expect(again.page?.text).toContain(shown);
        expect((await team(sandbox)).get(login)).toMatchObject({ role: "DEVELOPER", scopeRoleMapping: products });
        expect((await team(sandbox)).get(login)).not.toHaveProperty("isInvitation");
      });
    }
    await withSandbox({ seed: { akto: { mapping, invitations: [{ login, role: "GUEST" }] } } }, async (sandbox) => {
      await new Visitor().signIn(`${atAkto(sandbox, login)}&signupInvitationCode=wrong&signupEmailId=${login}`, login);
      expect((await team(sandbox)).get(login)).not.toHaveProperty("scopeRoleMapping");
    });
  });

  test("has a role hold for two minutes after it was read, where the account is to remember", async () => {
    const seed = { akto: { mapping, caches: true, members: [{ login: logins.developer, role: "GUEST" }] } };
    await withSandbox({ seed }, async (sandbox) => {
      const priya = new Visitor();
      const shown = async () => (await priya.open(`${sandbox.akto.url}/dashboard`)).page?.text;
      await priya.signIn(fromOkta(sandbox), logins.developer);
      expect(await shown()).toContain("Role: Developer");
      await call(sandbox, "saveOktaGroupRoleMapping", { oktaGroupToAktoUserRoleMap: { "Akto Developers": "GUEST" } });
      await priya.open(fromOkta(sandbox));
      expect(await shown()).toContain("Role: Developer");
      sandbox.faults.set(["clock-skew=119"]);
      expect(await shown()).toContain("Role: Developer");
      sandbox.faults.set(["clock-skew=125"]);
      expect(await shown()).toContain("Role: Guest");
    });
  });

  test("goes by the SSO of a minute ago, where a self-hosted account is to remember", async () => {
    const seed = { akto: { deployment: "self-hosted" as const, caches: true, sso: {} } };
    await withSandbox({ seed }, async (sandbox) => {
      const path = async () => (await authorizeUrl(fromOkta(sandbox))).pathname;
      expect(await path()).toBe("/oauth2/default/v1/authorize");
      await call(sandbox, "deleteOktaSso");
      expect(await path()).toBe("/oauth2/default/v1/authorize");
      sandbox.faults.set(["clock-skew=65"]);
      expect(await path()).toBe("/sso-login");
    });
  });

  test("ends when the SSO is removed", () =>
    withSandbox({}, async (sandbox) => {
      const { akto } = sandbox;
      const priya = new Visitor();
      await priya.signIn(fromOkta(sandbox), logins.developer);
      expect((await priya.open(`${akto.url}/dashboard`)).url.pathname).toBe("/dashboard");
      await fetch(`${akto.url}/api/deleteOktaSso`, { method: "POST", headers: { "x-api-key": akto.apiKey } });
      expect((await priya.open(`${akto.url}/dashboard`)).url.pathname).toBe("/login");
      expect((await authorizeUrl(fromOkta(sandbox))).pathname).toBe("/sso-login");
    }));
});

test("two sandboxes run side by side, a taken port is named, and closing frees it", async () => {
  const first = await startSandbox();
  const port = Number(new URL(first.okta.url).port);
  await expect(startSandbox({ port })).rejects.toMatchObject({ code: "sandbox.port_in_use" });
  await expect(startSandbox({ aktoPort: port })).rejects.toMatchObject({ code: "sandbox.port_in_use" });
  await first.close();
  const second = await startSandbox({ port });
  expect(new URL(second.okta.url).port).toBe(String(port));
  await second.close();
});

test("a seed whose app names a group that it does not have is refused, and frees the ports", async () => {
  const seed = { okta: { apps: [{ label: "Akto", groups: ["Nobody"] }] } };
  await expect(startSandbox({ seed })).rejects.toMatchObject({
    code: "sandbox.seed_invalid",
    message: expect.stringContaining("Nobody"),
  });
});

test("a seed with its own people has none of the default ones, and an admin where it names none", async () => {
  const okta = {
    users: [{ login: "ana@acme.example" }],
    groups: [{ name: "Akto Admins", members: ["ana@acme.example"] }],
  };
  const own = new Map([["Akto Admins", "ADMIN"]]);
  await withSandbox({ seed: { okta, akto: { mapping: own } } }, async (sandbox) => {
    expect(sandbox.users.map(({ login }) => login)).toEqual(["ana@acme.example", "okta.admin@acme.example"]);
    const ana = new Visitor();
    await ana.signIn(fromOkta(sandbox), "ana@acme.example");
    expect((await ana.open(fromOkta(sandbox))).page?.text).toContain("Role: Admin");
  });
});
