/** The facts of a captured access token: whose it is, what is in it, and whether it is one that Akto would get. */

import { askStatus } from "../../core/access/user-status.ts";
import { issuerOf } from "../../core/address.ts";
import { type Fact, valueIn } from "../../core/evidence.ts";
import { canGoOn, Failure } from "../../core/failure.ts";
import type { LoginFacts } from "../../core/login/facts.ts";
import { type RecordedFact, recordedWord } from "../../core/login/recorded.ts";
import type { Check } from "../../core/login/report.ts";
import type { OktaUser } from "../../core/model/okta.ts";
import { decodeAccessToken } from "../../core/roles/resolve.ts";
import { quoted } from "../../core/text.ts";
import type { TokenExpectation } from "../../oidc/check-token.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { recordedFact } from "../history/recorded.ts";
import type { World } from "../world/world.ts";
import { type Account, apiGroups } from "./account.ts";
import { signInUser } from "./user.ts";

/** What the report goes by, and checks of the token itself beside it. */
export interface TokenFacts {
  readonly facts: Pick<LoginFacts, "user" | "token" | "api">;
  readonly checks: readonly Check[];
  /** What Okta recorded of the user, where they are known; it decides nothing about a token that is there. */
  readonly recorded: RecordedFact | undefined;
}

/** Throws `login.no_token` and `login.id_token` when it isn't an access token. */
export async function tokenFacts(world: World, account: Account, given: string): Promise<TokenFacts> {
  // As it stands in a request's header.
  const accessToken = given.replace(/^Bearer\s+/i, "");
  const payload = decodeAccessToken(accessToken);
  const claims = typeof payload === "string" ? {} : payload;
  refuseOther(accessToken, claims);

  // In an access token `uid` is the user id and `sub` the login (Okta behavior).
  const id = [claims.uid, claims.sub].find((value) => typeof value === "string" && value !== "");
  const userId = typeof id === "string" ? id : "";
  const { checkToken } = await import("../../oidc/check-token.ts");
  const [{ user, check }, checks] = await Promise.all([
    whose(account.org, userId, claims.sub),
    expectation(world).then(async (expected) =>
      checkToken(await world.context.http(), expected, accessToken, new Date()),
    ),
  ]);
  const [api, recorded] = await Promise.all([
    apiGroups(account, accessToken, user?.id ?? userId),
    account.org && user ? recordedFact(world, account.org, user) : null,
  ]);
  const status = user ? statusDoubt(user) : undefined;
  // Whatever makes it another token than the one that Akto would get makes its groups, too, perhaps others.
  const doubts = [...checks, ...(status ? [status] : [])].filter(({ status }) => status === "warn");
  return {
    facts: {
      user: user && signInUser(user),
      token: {
        accessToken,
        captured: true,
        doubts: doubts.map(({ message }) => message),
        unseenUser: user ? undefined : check.message,
      },
      api,
    },
    recorded: valueIn(recorded ?? undefined),
    checks: [check, ...(status ? [status] : []), ...checks, ...(recorded ? [recordedCheck(recorded)] : [])],
  };
}

/** Whether the user may still sign in, as whoever got the token once did. */
function statusDoubt({ status }: OktaUser): Check | undefined {
  const id = "token.user_status";
  const answer = askStatus(status);
  if (answer.kind === "in") return undefined;
  const hint = answer.kind === "out" ? { hint: answer.hint } : {};
  return { id, status: "warn", message: answer.message, ...hint, evidence: "told" };
}

/** The user's last sign-in as Okta recorded it. */
function recordedCheck(recorded: Fact<RecordedFact>): Check {
  const { status, message, hint } = recordedWord(recorded);
  return {
    id: "okta.recorded",
    status,
    message,
    ...(hint === undefined || status === "pass" ? {} : { hint }),
    ...(status === "skip" ? {} : { evidence: "recorded" }),
  };
}

/** What no token endpoint gives as an access token is a wrong file, not a wrong role. */
function refuseOther(accessToken: string, claims: Readonly<Record<string, unknown>>): void {
  // The characters of a bearer token (RFC 6750).
  if (!/^[\w.~+/-]+=*$/.test(accessToken)) {
    throw new Failure("usage", "login.no_token", "What --token names is not an access token.", {
      hint: "Give just the value of access_token, as the token endpoint returned it.",
    });
  }
  const ofIdToken = "nonce" in claims || "at_hash" in claims || String(claims.jti).startsWith("ID.");
  if (ofIdToken && !("scp" in claims || "cid" in claims)) {
    throw new Failure("usage", "login.id_token", "What --token names is an ID token: Akto reads no groups from it.", {
      hint: "Give the access_token from the same answer.",
    });
  }
}

/** The user in Okta; a look-up that fails is told, and ends nothing. */
async function whose(
  org: OktaOrg | null,
  userId: string,
  sub: unknown,
): Promise<{ user: OktaUser | null; check: Check }> {
  const id = "token.user";
  const named = quoted(typeof sub === "string" ? sub : userId);
  if (userId === "")
    return { user: null, check: { id, status: "warn", message: "The token does not say whose it is." } };
  if (!org) {
    return {
      user: null,
      check: {
        id,
        status: "skip",
        message: `The token is ${named}'s. They were not looked up: there is no API token.`,
      },
    };
  }
  try {
    const user = await org.user(userId);
    if (user) {
      return {
        user,
        check: { id, status: "pass", message: `The token is ${quoted(user.login)}'s.`, evidence: "told" },
      };
    }
    const message = `The token is ${named}'s, and this API token shows no such user: it is another org's, the user was deleted, or the API token's owner may not see them.`;
    return { user: null, check: { id, status: "warn", message } };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    return {
      user: null,
      check: { id, status: "warn", message: `The token is ${named}'s. They could not be looked up: ${error.message}` },
    };
  }
}

/** What a token that Akto gets would say. */
async function expectation({ settings, setup, domain, server }: World): Promise<TokenExpectation> {
  const [place, org, found] = [valueIn(await setup()), valueIn(await domain()), valueIn(await server())];
  return {
    issuer: settings.issuerOverride ?? (org && place ? issuerOf(org, place.authServerId) : null),
    clientId: place?.clientId ?? settings.clientId ?? null,
    audiences: found?.kind === "found" ? found.server.audiences : null,
  };
}
