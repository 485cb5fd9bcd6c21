/** What was changed in Okta lately, and who did it: most often that is why a sign-in does not work any more. */
import type { LogParty, SystemLogEvent } from "../model/log.ts";
import { clean, listed, quoted } from "../text.ts";

/** What a change must be about to matter for a sign-in. What isn't known is left out. */
export interface Concern {
  readonly appId: string;
  readonly clientId: string;
  /** The user whose sign-in it is; without one no change of a person counts. */
  readonly userId?: string | undefined;
  /** The authorization server. */
  readonly serverId?: string | undefined;
  /** The ids of the policies that decide: the server's access policies, the app's authentication policy. */
  readonly policyIds?: readonly string[] | undefined;
  /** The groups that matter: assigned, mapped. */
  readonly groupIds?: readonly string[] | undefined;
}

/** A change that matters. */
export interface RecordedChange {
  /** When, in ISO 8601, UTC. */
  readonly at: string;
  /** Who made it: a user, a service app, or Okta itself; `null` where the log does not say. */
  readonly by: { readonly id: string; readonly login: string | null; readonly name: string } | null;
  readonly kind: "membership" | "assignment" | "user" | "group" | "app" | "server" | "claim" | "policy";
  /** Whether it is the user's own: their memberships, assignments and account. */
  readonly ofUser: boolean;
  /** `false` where the log does not tell whether it is about this authorization server or policy. */
  readonly certain: boolean;
  /** Who did what, as a sentence. */
  readonly message: string;
  readonly event: SystemLogEvent;
}

/**
 * The changes that matter, the newest first; those of the user before those of the set-up at the same moment.
 *
 * @param since the first moment, in ISO 8601; all that the events tell unless given
 * @param until the moment after the last one
 */
export function changesIn(
  events: readonly SystemLogEvent[],
  concern: Concern,
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined } = {},
): RecordedChange[] {
  const within = ({ at }: SystemLogEvent) =>
    (since === undefined || at >= since) && (until === undefined || at < until);
  return events
    .filter(within)
    .flatMap((event) => readChange(event, concern) ?? [])
    .sort((a, b) => (a.at === b.at ? Number(b.ofUser) - Number(a.ofUser) : a.at < b.at ? 1 : -1));
}

/** Okta's words for a change that went through; one that was refused changed nothing. */
const done: ReadonlySet<string> = new Set(["SUCCESS", "ALLOW", ""]);

function readChange(event: SystemLogEvent, concern: Concern): RecordedChange | undefined {
  const found = done.has(event.result) ? changeOf(event, concern) : undefined;
  if (!found) return undefined;
  const { actor } = event;
  const isKnown = actor.name !== "" || actor.login !== null;
  const by = isKnown ? { id: actor.id, login: actor.login, name: actor.name || (actor.login ?? "") } : null;
  const { does, kind, ofUser = false, certain = true } = found;
  return { at: event.at, by, kind, ofUser, certain, message: `${whoOf(actor)} ${does}.`, event };
}

function whoOf({ type, name, login }: LogParty): string {
  if (type === "SystemPrincipal") return "Okta";
  if (name === "" && login === null) return "Somebody";
  return clean(name || login);
}

type Found = Pick<RecordedChange, "kind"> & {
  /** What was done, as the end of a sentence that begins with who did it. */
  readonly does: string;
  readonly ofUser?: boolean;
  readonly certain?: boolean;
};

function changeOf(event: SystemLogEvent, concern: Concern): Found | undefined {
  const { type } = event;
  if (/^(group\.user_membership|application\.user_membership|user\.)/.test(type)) return ofPerson(event, concern);
  if (/^(application\.|group\.application_assignment|app\.oauth2\.)/.test(type)) return ofApp(event, concern);
  if (type.startsWith("group.")) return ofGroup(event, concern);
  if (type.startsWith("oauth2.")) return ofServer(event, concern);
  if (/^policy\.(lifecycle|rule)\./.test(type)) return ofPolicy(event, concern);
  return undefined;
}

const isUser = ({ type }: LogParty) => type === "User" || type === "AppUser";
const named = (party: LogParty | undefined, otherwise: string) => (party?.name ? quoted(party.name) : otherwise);
const typed = ({ targets }: SystemLogEvent, pattern: RegExp) => targets.find(({ type }) => pattern.test(type));

const ofAccount = new Map([
  ["activate", "activated"],
  ["reactivate", "reactivated"],
  ["deactivate", "deactivated"],
  ["suspend", "suspended"],
  ["unsuspend", "unsuspended"],
  ["lock", "locked out"],
  ["unlock", "unlocked"],
]);

function ofPerson(event: SystemLogEvent, { userId, appId, clientId }: Concern): Found | undefined {
  const { type, targets } = event;
  const user = targets.find((target) => isUser(target) && target.id === userId);
  if (userId === undefined || !user) return undefined;
  const who = clean(user.name || (user.login ?? "the user"));
  const verb = type.slice(type.lastIndexOf(".") + 1);
  if (type.startsWith("group.")) {
    const group = named(typed(event, /group/i), "a group");
    const does = verb === "add" ? `added ${who} to the group ${group}` : `removed ${who} from the group ${group}`;
    return { kind: "membership", ofUser: true, does };
  }
  if (type.startsWith("application.")) {
    if (!targets.some(({ id }) => id === appId || id === clientId)) return undefined;
    const words = new Map([
      ["add", `assigned ${who} to the app`],
      ["remove", `unassigned the app from ${who}`],
    ]);
    return { kind: "assignment", ofUser: true, does: words.get(verb) ?? `changed ${who}'s assignment to the app` };
  }
  // Signing in changes the account's last login, and no more.
  const done = ofAccount.get(verb);
  if (done === undefined) return undefined;
  return { kind: "user", ofUser: true, does: verb === "lock" ? `was ${done} of Okta` : `${done} ${who}` };
}

const ofApplication = new Map([
  ["application.lifecycle.create", "created the app"],
  ["application.lifecycle.update", "changed the app"],
  ["application.lifecycle.activate", "activated the app"],
  ["application.lifecycle.deactivate", "deactivated the app"],
  ["application.lifecycle.delete", "deleted the app"],
  ["application.policy.sign_on.update", "moved the app to another authentication policy"],
  ["app.oauth2.credentials.lifecycle.create", "created a client secret for the app"],
  ["app.oauth2.credentials.lifecycle.activate", "activated a client secret of the app"],
  ["app.oauth2.credentials.lifecycle.deactivate", "deactivated a client secret of the app"],
  ["app.oauth2.credentials.lifecycle.delete", "deleted a client secret of the app"],
]);

function ofApp(event: SystemLogEvent, { appId, clientId }: Concern): Found | undefined {
  const { type, targets } = event;
  if (!targets.some(({ id }) => id === appId || id === clientId)) return undefined;
  if (type.startsWith("group.")) {
    const group = named(typed(event, /group/i), "a group");
    const does = type.endsWith(".remove")
      ? `unassigned the app from the group ${group}`
      : `assigned the group ${group} to the app`;
    return { kind: "assignment", does };
  }
  if (type.startsWith("app.oauth2.") && !/^app\.oauth2\.(credentials|client)\.lifecycle\./.test(type)) return undefined;
  return { kind: "app", does: `${ofApplication.get(type) ?? inOktasWords(event)}${whatOf(event)}` };
}

function ofGroup(event: SystemLogEvent, { groupIds }: Concern): Found | undefined {
  const group = event.targets.find(({ id }) => groupIds?.includes(id));
  if (!group) return undefined;
  const verbs = new Map([
    ["group.lifecycle.delete", "deleted the group"],
    ["group.lifecycle.create", "created the group"],
    ["group.profile.update", "changed the group"],
  ]);
  const verb = verbs.get(event.type);
  return { kind: "group", does: verb === undefined ? inOktasWords(event) : `${verb} ${quoted(group.name)}` };
}

const made = new Map([
  ["created", "created"],
  ["updated", "changed"],
  ["deleted", "deleted"],
  ["activated", "activated"],
  ["deactivated", "deactivated"],
  ["create", "created"],
  ["add", "added"],
  ["update", "changed"],
  ["delete", "deleted"],
  ["activate", "activated"],
  ["deactivate", "deactivated"],
]);

/** Whether the event is about this authorization server; `undefined` where it does not say about which. */
function isOfServer({ targets, debug }: SystemLogEvent, serverId: string | undefined): boolean | undefined {
  const named = debug.get("authorizationServer") ?? debug.get("authorizationServerId");
  if (targets.some(({ id }) => id === serverId) || named === serverId) return serverId === undefined ? undefined : true;
  const other = named ?? targets.find(({ type }) => /authorization.?server/i.test(type))?.id;
  return other === undefined || serverId === undefined ? undefined : false;
}

function ofServer(event: SystemLogEvent, { serverId }: Concern): Found | undefined {
  const here = isOfServer(event, serverId);
  const [, thing = "", end = ""] = /^oauth2\.(as|claim|scope)\.(\w+)$/.exec(event.type) ?? [];
  if (here === false) return undefined;
  const server = named(typed(event, /authorization.?server/i), "");
  const verb = made.get(end);
  const part = event.targets.find(({ type }) => !/authorization.?server/i.test(type));
  const at = server === "" ? "" : ` of the authorization server ${server}`;
  const does =
    verb === undefined
      ? inOktasWords(event)
      : thing === "as"
        ? `${verb} the authorization server${server === "" ? "" : ` ${server}`}`
        : `${verb} the ${thing} ${named(part, "")}`.trimEnd() + at;
  return { kind: thing === "claim" ? "claim" : "server", certain: here === true, does: `${does}${whatOf(event)}` };
}

/** Kinds of policy that no sign-in to an app goes by. */
const otherPolicies = /^(PASSWORD|MFA_ENROLL|PROFILE_ENROLLMENT|IDP_DISCOVERY|Password|MultifactorEnrollment)/;

function ofPolicy(event: SystemLogEvent, { policyIds, serverId }: Concern): Found | undefined {
  const { targets, type } = event;
  const policy = targets.find(({ type }) => /policy(entity)?$/i.test(type)) ?? targets[0];
  const rule = targets.find(({ type }) => /rule$/i.test(type));
  const known = targets.some(({ id }) => policyIds?.includes(id)) || isOfServer(event, serverId) === true;
  if (!known && (isOfServer(event, serverId) === false || (policyIds !== undefined && !isGone(type)))) return undefined;
  if (otherPolicies.test(policy?.detail.get("policyType") ?? "")) return undefined;
  const verb = made.get(type.slice(type.lastIndexOf(".") + 1));
  const of = named(policy, "");
  const does =
    verb === undefined
      ? inOktasWords(event)
      : type.startsWith("policy.rule.")
        ? `${verb} the rule ${named(rule, "")}`.trimEnd() + (of === "" ? "" : ` of the policy ${of}`)
        : `${verb} the policy ${of}`.trimEnd();
  return { kind: "policy", certain: known, does: `${does}${whatOf(event)}` };
}

/** A policy that was deleted is not among those that are there. */
const isGone = (type: string) => type === "policy.lifecycle.delete";

const inOktasWords = ({ title, type }: SystemLogEvent) => `did ${quoted(title === "" ? type : title)}`;

/** Which settings were changed, where Okta says so. */
function whatOf({ targets }: SystemLogEvent): string {
  const changed = [...new Set(targets.flatMap(({ changed }) => changed))].slice(0, 5).map((key) => clean(key, 40));
  return changed.length === 0 ? "" : ` (${listed(changed)})`;
}
