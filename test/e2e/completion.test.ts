/** Completion in the shells themselves: keys are pressed in a pseudo-terminal, and what the program would be called with is noted. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpClient } from "../../src/http/client.ts";
import { createOktaOrg } from "../../src/okta/org.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { gateBefore } from "../gate.ts";
import { environment, executable, temporaryFolder } from "../program.ts";
import { open } from "../pty.ts";

/** Names by their first two characters. What is in them would leave a file behind if it were ever evaluated. */
const hostile = [
  "aa plain and spaced",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: so it would stand in a shell
  "bb $(touch pwned) ${HOME} $HOME",
  "cc `touch pwned`",
  `dd "double" 'single' \\ back\\\\slashes \\`,
  "ee new\nline; touch pwned",
  "ff ;touch pwned; & | < > * ? [a] {b,c} ~ #x ^ %",
  "gg !history! !! !touch",
  "hh \u001b[31mred\u0007 \u202etfel",
  "ïï Ünïcode ☂ 👩‍🚒",
  "jj:with=colons:and=signs@x",
  "kk (sub) $'\\n' $\"x\"",
];

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  const org = createOktaOrg({ origin: sandbox.okta.url, token: sandbox.okta.token, http: createHttpClient() });
  for (const name of hostile) await org.createGroup(name);
});
afterAll(() => sandbox.close());

const shells = {
  bash: {
    args: (home: string) => ["--noprofile", "--rcfile", join(home, ".bashrc"), "-i"],
    file: ".bashrc",
    setUp: "PS1='ready> '; source <(akto-okta completion bash)",
  },
  zsh: {
    args: () => ["-i"],
    file: ".zshrc",
    setUp: "PROMPT='ready> '; unsetopt beep; autoload -Uz compinit; compinit -u -D; source <(akto-okta completion zsh)",
  },
  fish: {
    args: () => ["-i"],
    file: ".config/fish/config.fish",
    setUp: "set -g fish_greeting; function fish_prompt; printf 'ready> '; end; akto-okta completion fish | source",
  },
} as const;
type ShellName = keyof typeof shells;
const names = Object.keys(shells) as ShellName[];
const isHere = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0;

/** A shell with completion loaded, in a home of its own; `akto-okta` notes its arguments, and completes as the real one. */
function shellAt(shell: ShellName, more: Record<string, string> = {}) {
  const home = temporaryFolder();
  const bin = join(home, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh
case "$1" in __complete|completion) exec "${process.execPath}" "${executable}" "$@" ;; esac
printf '%s\\0' "$@" > "$NOTED"; echo "noted $(cat "$NOTED.turn")."
`;
  writeFileSync(join(bin, "akto-okta"), script);
  chmodSync(join(bin, "akto-okta"), 0o755);
  const { args, file, setUp } = shells[shell];
  mkdirSync(join(home, file, ".."), { recursive: true });
  writeFileSync(join(home, file), `${setUp}\n`);
  // Without it, a new user's fish goes through every manual page.
  mkdirSync(join(home, ".local/share/fish/generated_completions"), { recursive: true });
  const noted = join(home, "noted");
  const env = {
    ...environment(home),
    OKTA_CLIENT_ORGURL: sandbox.okta.url,
    OKTA_CLIENT_TOKEN: sandbox.okta.token,
    PATH: `${bin}:${process.env.PATH}`,
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    NOTED: noted,
    ...more,
  };
  const screen = open(["/usr/bin/env", "-C", home, shell, ...args(home)], env, 200);
  let turn = 0;
  return {
    home,
    screen,
    /** Types a line and presses Enter. Returns what the program was called with. */
    line: async (keys: string): Promise<string[]> => {
      await screen.shows("ready>");
      writeFileSync(`${noted}.turn`, String(++turn));
      screen.type(`${keys}\r`);
      await screen.shows(`noted ${turn}.`);
      return readFileSync(noted, "utf8").split("\0").slice(0, -1);
    },
  };
}

describe.each(names)("%s", (shell) => {
  // A test that was skipped has shown nothing.
  const test = it.skipIf(!isHere(shell));

  test(`puts in hostile names exactly, evaluates nothing, in quotes and without (needs ${shell})`, async () => {
    const { home, line } = shellAt(shell);
    for (const name of hostile) {
      const start = Array.from(name).slice(0, 2).join("");
      for (const quote of ["", "'", '"']) {
        expect(await line(`akto-okta mapping add ${quote}${start}\t`), `${name} after ${quote}`).toEqual([
          "mapping",
          "add",
          name,
        ]);
      }
    }
    expect(readdirSync(home)).not.toContain("pwned");
  });

  test(`completes what is typed in part: commands, flags, choices, roles, files (needs ${shell})`, async () => {
    const { home, line } = shellAt(shell);
    mkdirSync(join(home, "own"));
    writeFileSync(join(home, "own", "my file.yaml"), "");
    expect(await line("akto-okta map\tli\t")).toEqual(["mapping", "list"]);
    expect(await line("akto-okta groups list --outp\tjsonl")).toEqual(["groups", "list", "--output", "jsonl"]);
    expect(await line("akto-okta groups list --output js\tl\t")).toEqual(["groups", "list", "--output", "jsonl"]);
    expect(await line("akto-okta groups list --output=cs\t")).toEqual(["groups", "list", "--output=csv"]);
    expect(await line("akto-okta mapping add Everyone threat-v\t")).toEqual([
      "mapping",
      "add",
      "Everyone",
      "threat-viewer",
    ]);
    expect(await line("akto-okta mapping add Everyone THREAT_V\t")).toEqual([
      "mapping",
      "add",
      "Everyone",
      "THREAT_VIEWER",
    ]);
    expect(await line("akto-okta sandbox --scenario claim-on-i\t")).toEqual([
      "sandbox",
      "--scenario",
      "claim-on-id-token",
    ]);
    expect(await line("akto-okta doctor --only redirect-u\t")).toEqual(["doctor", "--only", "redirect-uri"]);
    expect(await line("akto-okta mapping import own/my\t")).toEqual(["mapping", "import", "own/my file.yaml"]);
    expect(await line("akto-okta sso plan -f own/my\t")).toEqual(["sso", "plan", "-f", "own/my file.yaml"]);
    expect(await line("akto-okta sso status --okta-token-file=ow\tmy\t")).toEqual([
      "sso",
      "status",
      "--okta-token-file=own/my file.yaml",
    ]);
    // No files where none are due.
    expect(await line("akto-okta groups create own\t")).toEqual(["groups", "create", "own"]);
  });
});

describe("the answer to a key", () => {
  const ask = async (line: string, env: Record<string, string>, cwd = env.HOME ?? "/") => {
    const input = `bash\0 \t\n"'@><=;|&(:\0${line}`;
    const options = { env, cwd, input, extendEnv: false, reject: false } as const;
    const { stdout, stderr, exitCode } = await execa(process.execPath, [executable, "__complete"], options);
    expect([stderr, exitCode]).toEqual(["", 0]);
    return stdout.split("\0").slice(0, -1);
  };
  const connected = (origin = sandbox.okta.url): Record<string, string> => ({
    ...environment(temporaryFolder()),
    OKTA_CLIENT_ORGURL: origin,
    OKTA_CLIENT_TOKEN: sandbox.okta.token,
  });

  it("comes from the cache for a minute, which nobody else may read, by org and by profile", async () => {
    const env = connected();
    expect(await ask("akto-okta mapping add aa", env)).toEqual(["words", "aa\\ plain\\ and\\ spaced"]);
    const folder = join(env.HOME ?? "", ".cache", "akto-okta", "completion");
    const [file = ""] = readdirSync(folder);
    expect([statSync(folder).mode & 0o777, statSync(join(folder, file)).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(readFileSync(join(folder, file), "utf8")).not.toContain(sandbox.okta.token);
    const gone = { ...env, OKTA_CLIENT_TOKEN: "00gone" };
    expect(await ask("akto-okta mapping add aa", gone)).toHaveLength(2);
    expect(await ask("akto-okta mapping add aa", { ...gone, AKTO_OKTA_PROFILE: "other" })).toEqual(["words"]);
    expect(
      await ask("akto-okta --domain other.okta.com mapping add aa", { ...gone, HTTPS_PROXY: "http://127.0.0.1:9" }),
    ).toEqual(["words"]);
    const old = new Date(Date.now() - 61_000);
    const { utimesSync } = await import("node:fs");
    utimesSync(join(folder, file), old, old);
    expect(await ask("akto-okta mapping add aa", gone)).toEqual(["words"]);
    chmodSync(folder, 0o755);
    expect(await ask("akto-okta mapping add bb", env)).toEqual(["words"]);
  });

  it("is nothing, soon and in silence, where Okta refuses, is slow, or is elsewhere, and nothing is left behind", async () => {
    const gate = await gateBefore(sandbox.okta.url, () => true);
    expect(await ask("akto-okta mapping add aa", connected(gate.origin))).toEqual(["words"]);
    gate.open();
    expect(await ask("akto-okta mapping add aa", { ...connected(), OKTA_CLIENT_TOKEN: "00wrong" })).toEqual(["words"]);
    const env = connected("http://127.0.0.1:9");
    expect(await ask("akto-okta mapping add aa", env)).toEqual(["words"]);
    // A domain on the line may not be the one that is meant yet.
    const { OKTA_CLIENT_ORGURL: domain = "", ...elsewhere } = connected();
    expect(await ask(`akto-okta mapping add --domain ${domain} aa`, elsewhere)).toEqual(["words"]);
    mkdirSync(join(elsewhere.AKTO_OKTA_CONFIG_DIR ?? "", "secrets"), { recursive: true, mode: 0o700 });
    const stored = { oktaToken: { value: elsewhere.OKTA_CLIENT_TOKEN, owner: { at: domain } } };
    const file = join(elsewhere.AKTO_OKTA_CONFIG_DIR ?? "", "secrets", "default.json");
    writeFileSync(file, JSON.stringify(stored), { mode: 0o600 });
    const { OKTA_CLIENT_TOKEN: _, ...withStored } = elsewhere;
    expect(await ask(`akto-okta mapping add --domain ${domain} aa`, withStored)).toHaveLength(2);
    expect(await ask("akto-okta mapping add --domain http://localhost:9 aa", withStored)).toEqual(["words"]);
    expect(existsSync(env.AKTO_OKTA_CONFIG_DIR ?? "")).toBe(false);
  });

  it("asks once, for the names that begin so, and asks no org that only the working folder names", async () => {
    const env = environment(temporaryFolder());
    const folder = join(env.HOME ?? "", "repository");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "okta.yaml"),
      `okta:\n  client:\n    orgUrl: ${sandbox.okta.url}\n    token: ${sandbox.okta.token}\n`,
    );
    expect(await ask("akto-okta mapping add aa", env, folder)).toEqual(["words"]);
    mkdirSync(join(env.HOME ?? "", ".okta"));
    const own = `okta:\n  client:\n    orgUrl: ${sandbox.okta.url}\n    token: ${sandbox.okta.token}\n`;
    writeFileSync(join(env.HOME ?? "", ".okta", "okta.yaml"), own);
    expect(await ask("akto-okta mapping add aa", env)).toEqual(["words", "aa\\ plain\\ and\\ spaced"]);
  });

  it("knows the profiles, the roles and the mapped groups of the one that is named, and changes none that is corrupt", async () => {
    const env = environment(temporaryFolder());
    const folder = env.AKTO_OKTA_CONFIG_DIR ?? "";
    mkdirSync(folder, { mode: 0o700 });
    const staging = { mapping: [["My Group", "ADMIN"]], customRoles: [{ name: "red-team", baseRole: "GUEST" }] };
    writeFileSync(join(folder, "staging.json"), JSON.stringify(staging), { mode: 0o600 });
    writeFileSync(join(folder, "broken.json"), "{", { mode: 0o600 });
    expect(await ask("akto-okta profile use ", env)).toEqual(["words", "broken", "staging", "default"]);
    expect(await ask("akto-okta --profile st", env)).toEqual(["words", "staging"]);
    expect(await ask("akto-okta --profile staging mapping remove ", env)).toEqual(["words", "My\\ Group"]);
    expect(await ask("akto-okta mapping remove --profile=staging --role red", env)).toEqual(["words", "red-team"]);
    expect(await ask("akto-okta mapping add X red --profile broken", env)).toEqual(["words", "broken"]);
    expect(await ask("akto-okta --profile broken mapping add X gu", env)).toEqual(["words", "guest"]);
    expect(readdirSync(folder).sort()).toEqual(["broken.json", "staging.json"]);
  });
});
