/** What the commands that report on a login print, and when their answer is no. */
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { LoginReport } from "../../core/report.ts";
import { parseRole, roleLabel } from "../../core/roles.ts";
import { quoted } from "../../core/text.ts";
import type { Settings } from "../../settings.ts";
import { openMapping } from "../../usecases/mapping.ts";

/** The id of the role that `--expect-role` names. Throws what `parseRole` throws. */
export async function expectedRole(
  context: Context,
  settings: Settings,
  name: string | undefined,
): Promise<string | undefined> {
  return name === undefined ? undefined : parseRole(name, (await openMapping(context, settings)).customRoles, true).id;
}

/** The report as JSON: what `cli` promises, and the candidates beside it. */
export function loginDocument({ user, groups, role, admitted, checks, notes, candidates }: LoginReport) {
  return { user, groups, role, admitted, checks, notes, candidates };
}

/** @throws Failure `login.turned_away`, `login.unexpected_role`: it ran, and the answer is no */
export function refuseUnexpected(report: LoginReport, expected: string | undefined): void {
  if (!report.admitted) {
    throw new Failure("negative", "login.turned_away", "Akto would turn this user away.", {
      hint: "The failed checks above say why.",
    });
  }
  if (expected !== undefined && report.role.id !== expected) {
    throw new Failure(
      "negative",
      "login.unexpected_role",
      `The role is ${quoted(report.role.label)}, not ${quoted(roleLabel(expected))}.`,
      {
        hint: "The report above shows the path to it; `akto-okta mapping list` shows the mapping.",
      },
    );
  }
}
