/** The wizard's part about the Okta API token that Akto is to keep: a question of its own, since Akto uses it whenever it likes. */
import type { OktaDomain } from "../../core/address.ts";
import type { ManagementToken } from "../provision/clients.ts";
import type { Question } from "./interview.ts";
import { type Setup, type Way, wayQuestion } from "./questions.ts";
import { verifyOktaToken } from "./verify.ts";

/** What there is to choose from. */
export interface TokenChoice {
  readonly domain: OktaDomain;
  /** The token of this run, if there is one. */
  readonly own: string | null;
  /** Whether Akto keeps one now, and whether it can go on keeping it. */
  readonly stored: "none" | "stays" | "lost";
}

type Choice = "keep" | "none" | "own" | "other";

/** Asks which Okta API token Akto gets to keep. */
export async function askForManagementToken(setup: Setup, choice: TokenChoice): Promise<ManagementToken> {
  const { interview } = setup;
  interview.section(5, "The Okta API token that Akto stores");
  interview.say(
    "  Akto asks Okta for a user's groups with it when the access token brings none. It needs to read users and groups, nothing else. If the groups claim carries every mapped group, Akto needs no token at all.",
  );
  if (choice.stored === "lost") {
    interview.say("  Akto stores one now, which will be lost: its SSO is removed and added again.");
  }
  const chosen = await interview.ask(
    wayQuestion<Choice>("token", "Okta API token that Akto stores", "Which token should Akto store?", waysFor(choice)),
  );
  if (chosen === "keep") return { change: "keep" };
  if (chosen === "none") return choice.stored === "none" ? { change: "keep" } : { change: "remove" };
  const value = chosen === "own" ? choice.own : await askForOther(setup, choice.domain);
  return value === null ? { change: "keep" } : { change: choice.stored === "stays" ? "replace" : "ensure", value };
}

function waysFor({ own, stored }: TokenChoice): Way<Choice>[] {
  return [
    ...(stored === "stays" ? [{ value: "keep" as const, name: "The one it stores now" }] : []),
    {
      value: "none" as const,
      name: stored === "stays" ? "None: remove the one it stores" : "None",
      hint: "the groups come only in the access token",
    },
    {
      value: "other" as const,
      name: "Another one, with fewer rights",
      hint: "sign in to Okta as a Read-only Administrator, then Security → API → Tokens → Create token",
    },
    ...(own === null
      ? []
      : [
          {
            value: "own" as const,
            name: "The one from this setup",
            hint: "Akto could do everything its owner can: change apps, groups, and authorization servers",
          },
        ]),
  ];
}

async function askForOther(setup: Setup, domain: OktaDomain): Promise<string | null> {
  const { context, interview } = setup;
  const question: Question<string> = {
    id: "token.other",
    title: "token with fewer rights",
    shown: () => "given",
    // It is only in memory: a setup that is continued asks for it again.
    kept: () => null,
    read: () => undefined,
    ask: async (prompts) => (await prompts.secret("Okta API token for Akto:")).trim(),
  };
  interview.say(
    "  From an admin who can read users and groups. It must be usable from any IP, or from Akto's own addresses.",
  );
  const token = await interview.ask(question);
  const org = await context.oktaWith(domain, token);
  await interview.look(
    "token for Akto",
    [domain.origin, token],
    () => verifyOktaToken(org),
    (found) => found,
    [question, { id: "token", title: "Okta API token that Akto stores" }],
  );
  return token;
}
