import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { loopbackPort } from "../../core/address.ts";
import { clean, quoted } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { renderClaims } from "../../terminal/claims.ts";
import { renderReport } from "../../terminal/report.ts";
import { rehearseTest, testLogin } from "../../usecases/login/login-test.ts";
import { createWorld, type World } from "../../usecases/world/world.ts";
import { declareDryRun, examples, wholeNumber } from "../options.ts";
import { claimReport, expectedRole, loginDocument, refuseUnexpected, writeReport } from "./outcome.ts";

export interface Options extends ConnectionOptions {
  readonly port?: number;
  readonly browser?: boolean;
  readonly paste?: boolean;
  readonly anotherUser?: boolean;
  readonly timeout?: number;
  readonly expectRole?: string;
  readonly claims?: boolean;
  readonly report?: string;
  readonly organizationDomain?: string;
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command
    .option("--port <n>", "where to listen on 127.0.0.1", wholeNumber(1, 65_535), loopbackPort)
    .option("--no-browser", "print the address instead of opening a browser")
    .option("--paste", "read the redirected address from standard input, without opening a browser")
    .option("--another-user", "have Okta ask who signs in, even if the browser is signed in already")
    .option("--timeout <seconds>", "how long to wait for the sign-in", wholeNumber(1, 3600), 120)
    .option("--expect-role <role>", "exit 6 when the user gets a different role")
    .option("--claims", "also show the decoded claims of the tokens and of userinfo; never the tokens")
    .option("--report <file>", "write the report as an HTML page, without tokens")
    .option("--organization-domain <domain>", "the Akto account's email domain, to check the user's email against");
  declareDryRun(command, "show what the test would change in Okta, without changing it or signing in");
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "login test",
    "login test --expect-role developer",
    "login test --no-browser --timeout 300",
    "login test --paste",
    "login test --json --report report.html",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const world = createWorld(context, await context.settings(options), options.organizationDomain);
  // A role that does not exist is wrong usage, and known before anybody signs in.
  const expected = await expectedRole(world, options.expectRole);

  if (options.dryRun) return rehearse(context, world, options);
  await claimReport(context, options.report);
  const { report, details } = await testLogin(world, {
    port: options.port ?? loopbackPort,
    timeoutSeconds: options.timeout ?? 120,
    browser: (options.browser ?? true) && !options.paste,
    paste: options.paste ?? false,
    anotherUser: options.anotherUser,
    onFailure: (failure, known) => writeReport(context, options.report, failure, known),
  });
  const { of: claims, at } = details.claims;
  const text = [
    renderReport(report, terminal.style),
    ...(options.claims ? [renderClaims(claims, terminal.style, at)] : []),
  ];
  terminal.result(text.join("\n\n"), { ...loginDocument(report), ...(options.claims && { claims }) });
  await writeReport(context, options.report, report, details);
  refuseUnexpected(report, expected);
}

/** `--dry-run`: the one thing that a test may change is the app's redirect URIs, and it takes that back. */
async function rehearse({ terminal }: Context, world: World, { port = loopbackPort, report }: Options): Promise<void> {
  const { uri, addedTo, removed } = await rehearseTest(world, port);
  const lines = [
    ...removed.map((left) => `${clean(left.uri)} would be removed from the app: an earlier test left it there.`),
    addedTo === undefined
      ? `No redirect URI would be added for the test: it uses ${clean(uri)}.`
      : `${clean(uri)} would be added to ${quoted(addedTo)} for the test, and removed again after it.`,
    ...(report === undefined ? [] : [`The report would be written to ${clean(report)}.`]),
  ];
  terminal.result(lines.join("\n"), {
    redirectUri: { uri, added: addedTo !== undefined },
    removed: removed.map((left) => left.uri),
    dryRun: true,
  });
}
