/** Why a sign-in was refused, as far as Okta's log knows it: with late events, without any, and where it can't be read. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "../../../src/context.ts";
import { Failure } from "../../../src/core/failure.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { logins } from "../../../src/sandbox/seed.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { withCauses } from "../../../src/usecases/login/causes.ts";
import { createWorld } from "../../../src/usecases/world/world.ts";
import { connectedTo } from "./world.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ scenario: "sign-on-policy-denies", faults: ["log-delay=600"] });
});
afterEach(() => sandbox.close());

const refused = (code: string) => new Failure("negative", code, "Okta denied the sign-in.", { hint: "Look there." });

/** Signs somebody in who is refused, and has the cause looked for; a second of waiting takes none. */
async function explain(
  code: string,
  {
    login = logins.developer,
    over = {},
    pause = async () => {},
  }: {
    login?: string | null;
    over?: Record<string, string>;
    pause?: Context["pause"];
  } = {},
): Promise<{ failure: Failure; given: Failure; waited: number[] }> {
  const waited: number[] = [];
  const begun = new Date();
  const { akto } = sandbox;
  if (login !== null) {
    await new Visitor().signIn(`${akto.url}/okta-initiate-login?accountId=${akto.accountId}`, login);
  }
  const context: Context = {
    ...connectedTo(sandbox, over),
    pause: async (milliseconds, signal) => {
      waited.push(milliseconds);
      await pause(milliseconds, signal);
    },
  };
  const given = refused(code);
  const world = createWorld(context, await context.settings({}));
  return { failure: await withCauses(world, given, { started: begun, begun }), given, waited };
}

const sum = (times: readonly number[]) => times.reduce((all, time) => all + time, 0);

describe("the cause of a refusal", () => {
  it("is waited for where Okta's events are late", async () => {
    let looks = 0;
    const pause = async () => {
      looks += 1;
      if (looks === 3) sandbox.faults.set([]);
    };
    const { failure, given, waited } = await explain("oidc.access_denied", { pause });
    expect(waited).toHaveLength(3);
    expect(failure).toMatchObject({
      kind: "negative",
      code: "oidc.access_denied",
      message: `Okta denied the sign-in. Okta's log says why ${logins.developer} was refused: The app's authentication policy denied the user, by its rule “No developers” (Sign-on policy evaluation resulted in DENY).`,
      cause: given,
    });
    expect(failure.hint).toMatch(/^Security → Authentication Policies/);
  });

  it("is waited for a minute, and where it is named already no longer than it takes to see who changed what", async () => {
    const open = await explain("oidc.access_denied");
    expect(sum(open.waited)).toBe(60_000);
    expect(open.failure.message).toBe(open.given.message);
    expect(open.failure.hint).toBe(
      "Look there.\nOkta's log has nothing about it yet. `akto-okta login history --failed` looks again.",
    );
    expect(sum((await explain("oidc.not_assigned")).waited)).toBe(5_000);
  });

  it("is not waited for where the browser never came back: Okta has had its time", async () => {
    const { failure, given, waited } = await explain("oidc.timeout", { login: null });
    expect([failure, waited]).toEqual([given, []]);
  });

  it("is not looked for in Okta's log where it can't lie there", async () => {
    sandbox.faults.set(["500"]);
    const { failure, given } = await explain("oidc.id_token_expired", { login: null });
    expect(failure).toBe(given);
  });

  it("is left to the failure's own advice where the log can't be read", async () => {
    sandbox.faults.set(["403,path=/api/v1/logs"]);
    const { failure, given, waited } = await explain("oidc.access_denied");
    expect([failure, waited]).toEqual([given, []]);
  });

  it("is left to it where there is no token", async () => {
    const { failure, given, waited } = await explain("oidc.access_denied", { over: { OKTA_CLIENT_TOKEN: "" } });
    expect([failure, waited]).toEqual([given, []]);
  });

  it("is not taken from a sign-in that ended elsewhere", async () => {
    sandbox.faults.set([]);
    const { failure, given } = await explain("oidc.code_refused");
    expect(failure.message).toBe(given.message);
  });

  it("gives way to an interruption", async () => {
    const interruption = new Failure("interrupted", "interrupted", "Interrupted.");
    const pause = async () => {
      throw interruption;
    };
    await expect(explain("oidc.access_denied", { pause })).rejects.toBe(interruption);
  });
});
