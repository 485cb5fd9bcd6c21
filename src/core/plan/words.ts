/** A plan in words, for the person who reviews it before it is carried out: no field names, no addresses. */

import { filterWords } from "../claim/describe.ts";
import type { ClaimFilterType } from "../model/okta.ts";
import { roleLabel } from "../roles/roles.ts";
import { clean, listed, quoted } from "../text.ts";
import { knownAfterwards } from "./akto.ts";
import type { Change, FieldChange, PlanValue } from "./plan.ts";

/** One difference: the line that says it, and under it what more there is to say. Outside text in both is clean. */
export interface WordedChange {
  readonly kind: Change["kind"];
  readonly line: string;
  readonly more: readonly string[];
}

/** A difference in words. What this program has no words for is told by its field's name. */
export function wordChange(change: Change): WordedChange {
  const { kind, address, fields } = change;
  const name = nameIn(address);
  const worded = (line: string, more: readonly string[] = []): WordedChange => ({ kind, line, more });
  switch (address.replace(/\[.*$/s, "")) {
    case "okta.groups":
      return worded(`the group ${name}`);
    case "okta.app":
      return worded(
        kind === "add" ? `the app ${quoted(wanted(fields, "label"))}` : "the app",
        fields.filter(({ field }) => kind !== "add" || field !== "label").flatMap(appField),
      );
    case "okta.app.assignments":
      return worded(kind === "remove" ? `the app's assignment to ${name}` : `the app is assigned to ${name}`);
    case "okta.groupsClaim":
      return worded(
        kind === "add" ? "the claim “groups” in the access tokens" : "the claim “groups” of the access tokens",
        claimFields(fields),
      );
    case "okta.accessPolicy":
      return kind === "add"
        ? worded(`the access policy ${quoted(wanted(fields, "name"))}, for just this app`)
        : worded("the access policy of the app is activated");
    case "okta.accessRule":
      return worded(
        kind === "add" ? "its rule, which lets Akto's sign-in through" : "the rule that lets Akto's sign-in through",
        kind === "add" ? [] : fields.map(fieldLine),
      );
    case "akto.sso":
      return worded(kind === "add" ? "Okta SSO" : "Okta SSO is removed and added again", fields.map(fieldLine));
    case "akto.managementApiToken":
      return worded(
        kind === "remove"
          ? "the Okta API token that Akto stores"
          : "the Okta API token that you chose, for Akto to store",
      );
    case "akto.syncGroupsToUserTags":
      return worded("the tag sync", fields.map(fieldLine));
    case "mapping":
      return worded(`${name} → ${roles(fields)}`);
    default:
      return worded(clean(address), fields.map(fieldLine));
  }
}

/** The name in an address, as JSON writes it. */
function nameIn(address: string): string {
  const bracket = address.indexOf('["');
  return bracket !== -1 && address.endsWith('"]') ? quoted(JSON.parse(address.slice(bracket + 1, -1))) : "";
}

const wanted = (fields: readonly FieldChange[], name: string): PlanValue =>
  fields.find(({ field }) => field === name)?.to ?? null;

function roles(fields: readonly FieldChange[]): string {
  const [role] = fields;
  const label = (value: PlanValue) => clean(roleLabel(String(value)));
  if (role?.to === null) return label(role.from);
  return `${label(role?.to ?? null)}${role?.from == null ? "" : ` (was ${label(role.from)})`}`;
}

/** What the fields of an app are called on Okta's own screens, as far as they are there. */
const fieldWords = new Map<string, string>([
  ["label", "name"],
  ["active", "active"],
  ["clientAuthMethod", "client authentication"],
  ["pkceRequired", "requires PKCE, which Akto does not send"],
  ["dpopRequired", "requires DPoP, which Akto does not send"],
  ["initiateLoginUri", "initiate login URI"],
  ["idpInitiatedLogin", "start from Okta's dashboard"],
  ["onDashboard", "shown on Okta's dashboard"],
  ["redirectUris", "sign-in redirect URIs"],
  ["grantTypes", "grant types"],
  ["responseTypes", "response types"],
  ["clientId", "client id"],
  ["oktaDomain", "Okta domain"],
  ["authorisationServerId", "authorization server"],
  ["redirectUri", "redirect URI"],
  ["clientSecret", "client secret"],
  ["syncGroupsToUserTags", "on"],
  ["scopes", "scopes"],
  ["groups", "groups"],
  ["users", "users"],
  ["name", "name"],
]);

const values = new Map<PlanValue, string>([
  [true, "yes"],
  [false, "no"],
  ["authorization_code", "authorization code"],
  ["client_secret_post", "client secret"],
  ["client_secret_basic", "client secret"],
  ["private_key_jwt", "private key"],
  [knownAfterwards, "that of the new app"],
  ["DISABLED", "off"],
  ["SPEC", "opens the initiate login URI"],
  ["OKTA", "sends an ID token, which Akto does not accept"],
]);

const shown = (value: PlanValue): string => {
  if (typeof value === "object" && value !== null) return listed(value.map((each) => values.get(each) ?? clean(each)));
  return values.get(value) ?? clean(value);
};

const isNothing = (value: PlanValue) => value === null || (Array.isArray(value) && value.length === 0);

/** A field that an app has newly and that says no more than what every such app has is left out. */
function appField(change: FieldChange): string[] {
  const { field, from, to } = change;
  const isNew = from === null || isNothing(from);
  if (isNew && (isNothing(to) || to === false || to === "DISABLED")) return [];
  if (isNew && ["active", "responseTypes", "grantTypes", "clientAuthMethod"].includes(field) && from === null)
    return [];
  return [fieldLine(change)];
}

function fieldLine({ field, from, to }: FieldChange): string {
  const name = fieldWords.get(field) ?? clean(field);
  if (isNothing(from)) return `${name}: ${shown(to)}`;
  if (Array.isArray(from) && Array.isArray(to)) {
    const added = to.filter((each: string) => !from.includes(each));
    const gone = from.filter((each: string) => !to.includes(each));
    if (gone.length === 0) return `${name}: ${shown(added)} added`;
    if (added.length === 0) return `${name}: ${shown(gone)} taken out`;
  }
  return `${name}: ${shown(from)} → ${isNothing(to) ? "none" : shown(to)}`;
}

/** What a claim carries: its filter and its value are one thing. */
function carried(filter: PlanValue | undefined, value: PlanValue | undefined): string {
  const words = filterWords[filter as ClaimFilterType];
  return words === undefined
    ? `the groups that this expression gives: ${clean(value)}`
    : `groups whose name ${words} ${quoted(value)}`;
}

function claimFields(fields: readonly FieldChange[]): string[] {
  const filter = fields.find(({ field }) => field === "filter");
  const value = fields.find(({ field }) => field === "value");
  const lines: string[] = [];
  if (value && filter) {
    lines.push(carried(filter.to, value.to));
    if (!isNothing(filter.from)) lines.push(`now: ${carried(filter.from, value.from)}`);
  } else if (value) lines.push(`goes by ${quoted(value.to)}, now by ${quoted(value.from)}`);
  else if (filter)
    lines.push(
      `${filterWords[filter.to as ClaimFilterType]} its value, now it ${filterWords[filter.from as ClaimFilterType]} it`,
    );
  for (const { field, from, to } of fields) {
    if (field === "status" && from !== null) lines.push(to === "ACTIVE" ? "is activated" : "is deactivated");
    if (field === "scopes" && from !== null)
      lines.push(isNothing(to) ? "for any scope" : `for the scopes ${shown(to)}`);
    if (!["filter", "value", "status", "scopes"].includes(field)) lines.push(fieldLine({ field, from, to }));
  }
  return lines;
}
