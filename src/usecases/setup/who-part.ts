/** The wizard's part about who may sign in: the app's assignments. */
import { everyone } from "../../core/plan/spec.ts";
import { clean, count, listed, quoted } from "../../core/text.ts";
import { groupFinder } from "../mapping/ask.ts";
import type { Question } from "./interview.ts";
import { describeAssignments, type FoundApp, type OrgPart } from "./okta-part.ts";
import { type Setup, wayQuestion, yesNoQuestion } from "./questions.ts";

/** The app's assignments as they are to be. */
export interface WhoMay {
  /** Groups to assign the app to; none leaves it as it is. */
  readonly assign: readonly string[];
  readonly unassign: readonly string[];
}

/**
 * Asks who may sign in. For an existing app, it first says who may now.
 *
 * @param chosen whether the person chose the app
 */
export async function askWhoMay(
  setup: Setup,
  { domain, org }: OrgPart,
  app: FoundApp | null,
  chosen: boolean,
): Promise<WhoMay> {
  const { interview } = setup;
  interview.section(3, "Who may sign in");
  if (app) {
    const found = chosen ? "" : " already exists, so it is used. It";
    interview.say(`  The app ${quoted(app.label)}${found} is ${describeAssignments(app)}.`);
  }
  if (app?.open) return { assign: [], unassign: [] };
  const assigned = (app?.assignments ?? 0) > 0;
  const way = await interview.ask(
    wayQuestion("who", "people who may sign in", "Who can sign in to Akto?", [
      ...(assigned
        ? [{ value: "asIs" as const, name: "Whoever can now", hint: "the assignments stay as they are" }]
        : []),
      ...(app?.forEveryone
        ? []
        : [{ value: "everyone" as const, name: "Everyone in the org", hint: `the app is assigned to ${everyone}` }]),
      {
        value: "groups" as const,
        name: "The members of certain groups",
        hint: "the app is assigned to the groups that you choose",
      },
    ]),
  );
  if (way === "asIs") return { assign: [], unassign: [] };
  if (way === "everyone") return { assign: [everyone], unassign: [] };
  const groups = await interview.ask(groupsQuestion(setup, { org, domain }));
  if (!app?.forEveryone || groups.includes(everyone)) return { assign: groups, unassign: [] };
  // With Everyone assigned, the others say nothing.
  interview.say(`  The app is also assigned to ${everyone}: everybody can sign in, whatever groups you choose.`);
  const narrow = await interview.ask(
    wayQuestion("who.everyone", `app's assignment to ${everyone}`, `${everyone}'s assignment:`, [
      {
        value: "take off" as const,
        name: "Remove it from the app",
        hint: `then only the members of ${listed(groups.map((name) => clean(name)))} can sign in`,
      },
      { value: "leave" as const, name: "Leave it there", hint: "everybody in the org can sign in, as now" },
    ]),
  );
  return { assign: groups, unassign: narrow === "take off" ? [everyone] : [] };
}

function groupsQuestion(_setup: Setup, { org }: Pick<OrgPart, "org" | "domain">): Question<readonly string[]> {
  return {
    id: "who.groups",
    title: "groups that may sign in",
    shown: (groups) => clean(listed(groups), 200),
    kept: (groups) => groups,
    read: (kept) => (Array.isArray(kept) && kept.length > 0 ? kept.map(String) : undefined),
    ask: (prompts, before = []) =>
      prompts.findSeveral(
        "Whose members can sign in?",
        groupFinder(org, () => undefined, false),
        { called: (chosen) => count(chosen, "group") },
        before.map((name) => ({ value: name, name })),
      ),
  };
}

/** Whether a new app should appear on Okta's own dashboard. */
export function askInitiateLogin({ interview }: Setup): Promise<boolean> {
  return interview.ask(
    yesNoQuestion(
      "initiateLogin",
      "start from Okta's dashboard",
      "Should users also be able to start from Okta's dashboard?",
      false,
    ),
  );
}
