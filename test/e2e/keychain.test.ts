import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { environment, executable, temporaryFolder } from "../program.ts";

const programs = ["dbus-run-session", "gnome-keyring-daemon", "gdbus"];
const missing = programs.filter((program) => spawnSync(program, ["--version"]).error);

/** A real keyring on a session bus of its own, open, with an empty password; then the program, then the keyring locked. */
const script = `
printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >&2 || exit 99
akto() { "$NODE" "$PROGRAM" "$@" || echo "exit $?"; }
akto sso setup --no-input --quiet >&2
akto secrets list --json > "$HOME/kept"
unset OKTA_CLIENT_TOKEN AKTO_OKTA_CLIENT_SECRET AKTO_API_KEY
akto groups list --limit 1 > "$HOME/groups"
tab() { printf 'bash\\0 \\0akto-okta mapping add Akto\\ A' | akto __complete | tr '\\0' '\\n'; }
tab > "$HOME/tab"
akto secrets move file --json > "$HOME/moved"
akto secrets move keychain --json >> "$HOME/moved"
gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \\
  --method org.freedesktop.Secret.Service.Lock "['/org/freedesktop/secrets/collection/login']" >&2
akto groups list > "$HOME/locked" 2>&1
rm -r "$HOME/.cache"
tab > "$HOME/locked-tab"
`;

// Say which is missing: a test that was skipped has shown nothing.
test.skipIf(missing.length > 0)(
  `a real keyring keeps a setup's secrets, gives them back, and says when it is locked (needs ${programs.join(", ")})`,
  async () => {
    const sandbox = await startSandbox();
    const folder = temporaryFolder();
    const { AKTO_OKTA_SECRETS: _, ...env } = environment(folder, sandbox);
    mkdirSync(join(folder, "run"), { mode: 0o700 });
    const { stderr, exitCode } = await execa("dbus-run-session", ["--", "bash", "-c", script], {
      env: {
        ...env,
        NODE: process.execPath,
        PROGRAM: executable,
        XDG_DATA_HOME: join(folder, "data"),
        XDG_RUNTIME_DIR: join(folder, "run"),
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: 300_000,
    });
    await sandbox.close();
    const said = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(exitCode, stderr).toBe(0);
    const secrets = ["clientSecret", "oktaToken", "aktoKey"];
    expect(JSON.parse(said("kept")).secrets).toMatchObject(secrets.map((name) => ({ name, places: ["keychain"] })));
    expect(said("groups")).toBe("Everyone\tBUILT_IN\t\tAll users in your organization\n");
    // Only an open keyring is asked: a key that is pressed must bring up no dialog.
    const asksWhetherOpen = ["busctl", "gdbus"].some((program) => !spawnSync(program, ["--version"]).error);
    expect(said("tab")).toBe(asksWhetherOpen ? "words\nAkto\\ Admins\n" : "words\n");
    expect(said("locked-tab")).toBe("words\n");
    expect(said("moved").replaceAll(/\s+/g, "")).toBe(
      ["file", "keychain"].map((to) => JSON.stringify({ moved: secrets, to })).join(""),
    );
    expect(said("locked")).toMatch(/keychain refused.*\n.*Unlock it.*\nexit 2\n$/);
    expect(existsSync(join(folder, "config", "secrets", "default.json"))).toBe(true);
    expect(readFileSync(join(folder, "config", "secrets", "default.json"), "utf8")).toBe("{}\n");
  },
  70_000,
);
