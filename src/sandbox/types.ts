/** The sandbox's handle: where it listens and what opens it. */

/** How to start a sandbox. Without options: free ports, seeded users and groups, nothing wrong. */
export interface SandboxOptions {
  /** The Okta org's port; 0, the default, takes a free one. */
  readonly port?: number;
  /** The Akto dashboard's port; 0, the default, takes a free one. */
  readonly aktoPort?: number;
}

/** A user that can sign in. */
export interface SandboxUser {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A running sandbox. */
export interface Sandbox {
  readonly okta: {
    /** The org's origin, such as `http://127.0.0.1:40001`. */
    readonly url: string;
    /** An API token of a super admin. */
    readonly token: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly authServerId: string;
  };
  readonly akto: { readonly url: string; readonly apiKey: string; readonly accountId: number };
  readonly users: readonly SandboxUser[];
  /** Stops both servers and drops what they hold. */
  close(): Promise<void>;
}
