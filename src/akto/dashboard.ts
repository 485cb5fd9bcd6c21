/** The Akto dashboard of one account: `POST {url}/api/{action}` with an API key. */
import { Failure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { clean, quoted } from "../core/text.ts";
import type { HttpClient } from "../http/types.ts";
import { readActionErrors, readCustomRoles, readGroupNames, readSso, readTeam, unexpectedAnswer } from "./answers.ts";
import type { AktoDashboard } from "./types.ts";

export interface AktoOptions {
  /** The dashboard's base URL, see `parseAktoUrl`. */
  readonly url: string;
  readonly apiKey: string;
  readonly http: HttpClient;
}

const keyHint = "Make one in Akto under Settings → Integrations → Akto API, as an Admin, and give it in AKTO_API_KEY.";

/**
 * A dashboard that is asked over HTTP. Nothing is sent before its first method is called.
 *
 * Failures: `akto.key_invalid`, `akto.not_allowed`, `akto.refused`, `akto.other_sso`, `akto.sso_exists`,
 * `akto.not_found`, `akto.failed`, `akto.unexpected_answer`, and those of the HTTP client.
 */
export function createAktoDashboard({ url, apiKey, http }: AktoOptions): AktoDashboard {
  /** @param kind a read may be sent again when its answer got lost, although it is a POST */
  async function call(action: string, kind: "read" | "write", body: Record<string, unknown> = {}): Promise<unknown> {
    // Anything else can't stand in a header, and the HTTP library's own complaint would quote it.
    if (!/^[\x21-\x7e]+$/.test(apiKey)) {
      throw new Failure("auth", "akto.key_invalid", "The Akto API key holds characters that no key has.", {
        hint: keyHint,
      });
    }
    const response = await http.fetch(`${url}/api/${action}`, {
      method: "POST",
      headers: { "x-api-key": apiKey, "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      repeatable: kind === "read",
    });
    const answer = parseJson(await response.text());
    if (response.status === 200) {
      if (!isRecord(answer)) throw unexpectedAnswer(action, "it is no JSON object");
      return answer;
    }
    throw refusal(action, url, response, readActionErrors(answer)[0]);
  }

  return {
    fetchSso: async () => {
      try {
        return readSso(await call("fetchOktaSso", "read"));
      } catch (error) {
        throw recognised(
          error,
          /different SSO/i,
          "akto.other_sso",
          "Remove the other SSO in Akto first, under Settings → Integrations.",
        );
      }
    },
    addSso: async ({ managementApiToken, ...sso }) => {
      try {
        await call("addOktaSso", "write", { ...sso, ...(managementApiToken ? { managementApiToken } : {}) });
      } catch (error) {
        throw recognised(
          error,
          /already exists/i,
          "akto.sso_exists",
          "Akto can't change an SSO: remove it first with `akto-okta sso remove`, then add it anew.",
        );
      }
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
  };
}

/** What Akto means with an answer other than 200. An HTML body is never shown. */
function refusal(action: string, url: string, response: Response, sentence: string | undefined): Failure {
  const { status } = response;
  if (status === 422) return new AktoRefusal(sentence ?? "no reason was given");
  if (status === 403 && sentence !== undefined) {
    return new Failure(
      "auth",
      "akto.not_allowed",
      `Akto does not allow ${action} with this API key: ${quoted(sentence)}.`,
      {
        hint: "The key's owner must be an Admin, and the account's plan must have SSO.",
      },
    );
  }
  if (status === 401 || status === 403) {
    return new Failure("auth", "akto.key_invalid", `Akto at ${clean(url)} did not accept the API key.`, {
      hint: keyHint,
    });
  }
  if (status === 404 || (status >= 300 && status < 400)) {
    return new Failure(
      "unavailable",
      "akto.not_found",
      `There is no Akto dashboard at ${clean(url)} (HTTP ${status}).`,
      {
        hint: "Check the Akto URL: https://app.akto.io, or your own dashboard's address.",
      },
    );
  }
  return new Failure("unavailable", "akto.failed", `Akto failed at ${action} with HTTP ${status}.`, {
    hint: "Try again later; if it stays so, ask Akto's support.",
  });
}

/** A 422: Akto's own sentence is the message, since it is the one that its pages would show. */
class AktoRefusal extends Failure {
  readonly sentence: string;

  constructor(sentence: string) {
    super("rule", "akto.refused", `Akto refused: ${quoted(sentence)}.`);
    this.sentence = sentence;
  }
}

/** The same refusal under a code of its own when Akto's sentence is this one. */
function recognised(error: unknown, sentence: RegExp, code: string, hint: string): unknown {
  if (!(error instanceof AktoRefusal) || !sentence.test(error.sentence)) return error;
  return new Failure("rule", code, error.message, { hint, cause: error });
}
