/**
 * The one picture of a live sign-on: every fact of Okta and Akto that a report goes by, read once a run, when it is first
 * asked for. What can't be read is unknown, with the reason.
 */
import type { Context } from "../../context.ts";
import type { Fact } from "../../core/evidence.ts";
import { clean } from "../../core/text.ts";
import type { OktaOrg } from "../../okta/types.ts";
import { missingSettings } from "../../settings/definitions.ts";
import type { Settings } from "../../settings/settings.ts";
import { aktoFacts, needed, notForOrg } from "./akto.ts";
import type { Place } from "./okta.ts";
import { orgFacts, serverFacts } from "./okta.ts";
import { peopleFacts } from "./people.ts";
import { fact, need, type Picture, Unseen } from "./read.ts";
import { signInFacts } from "./sign-in.ts";
import { startFacts } from "./starts.ts";

/** The picture, and the run that it is drawn for. */
export interface World extends Picture {
  readonly context: Context;
  readonly settings: Settings;
  /** The org that the sign-on is of, to be asked with the API token that is for it. */
  readonly org: () => Promise<Fact<OktaOrg>>;
}

/**
 * The picture of the sign-on that these settings are for. Nothing is asked yet.
 *
 * @param organizationDomain the Akto account's email domain, where the person names it
 */
export function createWorld(context: Context, settings: Settings, organizationDomain?: string): World {
  const akto = aktoFacts(context, settings, organizationDomain);
  const signIn = signInFacts(context, settings, akto);
  const starts = startFacts(context, settings, akto);
  const org = fact(async (): Promise<OktaOrg> => {
    const [own, theirs] = [await settings.domain(), await akto.domain()];
    // A token is for the org that it was given for.
    if (own && theirs.known && own.host !== theirs.value.host) {
      throw new Unseen(
        `The Okta API token here is for ${clean(own.host)}, and Akto uses ${clean(theirs.value.host)}: it isn't sent there.`,
      );
    }
    const found = await context.oktaIfAny(settings);
    if (found) return found;
    if ((await settings.origin("oktaToken")) === undefined) {
      throw new Unseen(`There is no ${needed("oktaToken")}.`, missingSettings(["oktaToken"]));
    }
    // Nobody here has named the org: what is stored for it goes there, and what was given goes where somebody says.
    const domain = await need(akto.domain);
    const token = await settings.keptSecret("oktaToken", { domain });
    if (token === undefined) throw new Unseen(await notForOrg(settings, "oktaToken", domain));
    return context.oktaWith(domain, token);
  });
  const server = serverFacts(org, (): Promise<Place> => need(akto.setup), signIn);
  const groups = orgFacts(org, akto.mapping);
  const people = peopleFacts(org, { ...server, ...groups }, akto.mapping);
  return { context, settings, org, ...akto, ...signIn, ...starts, ...server, ...groups, ...people };
}
