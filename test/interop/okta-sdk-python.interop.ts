/** Okta's Python SDK, unchanged, against the sandbox's Okta org. */
import { join } from "node:path";
import { expect } from "vitest";
import { describeOktaSdk } from "./okta-sdk.ts";
import { atLeast, kept, tool } from "./tools.ts";

const version = "3.4.6";

describeOktaSdk({
  name: "Okta's Python SDK",
  version,
  steps: {
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
  },
  program: async () => ({
    command: [await pythonWithSdk(), new URL("okta-sdk-python.py", import.meta.url).pathname],
    env: { OKTA_TESTING_TESTINGDISABLEHTTPSCHECK: "true" },
  }),
});

async function pythonWithSdk(): Promise<string> {
  atLeast(3, "Python", await tool("python3", ["--version"]), /Python (\d+)\.(?:9|\d\d)/);
  const folder = await kept(`okta-sdk-python-${version}`, async (empty) => {
    await tool("python3", ["-m", "venv", empty]);
    await tool(join(empty, "bin", "python"), ["-m", "pip", "install", "--quiet", `okta==${version}`]);
  });
  return join(folder, "bin", "python");
}
