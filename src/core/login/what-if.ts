/** A what-if: groups that somebody names, whoever has them. Nothing is read of a sign-in. */
import type { Fact } from "../evidence.ts";
import { differenceWords, type Suggestion } from "../similar.ts";
import { listed, quoted } from "../text.ts";
import { check } from "./checks.ts";
import type { NamedGroup } from "./facts.ts";
import type { Check } from "./report.ts";

/** What stands for the way that the groups would take. */
export const assumedWay =
  "This assumes that Akto gets exactly the groups named here: no token and no claim is looked at.";

/** Whether Okta has the groups: nobody can be in one that it doesn't have. */
export function namesInOkta(fact: Fact<readonly NamedGroup[]>): Check[] {
  const id = "groups.in_okta";
  if (!fact.known) return [check(id, "skip", `Whether Okta has these groups isn't known: ${fact.why}`)];
  const there = fact.value.filter((group) => group.there);
  const missing = fact.value.filter((group) => !group.there);
  return [
    ...(there.length === 0
      ? []
      : [check(id, "pass", `Okta has ${listed(there.map(({ name }) => quoted(name)))}, named exactly so.`)]),
    ...missing.map(({ name, near }) =>
      check(
        id,
        "warn",
        `Okta shows no group named exactly ${quoted(name)}${near.length === 0 ? "." : `; it has ${listed(near.map(nearName))}.`}`,
        "If Okta doesn't have it, nobody can be in it: `akto-okta groups list` shows the names that this API token sees.",
      ),
    ),
  ];
}

const nearName = ({ name, difference }: Suggestion) => `${quoted(name)}, which ${differenceWords[difference]}`;
