/** The Akto dashboard of one account: `POST {url}/api/{action}` with an API key. */
import { Failure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import type { HttpClient } from "../http/types.ts";
import { readActionErrors, readCustomRoles, readGroupNames, readSso, readTeam, unexpectedAnswer } from "./answers.ts";
import { createProductFinder, type ProductChoice } from "./product.ts";
import { keyHint, keyPlace, noJson, refusal } from "./refusals.ts";
import type { AktoDashboard } from "./types.ts";

export interface AktoOptions extends ProductChoice {
  /** The dashboard's base URL, see `parseAktoUrl`. */
  readonly url: string;
  readonly apiKey: string;
  readonly http: HttpClient;
}

/**
 * A dashboard that is asked over HTTP. Nothing is sent before its first method is called.
 *
 * Failures: those of `refusal`, `akto.unexpected_answer`, and those of the HTTP client.
 */
export function createAktoDashboard({ url, apiKey, http, ...choice }: AktoOptions): AktoDashboard {
  const products = createProductFinder(choice, (product) => send("fetchOktaSso", "read", {}, product));

  /** @param kind a read may be sent again when its answer got lost, although it is a POST */
  const call = (action: string, kind: "read" | "write", body: Record<string, unknown> = {}): Promise<unknown> =>
    products.call((product) => send(action, kind, body, product));

  async function send(
    action: string,
    kind: "read" | "write",
    body: Record<string, unknown>,
    product: string | undefined,
  ): Promise<unknown> {
    // Anything else can't stand in a header, and the HTTP library's own complaint would quote it.
    if (!/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new Failure("auth", "akto.key_invalid", "The Akto API key has characters in it that no key has.", {
        hint: keyHint,
        give: keyPlace,
      });
    }
    const response = await http.fetch(`${url}/api/${action}`, {
      method: "POST",
      headers: {
        "x-api-key": apiKey,
        "content-type": "application/json",
        accept: "application/json",
        ...(product === undefined ? {} : { "x-context-source": product }),
      },
      body: JSON.stringify(body),
      repeatable: kind === "read",
    });
    const answer = parseJson(await response.text());
    if (response.status !== 200) throw refusal(action, url, response.status, readActionErrors(answer)[0]);
    if (answer === undefined) throw noJson(action, url);
    // What a write answers is not read, but whoever answers otherwise has not written.
    if (kind === "write" && !isRecord(answer)) throw unexpectedAnswer(action, "it is not an object");
    return answer;
  }

  return {
    fetchSso: async () => readSso(await call("fetchOktaSso", "read")),
    addSso: async ({ managementApiToken, ...sso }) => {
      await call("addOktaSso", "write", { ...sso, ...(managementApiToken ? { managementApiToken } : {}) });
    },
    deleteSso: async () => {
      await call("deleteOktaSso", "write");
    },
    fetchGroups: async () => readGroupNames(await call("fetchOktaGroups", "read")),
    saveMapping: async ({ mapping, syncGroupsToUserTags, managementApiToken }) => {
      await call("saveOktaGroupRoleMapping", "write", {
        // Defines own properties, so a group named `__proto__` is sent like any other.
        oktaGroupToAktoUserRoleMap: Object.fromEntries(mapping),
        syncGroupsToUserTags,
        ...(managementApiToken === undefined ? {} : { managementApiToken }),
      });
    },
    customRoles: async () => readCustomRoles(await call("getCustomRoles", "read")),
    team: async () => readTeam(await call("getTeamData", "read")),
    product: products.current,
  };
}
