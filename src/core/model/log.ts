/** What Okta's System Log holds: what happened, who did it, and what became of it. */

/**
 * An event. Okta promises no more than its type, its outcome, its actor and its targets; what else there is comes as it is,
 * and whatever is missing is an empty text or `null`.
 */
export interface SystemLogEvent {
  readonly id: string;
  /** When, in ISO 8601 with milliseconds, UTC. */
  readonly at: string;
  /** Okta's name for what happened, such as `user.session.start`. */
  readonly type: string;
  /** Okta's sentence for it. */
  readonly title: string;
  /** `SUCCESS`, `FAILURE`, `ALLOW`, `DENY`, `CHALLENGE` or another word of Okta's. */
  readonly result: string;
  /** Okta's word for why. */
  readonly reason: string | null;
  readonly actor: LogParty;
  readonly targets: readonly LogParty[];
  /** The client id of an OAuth request. */
  readonly clientId: string | null;
  /** Binds the events of one request. */
  readonly transaction: string | null;
  /** Binds the events of one session of a user; `null` where nobody got in, or Okta doesn't know it. */
  readonly session: string | null;
  /** Okta's debugging aid: its keys may change at any time. A Map, since they are strangers' words. */
  readonly debug: ReadonlyMap<string, string>;
}

/** Who did something, or what it was done to. */
export interface LogParty {
  readonly id: string;
  /** `User`, `PublicClientApp`, `AppInstance`, `UserGroup`, `PolicyRule` … */
  readonly type: string;
  readonly name: string;
  /** Of a user the login; of most other things nothing. */
  readonly login: string | null;
  /** What else Okta says of it, such as a policy's type. A Map, since the keys are strangers' words. */
  readonly detail: ReadonlyMap<string, string>;
  /** Which of its settings were changed, where Okta says so. */
  readonly changed: readonly string[];
}
