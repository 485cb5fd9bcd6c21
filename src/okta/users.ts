/** The org's users, and whose token this is. */

import { Failure, isFailure } from "../core/failure.ts";
import type { ApiTokenInfo, OktaUser } from "../core/model/okta.ts";
import { quoted } from "../core/text.ts";
import { type Connection, pageSize } from "./connection.ts";
import { filterString, readGroup, readUser } from "./people.ts";
import { Reader } from "./read.ts";
import type { OktaOrg } from "./types.ts";

/** What of an org concerns users and the token. */
export function oktaUsers(
  connection: Connection,
): Pick<OktaOrg, "whoAmI" | "tokenInfo" | "user" | "userGroups" | "userGroupPages" | "firstPageOfUserGroups"> {
  // A token's owner never changes, and both who they are and what the token may do start from them.
  let owner: OktaUser | undefined;
  const whoAmI = async () => {
    owner ??= readUser(await connection.call(({ userApi }) => userApi.getUser({ userId: "me" })));
    return owner;
  };

  return {
    whoAmI,

    async tokenInfo() {
      try {
        const { id } = await whoAmI();
        const tokens = await connection.all(({ apiTokenApi }) => apiTokenApi.listApiTokens(), readToken);
        const own = tokens.filter(({ userId }) => userId === id);
        return own.length === 1 ? (own[0]?.info ?? null) : null;
      } catch (error) {
        if (isFailure(error, "okta.token_powerless") || isFailure(error, "okta.not_found")) return null;
        throw error;
      }
    },

    async user(idOrLogin) {
      const found = await connection.find(({ userApi }) => userApi.getUser({ userId: idOrLogin }));
      if (found !== null) return readUser(found);
      if (!idOrLogin.includes("@")) return null;
      const search = `profile.email eq ${filterString(idOrLogin)}`;
      const users = await connection.all(({ userApi }) => userApi.listUsers({ search, limit: pageSize }), readUser);
      const [first, second] = users.filter(({ email }) => email?.toLowerCase() === idOrLogin.toLowerCase());
      if (second === undefined) return first ?? null;
      throw new Failure("usage", "okta.user_ambiguous", `Several users have the e-mail ${quoted(idOrLogin)}.`, {
        hint: "Name one by login or id.",
      });
    },

    userGroups: (userId) => connection.all(({ userApi }) => userApi.listUserGroups({ userId }), readGroup),

    async *userGroupPages(userId) {
      for await (const page of connection.pages(({ userApi }) => userApi.listUserGroups({ userId }))) {
        yield page.map(readGroup);
      }
    },

    async firstPageOfUserGroups(userId) {
      const page = await connection.firstPage(({ userApi }) => userApi.listUserGroups({ userId }));
      return page.map((group) => readGroup(group).name);
    },
  };
}

function readToken(value: unknown): { userId: string | null; info: ApiTokenInfo } {
  const token = new Reader(value, "API token");
  const connection = token.within("network").optional("connection");
  return {
    userId: token.optional("userId"),
    info: {
      name: token.text("name"),
      expiresAt: token.moment("expiresAt"),
      network: connection === null || connection === "ANYWHERE" ? "anywhere" : "restricted",
    },
  };
}
