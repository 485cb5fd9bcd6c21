/** Checks of the mapping, and of the people it is for. */
import { emailDomain } from "../email-domain.ts";
import { type GroupSight, leadsToOkta, type PeopleFact } from "../picture.ts";
import { roleLabel, rolePriority } from "../roles/roles.ts";
import { differenceWords } from "../similar.ts";
import { clean, count, listed, quoted } from "../text.ts";
import { defineCheck, type Finding, fail, pass, skip, warn } from "./check.ts";

const groupsExist = defineCheck({
  id: "mapping-groups",
  title: "Every mapped name is exactly a group's name in Okta",
  remedy: "Map the name exactly as Okta has it: `akto-okta groups list` prints the names.",
  needs: ["mappedGroups"],
  wants: ["mapping", "groupSight"],
  check: ({ mappedGroups, mapping, groupSight }) => {
    const missing = mappedGroups.filter(({ groups }) => groups.length === 0);
    const [first] = missing;
    if (!first) {
      return mappedGroups.length === 0 ? skip("No group is mapped.") : pass("Every mapped name is a group in Okta.");
    }
    const others =
      missing.length > 1
        ? ` ${count(missing.length - 1, "other mapped name is", "other mapped names are")} missing too.`
        : "";
    const [suggestion] = first.suggestions;
    if (!suggestion && groupSight !== "all") {
      return warn(
        `The API token shows no group ${quoted(first.name)}: there is none, or the token can't see it.${others}`,
        {
          hint: "Use the token of an admin who can see all groups, and check again.",
        },
      );
    }
    if (!suggestion) {
      return fail(`Okta has no group ${quoted(first.name)}: it was renamed or deleted, or never existed.${others}`);
    }
    const { name, difference } = suggestion;
    const message = `Okta has no group ${quoted(first.name)}; ${quoted(name)} ${differenceWords[difference]}.${others}`;
    if (name !== name.trim()) {
      return fail(message, {
        hint: "Rename the group in Okta, without spaces around its name: Akto's dashboard removes them from a mapped name.",
      });
    }
    // A name a few letters away may be another group: whose role that is, nobody but a person can say.
    return difference === "similar" || mapping?.has(name)
      ? fail(message)
      : fail(message, { fix: { kind: "mapping.rename", from: first.name, to: name } });
  },
});

/** Which groups are meant, where the token may not show all of them. */
const asFarAsSeen = (sight: GroupSight | undefined) => (sight === "some" ? " that this API token shows" : "");

/** Who was looked at: of a large org only the first. */
const everyone = ({ users, complete }: PeopleFact) =>
  complete
    ? "Everyone who can sign in"
    : `Each of the ${count(users.length, "person", "people")} looked at, of more who can sign in,`;

const uniqueNames = defineCheck({
  id: "mapping-duplicates",
  title: "No two groups in Okta have a mapped name",
  remedy: "Rename one of the two in Okta, or where it is imported from: the members of both get the role.",
  needs: ["mappedGroups"],
  wants: ["groupSight"],
  check: ({ mappedGroups, groupSight }) => {
    const twice = mappedGroups.filter(({ groups }) => groups.length > 1);
    if (twice.length === 0) return pass(`No two groups${asFarAsSeen(groupSight)} have the same mapped name.`);
    const [first] = twice;
    const types = listed(first?.groups.map(({ type }) => clean(type)) ?? []);
    return fail(
      `${count(first?.groups.length ?? 0, "group")} in Okta have the name ${quoted(first?.name)} (${types}): the members of any of them get its role.`,
    );
  },
});

const reach = defineCheck({
  id: "mapping-reach",
  title: "The mapping covers somebody",
  remedy: "Map a group that has members: `akto-okta groups list --members`.",
  needs: ["mapping"],
  wants: ["mappedGroups", "conventions", "groupSight"],
  check: ({ mapping, mappedGroups, conventions, groupSight }) => {
    if (mapping.size === 0) {
      return conventions?.length
        ? warn(
            "The mapping is empty: Akto goes by the group names that it recognizes, and everyone else becomes Security Engineer.",
          )
        : fail("The mapping is empty: everyone becomes Security Engineer.");
    }
    const groups = mappedGroups?.flatMap((each) => each.groups);
    const unseen = !groups || (groups.length === 0 && groupSight !== "all");
    if (unseen || groups.some(({ members }) => members === undefined)) {
      return pass(`${count(mapping.size, "group is", "groups are")} mapped.`);
    }
    return groups.some(({ members }) => members !== 0)
      ? pass("The mapping covers somebody.")
      : fail("No mapped group has a member: everyone becomes Security Engineer.");
  },
});

const conventionNames = defineCheck({
  id: "convention-names",
  title: "No group outside the mapping gives a role by its name",
  remedy: "Rename the group in Okta, or map it to the role that it is meant to give.",
  needs: ["conventions", "mapping"],
  wants: ["groupSight"],
  check: ({ conventions, mapping, groupSight }) => {
    const [first] = conventions;
    if (!first) return pass(`No group${asFarAsSeen(groupSight)} outside the mapping gives a role by its name.`);
    const others =
      conventions.length > 1 ? ` ${count(conventions.length - 1, "other name does", "other names do")} the same.` : "";
    const message = `The group ${quoted(first.name)} is not mapped; by its name Akto makes its members ${clean(roleLabel(first.role))} where no mapped group decides.${others}`;
    return mapping.size === 0 ? pass(message) : warn(message);
  },
});

const roles = defineCheck({
  id: "mapping-roles",
  title: "Akto has every mapped role, and can resolve it",
  remedy: "Map the group to a role that Akto has: `akto-okta mapping add` offers them.",
  needs: ["mapping", "customRoles"],
  check: ({ mapping, customRoles }) => {
    for (const [group, role] of mapping) {
      const rank = rolePriority(role, customRoles);
      if (!("skipped" in rank)) continue;
      return rank.skipped === "unknown_role"
        ? fail(`${quoted(group)} is mapped to ${quoted(role)}, which Akto does not have: the entry is skipped.`)
        : fail(
            `${quoted(group)} is mapped to the custom role ${quoted(role)}, whose base role ${quoted(rank.baseRole)} Akto can't resolve: the entry is skipped.`,
            { hint: "In Akto, give the custom role another base role, or map the group to a built-in role." },
          );
    }
    return mapping.size === 0 ? skip("No group is mapped.") : pass("Akto has every mapped role.");
  },
});

const emails = defineCheck({
  id: "user-email",
  title: "Everyone who can sign in has an email address",
  remedy: "Give each of them an email address in Okta: without one, Akto turns them away.",
  needs: ["people"],
  check: ({ people }) => {
    const without = people.users.filter(({ email }) => email === null || email === "");
    const unseen = people.users.filter(({ email }) => email === undefined).length;
    const [first] = without;
    if (people.users.length === 0) return skip("Nobody is assigned to the app.");
    return first
      ? fail(
          `${clean(first.name)} has no email address in Okta${without.length > 1 ? `, and neither ${without.length === 2 ? "does" : "do"} ${count(without.length - 1, "other person", "other people")}` : ""}: Akto turns them away.`,
        )
      : unseen > 0
        ? skip(`This API token doesn't show the email address of ${count(unseen, "person", "people")}.`)
        : pass(`${everyone(people)} has an email address.`);
  },
});

/** A domain that only most of the team have: said to be wrong where Akto was tried with it, else to be untold. */
function unconfirmed(who: string, domain: string, tried: boolean): Finding {
  const message = `${who} has the email domain ${clean(domain)}, as most of Akto's team do. Akto doesn't say whether it is the account's own.`;
  return tried
    ? warn(message, {
        hint: "The account's is that of the admin who set the SSO up: find out who that was, and check again with --organization-domain.",
      })
    : skip(message);
}

const emailDomains = defineCheck({
  id: "email-domain",
  title: "Everyone who can sign in has the organization's email domain",
  remedy:
    "Akto lets in only one email domain: that of the admin who set the SSO up. Assign the others to another app, or change their address.",
  needs: ["people", "organizationDomain"],
  wants: ["startByEmail"],
  check: ({ people, organizationDomain: domain, startByEmail }, grades) => {
    const confirmed = startByEmail !== undefined && leadsToOkta(startByEmail);
    const outside = people.users.filter(({ email }) => email && emailDomain(email) !== domain.toLowerCase());
    const [first] = outside;
    const unseen = people.users.filter(({ email }) => email === undefined).length;
    if (!first && unseen > 0) {
      return skip(`This API token doesn't show the email address of ${count(unseen, "person", "people")}.`);
    }
    return first
      ? fail(
          `${clean(first.email)} doesn't have the organization's email domain, ${clean(domain)}${outside.length > 1 ? `, and neither ${outside.length === 2 ? "does" : "do"} ${count(outside.length - 1, "other person", "other people")}` : ""}: Akto turns them away.`,
        )
      : grades.get("organizationDomain") === "guessed" && !confirmed
        ? unconfirmed(everyone(people), domain, startByEmail !== undefined)
        : pass(`${everyone(people)} has the email domain ${clean(domain)}.`, confirmed ? { evidence: "seen" } : {});
  },
});

const productScoped = defineCheck({
  id: "product-access",
  title: "Nobody's access in Akto is set per product, which outranks the mapping",
  remedy: "In Akto, remove the access per product of anyone who should get their role from Okta.",
  needs: ["team"],
  check: ({ team }) => {
    const scoped = team.filter(({ scopedRoles, invited }) => scopedRoles.size > 0 && !invited);
    const [first] = scoped;
    return first
      ? warn(
          `${clean(first.login)}${scoped.length > 1 ? ` and ${count(scoped.length - 1, "other")} have` : " has"} access set per product in Akto, which outranks the role from Okta.`,
        )
      : pass("Nobody's access in Akto is set per product.");
  },
});

const teamRoles = defineCheck({
  id: "team-roles",
  title: "Everyone in Akto's team has a role that Akto can resolve",
  remedy: "Give the user another role in Akto's team settings.",
  needs: ["team", "customRoles"],
  check: ({ team, customRoles }) => {
    const odd = team.filter(
      ({ storedRole }) => storedRole !== null && "skipped" in rolePriority(storedRole, customRoles),
    );
    const [first] = odd;
    return first
      ? warn(
          `${clean(first.login)} has a role that Akto ${customRoles.some(({ name }) => name === first.storedRole) ? "can't resolve" : "doesn't have"}, ${quoted(first.storedRole)}: Akto's API answers such a user with errors.${odd.length > 1 ? ` The same goes for ${count(odd.length - 1, "other")}.` : ""}`,
        )
      : pass("Everyone in Akto's team has a role that Akto can resolve.");
  },
});

export const mappingChecks = [
  groupsExist,
  uniqueNames,
  reach,
  conventionNames,
  roles,
  emails,
  emailDomains,
  productScoped,
  teamRoles,
];
