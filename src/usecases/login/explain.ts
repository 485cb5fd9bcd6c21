/** `login explain`: the report of a login without one, for a user, for a captured access token, or for groups alone. */
import type { Context } from "../../context.ts";
import { buildLoginReport } from "../../core/login/build-report.ts";
import type { LoginReport } from "../../core/login/report.ts";
import { missingSettings, type Settings } from "../../settings.ts";
import { askAsAkto } from "./akto-request.ts";
import { tokenFacts } from "./explain-token.ts";
import { userFacts } from "./explain-user.ts";
import { asInAkto, loginSetup, membershipOf } from "./facts.ts";

/** Whose login is explained. */
export type ExplainSubject =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "token"; readonly accessToken: string }
  | { readonly kind: "groups"; readonly names: readonly string[] };

/** Explains a login. Throws what `userFacts` and `tokenFacts` throw, `input.missing`, and what Okta and Akto throw. */
export async function explainLogin(
  context: Context,
  settings: Settings,
  subject: ExplainSubject,
  givenDomain: string | undefined,
): Promise<LoginReport> {
  const setup = await loginSetup(context, settings, givenDomain);
  const { mapping, customRoles, organisationDomain, domainToldByTeam, team } = setup;
  const rest = { mapping, customRoles, organisationDomain, domainToldByTeam };
  const unknown = { kind: "unknown" } as const;

  if (subject.kind === "groups") {
    const api = { kind: "not_needed" } as const;
    return buildLoginReport({ user: null, token: { groups: subject.names }, api, ...rest, membership: unknown });
  }
  if (subject.kind === "token") {
    const org = await context.oktaIfAny(settings);
    const { checks, ...facts } = await tokenFacts(context, settings, org, setup, subject.accessToken);
    const membership = facts.user ? membershipOf(team, facts.user.email) : unknown;
    const report = buildLoginReport({ ...facts, ...rest, membership });
    return { ...report, checks: [...report.checks, ...checks] };
  }
  const org = await context.okta(settings);
  const authServerId = await asInAkto(settings, "authServerId", setup.sso);
  if (authServerId === undefined) throw missingSettings(["authServerId"]);
  const place = {
    authServerId,
    clientId: await asInAkto(settings, "clientId", setup.sso),
    setup,
  };
  const [facts, request] = await Promise.all([userFacts(org, place, subject.login), askAsAkto(context, settings)]);
  return buildLoginReport({ ...facts, request, ...rest, membership: membershipOf(team, facts.user?.email ?? null) });
}
