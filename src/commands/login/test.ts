import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { loopbackPort } from "../../core/address.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { renderClaims } from "../../terminal/claims.ts";
import { renderReport } from "../../terminal/report.ts";
import { testLogin } from "../../usecases/login/login-test.ts";
import { createWorld } from "../../usecases/world/world.ts";
import { examples, wholeNumber } from "../options.ts";
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
