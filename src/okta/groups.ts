/** The org's groups. */
import { type Connection, pageSize } from "./connection.ts";
import { filterString, readGroup, readUser } from "./people.ts";
import type { OktaOrg } from "./types.ts";

/** What of an org concerns groups. */
export function oktaGroups(
  connection: Connection,
): Pick<OktaOrg, "groups" | "groupsNamed" | "createGroup" | "removeGroup" | "groupUsers"> {
  return {
    async *groups({ search, type, members } = {}) {
      const terms = [
        ...(search ? [`profile.name co ${filterString(search)}`] : []),
        ...(type ? [`type eq ${filterString(type)}`] : []),
      ];
      const list = connection.each(({ groupApi }) =>
        groupApi.listGroups({
          limit: pageSize,
          ...(terms.length > 0 ? { search: terms.join(" and ") } : {}),
          ...(members ? { expand: "stats" } : {}),
        }),
      );
      for await (const group of list) yield readGroup(group);
    },

    async groupsNamed(name, { members } = {}) {
      const more = members ? { expand: "stats" } : {};
      const exact = async (query: { search: string } | { q: string }) =>
        (
          await connection.all(({ groupApi }) => groupApi.listGroups({ limit: pageSize, ...query, ...more }), readGroup)
        ).filter((group) => group.name === name);
      // A longer name would make an address that servers refuse; Okta's own end at 255 characters (Okta behaviour).
      const start = Array.from(name).slice(0, 255).join("");
      const found = await exact({ search: `profile.name ${start === name ? "eq" : "sw"} ${filterString(start)}` });
      if (found.length > 0) return found;
      // The search index lags behind: a group made a moment ago is found by the start of its name (Okta behaviour).
      // Half a character can't stand in an address, so the start ends before it.
      const [whole = ""] = start.split(/\p{Cs}/u);
      return whole === "" ? [] : exact({ q: whole });
    },

    createGroup: async (name, description = "") =>
      readGroup(
        await connection.call(({ groupApi }) => groupApi.createGroup({ group: { profile: { name, description } } })),
      ),

    removeGroup: (groupId) => connection.call(({ groupApi }) => groupApi.deleteGroup({ groupId })),

    async *groupUsers(groupId) {
      const list = connection.each(({ groupApi }) => groupApi.listGroupUsers({ groupId, limit: pageSize }));
      for await (const user of list) yield readUser(user);
    },
  };
}
