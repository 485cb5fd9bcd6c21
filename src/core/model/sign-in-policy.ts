/** An app's authentication policy: what Okta asks before it asks the authorization server's policy. */

/** The policy, its rules in order of priority; the last one, the catch-all, is for everybody. */
export interface SignInPolicy {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly rules: readonly SignInRule[];
}

/** A rule of an authentication policy. */
export interface SignInRule {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Whether whom it is for may go on; `null` when Okta answers neither. */
  readonly access: "allow" | "deny" | null;
  /** For whom it is: everybody where nobody is included. Ids. */
  readonly users: Listed;
  readonly groups: Listed;
  /** What else it depends on, which only the moment tells: `network`, `device`, `risk`, `platform` … */
  readonly others: readonly string[];
}

/** Ids that are in and ids that are out. */
export interface Listed {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** What Okta itself says when it is asked which rule would be for a user. */
export interface PolicySimulation {
  /** The rules that are for the user, by Okta's own reckoning. */
  readonly matched: readonly SimulatedRule[];
  /** The rules that may be: something that they depend on was not given. */
  readonly open: readonly SimulatedRule[];
}

/** A rule in a simulation: it says which, not what it does. */
export interface SimulatedRule {
  readonly id: string;
  readonly name: string;
}
