/**
 * Carries a fix out. Each adds to what is there or sets one value that Akto needs: nothing is deleted, and nothing
 * narrowed but a claim's filter that this tool made itself. What is made is noted in the profile, as provisioning does.
 */

import type { Fix } from "../../core/doctor/fix.ts";
import { Failure } from "../../core/failure.ts";
import type { Mapping } from "../../core/model/akto.ts";
import { withItem } from "../../core/plan/app.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import { quoted } from "../../core/text.ts";
import type { OktaApps } from "../../okta/types.ts";
import { openMapping } from "../mapping/mapping.ts";
import { createLedger, ssoOfSpec } from "../provision/ledger.ts";
import { readLive } from "../provision/live.ts";
import { ensureClaim, ensurePolicy, ensureRule, type OktaRun } from "../provision/okta-steps.ts";
import { insist } from "../world/read.ts";
import type { World } from "../world/world.ts";

/** Makes the change. Throws what Okta, Akto and the profile throw. */
export async function applyFix(world: World, fix: Fix): Promise<void> {
  switch (fix.kind) {
    case "mapping.rename": {
      const { change } = await openMapping(world.context, world.settings);
      await change((mapping) => renamed(mapping, fix.from, fix.to));
      return;
    }
    case "server.activate":
      return insist(await world.org()).authServers.activate(fix.serverId);
    case "claim.add":
    case "claim.mend":
    case "claim.cover":
    case "claim.narrow":
      return ensureClaim(await oktaRun(world, fix.serverId));
    case "policy.add": {
      const run = await oktaRun(world, fix.serverId);
      await ensurePolicy(run);
      return ensureRule(run);
    }
    default:
      return changeApp(insist(await world.org()).apps, insist(await world.setup()).clientId, fix);
  }
}

function renamed(mapping: Mapping, from: string, to: string): Mapping {
  if (!mapping.has(from) || mapping.has(to)) {
    throw new Failure("rule", "doctor.mapping_changed", `The mapping has changed since: ${quoted(from)} stays in it.`, {
      hint: "Run `akto-okta doctor` again.",
    });
  }
  return new Map(Array.from(mapping, ([group, role]) => [group === from ? to : group, role]));
}

/** What provisioning's own steps work on, for the SSO as it is. */
async function oktaRun(world: World, authorizationServerId: string): Promise<OktaRun> {
  const { context, settings } = world;
  const [org, profiles] = await [insist(await world.org()), await context.profiles()];
  const domain = insist(await world.domain());
  const { clientId } = insist(await world.setup());
  const app = insist(await world.app());
  const mapping = insist(await world.mapping());
  const spec: SsoSpec = {
    akto: { url: settings.aktoUrl, accountId: settings.aktoAccountId, syncGroupsToUserTags: undefined },
    okta: {
      domain,
      authorizationServerId,
      createGroups: false,
      app: { label: app?.label ?? clientId, clientId, assignments: [], initiateLogin: undefined },
      groupsClaim: undefined,
    },
    mapping,
  };
  const { live, chosenFilter } = await readLive(spec, { okta: org, akto: null, profiles });
  const own = live.okta?.own ?? new Set<string>();
  return {
    spec,
    okta: org,
    ledger: createLedger(profiles, ssoOfSpec(spec)),
    chosenFilter,
    own,
    clientId: async () => clientId,
  };
}

type AppFix = Extract<Fix, { readonly appId: string }>;

async function changeApp(apps: OktaApps, clientId: string, fix: AppFix): Promise<void> {
  const { appId } = fix;
  switch (fix.kind) {
    case "app.add_redirect_uri":
      await apps.addRedirectUri(appId, fix.uri);
      return;
    case "app.allow_code_grant": {
      const app = await apps.byClientId(clientId);
      await apps.change(appId, {
        grantTypes: withItem(app?.grantTypes ?? [], "authorization_code"),
        responseTypes: withItem(app?.responseTypes ?? [], "code"),
      });
      return;
    }
    case "app.drop_pkce":
      await apps.change(appId, { pkceRequired: false });
      return;
    case "app.drop_dpop":
      await apps.change(appId, { dpopRequired: false });
      return;
    case "app.use_client_secret":
      await apps.change(appId, { clientAuthMethod: "client_secret_post" });
      return;
    case "app.activate":
      return apps.activate(appId);
    case "app.set_initiate_login":
      await apps.change(appId, { initiateLoginUri: fix.uri, idpInitiatedLogin: "SPEC" });
      return;
    case "app.assign":
      for (const { id } of fix.groups) await apps.assignGroup(appId, id);
  }
}
