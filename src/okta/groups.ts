/** The org's groups. */
import type { User } from "@okta/okta-sdk-nodejs";
import type { OktaGroup } from "../core/model/okta.ts";
import { type Connection, pageSize } from "./connection.ts";
import { pathTo } from "./links.ts";
import { filterString, readGroup, readUser } from "./people.ts";
import { Reader } from "./read.ts";
import type { GroupQuery, OktaOrg } from "./types.ts";

const groupsPath = "/api/v1/groups";

/** What of an org concerns groups. */
export function oktaGroups(
  connection: Connection,
): Pick<
  OktaOrg,
  "groups" | "groupPages" | "groupsNamed" | "createGroup" | "removeGroup" | "groupUsers" | "memberPages"
> {
  async function* groupPages({ search, type, members }: GroupQuery = {}): AsyncGenerator<OktaGroup[], void> {
    const terms = [
      ...(search ? [`profile.name co ${filterString(search)}`] : []),
      ...(type ? [`type eq ${filterString(type)}`] : []),
    ];
    const pages = connection.pages(groupsPath, {
      limit: pageSize,
      search: terms.length > 0 ? terms.join(" and ") : undefined,
      expand: members ? "stats" : undefined,
    });
    for await (const page of pages) yield page.map(readGroup);
  }

  return {
    groupPages,

    async *groups(query) {
      for await (const page of groupPages(query)) yield* page;
    },

    async groupsNamed(name, { members } = {}) {
      const more = { limit: pageSize, expand: members ? "stats" : undefined };
      const exact = async (query: { search: string } | { q: string }) =>
        (await connection.all(groupsPath, readGroup, { ...query, ...more })).filter((group) => group.name === name);
      // A longer name would make an address that servers refuse; Okta's own end at 255 characters (Okta behavior).
      const start = Array.from(name).slice(0, 255).join("");
      const found = await exact({ search: `profile.name ${start === name ? "eq" : "sw"} ${filterString(start)}` });
      if (found.length > 0) return found;
      // The search index lags behind: a group made a moment ago is found by the start of its name (Okta behavior).
      // Half a character can't stand in an address, so the start ends before it.
      const [whole = ""] = start.split(/\p{Cs}/u);
      return whole === "" ? [] : exact({ q: whole });
    },

    createGroup: async (name, description = "") =>
      readGroup(
        await connection.write(({ groupApi }) => groupApi.createGroup({ group: { profile: { name, description } } })),
      ),

    removeGroup: (groupId) => connection.write(({ groupApi }) => groupApi.deleteGroup({ groupId })),

    async *groupUsers(groupId) {
      const list = connection.each(pathTo`/api/v1/groups/${groupId}/users`, { limit: pageSize });
      for await (const user of list) yield readUser(user);
    },

    async *memberPages(groupId) {
      const pages = connection.pages(pathTo`/api/v1/groups/${groupId}/users`, { limit: pageSize }, { ahead: true });
      for await (const page of pages) yield page.map((user) => new Reader<User>(user, "user").text("id"));
    },
  };
}
