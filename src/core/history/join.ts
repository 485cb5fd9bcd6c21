/** Joins the events of the System Log to sign-ins: one request leaves several, and one sign-in takes several requests. */
import type { LogParty, SystemLogEvent } from "../model/log.ts";
import { type AboutApp, isAbout, isSilent, type Step, stages, stepOf } from "./steps.ts";

/** The events of one sign-in, in order. */
export interface JoinedSignIn {
  readonly events: readonly SystemLogEvent[];
  readonly user: LogParty | null;
}

/** Whose sign-ins are asked for: then those that came no further than Okta's own page are shown too. */
export interface AboutUser {
  /** `null` where the user can't be looked up. */
  readonly id: string | null;
  readonly login: string;
}

/** Sign-ins, and how many requests were left out that nobody signed in by. */
export interface Joined {
  /** The oldest first. */
  readonly signIns: readonly JoinedSignIn[];
  readonly silent: number;
}

const second = 1000;
/** A user is given so long for the steps of one sign-in: a password, a factor on a phone. */
const patience = 15 * 60 * second;
/** A code is good for a minute (Okta behavior); its request may be written down late. */
const codeLife = 120 * second;

/** A sign-in that is being put together. */
interface Draft {
  readonly events: SystemLogEvent[];
  /** The time of the first of them. */
  readonly start: number;
  user: LogParty | null;
  session: string | null;
  last: number;
  /** `entering`: on the way to a code. `code`: the app has one, and no token yet. */
  phase: "entering" | "code" | "ended";
}

interface Placed {
  readonly event: SystemLogEvent;
  readonly step: Step;
  readonly time: number;
  readonly user: LogParty | null;
  readonly about: boolean;
}

const isUser = ({ type }: LogParty) => type === "User" || type === "AppUser";

/** Whose sign-in an event is of: with OAuth the client is the actor, and the user among the targets (Okta behavior). */
function userOf({ actor, targets }: SystemLogEvent): LogParty | null {
  const user = isUser(actor) ? actor : targets.find(isUser);
  return user && (user.id !== "" || user.login !== null) && user.id !== "unknown" ? user : named(user);
}

/** A user whom Okta knows by what was typed alone. */
const named = (user: LogParty | undefined) => (user?.login ? { ...user, id: "" } : null);

const same = (a: LogParty, b: LogParty) =>
  a.id !== "" && b.id !== "" ? a.id === b.id : a.login?.toLowerCase() === b.login?.toLowerCase();

/**
 * The sign-ins that the events tell of. Events that are none of a sign-in to this app are passed over; the order in which
 * they come does not matter.
 *
 * @param asked whose sign-ins are wanted, or everybody's
 */
export function joinSignIns(events: readonly SystemLogEvent[], about: AboutApp, asked?: AboutUser): Joined {
  const joiner = new Joiner();
  for (const placed of inOrder(events, about)) joiner.take(placed, asked);
  const { drafts } = joiner;
  const loud = drafts.filter((draft) => !wasSilent(draft));
  const signIns = loud
    .filter((draft) => asked === undefined || isOf(draft, asked))
    .sort((a, b) => a.start - b.start)
    .map(({ events, user }) => ({ events, user }));
  return { signIns, silent: drafts.length - loud.length };
}

const wasSilent = ({ user, events }: Draft) => user === null && events.every(isSilent);
const isOf = ({ user }: Draft, { id, login }: AboutUser) =>
  user !== null && (user.id !== "" && id !== null ? user.id === id : user.login?.toLowerCase() === login.toLowerCase());

/** The events that count, by time; of one moment by how far they are. */
function inOrder(events: readonly SystemLogEvent[], about: AboutApp): Placed[] {
  const placed = events.flatMap((event) => {
    const step = stepOf(event);
    return step ? [{ event, step, time: Date.parse(event.at), user: userOf(event), about: isAbout(event, about) }] : [];
  });
  const rank = ({ step }: Placed) => stages.indexOf(step.stage) + (step.effect === "granted" ? 1 : 0);
  const idOf = ({ event }: Placed) => event.id;
  return placed.sort((a, b) => a.time - b.time || rank(a) - rank(b) || (idOf(a) < idOf(b) ? -1 : 1));
}

class Joiner {
  readonly drafts: Draft[] = [];
  readonly #byTransaction = new Map<string, Draft>();
  readonly #bySession = new Map<string, Draft>();
  /** What happened in a session before the app was named. */
  readonly #waiting = new Map<string, Placed[]>();
  /** Those whose app has a code and no token. */
  #expectant: Draft[] = [];

  take(placed: Placed, asked: AboutUser | undefined): void {
    const { event, step, about } = placed;
    const draft = this.#draftOf(placed);
    // Okta names no app when somebody did not even get in; such an event counts for the user who was asked about.
    const refusedByOkta = step.stage === "session" && step.effect === "failed" && asked !== undefined;
    if (draft) this.#add(draft, placed);
    else if (about || refusedByOkta) this.#start(placed);
    else if (event.session !== null) {
      const waiting = this.#waiting.get(event.session);
      if (waiting) waiting.push(placed);
      else this.#waiting.set(event.session, [placed]);
    }
  }

  /** The sign-in that the event belongs to: of its request, of its session, or the one that waits for its token. */
  #draftOf(placed: Placed): Draft | undefined {
    const { event, step, time, user } = placed;
    const ofRequest = event.transaction === null ? undefined : this.#byTransaction.get(event.transaction);
    if (ofRequest && agrees(ofRequest, user)) return ofRequest;
    if (step.stage === "token") return placed.about ? this.#waitingForToken(time, user) : undefined;
    const ofSession = event.session === null ? undefined : this.#bySession.get(event.session);
    const goesOn = ofSession?.phase === "entering" && time - ofSession.last <= patience;
    return goesOn && agrees(ofSession, user) ? ofSession : undefined;
  }

  /** The token's request comes from the app, without a session. Where several wait and no user is named, it is nobody's. */
  #waitingForToken(time: number, user: LogParty | null): Draft | undefined {
    this.#expectant = this.#expectant.filter(({ phase, last }) => phase === "code" && time - last <= codeLife);
    const found = this.#expectant.filter((draft) => user === null || draft.user === null || same(draft.user, user));
    return user === null && found.length > 1 ? undefined : found.at(-1);
  }

  #start(placed: Placed): void {
    const { session } = placed.event;
    const waiting = session === null ? [] : (this.#waiting.get(session) ?? []);
    if (session !== null) this.#waiting.delete(session);
    const before = waiting.filter(({ time }) => placed.time - time <= patience);
    const start = before[0]?.time ?? placed.time;
    const draft: Draft = { events: [], start, user: null, session: null, last: placed.time, phase: "entering" };
    this.drafts.push(draft);
    for (const earlier of before) if (agrees(draft, earlier.user)) this.#add(draft, earlier);
    this.#add(draft, placed);
  }

  #add(draft: Draft, { event, step, time, user, about }: Placed): void {
    draft.events.push(event);
    draft.user ??= user;
    draft.session ??= event.session;
    draft.last = time;
    if (event.transaction !== null) this.#byTransaction.set(event.transaction, draft);
    if (draft.session !== null) this.#bySession.set(draft.session, draft);
    if (step.effect === "granted" || step.effect === "failed") draft.phase = "ended";
    else if (about && step.stage === "authorization" && step.effect === "passed" && draft.phase === "entering") {
      draft.phase = "code";
      this.#expectant.push(draft);
    }
  }
}

const agrees = (draft: Draft, user: LogParty | null) => draft.user === null || user === null || same(draft.user, user);
