/** What a program that is started from here gets of the environment: nothing of Okta's or Akto's. */

// Every variable of this program's and of Okta's SDKs: a secret among them is left out whatever it will be called.
const ours = /^(?:OKTA|AKTO)_/i;

/** The environment without this program's variables and those of Okta's SDKs, which hold its secrets. */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

/**
 * Does something while those variables are out of an environment: for a library that starts programs with all that
 * `process.env` holds.
 */
export async function withChildEnvironment<Value>(env: NodeJS.ProcessEnv, work: () => Promise<Value>): Promise<Value> {
  const taken = Object.entries(env).filter(([name]) => ours.test(name));
  for (const [name] of taken) delete env[name];
  try {
    return await work();
  } finally {
    for (const [name, value] of taken) env[name] = value;
  }
}
