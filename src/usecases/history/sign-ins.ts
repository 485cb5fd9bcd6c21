/** Reads the sign-ins that Okta recorded. */
import { Failure, isFailure } from "../../core/failure.ts";
import { ownSignInFilter, signInFilter } from "../../core/history/filter.ts";
import type { AboutUser } from "../../core/history/join.ts";
import { type RecordedSignIn, signInsIn } from "../../core/history/sign-ins.ts";
import { type AboutApp, stepOf } from "../../core/history/steps.ts";
import type { Window } from "../../core/history/window.ts";
import type { SystemLogEvent } from "../../core/model/log.ts";
import type { LogQuery, OktaOrg } from "../../okta/types.ts";

/** Which sign-ins are wanted. */
export interface SignInQuery {
  readonly window: Window;
  /** Whose; everybody's unless given. */
  readonly user?: AboutUser | undefined;
  /** Only those that Okta refused. */
  readonly failed?: boolean | undefined;
  /** At most this many, the newest; all unless given. */
  readonly limit?: number | undefined;
}

/** What was found. */
export interface FoundSignIns {
  /** The newest first. */
  readonly signIns: readonly RecordedSignIn[];
  /** Whether these are all that the log has by now. */
  readonly complete: boolean;
  /** How many requests without a user were left out. */
  readonly silent: number;
}

/** The size of a page of the log that holds this many sign-ins, at half a dozen events each. */
const pageSizeFor = (limit: number | undefined) => Math.min(1000, Math.max(100, (limit ?? 1000) * 10));

/** A sign-in is complete once events this much older have been read, see `join.ts`; in milliseconds. */
const wholeAfter = 16 * 60_000;

/**
 * The sign-ins to the app that the log has, the newest first. With a limit, only as much of the log is read as it takes.
 *
 * @param onRead is told how many events were read so far
 * @throws Failure `okta.log_unreadable` where the token may not see the log, and what Okta throws
 */
export async function readSignIns(
  org: Pick<OktaOrg, "log">,
  about: AboutApp,
  { window, user, failed, limit = Number.POSITIVE_INFINITY }: SignInQuery,
  onRead: (events: number) => void = () => {},
): Promise<FoundSignIns> {
  const wanted = ({ outcome }: RecordedSignIn) => !failed || outcome === "failure";
  // Of every one that is wanted there is such an event, which is no other one's.
  const telling = (event: SystemLogEvent) =>
    failed ? stepOf(event)?.effect === "failed" : stepOf(event) !== undefined;
  const events: SystemLogEvent[] = [];
  let told = 0;
  /** With no more telling events than this, there can't be enough: to join them all for each page would take ever longer. */
  let tooFew = limit;
  let enough = false;
  const filter = signInFilter(about, user);
  const query = {
    ...window,
    filter,
    newestFirst: true,
    pageSize: pageSizeFor(Number.isFinite(limit) ? limit : undefined),
  };
  for await (const page of readLog(org, query)) {
    events.push(...page);
    onRead(events.length);
    told += page.filter(telling).length;
    if (told <= tooFew) continue;
    const found = signInsIn(events, about, user).signIns.filter(wanted);
    tooFew = told + limit - found.length;
    const oldest = Date.parse(events.at(-1)?.at ?? "");
    enough = found.filter(({ at }) => Date.parse(at) - oldest >= wholeAfter).length > limit;
    if (enough) break;
  }
  const { signIns, silent } = signInsIn(events, about, user);
  const all = signIns.filter(wanted);
  return { signIns: all.slice(0, limit), complete: !enough && all.length <= limit, silent };
}

/** The pages of the log. @throws Failure `okta.log_unreadable` */
export async function* readLog(
  org: Pick<OktaOrg, "log">,
  query: LogQuery,
): AsyncGenerator<readonly SystemLogEvent[], void> {
  try {
    yield* org.log.pages(query);
  } catch (error) {
    if (!isFailure(error, "okta.token_powerless")) throw error;
    throw new Failure("auth", "okta.log_unreadable", `Okta's System Log can't be read. ${error.message}`, {
      hint: "It is shown to super, org, app, read-only, and report administrators, and to a service app with the scope okta.logs.read.",
      cause: error,
    });
  }
}

/** Of a sign-in whose end is missing: so far around it others are looked at, among which the end may be. */
const around = 10 * 60_000;

/** How far back the last sign-ins of a user are looked for, in days. */
export const lastDays = 14;

/**
 * The last sign-ins of a user to the app, the newest first.
 *
 * @param until what came from then on is passed over
 * @param most how many at most
 * @throws what {@link readSignIns} throws
 */
export async function lastSignIns(
  org: OktaOrg,
  about: AboutApp,
  user: AboutUser,
  { until, days = lastDays, most = 5 }: { until?: Date | undefined; days?: number; most?: number } = {},
): Promise<readonly RecordedSignIn[]> {
  const now = until ?? new Date();
  const open = until === undefined;
  const window = { since: new Date(now.getTime() - days * 24 * 3600_000), until: now, open };
  const events: SystemLogEvent[] = [];
  const query = { ...window, filter: ownSignInFilter(about, user), newestFirst: true, pageSize: pageSizeFor(most * 4) };
  for await (const page of readLog(org, query)) {
    events.push(...page);
    if (signInsIn(events, about, user).signIns.length > most) break;
  }
  const signIns = signInsIn(events, about, user).signIns.slice(0, most);
  const [newest] = signIns;
  if (newest?.outcome !== "unknown") return signIns;
  // The request for the tokens may name no user, and only beside everybody's sign-ins can it be told whose it was.
  const time = Date.parse(newest.at);
  const end = time + around;
  const near = { since: new Date(time - around), until: new Date(open ? end : Math.min(end, now.getTime())) };
  const wide = await readSignIns(org, about, { window: near, user });
  return signIns.map((one) => wide.signIns.find(({ at }) => at === one.at) ?? one);
}
