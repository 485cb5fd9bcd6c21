/** The sign-ins that Okta recorded: what became of each, how far it got, and why. */
import type { SystemLogEvent } from "../model/log.ts";
import type { AuthServer } from "../model/okta.ts";
import { type AboutUser, type JoinedSignIn, joinSignIns } from "./join.ts";
import { explainRefusal, explainUnfinished } from "./reasons.ts";
import { type AboutApp, type Stage, type Step, stages, stepOf } from "./steps.ts";

/** A sign-in to the app, as Okta recorded it. */
export interface RecordedSignIn {
  /** When it began, in ISO 8601, UTC. */
  readonly at: string;
  readonly user: { readonly id: string; readonly login: string; readonly name: string } | null;
  /** `unknown`: the log does not say how it ended. */
  readonly outcome: "success" | "failure" | "unknown";
  /** `done`, or where it ended. */
  readonly stage: Stage;
  /** Of a failure Okta's own word for it: its reason, or the name of the event where it gives none. */
  readonly reason: string | null;
  /** What became of it, as a sentence. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** The request of the event that decides, to find it in Okta's console. */
  readonly transaction: string;
  /** The events, in order. */
  readonly events: readonly SystemLogEvent[];
}

/** What is read from the log. */
export interface SignInHistory {
  /** The newest first. */
  readonly signIns: readonly RecordedSignIn[];
  /** How many requests were left out that were made without a user: probes, and checks for a session. */
  readonly silent: number;
}

/**
 * The sign-ins to the app that these events tell of, in whatever order they come.
 *
 * @param user whose; everybody's unless given
 */
export function signInsIn(events: readonly SystemLogEvent[], about: AboutApp, user?: AboutUser): SignInHistory {
  const { signIns, silent } = joinSignIns(events, about, user);
  return { signIns: signIns.map(judgeSignIn).reverse(), silent };
}

/** The server, as far as the API token shows it. */
type Found = { readonly kind: "found"; readonly server: AuthServer } | { readonly kind: "missing" | "not_in_plan" };

/**
 * What an authorization server goes by in the log; `null` where it can't be told, since “default” may be another name for an
 * id.
 */
export function serverNames(id: string | undefined, found: Found | undefined): readonly string[] | null {
  if (id === undefined || (found?.kind !== "found" && !id.startsWith("aus"))) return null;
  return found?.kind === "found" ? [id, found.server.id, found.server.name] : [id];
}

/**
 * Whether the sign-in was made at this authorization server, as far as its events say: the same app may be used at another
 * one, which says nothing of this one.
 *
 * @param names see {@link serverNames}
 */
export function isAtServer({ events }: RecordedSignIn, names: readonly string[] | null): boolean {
  if (names === null) return true;
  const told = events.flatMap(({ debug }) => debug.get("authorizationServer") ?? []);
  return told.length === 0 || told.some((server) => names.includes(server));
}

interface Told {
  readonly event: SystemLogEvent;
  readonly step: Step;
}

/** What became of one sign-in. A token is the end of it, whatever stood in the way before; else the nearest refusal. */
function judgeSignIn({ events, user }: JoinedSignIn): RecordedSignIn {
  const told = events.flatMap((event): Told[] => {
    const step = stepOf(event);
    return step ? [{ event, step }] : [];
  });
  const [first] = told;
  const base = {
    at: first?.event.at ?? "",
    user: user && { id: user.id, login: user.login ?? user.name, name: user.name },
    events,
  };
  const granted = told.find(({ step }) => step.effect === "granted");
  if (granted) {
    const message = "Okta signed the user in and gave Akto the tokens.";
    return { ...base, ...of(granted), outcome: "success", stage: "done", reason: null, message };
  }
  const refused = nearest(told.filter(({ step }) => step.effect === "failed"));
  if (refused) {
    const { event, step } = refused;
    const words = explainRefusal(event, events);
    return {
      ...base,
      ...of(refused),
      ...words,
      outcome: "failure",
      stage: step.stage,
      reason: event.reason ?? event.type,
    };
  }
  const furthest = told.reduce<Told | undefined>((far, one) => (far && rank(far) > rank(one) ? far : one), undefined);
  const stage = furthest?.step.stage ?? "session";
  const stopped = furthest?.step.effect ?? "none";
  const reason = stopped === "stumbled" ? (furthest?.event.reason ?? furthest?.event.type ?? null) : null;
  // Where a step was passed, the next one is where it ended.
  const at = stopped === "passed" ? (stages[stages.indexOf(stage) + 1] ?? stage) : stage;
  return { ...base, ...of(furthest), ...explainUnfinished(stage, stopped), outcome: "unknown", stage: at, reason };
}

const rank = ({ step }: Told) => stages.indexOf(step.stage);
const of = (told: Told | undefined) => ({ transaction: told?.event.transaction ?? "" });

/** The refusal that is nearest to the cause; of equally near ones the last. */
function nearest(refusals: readonly Told[]): Told | undefined {
  return refusals.reduce<Told | undefined>(
    (best, one) => (best && best.step.nearness > one.step.nearness ? best : one),
    undefined,
  );
}
