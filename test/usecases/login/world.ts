/** What `login explain` and `login preview` are tested on: a sandbox, a context connected to it, and real sign-ins. */
import { buildProgram } from "../../../src/commands/program.ts";
import { commandTable } from "../../../src/commands/table.ts";
import { type Context, createContext, type GlobalOptions } from "../../../src/context.ts";
import { loopbackRedirectUri } from "../../../src/core/address.ts";
import { Failure } from "../../../src/core/failure.ts";
import type { Sandbox } from "../../../src/sandbox/types.ts";
import { Visitor } from "../../../src/sandbox/visitor.ts";
import { environment, temporaryFolder } from "../../program.ts";

/** How a run ended: what it printed, and the failure that would be its exit code. */
export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure: Failure | undefined;
}

/** A context that is connected to the sandbox, whose variables `over` changes. */
export function connectedTo(sandbox: Sandbox, over: Record<string, string> = {}): Context {
  return contextOf(sandbox, over, { profile: "default", input: false, color: false }, { out: [], err: [] });
}

function contextOf(
  sandbox: Sandbox,
  over: Record<string, string>,
  globals: GlobalOptions,
  said: { readonly out: string[]; readonly err: string[] },
): Context {
  const env = { ...environment(temporaryFolder(), sandbox), ...over };
  const streams = { out: (text: string) => said.out.push(text), err: (text: string) => said.err.push(text) };
  return createContext(globals, env, new AbortController().signal, streams);
}

/**
 * Runs a command in this process, connected to the sandbox.
 *
 * @param flags what scripts give: without it nobody is asked either, since there is no terminal
 */
export async function command(
  sandbox: Sandbox,
  args: readonly string[],
  over: Record<string, string> = {},
  flags: readonly string[] = ["--no-input"],
): Promise<Run> {
  const said: { out: string[]; err: string[] } = { out: [], err: [] };
  const program = buildProgram(commandTable, new AbortController().signal, (globals) =>
    contextOf(sandbox, over, globals, said),
  );
  let failure: Failure | undefined;
  try {
    await program.parseAsync([...flags, "--no-color", ...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  }
  return { stdout: said.out.join(""), stderr: said.err.join(""), failure };
}

/**
 * Signs in to the sandbox's Akto for real.
 *
 * @param lines what the sandbox logs
 * @returns the role that Akto resolved, or `null` when somebody turned the user away
 */
export async function signInToAkto({ akto }: Sandbox, lines: string[], login: string): Promise<string | null> {
  lines.length = 0;
  await new Visitor().signIn(`${akto.url}/okta-initiate-login?accountId=${akto.accountId}`, login);
  return /Akto let .* in: (.*) \(/.exec(lines.join("\n"))?.[1] ?? null;
}

/** The tokens that a real sign-in to the app gives. */
export async function tokensOf(
  { okta }: Sandbox,
  login: string,
  { server = okta.authServerId, scope = "openid email profile" } = {},
): Promise<{ readonly accessToken: string; readonly idToken: string }> {
  const redirectUri = loopbackRedirectUri(8765);
  const url = new URL(`${okta.url}/oauth2/${server}/v1/authorize`);
  const query = { client_id: okta.clientId, redirect_uri: redirectUri, response_type: "code", scope, state: "s" };
  for (const [name, value] of Object.entries({ ...query, nonce: "n" })) url.searchParams.set(name, value);
  const visitor = new Visitor({ stopAt: ({ href }) => href.startsWith(redirectUri) });
  const visit = await visitor.signIn(url, login);
  const answer = await fetch(`${okta.url}/oauth2/${server}/v1/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: visit.url.searchParams.get("code") ?? "",
      redirect_uri: redirectUri,
      client_id: okta.clientId,
      client_secret: okta.clientSecret,
    }),
  });
  const tokens: unknown = await answer.json();
  const text = (name: string) => String(new Map(Object.entries(Object(tokens))).get(name));
  return { accessToken: text("access_token"), idToken: text("id_token") };
}
