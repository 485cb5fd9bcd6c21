/** The end of a setup on the terminal: into Akto, into the profile, and what came of it. */
import type { Context } from "../../context.ts";
import { canGoOn } from "../../core/failure.ts";
import type { Settings } from "../../settings.ts";
import { confirmed } from "../confirm.ts";
import type { ManagementToken } from "../provision/clients.ts";
import { keptClientSecret } from "../provision/kept-secrets.ts";
import { shownSteps } from "../provision/shown-steps.ts";
import type { Answers } from "./answers.ts";
import { keep, prepareToKeep, type Submission, submit, type TokenInAkto, whatToType } from "./submit.ts";

/** What the flags say about the end of a setup. */
export interface FinishOptions {
  readonly token: ManagementToken;
  readonly replaceSso?: boolean;
  readonly syncTags?: boolean;
}

/**
 * Submits the answers, keeps them, and says what was done. An SSO that differs is replaced when the person or the flag
 * `--replace-sso` wants it.
 *
 * @param settings the ones from before the answers were kept
 * @throws Failure what `submit` throws
 */
export async function finish(
  context: Context,
  settings: Settings,
  answers: Answers,
  options: FinishOptions,
): Promise<Submission> {
  const { terminal } = context;
  const { aktoUrl, aktoKey } = answers;
  const asked = terminal.interactive && !context.globals.yes;
  // What can't be kept here must not be begun in Akto.
  await prepareToKeep(context, answers);
  const akto =
    aktoKey === undefined
      ? null
      : // What was begun must not be left half done.
        await context.aktoWith(settings, aktoUrl, aktoKey, { evenWhenInterrupted: true });
  const submission = await submit(
    {
      okta: null,
      akto,
      profiles: await context.profiles(),
    },
    answers,
    {
      ...shownSteps(context),
      token: options.token,
      syncTags: options.syncTags,
      secrets: (clientId) => secretOf(context, settings, answers, clientId),
      replaceSso: options.replaceSso ?? false,
      mayReplace: async (differences, warnings) => {
        if (!options.replaceSso && !asked) return false;
        if (differences !== "") terminal.note(`Akto has another Okta configuration: ${differences}.`);
        for (const warning of warnings) terminal.warn(warning);
        return confirmed(context, "Remove it from Akto and add the new one?");
      },
    },
  );
  await keep(context, answers, submission, akto?.product());
  switch (submission.kind) {
    case "created":
    case "replaced":
      terminal.success("Okta SSO is active in Akto; what it stored was read back.");
      break;
    case "unchanged":
      terminal.success("Akto has just this configuration already.");
      break;
    case "local":
      terminal.success(
        `Saved in the profile. ${context.globals.offline ? "--offline was given" : "There is no Akto API key"}, so nothing was sent to Akto:`,
      );
      terminal.note(whatToType(answers));
  }
  if (submission.kind !== "local") sayToken(context, submission.token);
  return submission;
}

/** Whether Akto can ask Okta for groups: it is never given a token unasked, and never without a word. */
const tokenWords: Readonly<Record<TokenInAkto["state"], string>> = {
  stored: "Akto stores the Okta API token that was given for it, to look up users' groups.",
  kept: "Akto still stores the Okta API token that it had.",
  removed: "Akto's Okta API token was removed: it takes the groups from the access token alone.",
  none: "Akto stores no Okta API token: it takes the groups from the access token alone (--management-token-file gives it one).",
};

/** Says what became of the Okta API token that Akto stores. */
export function sayToken({ terminal }: Context, token: TokenInAkto): void {
  terminal.note(`  ${tokenWords[token.state]}`);
  if (token.state === "stored" && !token.works) {
    terminal.warn(
      "Akto gets no groups from Okta with that token: it may be wrong, held to a network zone that Akto is not in, or its owner may see no groups.",
    );
  }
}

/** The client secret of another app than the answers', for an SSO that may have to be put back: from the store or Okta. */
async function secretOf(
  context: Context,
  settings: Settings,
  { domain, oktaToken }: Answers,
  clientId: string,
): Promise<string | undefined> {
  const kept = await keptClientSecret(context, clientId);
  if (kept !== undefined) return kept;
  try {
    const org = oktaToken === undefined ? await context.oktaIfAny(settings) : await context.oktaWith(domain, oktaToken);
    const app = await org?.apps.byClientId(clientId);
    return (app && (await org?.apps.clientSecret(app.id))) ?? undefined;
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // Whoever may not see it goes without: it is only for the way back.
    return undefined;
  }
}
