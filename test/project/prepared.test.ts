/** What is said without running the program is what running it would say. */
import { expect, test } from "vitest";
import { environment, run, temporaryFolder } from "../program.ts";

test("the help that was made at the build is the program's", async () => {
  const env = environment(temporaryFolder());
  const { stdout } = await run(["--help"], env);
  // With a flag, the program runs and makes it itself.
  expect((await run(["--quiet", "--help"], env)).stdout).toBe(stdout);
  for (const args of [[], ["help"], ["-h"]]) expect(await run(args, env)).toMatchObject({ exitCode: 0, stdout });
});

test.each(["staging", "s".repeat(33), "s".repeat(34), "s".repeat(35), "s".repeat(64), 'no "profile"\u001b[31m'])(
  "it names the profile that is in use, however it is called (%j)",
  async (name) => {
    const env = { ...environment(temporaryFolder()), AKTO_OKTA_PROFILE: name };
    const { stdout } = await run(["--help"], env);
    expect((await run(["--quiet", "--help"], env)).stdout).toBe(stdout);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`(default: ${JSON.stringify(name)}`);
  },
);

test.each(["bash", "zsh", "fish"])("so is the completion script for %s", async (shell) => {
  const env = environment(temporaryFolder());
  const { stdout } = await run(["completion", shell], env);
  expect((await run(["--quiet", "completion", shell], env)).stdout).toBe(stdout);
  expect(stdout).toContain("akto-okta");
});

test("the version is the package's", async () => {
  const env = environment(temporaryFolder());
  const { stdout } = await run(["--version"], env);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  for (const args of [["-V"], ["--quiet", "--version"]]) expect((await run(args, env)).stdout).toBe(stdout);
});
