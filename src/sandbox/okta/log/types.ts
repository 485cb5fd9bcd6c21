/** Events of the System Log, as they go over the wire. */

/** Who did it, or what it was done to. */
export interface LogEntity {
  readonly id: string;
  /** `User`, `PublicClientApp`, `AppInstance`, `UserGroup`, `PolicyRule` … */
  readonly type: string;
  readonly alternateId: string;
  readonly displayName: string;
  readonly detailEntry: Readonly<Record<string, unknown>> | null;
}

export type LogResult = "SUCCESS" | "FAILURE" | "ALLOW" | "DENY" | "CHALLENGE";

/** What the code that records an event says about it; the log adds the rest. */
export interface LogDraft {
  readonly eventType: string;
  readonly displayMessage: string;
  readonly actor: LogEntity;
  readonly target: readonly LogEntity[];
  readonly result: LogResult;
  readonly reason?: string | null | undefined;
  readonly debugData?: Readonly<Record<string, string>> | undefined;
  /** The request that it belongs to; a job of Okta's own has none. */
  readonly request?: LogRequest | undefined;
  /** The user's session at Okta; `null` when nobody got in, and Okta's word “unknown” where it has none at hand. */
  readonly session?: string | null | undefined;
  /** The client id of an OAuth request. */
  readonly clientId?: string | undefined;
  /** Whose API token made the change. */
  readonly tokenId?: string | undefined;
  /** When it happened, in epoch milliseconds; now unless given. */
  readonly at?: number | undefined;
}

/** What the log keeps of a request. */
export interface LogRequest {
  /** Binds the events of one request. */
  readonly transaction: string;
  readonly path: string;
  readonly userAgent: string;
  readonly ip: string;
}

/** A recorded event: its place in the log, and itself as Okta shows it. */
export interface LoggedEvent {
  readonly sequence: number;
  readonly at: number;
  readonly body: LogEvent;
}

/** An event as Okta shows it. */
export interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly actor: LogEntity;
  readonly target: readonly LogEntity[] | null;
  readonly [field: string]: unknown;
}
