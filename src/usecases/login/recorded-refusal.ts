/** What Okta's log has of a sign-in that was refused just now, or from which nobody came back. */
import { valueIn } from "../../core/evidence.ts";
import type { Failure } from "../../core/failure.ts";
import type { RecordedSignIn } from "../../core/history/sign-ins.ts";
import type { Stage } from "../../core/history/steps.ts";
import { recordedNotes, refusalWords } from "../../core/login/recorded.ts";
import { clean } from "../../core/text.ts";
import { aboutApp } from "../history/history.ts";
import { recordedFact } from "../history/recorded.ts";
import { waitForAttempt } from "../history/wait.ts";
import type { World } from "../world/world.ts";

/** What can be told of it. */
export interface RecordedRefusal {
  /** The cause, as a sentence; `null` where the log names none, or none that the failure doesn't name itself. */
  readonly cause: string | null;
  /** What to do about the cause. */
  readonly hint: string | undefined;
  /** Anything else to say: what was changed before, or that the log can't tell. */
  readonly more: readonly string[];
}

/** Where a failure may stand in the log, and Okta's word there that says no more than the failure. */
interface Place {
  readonly stages: readonly Stage[];
  readonly same?: string;
}

const withoutCode: readonly Stage[] = ["assignment", "policy", "authorization"];
const withCode: readonly Stage[] = ["token"];
const anywhere = [...withoutCode, ...withCode];

/** The failures that Okta writes down. */
const places = new Map<string, Place>([
  ["oidc.not_assigned", { stages: withoutCode, same: "app.generic.unauth_app_access_attempt" }],
  ["oidc.no_policy", { stages: withoutCode, same: "no_matching_policy" }],
  ["oidc.sign_on_denied", { stages: withoutCode }],
  ["oidc.access_denied", { stages: withoutCode }],
  ["oidc.consent_refused", { stages: withoutCode, same: "consent_required" }],
  ["oidc.invalid_scope", { stages: withoutCode, same: "invalid_scope" }],
  ["oidc.claim_failed", { stages: withCode, same: "user_claim_evaluation_failure" }],
  ["oidc.too_many_groups", { stages: withCode, same: "user_claim_evaluation_failure" }],
  ["oidc.hook_failed", { stages: withCode }],
  ["oidc.code_refused", { stages: withCode, same: "invalid_grant" }],
  ["oidc.client_refused", { stages: withCode, same: "invalid_client" }],
  ["oidc.user_inactive", { stages: anywhere }],
  ["oidc.refused", { stages: anywhere }],
  ["oidc.server_error", { stages: anywhere }],
  ["oidc.timeout", { stages: anywhere }],
]);

/** Whether Okta may have written the failure down. */
export const isRecorded = ({ code }: Failure): boolean => places.has(code);

/** When the test was begun, and when the browser was sent off. */
export interface Begun {
  readonly started: Date;
  readonly begun: Date;
}

/** How it is waited for an event that is late. */
export interface Patience {
  /** In milliseconds; `0` looks once. */
  readonly longest: number;
  readonly onWait: (left: number) => void;
}

/**
 * Looks the refusal up. What can't be looked up, without a token or its rights, is left out: the failure has its own
 * advice.
 *
 * @returns `undefined` where nothing can be told
 */
export async function recordedRefusal(
  world: World,
  failure: Failure,
  { started, begun }: Begun,
  { longest, onWait }: Patience,
): Promise<RecordedRefusal | undefined> {
  const org = await world.org();
  const place = places.get(failure.code);
  if (!org.known || !place) return undefined;
  const { context } = world;
  const pause = async (milliseconds: number) => {
    try {
      await context.pause(milliseconds, context.signal);
    } catch (error) {
      context.signal.throwIfAborted();
      throw error;
    }
  };
  const awaited = { since: begun, stages: place.stages };
  const logged = await waitForAttempt(org.value, await aboutApp(world), awaited, { pause, onWait, longest });
  switch (logged.kind) {
    case "unseen":
      return undefined;
    case "none":
      return longest > 0
        ? told("Okta's log has nothing about it yet. `akto-okta login history --failed` looks again.")
        : undefined;
    case "several":
      return told("Okta refused several people at this time: `akto-okta login history --failed` tells them apart.");
    case "found": {
      const { signIn } = logged;
      const { user } = signIn;
      const found = user && (await recordedFact(world, org.value, { id: user.id || null, login: user.login }));
      const before = found && valueIn(found);
      // What the test itself changed for its duration came after its start.
      const changes = before?.changes.filter(({ at }) => Date.parse(at) < started.getTime());
      return { ...causeIn(signIn, place), more: before && changes ? recordedNotes({ ...before, changes }) : [] };
    }
  }
}

const told = (message: string): RecordedRefusal => ({ cause: null, hint: undefined, more: [message] });

/** The cause, unless the log only repeats what the app was told. */
function causeIn(signIn: RecordedSignIn, { same }: Place): Pick<RecordedRefusal, "cause" | "hint"> {
  const { reason, user, hint } = signIn;
  if (reason === "access_denied" || reason === same) return { cause: null, hint: undefined };
  return { cause: `Okta's log says why ${clean(user?.login ?? "")} was refused: ${refusalWords(signIn)}`, hint };
}
