/** Akto's refusals: the sentences that its dashboard would show, told apart, each with what to do. */
import { Failure, type FailureKind } from "../core/failure.ts";
import { clean, quoted } from "../core/text.ts";

/** Where to get a key. */
export const keyHint = "Create one in Akto under Settings → Integrations → Akto API, as an Admin.";
/** Where to give it. */
export const keyPlace = "Give it in AKTO_API_KEY or --akto-key-file.";

/** A sentence of Akto's that is known, and what it calls for. */
interface KnownRefusal {
  readonly sentence: RegExp;
  readonly kind: FailureKind;
  readonly code: string;
  readonly hint: string;
}

// Akto's sentences by what stays the same in them: they are no interface, and may be reworded.
const known: readonly KnownRefusal[] = [
  {
    sentence: /different SSO/i,
    kind: "rule",
    code: "akto.other_sso",
    hint: "Remove the other SSO in Akto first, under Settings → Integrations.",
  },
  {
    sentence: /SSO Integration already exists/i,
    kind: "rule",
    code: "akto.sso_exists",
    hint: "Akto can't change an SSO: remove it first with `akto-okta sso remove`, then add it again.",
  },
  {
    sentence: /SSO is not configured/i,
    kind: "rule",
    code: "akto.no_sso",
    hint: "Set it up first: `akto-okta sso setup`.",
  },
  {
    sentence: /Management API token is not configured/i,
    kind: "rule",
    code: "akto.no_token",
    hint: "Akto needs an Okta API token of its own for that: in its dashboard, edit the Okta SSO and enter one.",
  },
  {
    sentence: /Management API token before/i,
    kind: "rule",
    code: "akto.no_token",
    hint: "The setting syncGroupsToUserTags needs an Okta API token that Akto stores: enter one in its dashboard, or turn the setting off.",
  },
  {
    sentence: /mapped more than once|One-to-one/i,
    kind: "rule",
    code: "akto.role_twice",
    hint: "Give each role to one group only.",
  },
  {
    sentence: /Invalid Akto role/i,
    kind: "rule",
    code: "akto.unknown_role",
    hint: "Map the group to a built-in role, or create the custom role in Akto first.",
  },
  {
    sentence: /access to this product/i,
    kind: "auth",
    code: "akto.other_product",
    hint: "The API key's owner is an Admin of other Akto products: name one with --akto-product or AKTO_PRODUCT, such as AGENTIC or ENDPOINT; if neither is given, every known one is tried.",
  },
  {
    sentence: /^The role .* does not have access/i,
    kind: "auth",
    code: "akto.not_allowed",
    hint: "The key's owner must be an Admin: create a key as one.",
  },
];

/**
 * What Akto means with an answer other than 200. Of its body only the sentence of a refusal is ever shown: a page may
 * hold an access token of the key's owner (Akto behavior).
 *
 * @param sentence the first of `actionErrors`, where the body has one
 * @returns `akto.key_invalid`, `akto.not_allowed`, `akto.other_product`, `akto.other_sso`, `akto.sso_exists`,
 *   `akto.no_sso`, `akto.no_token`, `akto.role_twice`, `akto.unknown_role`, `akto.refused`, `akto.not_found` or
 *   `akto.failed`
 */
export function refusal(action: string, url: string, status: number, sentence: string | undefined): Failure {
  if ((status === 422 || status === 403) && sentence !== undefined) return refusedWith(action, status, sentence);
  if (status === 422) return new Failure("rule", "akto.refused", `Akto refused ${action} without giving a reason.`);
  if (status === 401 || status === 403) {
    return new Failure("auth", "akto.key_invalid", `Akto at ${clean(url)} did not accept the API key.`, {
      hint: keyHint,
      give: keyPlace,
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
    hint: "Try again later; if it keeps failing, ask Akto's support.",
  });
}

function refusedWith(action: string, status: number, sentence: string): Failure {
  const found = known.find((each) => each.sentence.test(sentence));
  const said = quoted(sentence.trim().replace(/\.$/, ""));
  if (status === 422) {
    const { kind, code, hint } = found ?? { kind: "rule" as const, code: "akto.refused", hint: undefined };
    return new Failure(kind, code, `Akto refused: ${said}.`, { hint });
  }
  const { code, hint } = found?.kind === "auth" ? found : otherwiseNotAllowed;
  return new Failure("auth", code, `Akto does not allow ${action} with this API key: ${said}.`, { hint });
}

const otherwiseNotAllowed = {
  code: "akto.not_allowed",
  hint: "The key's owner must be an Admin, and the account's plan must have SSO.",
};

/** A 200 that holds no JSON. Which of its causes it is can't be told from outside. */
export function noJson(action: string, url: string): Failure {
  return new Failure(
    "unavailable",
    "akto.unexpected_answer",
    `Akto at ${clean(url)} answers ${action} with something other than JSON.`,
    {
      hint: "Either this Akto doesn't have that action, as an older one may not, or the URL isn't the dashboard's own, or a proxy answers in its place.",
    },
  );
}
