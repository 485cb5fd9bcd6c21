/** Okta's SDK is most of what the program could load: only a change needs it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { environment, run, temporaryFolder } from "../program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

// Told by the program itself as it ends. The SDK is CommonJS, which Node keeps in one table however it was imported.
const tellSdk = `--import=data:text/javascript,${encodeURIComponent(
  `import { Module } from "node:module";
   process.on("exit", () => console.error("sdk", Object.keys(Module._cache).some((name) => name.includes("okta-sdk"))));`,
)}`;

test.each([
  [false, ["groups", "list"]],
  [false, ["mapping", "list"]],
  [false, ["doctor"]],
  [false, ["login", "preview"]],
  [false, ["sso", "export"]],
  [true, ["groups", "create", "Akto Night Watch"]],
])("that it loads Okta's SDK is %s of %j", async (loads, args) => {
  const { stderr } = await run(args, { ...environment(temporaryFolder(), sandbox), NODE_OPTIONS: tellSdk });
  expect(stderr).toMatch(new RegExp(`^sdk ${loads}$`, "m"));
});

// As after an update that replaced the program while it ran.
const withoutSdk = `--import=data:text/javascript,${encodeURIComponent(
  `import { Module } from "node:module";
   const resolve = Module._resolveFilename;
   Module._resolveFilename = (name, ...more) => resolve(name.includes("okta-sdk") ? name + ".gone" : name, ...more);`,
)}`;

test("that a part of the program is missing is told as that, and is no answer of Okta's", async () => {
  const env = { ...environment(temporaryFolder(), sandbox), NODE_OPTIONS: withoutSdk };
  const { stderr, exitCode } = await run(["groups", "create", "Akto Day Watch"], env);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^✗ Something unexpected happened: Cannot find module/m);
  expect(stderr).toContain("install it again");
  expect(stderr).not.toContain("Okta's answer");
});
