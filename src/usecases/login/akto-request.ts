/** Whether Okta takes the request that Akto makes, told by `doctor`'s own checks of it. */
import type { Context } from "../../context.ts";
import { selectChecks } from "../../core/doctor/catalogue.ts";
import type { AktoRequest } from "../../core/login/okta-side.ts";
import type { Settings } from "../../settings.ts";
import { runChecks, setupFacts } from "../doctor/run.ts";

// What stops the browser on its way to Okta and back. The first one that fails is what a person would meet.
const ids = ["okta-domain", "auth-server-id", "client-id", "redirect-uri", "pkce", "grant-type", "scopes"];
// What stops the token request after it, as far as an API token tells.
const tokenRequestIds = ["auth-server", "client-auth", "dpop"];

/** Asks Okta as Akto does, without a user. Throws only when the program was interrupted. */
export async function askAsAkto(context: Context, settings: Settings): Promise<AktoRequest> {
  const facts = setupFacts(context, settings, undefined);
  const outcomes = await runChecks(facts, selectChecks([...ids, ...tokenRequestIds], []));
  const made = outcomes.map(({ check }) => check);
  const failed = made.find(({ status }) => status === "fail");
  if (failed) {
    const setup = await facts.state("setup");
    // Without a connection to Akto, where its dashboard lies may be no more than the default.
    const certain = failed.id !== "redirect-uri" || (setup.known && setup.value.source === "akto");
    return { kind: "refused", certain, message: failed.message, hint: failed.hint };
  }
  const skipped = made.find(({ id, status }) => status === "skip" && ids.includes(id));
  return skipped ? { kind: "unknown", why: skipped.message } : { kind: "taken" };
}
