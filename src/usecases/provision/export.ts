/** What is live, as a document. */

import { initiateLoginUri, parseOktaDomain } from "../../core/address.ts";
import type { AktoSso, CustomRole, Mapping } from "../../core/model/akto.ts";
import type { OktaApp } from "../../core/model/okta.ts";
import { liveGroupsClaim } from "../../core/plan/access.ts";
import type { SsoSpec } from "../../core/plan/spec.ts";
import { mappingProblems, sortedMapping } from "../../core/roles/mapping.ts";
import { quoted } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import type { Settings } from "../../settings/settings.ts";
import { localCopy } from "../mapping/local-copy.ts";
import type { Clients } from "./clients.ts";
import { readServer } from "./live.ts";

/** A document, and what could not be read for it. */
export interface Exported {
  readonly spec: SsoSpec;
  readonly notes: readonly string[];
}

/**
 * Reads what is live: the SSO from Akto, else from the profile, and the app and the claim from Okta.
 *
 * @throws Failure `input.missing` when neither Akto nor the settings know of an SSO
 */
export async function exportSso(settings: Settings, { okta, akto, profiles }: Clients): Promise<Exported> {
  const notes: string[] = [];
  const profile = await profiles.read();
  const sso = (await akto?.fetchSso()) ?? null;
  if (!sso)
    notes.push(
      akto
        ? "Akto has no SSO yet: this is what the profile holds."
        : "Akto was not asked: this is what the profile holds.",
    );
  const base = sso ? await fromAkto(settings, sso) : await settings.require("domain", "authServerId", "clientId");
  const mapping = sso?.mapping ?? localCopy(profile, settings);
  notes.push(...oddEntries(mapping, akto ? await akto.customRoles() : null));
  const { aktoUrl: url, aktoAccountId: accountId } = settings;
  const details = okta ? await readDetails(okta, base.clientId, base.authServerId) : null;
  if (!details)
    notes.push("Okta was not asked, or has no such app: its label, assignments, and claim are not in here.");
  const wantedUri = accountId === undefined ? null : initiateLoginUri(url, accountId);
  const app = details?.app;
  return {
    notes,
    spec: {
      akto: {
        url,
        accountId,
        syncGroupsToUserTags: sso ? sso.syncGroupsToUserTags : profile.syncGroupsToUserTags,
      },
      okta: {
        domain: base.domain,
        authorizationServerId: base.authServerId,
        createGroups: false,
        app: {
          label: app?.label,
          clientId: base.clientId,
          assignments: details?.assignments ?? [],
          initiateLogin: app && initiateLogin(app, wantedUri),
        },
        groupsClaim: details?.groupsClaim,
      },
      mapping: sortedMapping(mapping),
    },
  };
}

/** What Akto has and would not accept again: a plan refuses the file until it is fixed. */
function oddEntries(mapping: Mapping, customRoles: readonly CustomRole[] | null): string[] {
  const spaced = [...mapping.keys()].filter((group) => group.trim() !== group);
  return [
    ...mappingProblems(mapping, customRoles).map(({ message }) => `${message} Akto would not save that: fix it here.`),
    ...spaced.map((group) => `${quoted(group)} has spaces around it, so it matches no group in Okta: fix it here.`),
  ];
}

/** Whether the sign-in can start from Okta, if the document can say so. */
function initiateLogin(app: OktaApp, wantedUri: string | null): boolean | undefined {
  if (app.idpInitiatedLogin === "DISABLED") return app.initiateLoginUri === null ? false : undefined;
  return app.idpInitiatedLogin === "SPEC" && app.onDashboard && app.initiateLoginUri === wantedUri ? true : undefined;
}

async function fromAkto(settings: Settings, sso: AktoSso) {
  const known = await settings.domain();
  return {
    // The settings know the org's whole origin where Akto has the bare host.
    domain: known?.host === sso.oktaDomain ? known : parseOktaDomain(sso.oktaDomain),
    authServerId: sso.authorisationServerId,
    clientId: sso.clientId,
  };
}

async function readDetails(okta: OktaOrg, clientId: string, serverId: string) {
  const app = await okta.apps.byClientId(clientId);
  if (!app) return null;
  // Two groups can have the same name, which stands for both here.
  const assignments = new Set<string>();
  for await (const { name } of okta.apps.groups(app.id)) if (name !== null) assignments.add(name);
  const server = await readServer(okta, serverId);
  const claim = server ? liveGroupsClaim(server.claims) : undefined;
  const filter = claim?.valueType === "GROUPS" ? claim.groupFilterType : null;
  const groupsClaim = claim && filter !== null ? { filter, value: claim.value } : undefined;
  return { app, assignments: [...assignments], groupsClaim };
}
