/** Runs a command of the program in this process, over a network and a profile store of the test's own. */
import { createAktoDashboard } from "../../../src/akto/dashboard.ts";
import { buildProgram } from "../../../src/commands/program.ts";
import { commandTable } from "../../../src/commands/table.ts";
import { type Context, createContext, type GlobalOptions } from "../../../src/context.ts";
import { createRedaction } from "../../../src/core/redaction.ts";
import { createOktaOrg } from "../../../src/okta/org.ts";
import { Settings } from "../../../src/settings/settings.ts";
import type { Place } from "./faults.ts";
import { memorySecrets, type World } from "./world.ts";

/** Runs `akto-okta ARGS --yes --no-input --quiet`. Throws what the command throws. */
export async function runCommand(
  world: World,
  place: Place,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  onOutput: (text: string) => void = () => {},
): Promise<void> {
  const signal = new AbortController().signal;
  const program = buildProgram(commandTable, signal, (globals) =>
    contextOver(world, place, env, globals, signal, onOutput),
  );
  await program.parseAsync(["node", "akto-okta", ...args, "--yes", "--no-input", "--quiet"]);
}

function contextOver(
  { sandbox: { okta, akto } }: World,
  { network, store, secrets }: Place,
  more: NodeJS.ProcessEnv,
  globals: GlobalOptions,
  signal: AbortSignal,
  onOutput: (text: string) => void,
): Context {
  const env = {
    OKTA_CLIENT_ORGURL: okta.url,
    OKTA_CLIENT_TOKEN: okta.token,
    AKTO_URL: akto.url,
    AKTO_API_KEY: akto.apiKey,
    AKTO_ACCOUNT_ID: String(akto.accountId),
    ...more,
  };
  const made = {
    okta: createOktaOrg({ origin: okta.url, token: okta.token, http: network }),
    akto: createAktoDashboard({ url: akto.url, apiKey: akto.apiKey, http: network }),
  };
  const org = async () => made.okta;
  const dashboard = async () => made.akto;
  const base = createContext(globals, env, signal, { out: onOutput, err: onOutput });
  return {
    ...base,
    http: async () => network,
    profiles: async () => store,
    secrets: async () => secrets,
    draftSecrets: async () => memorySecrets(),
    settings: async (options) =>
      new Settings({
        options,
        env,
        profile: await store.read(),
        secrets: async () => secrets,
        oktaFile: async () => ({}),
        secretFile: base.secretFile,
        redaction: createRedaction(),
        notice: () => {},
      }),
    okta: org,
    oktaWith: org,
    oktaIfAny: org,
    aktoWith: dashboard,
    aktoIfAny: async () => (globals.offline ? null : made.akto),
    pause: async () => {},
  };
}
