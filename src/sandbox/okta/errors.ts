/** Okta's error bodies. */
import { randomBytes } from "node:crypto";

/** An answer of the management API other than success; thrown where the reason is found. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly causes: readonly string[];

  constructor(status: number, code: string, summary: string, causes: readonly string[] = []) {
    super(summary);
    this.status = status;
    this.code = code;
    this.causes = causes;
  }
}

export const newErrorId = () => `oae${randomBytes(16).toString("base64url")}`;

/** Okta's error object: `errorId` differs with every answer. */
export function errorBody(error: { code: string; message: string; causes: readonly string[] }, errorId: string) {
  return {
    errorCode: error.code,
    errorSummary: error.message,
    errorLink: error.code,
    errorId,
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  };
}

/** A service app's token lacks the scope: Okta names it in a challenge (RFC 6750 section 3.1). */
export class ScopeMissing extends ApiError {
  readonly scope: string;

  constructor(scope: string) {
    super(403, "E0000006", "The access token provided does not contain the required scopes.");
    this.scope = scope;
  }
}

/** What is refused of a request with an access token. */
export interface Challenge {
  readonly error: string;
  readonly description: string;
  /** What the token would have to be good for. */
  readonly scope: string;
  /** The path that was asked. */
  readonly resource: string;
}

/**
 * The `WWW-Authenticate` of such a refusal, as Okta writes it.
 *
 * @param issuer of the token
 */
export function challenge(issuer: string, { error, description, scope, resource }: Challenge): string {
  const authorize = `${issuer}${new URL(issuer).pathname === "/" ? "/oauth2" : ""}/v1/authorize`;
  const parts = { authorization_uri: authorize, realm: issuer, scope, error, error_description: description, resource };
  return `Bearer ${Object.entries(parts)
    .map(([name, value]) => `${name}="${value}"`)
    .join(", ")}`;
}

/** @param causes `field: what is wrong with it` */
export const invalid = (what: string, causes: readonly string[]) =>
  new ApiError(400, "E0000001", `Api validation failed: ${what}`, causes);
export const malformed = () => new ApiError(400, "E0000003", "The request body was not well-formed.");
export const forbidden = () =>
  new ApiError(403, "E0000006", "You do not have permission to perform the requested action");
/** @param kind as Okta names it in the sentence, such as `UserGroup` */
export const notFound = (id: string, kind: string) =>
  new ApiError(404, "E0000007", `Not found: Resource not found: ${id} (${kind})`);
export const invalidToken = () => new ApiError(401, "E0000011", "Invalid token provided");
/** How Okta answers a request without credentials: there might have been a session. */
export const invalidSession = () => new ApiError(403, "E0000005", "Invalid session");
export const featureOff = () =>
  new ApiError(401, "E0000015", "You do not have permission to access the feature you are requesting");
export const noSuchPath = () => new ApiError(404, "E0000008", "The requested path was not found");
export const noSuchMethod = () =>
  new ApiError(405, "E0000022", "The endpoint does not support the provided HTTP method");
export const badSearch = (why: string) => new ApiError(400, "E0000031", `Invalid search criteria. ${why}`);
export const rateLimited = () =>
  new ApiError(429, "E0000047", "API call exceeded rate limit due to too many requests.");
export const unsupported = () => new ApiError(501, "E0000060", "Unsupported operation.");
