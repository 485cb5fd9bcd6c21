/** `login explain`: the report of a login without one, for a user, for a captured access token, or for groups alone. */
import { buildLoginReport } from "../../core/login/build-report.ts";
import { recordedNotes } from "../../core/login/recorded.ts";
import type { LoginReport } from "../../core/login/report.ts";
import { namesShown } from "../groups/groups.ts";
import { fact, need } from "../world/read.ts";
import type { World } from "../world/world.ts";
import { accountFacts, readAccount } from "./account.ts";
import { membershipOf } from "./membership.ts";
import { askAsAkto } from "./request.ts";
import { tokenFacts } from "./token.ts";
import { userFacts } from "./user.ts";

/** Whose login is explained. */
export type ExplainSubject =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "token"; readonly accessToken: string }
  | { readonly kind: "groups"; readonly names: readonly string[] };

/** Explains a login. Throws what `userFacts` and `tokenFacts` throw, `input.missing`, and what Okta and Akto throw. */
export async function explainLogin(world: World, subject: ExplainSubject): Promise<LoginReport> {
  const account = await readAccount(world);
  const rest = accountFacts(account);
  const unknown = { kind: "unknown" } as const;

  if (subject.kind === "groups") {
    const api = { kind: "not_needed" } as const;
    const inOkta = await fact(async () => namesShown(await need(world.org), subject.names))();
    const token = { groups: subject.names, inOkta };
    return buildLoginReport({ user: null, token, api, ...rest, membership: unknown });
  }
  if (subject.kind === "token") {
    const { facts, checks, recorded } = await tokenFacts(world, account, subject.accessToken);
    const membership = facts.user ? membershipOf(account, facts.user.email) : unknown;
    const report = buildLoginReport({ ...facts, ...rest, membership });
    return {
      ...report,
      checks: [...report.checks, ...checks],
      notes: [...report.notes, ...recordedNotes(recorded)],
      recorded: recorded?.last ?? null,
      changes: recorded?.changes ?? [],
    };
  }
  const [facts, request] = await Promise.all([userFacts(world, account, subject.login), askAsAkto(world)]);
  return buildLoginReport({ ...facts, request, ...rest, membership: membershipOf(account, facts.user?.email) });
}
