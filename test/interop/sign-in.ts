/** `login test` of the built program against a provider, with a person who is played before the provider's pages. */
import { execa } from "execa";
import { expect } from "vitest";
import { environment, executable, freePort, run, temporaryFolder } from "../program.ts";
import { type Person, textOf, visit } from "./visitor.ts";

/** A client at a provider, and who signs in. */
export interface Attempt {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly person: Person;
  /** Where the program listens, when the provider had to be told; otherwise a free port. */
  readonly port?: number;
  /** The groups that Akto is told which role each gives, in place of {@link usualMapping}. */
  readonly mapping?: Readonly<Record<string, string>>;
  /** More of the environment, such as an Okta API token. */
  readonly env?: Readonly<Record<string, string>>;
}

const usualMapping = { "Akto Admins": "ADMIN" };

/** How a `login test` ended. */
export interface Ending {
  readonly exitCode: number | undefined;
  /** The role, or the code of the failure. */
  readonly ended: string;
  /** Where the groups came from, and which they are. */
  readonly groups: string;
  /** The failure's own sentence. */
  readonly message: string | undefined;
  /** What a person reads who wants to know what is wrong: warnings and failed checks, or the failure, with their hints. */
  readonly words: string;
  /** Whether the browser was opened. */
  readonly opened: boolean;
  /** Where the browser was left, when the provider did not send it back. */
  readonly stranded: string | undefined;
}

/** Runs one sign-in to its end. */
export async function signIn(attempt: Attempt): Promise<Ending> {
  const folder = temporaryFolder();
  const env = {
    ...environment(folder),
    OKTA_CLIENT_ORGURL: new URL(attempt.issuer).origin,
    AKTO_OKTA_AUTH_SERVER_ID: "default",
    AKTO_OKTA_ISSUER: attempt.issuer,
    AKTO_OKTA_CLIENT_ID: attempt.clientId,
    AKTO_OKTA_CLIENT_SECRET: attempt.clientSecret,
    ...attempt.env,
  };
  for (const [group, role] of Object.entries(attempt.mapping ?? usualMapping)) {
    expect(await run(["mapping", "add", group, role, "--offline", "--force"], env)).toMatchObject({ exitCode: 0 });
  }

  const port = String(attempt.port ?? (await freePort()));
  const args = ["login", "test", "--offline", "--no-browser", "--yes", "--json", "--port", port, "--timeout", "30"];
  const child = execa(process.execPath, [executable, ...args], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 50_000,
    stdin: "ignore",
    cwd: folder,
  });
  let visited: Promise<string | undefined> | undefined;
  let said = "";
  child.stderr.on("data", (data: Buffer) => {
    said += data;
    const url = /^(https?:\S+[?&]redirect_uri=\S+)\n/m.exec(said)?.[1];
    if (url === undefined || visited) return;
    visited = visit(url, attempt.person).then((end) => {
      if (end.url.port === port) return undefined;
      // Nobody will come back: no use in waiting for the time-out.
      child.kill("SIGINT");
      return textOf(end);
    });
  });
  const { stdout, stderr, exitCode } = await child;
  return { ...read(stdout, stderr), exitCode, opened: visited !== undefined, stranded: await visited };
}

interface Check {
  readonly status: string;
  readonly message: string;
  readonly hint?: string;
}

function read(stdout: string, stderr: string): Pick<Ending, "ended" | "groups" | "message" | "words"> {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  const error = last.startsWith("{") ? JSON.parse(last).error : undefined;
  const report = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  const checks: readonly Check[] = report?.checks ?? [];
  const wrong = checks.filter(({ status }) => status === "warn" || status === "fail");
  const words = [...wrong, ...(error ? [error] : [])].flatMap(({ message, hint = "" }) => [message, hint]);
  const warnings = stderr.split("\n").filter((line) => line.startsWith("! "));
  return {
    ended: error?.code ?? report?.role.id ?? "nothing",
    groups: report ? [report.groups.source, ...report.groups.names].join(": ") : "",
    message: error?.message,
    words: [...warnings, ...words].filter((line) => line !== "").join("\n"),
  };
}
