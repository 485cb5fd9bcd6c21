/** The one screen that says everything a setup is about to do, before any of it is done. */
import type { Context } from "../../context.ts";
import { changesOf } from "../../core/plan/plan.ts";
import { type WordedChange, wordChange } from "../../core/plan/words.ts";
import { clean, listed } from "../../core/text.ts";
import type { ShownPlace } from "../../terminal/review.ts";
import type { Planned } from "../provision/apply.ts";
import type { Intent } from "./intent.ts";

/** What is about to be done: in Okta, in Akto, and here. Outside text in it is clean. */
export async function reviewOf(context: Context, intent: Intent, { plan }: Planned): Promise<ShownPlace[]> {
  const { placeOfNew } = await import("../../store/secrets.ts");
  const place = await placeOfNew(context.secretOptions);
  const changes = changesOf(plan);
  const of = (system: "okta" | "akto") => changes.filter((change) => change.system === system).map(wordChange);
  const { akto, oktaToken, token, byHand } = intent;
  const okta = of("okta");
  const inAkto = of("akto");
  const secrets = [
    "client secret",
    ...(oktaToken === null ? [] : ["Okta API token of this setup"]),
    ...(akto.key === null ? [] : ["Akto API key"]),
  ];
  const kept = (what: string, where: string): WordedChange => ({ kind: "add", line: `the ${what}`, more: [where] });
  return [
    {
      title: `In Okta, ${clean(intent.domain.host)}`,
      changes: okta,
      notes: byHand
        ? ["nothing: what is set up there is used as it is"]
        : okta.length === 0
          ? ["nothing: everything is there already"]
          : [],
    },
    {
      title: `In Akto, ${clean(akto.url)}${akto.accountId === undefined ? "" : `, account ${akto.accountId}`}`,
      changes: inAkto,
      notes: akto.dashboard
        ? [
            ...(inAkto.length === 0 ? ["nothing: everything is there already"] : []),
            ...keptToken(token.change, akto.sso),
          ]
        : ["nothing, without an API key: you are told what to type there"],
    },
    {
      title: `Here, in the profile ${clean(context.globals.profile)}`,
      changes: [
        kept("settings, with no secrets in them", `in ${clean((await context.profiles()).path)}`),
        kept(listed(secrets), `in ${place}`),
      ],
      notes: [],
    },
  ];
}

/** Which Okta API token Akto ends up with, if no change says so. */
function keptToken(change: Intent["token"]["change"], sso: Intent["akto"]["sso"]): string[] {
  const stored = sso?.hasManagementApiToken ?? false;
  if (change === "ensure" && stored) return ["Okta API token that Akto stores: the one that it has"];
  if (change !== "keep") return [];
  return [`Okta API token that Akto stores: ${stored ? "the one that it has" : "none"}`];
}
