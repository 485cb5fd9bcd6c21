/** Looks a sign-in up in the log that has just been refused, for as long as its events may take to get there. */
import { canGoOn, type Failure } from "../../core/failure.ts";
import type { AboutUser } from "../../core/history/join.ts";
import type { RecordedSignIn } from "../../core/history/sign-ins.ts";
import type { AboutApp, Stage } from "../../core/history/steps.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { readSignIns } from "./sign-ins.ts";

/** Which sign-in. */
export interface AwaitedSignIn {
  /** When it was begun, by this machine's clock. */
  readonly since: Date;
  /** Who signed in, where that is known. */
  readonly user?: AboutUser | undefined;
  /** Where it may have ended; anywhere unless given. */
  readonly stages?: readonly Stage[] | undefined;
}

/** What the log says of it. */
export type LoggedAttempt =
  | { readonly kind: "found"; readonly signIn: RecordedSignIn }
  /** Several people were refused at the same time: it can't be told which one it was. */
  | { readonly kind: "several"; readonly signIns: readonly RecordedSignIn[] }
  /** Nothing came in time. */
  | { readonly kind: "none" }
  | { readonly kind: "unseen"; readonly failure: Failure };

/** How the time passes. */
export interface Waiting {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Is told for how long it is waited still, in milliseconds. */
  readonly onWait?: (left: number) => void;
  /** For how long at most, in milliseconds; a minute unless given. `0` looks once. */
  readonly longest?: number;
}

/**
 * The waits between two looks, in milliseconds. Events come after seconds, sometimes minutes (Okta's System Log guide); the
 * log may be asked far less often than the rest.
 */
const waits: readonly number[] = [2_000, 3_000, 5_000, 10_000, 10_000, 15_000, 15_000];

const total = (times: readonly number[]) => times.reduce((sum, time) => sum + time, 0);

/** Clocks differ. */
const slack = 10_000;

/**
 * The refusal that the log has of this sign-in. Never throws what can be done without: a test that failed has its own reason
 * to give.
 */
export async function waitForAttempt(
  org: OktaOrg,
  about: AboutApp,
  { since, user, stages }: AwaitedSignIn,
  { pause, onWait = () => {}, longest = Number.POSITIVE_INFINITY }: Waiting,
): Promise<LoggedAttempt> {
  const from = new Date(since.getTime() - slack);
  const planned = waits.filter((_, index) => total(waits.slice(0, index + 1)) <= longest);
  let left = total(planned);
  // What nobody signed in for is an app's own try, this tool's too.
  const fits = ({ user, stage }: RecordedSignIn) => user !== null && (stages?.includes(stage) ?? true);
  try {
    for (const wait of [...planned, 0]) {
      const window = { since: from, until: new Date(), open: true };
      const signIns = (await readSignIns(org, about, { window, user, failed: true })).signIns.filter(fits);
      const [newest] = signIns;
      const people = new Set(signIns.map(({ user }) => user?.id || user?.login));
      if (newest) return people.size > 1 ? { kind: "several", signIns } : { kind: "found", signIn: newest };
      if (wait === 0) break;
      onWait(left);
      await pause(wait);
      left -= wait;
    }
    return { kind: "none" };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return { kind: "unseen", failure: error };
  }
}
