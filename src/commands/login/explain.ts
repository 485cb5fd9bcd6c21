import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { moment } from "../../core/text.ts";
import { type ConnectionOptions, declareConnection } from "../../settings/definitions.ts";
import { renderReport } from "../../terminal/report.ts";
import { type ExplainSubject, explainLogin } from "../../usecases/login/explain.ts";
import { createWorld } from "../../usecases/world/world.ts";
import { examples } from "../options.ts";
import { claimReport, expectedRole, loginDocument, refuseUnexpected, writeReport } from "./outcome.ts";

// A token may carry a hundred long names of groups.
const tokenLimit = 262_144;

export interface Options extends ConnectionOptions {
  readonly user?: string;
  readonly token?: string;
  readonly group?: readonly string[];
  readonly expectRole?: string;
  readonly report?: string;
  readonly organizationDomain?: string;
}

export function declare(command: Command): void {
  command
    .option("--user <email>", "a user, whose groups and claims are read by API token")
    .option("--token <file>", "a captured access token, - for standard input; it is never printed")
    .option("--group <name...>", "what if a user were in these groups?")
    .option("--expect-role <role>", "exit 6 when the user gets a different role")
    .option("--report <file>", "write the report as an HTML page, without tokens")
    .option("--organization-domain <domain>", "the Akto account's email domain, to check the user's email against");
  declareConnection(command, "okta", "oidc", "akto");
  examples(
    command,
    "login explain --user jo@example.com",
    "login explain --token access-token.txt --report report.html",
    "login explain --group 'Akto Admins' Finance --expect-role admin",
  );
}

export async function run(context: Context, options: Options): Promise<void> {
  const { terminal } = context;
  const subject = await subjectOf(context, options);
  const world = createWorld(context, await context.settings(options), options.organizationDomain);
  const expected = await expectedRole(world, options.expectRole);
  await claimReport(context, options.report);
  const report = await explainLogin(world, subject);
  terminal.result(renderReport(report, terminal.style), loginDocument(report));
  await writeReport(context, options.report, report, {
    facts: [
      ["Based on", sources[subject.kind]],
      ["Explained", moment(new Date())],
    ],
  });
  refuseUnexpected(report, expected);
}

const sources = {
  user: "Okta's settings, without a sign-in",
  token: "a captured access token",
  groups: "groups given by hand",
} as const satisfies Record<ExplainSubject["kind"], string>;

async function subjectOf({ redaction, secretFile }: Context, { user, token, group }: Options): Promise<ExplainSubject> {
  const given = [user, token, group].filter((value) => value !== undefined);
  if (given.length === 1) {
    if (user !== undefined) return { kind: "user", login: user };
    if (token !== undefined) {
      const accessToken = await secretFile(token, "--token", tokenLimit);
      redaction.hide(accessToken);
      return { kind: "token", accessToken };
    }
    if (group !== undefined) return { kind: "groups", names: group };
  }
  throw new Failure("usage", "login.explain_what", "Use exactly one of --user, --token, and --group.", {
    hint: "For example: `akto-okta login explain --user jo@example.com`.",
  });
}
