/** The org's users, and whose token this is. */
import type { ApiToken } from "@okta/okta-sdk-nodejs";
import { Failure, isFailure } from "../core/failure.ts";
import type { ApiTokenInfo, OktaUser } from "../core/model/okta.ts";
import { quoted } from "../core/text.ts";
import { type Connection, pageSize } from "./connection.ts";
import { pathTo } from "./links.ts";
import { filterString, readGroup, readUser } from "./people.ts";
import { Reader } from "./read.ts";
import type { OktaOrg } from "./types.ts";
/** What of an org concerns users and the token. */
export function oktaUsers(
  connection: Connection,
): Pick<
  OktaOrg,
  "whoAmI" | "tokenInfo" | "user" | "users" | "userPages" | "userGroups" | "userGroupPages" | "firstPageOfUserGroups"
> {
  // A token's owner never changes, and both who that is and what the token may do depend on it.
  let owner: OktaUser | undefined;
  const groupsOf = (userId: string) => pathTo`/api/v1/users/${userId}/groups`;
  const whoAmI = async () => {
    owner ??= readUser(await connection.get("/api/v1/users/me"));
    return owner;
  };

  return {
    whoAmI,

    async tokenInfo() {
      try {
        const { id } = await whoAmI();
        const tokens = await connection.all("/api/v1/api-tokens", readToken);
        const own = tokens.filter(({ userId }) => userId === id);
        const [first, second] = own;
        if (second) return { kind: "several" };
        return first ? { kind: "seen", info: first.info } : { kind: "hidden" };
      } catch (error) {
        if (isFailure(error, "okta.token_powerless") || isFailure(error, "okta.not_found")) return { kind: "hidden" };
        throw error;
      }
    },

    async user(idOrLogin) {
      const found = await connection.find(pathTo`/api/v1/users/${idOrLogin}`);
      if (found !== null) return readUser(found);
      if (!idOrLogin.includes("@")) return null;
      const search = `profile.email eq ${filterString(idOrLogin)}`;
      const users = await connection.all("/api/v1/users", readUser, { search, limit: pageSize });
      const [first, second] = users.filter(({ email }) => email?.toLowerCase() === idOrLogin.toLowerCase());
      if (second === undefined) return first ?? null;
      throw new Failure("usage", "okta.user_ambiguous", `Several users have the email address ${quoted(idOrLogin)}.`, {
        hint: "Name the user by login or id.",
      });
    },

    async *users() {
      for await (const user of connection.each("/api/v1/users", { limit: pageSize })) yield readUser(user);
    },

    async *userPages() {
      for await (const page of connection.pages("/api/v1/users", { limit: pageSize }, { ahead: true })) {
        yield page.map(readUser);
      }
    },

    userGroups: (userId) => connection.all(groupsOf(userId), readGroup),

    async *userGroupPages(userId) {
      for await (const page of connection.pages(groupsOf(userId))) {
        yield page.map(readGroup);
      }
    },

    async firstPageOfUserGroups(userId) {
      const page = await connection.firstPage(groupsOf(userId));
      return page.map((group) => readGroup(group).name);
    },
  };
}

function readToken(value: unknown): { userId: string | null; info: ApiTokenInfo } {
  const token = new Reader<ApiToken>(value, "API token");
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
