/** What the commands that report on a login print, and when their answer is no. */
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import type { RecordedSignIn } from "../../core/history/sign-ins.ts";
import type { LoginReport, Membership } from "../../core/login/report.ts";
import { standingOf, summaryOf } from "../../core/login/standing.ts";
import { defaultRoleId, parseRole, roleLabel } from "../../core/roles/roles.ts";
import { quoted } from "../../core/text.ts";
import type { ResultDetails } from "../../page/result.ts";
import { readAccount } from "../../usecases/login/account.ts";
import type { World } from "../../usecases/world/world.ts";

/** The id of the role that `--expect-role` names. Throws what `parseRole` throws. */
export async function expectedRole(world: World, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const { source, customRoles } = await readAccount(world);
  // Akto knows every role there is; the local copy may lack a custom one.
  return parseRole(name, customRoles, source !== "akto").id;
}

/** The report as JSON: what `cli` promises, and more beside it. `inAkto` is left out where Akto was not asked. */
export function loginDocument(whole: LoginReport) {
  const { membership, ...report } = whole;
  const { user, groups, role, admitted, turnedAwayBy, certain, uncertainBecause, checks, notes, candidates } = report;
  const { recorded, changes } = report;
  const inAkto = membership.kind === "unknown" ? {} : { inAkto: inAktoNow(membership) };
  return {
    summary: summaryOf(whole),
    standing: standingOf(whole),
    user,
    groups,
    role,
    admitted,
    turnedAwayBy,
    certain,
    uncertainBecause,
    ...inAkto,
    checks,
    notes,
    recorded: recorded && recordedDocument(recorded),
    changes: changes.map(({ at, by, message }) => ({ at, by, message })),
    candidates,
  };
}

const recordedDocument = ({ at, outcome, stage, reason, message, transaction }: RecordedSignIn) => ({
  at,
  outcome,
  stage,
  reason,
  message,
  transaction,
});

function inAktoNow(membership: Exclude<Membership, { kind: "unknown" }>) {
  if (membership.kind === "new") return null;
  if (membership.kind === "invited")
    return { role: null, label: null, stored: false, productScoped: false, products: {}, invited: true };
  const { storedRole, scopedRoles } = membership;
  const role = storedRole ?? defaultRoleId;
  return {
    role,
    label: roleLabel(role),
    stored: storedRole !== null,
    productScoped: scopedRoles.size > 0,
    products: Object.fromEntries(scopedRoles),
    invited: false,
  };
}

/** Makes sure that the file of `--report` can be written, where there is to be one. Throws what `claimPage` throws. */
export async function claimReport(context: Context, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const { claimPage } = await import("../../usecases/page-file.ts");
  await claimPage(context, path);
}

/** Writes the report as a page, to attach to a ticket, where there is to be one, and says where it is. */
export async function writeReport(
  context: Context,
  path: string | undefined,
  report: LoginReport | Failure,
  details: ResultDetails,
): Promise<void> {
  if (path === undefined) return;
  const [{ writePage }, { renderResultPage }] = await Promise.all([
    import("../../usecases/page-file.ts"),
    import("../../page/result.ts"),
  ]);
  await writePage(context, path, "report", renderResultPage(report, details));
}

/** @throws Failure `login.turned_away`, `login.unexpected_role`, `login.role_unknown`: it ran, and the answer isn't yes */
export function refuseUnexpected(report: LoginReport, expected: string | undefined): void {
  if (!report.admitted) {
    const who = report.turnedAwayBy === "okta" ? "Okta" : "Akto";
    throw new Failure("negative", "login.turned_away", `${who} would turn this user away.`, {
      hint: "The failed checks above say why.",
    });
  }
  if (expected !== undefined && report.role.id !== expected) {
    throw new Failure(
      "negative",
      "login.unexpected_role",
      `The role is ${quoted(report.role.label)}, not ${quoted(roleLabel(expected))}.`,
      {
        hint: "The report above shows how it came about; `akto-okta mapping list` shows the mapping.",
      },
    );
  }
  // The default stands for what isn't known as well: that it is the role that was expected tells nothing.
  if (expected !== undefined && !report.roleCertain && report.role.decidedBy === "default") {
    throw new Failure(
      "negative",
      "login.role_unknown",
      `Whether the role is ${quoted(roleLabel(expected))} can't be told: it is only what Akto falls back to where nothing is known.`,
      { hint: "The reasons above say what could not be looked at." },
    );
  }
}
