/**
 * A local Okta org and a local Akto dashboard: two real HTTP servers on 127.0.0.1, to try the program on and to test
 * against. Published as `akto-okta/sandbox`.
 */
import { redirectUri } from "../core/address.ts";
import { Failure } from "../core/failure.ts";
import { clean } from "../core/text.ts";
import { createAccount } from "./akto/account.ts";
import { createDashboard } from "./akto/dashboard.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createOktaOrg } from "./okta/org.ts";
import type { OktaOrg, OktaState } from "./okta/types.ts";
import { applySeed, credentials, defaultSeed, type WholeSeed } from "./seed.ts";
import { type Listening, listen } from "./server.ts";
import type { Sandbox, SandboxOptions, SandboxUser } from "./types.ts";

export type { OktaSeed } from "./okta/types.ts";
export type {
  AktoInvitationSeed,
  AktoMemberSeed,
  AktoSeed,
  AktoSsoSeed,
  Sandbox,
  SandboxOptions,
  SandboxSeed,
  SandboxUser,
} from "./types.ts";

/**
 * Starts a sandbox.
 *
 * @returns its handle, once both servers answer
 * @throws Failure `sandbox.port_in_use`, `sandbox.port_refused`, `sandbox.scenario_unknown`, `sandbox.fault_invalid`,
 *   `sandbox.seed_invalid`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults = createFaults(options.faults ?? []);
  const certificate = options.tls ? await (await import("./tls.ts")).createCertificate() : null;
  const okta = await listen(options.port ?? 0, certificate);
  let akto: Listening | undefined;
  try {
    akto = await listen(options.aktoPort ?? 0, certificate);
    return await start(options, okta, akto);
  } catch (error) {
    await Promise.all([okta.close(), akto?.close()]);
    throw error;
  }

  async function start(options: SandboxOptions, okta: Listening, akto: Listening): Promise<Sandbox> {
    const seed = await seedFor(options, okta.origin, akto.origin);
    const [app] = seed.okta.apps;
    const [authorizationServer] = seed.okta.authorizationServers;
    const clientId = app.clientId ?? app.id ?? credentials.clientId;
    const clientSecret = app.clientSecret ?? credentials.clientSecret;
    const authServerId = authorizationServer.id ?? "default";

    const org = createOrg(seed, okta.origin, faults);
    const account = createAccount(
      seed.akto,
      credentials.apiKey,
      {
        clientId,
        clientSecret,
        authorisationServerId: authServerId,
        oktaDomain: new URL(okta.origin).host,
        redirectUri: redirectUri(akto.origin),
        managementApiToken: credentials.tokenForAkto,
      },
      faults.now,
    );
    const dashboard = createDashboard(
      account,
      akto.origin,
      { scheme: certificate ? "https" : "http", certificate: certificate?.cert },
      options.log ?? (() => {}),
    );
    okta.serve(faults.between("okta", org.handler));
    akto.serve(faults.between("akto", dashboard.handler));

    const { token, tokenForAkto, apiKey } = credentials;
    return {
      okta: { url: okta.origin, token, tokenForAkto, clientId, clientSecret, authServerId },
      akto: { url: akto.origin, apiKey, accountId: account.id },
      variables: {
        OKTA_CLIENT_ORGURL: okta.origin,
        OKTA_CLIENT_TOKEN: token,
        AKTO_OKTA_AUTH_SERVER_ID: authServerId,
        AKTO_OKTA_CLIENT_ID: clientId,
        AKTO_OKTA_CLIENT_SECRET: clientSecret,
        AKTO_URL: akto.origin,
        AKTO_ACCOUNT_ID: String(account.id),
        AKTO_API_KEY: apiKey,
      },
      users: usersOf(org.state),
      certificate: certificate?.cert ?? null,
      faults: { list: faults.list, set: faults.set },
      close: async () => {
        await Promise.all([okta.close(), akto.close(), dashboard.close()]);
      },
    };
  }
}

function createOrg(seed: WholeSeed, origin: string, { now, logDelay }: Faults): OktaOrg {
  const otherOrigin = origin.replace("127.0.0.1", "localhost");
  try {
    return createOktaOrg({ seed: seed.okta, origin, otherOrigin, now, logDelay });
  } catch (error) {
    throw new Failure("usage", "sandbox.seed_invalid", clean(error instanceof Error ? error.message : error), {
      hint: "Groups and users that an app, a rule or a token names must be in the seed too.",
      cause: error,
    });
  }
}

async function seedFor(options: SandboxOptions, okta: string, akto: string): Promise<WholeSeed> {
  let seed = applySeed(defaultSeed({ okta, akto }), options.seed ?? {});
  if (options.aktoConfigured) seed = { ...seed, akto: { ...seed.akto, sso: seed.akto.sso ?? {} } };
  if (options.scenario === undefined) return seed;
  const { configured, findScenario } = await import("./scenarios/table.ts");
  return findScenario(options.scenario).change(configured(seed), { okta, akto });
}

function usersOf({ users, groups, memberships }: OktaState): SandboxUser[] {
  return Array.from(users.values(), ({ id, profile }) => ({
    id,
    login: profile.login,
    name: `${profile.firstName} ${profile.lastName}`.trim(),
    groups: Array.from(memberships.groupsOf(id), (groupId) => groups.get(groupId)?.name ?? "").filter(Boolean),
  }));
}
