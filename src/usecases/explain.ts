/** `login explain`: the report of a login without one, for a user, for a captured access token, or for groups alone. */
import type { Context } from "../context.ts";
import type { ClaimPrediction } from "../core/claim.ts";
import { Failure, isFailure } from "../core/failure.ts";
import { buildLoginReport, type LoginFacts, type SignInUser } from "../core/login-report.ts";
import type { Check, LoginReport } from "../core/report.ts";
import { decodeAccessToken } from "../core/resolve.ts";
import { simulateRole } from "../core/simulate.ts";
import { count, quoted } from "../core/text.ts";
import type { OktaOrg, OktaUser } from "../okta/types.ts";
import type { Settings } from "../settings.ts";
import { apiGroups, membershipOf } from "./login-facts.ts";
import { openMapping } from "./mapping.ts";

/** Whose login is explained. */
export type ExplainSubject =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "token"; readonly accessToken: string }
  | { readonly kind: "groups"; readonly names: readonly string[] };

type SubjectFacts = Pick<LoginFacts, "user" | "token" | "api"> & { readonly checks: readonly Check[] };

/** Explains a login. Throws `okta.user_not_found`, `input.missing`, and what Okta and Akto throw. */
export async function explainLogin(
  context: Context,
  settings: Settings,
  subject: ExplainSubject,
  organisationDomain: string | null,
): Promise<LoginReport> {
  const dashboard = await context.aktoIfAny(settings);
  const [access, sso, team] = await Promise.all([
    openMapping(context, settings),
    dashboard?.fetchSso(),
    dashboard?.team(),
  ]);
  const setup = { mapping: access.mapping, customRoles: access.customRoles ?? [] };
  const org = subject.kind === "user" ? await context.okta(settings) : await context.oktaIfAny(settings);
  // Akto falls back to the token that it stores itself; without a connection ours stands for it.
  const aktoHasToken = sso ? sso.hasManagementApiToken : org !== null;

  let found: SubjectFacts;
  if (subject.kind === "groups") {
    found = { user: null, token: { groups: subject.names }, api: { kind: "not_needed" }, checks: [] };
  } else if (subject.kind === "token") {
    found = await tokenFacts(context, settings, org, aktoHasToken, subject.accessToken);
  } else {
    const { authServerId } = await settings.require("authServerId");
    const okta = org ?? (await context.okta(settings));
    found = await userFacts(okta, authServerId, { ...setup, aktoHasToken }, subject.login);
  }
  const { checks, ...facts } = found;
  const membership = facts.user ? membershipOf(team, facts.user.email) : ({ kind: "unknown" } as const);
  const report = buildLoginReport({ ...facts, ...setup, organisationDomain, membership });
  return {
    ...report,
    admitted: report.admitted && checks.every(({ status }) => status !== "fail"),
    checks: [...report.checks, ...checks],
  };
}

async function userFacts(
  org: OktaOrg,
  authServerId: string,
  setup: Omit<Parameters<typeof simulateRole>[1], "claims">,
  login: string,
): Promise<SubjectFacts> {
  const user = await org.user(login);
  if (!user) {
    throw new Failure("usage", "okta.user_not_found", `Okta has no user ${quoted(login)}.`, {
      hint: "Give the user's login or e-mail address, as Directory → People shows it.",
    });
  }
  const [groups, claims] = await Promise.all([org.userGroups(user.id), claimsIfAny(org, authServerId)]);
  const { path } = simulateRole(groups, { ...setup, claims });
  const accessToken = path.prediction === null ? "" : tokenWith(path.source === "access_token" ? path.names : null);
  const checks = [predictionCheck(path.prediction)];
  if (["SUSPENDED", "DEPROVISIONED", "LOCKED_OUT"].includes(user.status)) {
    checks.push({ id: "okta.user_status", status: "fail", message: `Okta lets no user in who is ${user.status}.` });
  }
  return {
    user: signInUser(user),
    token: { accessToken },
    api: await apiGroups(org, setup.aktoHasToken, accessToken, user.id),
    checks,
  };
}

const signInUser = ({ id, email, login, name }: OktaUser): SignInUser => ({
  id,
  email,
  preferredUsername: login,
  name,
});

/** A token as Akto would decode it: Akto reads the payload and nothing else. */
function tokenWith(groups: readonly string[] | null): string {
  const payload = JSON.stringify(groups === null ? {} : { groups });
  return `e30.${Buffer.from(payload).toString("base64url")}.`;
}

async function claimsIfAny(org: OktaOrg, authServerId: string) {
  try {
    return await org.authServers.claims(authServerId);
  } catch (error) {
    if (isFailure(error) && error.code === "okta.feature_missing") return null;
    throw error;
  }
}

function predictionCheck(prediction: ClaimPrediction | null): Check {
  const id = "claim.prediction";
  if (prediction === null) {
    return { id, status: "warn", message: "The org has no API Access Management: its access tokens carry no groups." };
  }
  if (prediction.kind === "no_claim") {
    const close = prediction.nearMisses[0]?.claim.name;
    const message = "The authorization server has no claim “groups” that would reach Akto.";
    return close === undefined
      ? { id, status: "warn", message }
      : { id, status: "warn", message, hint: `The closest is the claim ${quoted(close)}: see akto-okta doctor.` };
  }
  switch (prediction.kind) {
    case "groups":
      return { id, status: "pass", message: `The claim would carry ${count(prediction.names.length, "group")}.` };
    case "none_match":
      return { id, status: "warn", message: "The claim's filter passes none of the user's groups." };
    case "not_list":
      return { id, status: "warn", message: "The claim holds a text rather than a list, which Akto counts as none." };
    case "unknown":
      return {
        id,
        status: "warn",
        message: "Only Okta can evaluate the claim: all of the user's groups are taken to be in it.",
        hint: "akto-okta login test shows what it really holds.",
      };
    case "too_many":
      return {
        id,
        status: "fail",
        message: `The claim's filter passes ${prediction.matched} groups, and Okta fails a sign-in with more than 100.`,
        hint: "Narrow the claim's filter.",
      };
  }
}

async function tokenFacts(
  context: Context,
  settings: Settings,
  org: OktaOrg | null,
  aktoHasToken: boolean,
  accessToken: string,
): Promise<SubjectFacts> {
  const { checkToken } = await import("../oidc/check-token.ts");
  const payload = decodeAccessToken(accessToken);
  const id = typeof payload === "string" ? undefined : (payload.uid ?? payload.sub);
  const userId = typeof id === "string" ? id : "";
  const user = org && userId !== "" ? await org.user(userId) : null;
  const issuer =
    settings.issuerOverride ?? ((await settings.domain()) && settings.authServerId ? await settings.issuer() : null);
  return {
    user: user && signInUser(user),
    token: { accessToken },
    api: await apiGroups(userId === "" ? null : org, aktoHasToken, accessToken, userId),
    checks: await checkToken(await context.http(), issuer, accessToken, new Date()),
  };
}
