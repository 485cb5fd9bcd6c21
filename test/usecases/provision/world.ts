/** A sandbox with the clients that provisioning works with, a network that can be made to fail, and a look at it all. */

import { createAktoDashboard } from "../../../src/akto/dashboard.ts";
import type { Profile } from "../../../src/core/model/profile.ts";
import type { StoredSecret } from "../../../src/core/model/secret.ts";
import type { SsoSpec } from "../../../src/core/plan/spec.ts";
import { readSpec } from "../../../src/core/plan/spec-read.ts";
import { createHttpClient } from "../../../src/http/client.ts";
import type { HttpClient } from "../../../src/http/types.ts";
import { createOktaOrg } from "../../../src/okta/org.ts";
import type { OktaOrg } from "../../../src/okta/types.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import type { SandboxSeed } from "../../../src/sandbox/types.ts";
import type { ProfileStore, SecretStore } from "../../../src/store/types.ts";
import { applyPlan, keepApplied, makePlan, type PlanRequest } from "../../../src/usecases/provision/apply.ts";
import type { Clients, ManagementToken } from "../../../src/usecases/provision/clients.ts";
import { parseSpecTree } from "../../../src/usecases/provision/file.ts";

/** An org and a dashboard where nothing of the SSO exists yet. */
export const nothingYet: SandboxSeed = {
  okta: {
    apps: [{ label: "Payroll", redirectUris: ["https://payroll.example/callback"] }],
    authorizationServers: [{ id: "default", name: "default", claims: [], policies: [] }],
  },
};

/** A secret store in memory. */
export function memorySecrets(): SecretStore {
  const kept = new Map<string, StoredSecret>();
  return {
    description: "memory",
    get: async (name) => kept.get(name),
    set: async (name, secret) => {
      kept.set(name, secret);
    },
    bind: async (name, owner) => {
      const secret = kept.get(name);
      if (secret && !secret.owner) kept.set(name, { ...secret, owner });
    },
    delete: async (name) => {
      kept.delete(name);
    },
  };
}

/** A profile store in memory. */
export function memoryProfiles(profile: Profile = {}): ProfileStore {
  let kept = profile;
  return {
    directory: "/nowhere",
    name: "default",
    path: "/nowhere/default.json",
    read: async () => kept,
    update: async (change) => {
      kept = JSON.parse(JSON.stringify(change(kept)));
      return kept;
    },
    remove: async () => {
      kept = {};
    },
    alone: (work) => work(),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** @param seed what the sandbox starts with; {@link nothingYet} unless given */
export async function openWorld(seed: SandboxSeed = nothingYet) {
  const sandbox = await startSandbox({ seed });
  const { okta, akto } = sandbox;
  const http = createHttpClient();
  const connect = (through: HttpClient) => ({
    okta: createOktaOrg({ origin: okta.url, token: okta.token, http: through }),
    akto: createAktoDashboard({ url: akto.url, apiKey: akto.apiKey, http: through }),
  });
  const direct = connect(http);

  return {
    sandbox,
    http,
    ...direct,
    clients: (profiles: ProfileStore, through: HttpClient = http): Clients => ({ ...connect(through), profiles }),
    /** A document for this sandbox; `okta` and `mapping` are YAML of these sections, indented by two. */
    spec: async (okta = "", mapping = "", aktoPart = ""): Promise<SsoSpec> => {
      const text = `akto:\n  url: ${akto.url}\n  accountId: ${akto.accountId}\n${aktoPart}\nokta:\n  domain: ${new URL(sandbox.okta.url).host}\n${okta}\nmapping:\n${mapping === "" ? "  {}" : mapping}\n`;
      return readSpec(await parseSpecTree(text, "akto-okta.yaml"), "akto-okta.yaml", null);
    },
    snapshot: () => snapshot(direct.okta, direct.akto),
  };
}

/** How a test runs `sso apply`. */
export interface RunOptions extends PlanRequest {
  readonly managementToken?: ManagementToken;
  readonly secrets?: ReadonlyMap<string, string>;
}

/** Plans and applies, as `sso apply` does. */
export async function apply(spec: SsoSpec, clients: Clients, options: RunOptions = {}) {
  const managementToken = options.managementToken ?? { change: "keep" };
  const planned = await makePlan(spec, clients, { ...options, token: managementToken.change });
  const applied = await applyPlan(planned, clients, {
    secrets: { clientSecret: async (id) => options.secrets?.get(id), managementToken },
    pause: async () => {},
  });
  await keepApplied(planned, clients, applied, memorySecrets());
  return { planned, applied };
}

/** All that provisioning can change, with names in place of ids. */
async function snapshot(okta: OktaOrg, akto: Clients["akto"]) {
  const names = new Map<string, string>();
  const groups: unknown[] = [];
  for await (const { id, name, type } of okta.groups()) {
    names.set(id, `group ${name}`);
    groups.push([name, type]);
  }
  const apps: unknown[] = [];
  for await (const { id, ...app } of okta.apps.all()) {
    names.set(id, `app ${app.label}`);
    names.set(app.clientId, `app ${app.label}`);
    const assigned: string[] = [];
    for await (const group of okta.apps.groups(id)) assigned.push(group.id);
    apps.push({ ...app, assigned: assigned.sort() });
  }
  const servers: unknown[] = [];
  for (const { id } of await okta.authServers.all()) {
    const claims = (await okta.authServers.claims(id)).filter(({ valueType }) => valueType !== "SYSTEM");
    const policies = await okta.authServers.policies(id);
    for (const claim of claims) names.set(claim.id, `claim ${claim.name}`);
    for (const policy of policies) {
      names.set(policy.id, `policy ${policy.name}`);
      for (const rule of policy.rules) names.set(rule.id, `rule ${rule.name}`);
    }
    servers.push({ claims, policies });
  }
  const sso = (await akto?.fetchSso()) ?? null;
  const live = { groups, apps, servers, sso: sso && { ...sso, mapping: [...sso.mapping].sort() } };
  return { live: named(live, names), named: (value: unknown) => named(value, names) };
}

function named(value: unknown, names: ReadonlyMap<string, string>): unknown {
  let text = JSON.stringify(value);
  for (const [id, name] of names) text = text.replaceAll(JSON.stringify(id), JSON.stringify(name)).replaceAll(id, name);
  return JSON.parse(text);
}
