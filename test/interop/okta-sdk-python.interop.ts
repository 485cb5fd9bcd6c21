/** Okta's Python SDK, unchanged, against the sandbox's Okta org. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment } from "../program.ts";
import { withPeer } from "./peer.ts";
import { atLeast, attempt, kept, type Server, tool } from "./tools.ts";

const version = "3.4.6";
const script = new URL("okta-sdk-python.py", import.meta.url).pathname;

/** What each step of the script must give. */
const steps = {
  lists_groups: expect.arrayContaining(["Everyone", "Akto Admins"]),
  creates_a_group: "OKTA_GROUP",
  reads_a_user: "priya.raman@brightwell.example",
  puts_a_user_into_a_group: expect.arrayContaining(["Akto Interop"]),
  reads_the_app: ["Akto", "client_secret_basic", ["authorization_code"]],
  assigns_a_group_to_the_app: true,
  reads_the_authorization_server: "ACTIVE",
  adds_a_claim: expect.arrayContaining(["groups", "interop"]),
  reads_the_access_policies: ["ACTIVE", expect.arrayContaining(["authorization_code"])],
  reads_the_api_tokens: true,
  reads_the_system_log: true,
};

interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: string;
}

describe("Okta's Python SDK", () => {
  let made: readonly Step[];
  withPeer({
    name: "Okta's Python SDK",
    version,
    start: async (): Promise<Server> => {
      const python = await pythonWithSdk();
      const sandbox = await startSandbox();
      try {
        const { HOME: _, ...env } = environment("", sandbox);
        const printed = await attempt(python, [script], {
          env: { ...env, OKTA_TESTING_TESTINGDISABLEHTTPSCHECK: "true" },
        });
        made = printed
          .split("\n")
          .filter((line) => line.startsWith("{"))
          .map((line) => JSON.parse(line));
      } finally {
        await sandbox.close();
      }
      return { stop: async () => {} };
    },
  });

  it.for(Object.entries(steps).map(([name, expected]) => [name.replaceAll("_", " "), name, expected] as const))(
    "%s",
    ([, name, expected], { task }) => {
      const step = made.find((each) => each.step === name);
      task.meta.saw = step?.error ?? "as it must";
      expect(step, JSON.stringify(made, null, 2)).toEqual({ step: name, value: expected });
    },
  );
});

async function pythonWithSdk(): Promise<string> {
  atLeast(3, "Python", await tool("python3", ["--version"]), /Python (\d+)\.(?:9|\d\d)/);
  const folder = await kept(`okta-sdk-python-${version}`, async (empty) => {
    await tool("python3", ["-m", "venv", empty]);
    await tool(join(empty, "bin", "python"), ["-m", "pip", "install", "--quiet", `okta==${version}`]);
  });
  return join(folder, "bin", "python");
}
