/** The SSO in the Akto dashboard: what it should be, given what it is. */
import { redirectUri } from "../address.ts";
import { Failure } from "../failure.ts";
import type { AktoSso } from "../model/akto.ts";
import { diffMappings, type MappingChange } from "../roles/mapping.ts";
import { clean, count, listed } from "../text.ts";
import type { LiveAkto } from "./live.ts";
import { addressOf, type Change, compareFields, type Step } from "./plan.ts";
import type { SsoSpec } from "./spec.ts";

/** What becomes of the Okta API token that Akto stores: `ensure` stores one where there is none. */
export type TokenChange = "keep" | "ensure" | "replace" | "remove";

/** What of the SSO can't be changed in Akto, only removed and added again. */
export interface AktoConnection {
  readonly clientId: string;
  readonly oktaDomain: string;
  readonly authorisationServerId: string;
  readonly redirectUri: string;
}

/** What stands for a value that is known only once it was made. */
export const knownAfterwards = "(known after apply)";

/** The connection as it should be. */
export function wantedConnection({ akto, okta }: SsoSpec, clientId: string): AktoConnection {
  return {
    clientId,
    oktaDomain: okta.domain.host,
    authorisationServerId: okta.authorizationServerId,
    redirectUri: redirectUri(akto.url),
  };
}

function connectionOf({ clientId, oktaDomain, authorisationServerId, redirectUri }: AktoSso): AktoConnection {
  return { clientId, oktaDomain, authorisationServerId, redirectUri };
}

/** What to type into which field of the dashboard's form, in its order. Nothing secret is in it. */
export function dashboardForm(
  { clientId, authorisationServerId, oktaDomain }: Omit<AktoConnection, "redirectUri">,
  withToken: boolean,
): string[] {
  return [
    `  Client ID                ${clean(clientId)}`,
    "  Client Secret            the app's secret, from its General tab in Okta",
    `  Authorization Server ID  ${clean(authorisationServerId)}`,
    `  Domain Name              ${clean(oktaDomain)}`,
    `  API Token                ${withToken ? "the Okta API token" : "leave it empty"}`,
  ];
}

/** Whether Akto's connection is another than the wanted one. */
export function connectionDiffers(live: AktoSso, wanted: AktoConnection): boolean {
  return compareFields(connectionOf(live), wanted).length > 0;
}

/** Whether the tag sync should be on: as the document says, else as it was. */
export function wantedSync(spec: SsoSpec, live: LiveAkto): boolean {
  return spec.akto.syncGroupsToUserTags ?? live.syncBefore ?? live.sso?.syncGroupsToUserTags ?? false;
}

/**
 * The steps that mend the SSO in Akto, and what they bring with them.
 *
 * @param clientId the app's, or `null` when the app is yet to be made
 * @throws Failure `akto.token_needed` when a change would lose the stored Okta API token, or the tag sync lacks one
 */
export function diffAkto(
  spec: SsoSpec,
  live: LiveAkto,
  clientId: string | null,
  { token, replaceSso }: { readonly token: TokenChange; readonly replaceSso: boolean },
): { steps: Step[]; warnings: string[] } {
  const { sso } = live;
  const steps: Step[] = [];
  const warnings: string[] = [];
  const wanted = wantedConnection(spec, clientId ?? knownAfterwards);
  const replaced = sso !== null && (replaceSso || connectionDiffers(sso, wanted));

  const stored = sso?.hasManagementApiToken ?? false;
  if (replaced && stored && token === "keep") {
    throw tokenNeeded(
      "Akto stores an Okta API token that it never shows, and it would be lost: the SSO must be removed and added again.",
    );
  }
  const keepsToken = token === "replace" || token === "ensure" || (token === "keep" && stored);
  const sync = wantedSync(spec, live);
  if (sync && !keepsToken) {
    throw tokenNeeded("Akto refuses syncGroupsToUserTags without an Okta API token of its own.");
  }

  const tokenChanges: Change[] = [];
  if (token === "replace" || (token === "ensure" && !stored)) {
    tokenChanges.push(aktoChange(stored ? "change" : "add", "akto.managementApiToken", []));
  } else if (token === "remove" && stored) tokenChanges.push(aktoChange("remove", "akto.managementApiToken", []));

  if (!sso) {
    const fields = compareFields(null, wanted);
    steps.push({
      action: { kind: "activate" },
      title: "activate the SSO in Akto",
      changes: [aktoChange("add", "akto.sso", fields), ...tokenChanges],
    });
  } else if (replaced) {
    const fields = compareFields(connectionOf(sso), wanted);
    steps.push({
      action: { kind: "replace" },
      title: "replace the SSO in Akto",
      changes: [aktoChange("change", "akto.sso", fields.length > 0 ? fields : secretChange), ...tokenChanges],
    });
    warnings.push(
      `Akto can't change an SSO: it is removed and added again, which signs every user of the account out of Akto. The mapping of ${count(sso.mapping.size, "group")} is put back.`,
    );
  }

  const mapping = diffMappings(sso?.mapping ?? new Map(), spec.mapping).map(mappingChange);
  const wasOn = sso?.syncGroupsToUserTags ?? false;
  const syncChange =
    wasOn === sync
      ? []
      : [aktoChange("change", "akto.syncGroupsToUserTags", [{ field: "syncGroupsToUserTags", from: wasOn, to: sync }])];
  // An SSO that is added brings the token with it, and one that is removed takes it along.
  const changes = [...mapping, ...syncChange, ...(sso && !replaced ? tokenChanges : [])];
  if (changes.length > 0 || (replaced && (spec.mapping.size > 0 || sync))) {
    steps.push({
      action: { kind: "mapping" },
      title: replaced ? "put the mapping back in Akto" : savingTitle(changes),
      changes,
    });
  }
  return { steps, warnings };
}

// Akto never shows the secret: that it may be another is all there is to say.
const secretChange: Change["fields"] = [{ field: "clientSecret", from: "(stored)", to: "(given)" }];

/** What one request to Akto saves, and what it takes out. */
function savingTitle(changes: readonly Change[]): string {
  const token = changes.find(({ address }) => address === "akto.managementApiToken")?.kind;
  const saved = [
    ...(changes.some(({ address }) => address.startsWith("mapping[")) ? ["the mapping"] : []),
    ...(changes.some(({ address }) => address === "akto.syncGroupsToUserTags") ? ["the tag sync"] : []),
    ...(token === "add" || token === "change" ? ["the Okta API token"] : []),
  ];
  const save = saved.length > 0 ? `save ${listed(saved)} in Akto` : "";
  if (token !== "remove") return save;
  return save === "" ? "remove the Okta API token from Akto" : `${save} and remove its Okta API token`;
}

function mappingChange({ group, from, to }: MappingChange): Change {
  const kind = from === null ? "add" : to === null ? "remove" : "change";
  return aktoChange(kind, addressOf("mapping", group), [{ field: "role", from, to }]);
}

function aktoChange(kind: Change["kind"], address: string, fields: Change["fields"]): Change {
  return { system: "akto", kind, address, fields };
}

function tokenNeeded(message: string): Failure {
  return new Failure("usage", "akto.token_needed", message, {
    hint: "Give the token with --management-token-file PATH, or in AKTO_OKTA_MANAGEMENT_TOKEN, or do without one: --remove-management-token, and syncGroupsToUserTags: false.",
  });
}
