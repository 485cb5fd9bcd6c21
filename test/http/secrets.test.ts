import { expect, test } from "vitest";
import { createRedaction } from "../../src/core/redaction.ts";
import { fitAnswer, hideRequest } from "../../src/http/secrets.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (redaction: ReturnType<typeof createRedaction>, status: number, body: string) =>
  new TextDecoder().decode(fitAnswer(redaction, status, bytes(body)));

test("what a request bears is cut out of an error that quotes it, and left in an answer that went well", () => {
  const redaction = createRedaction();
  hideRequest(redaction, {
    headers: {
      Authorization: "SSWS 00the-okta-api-token",
      "x-api-key": "the-akto-key-1234",
      accept: "application/json",
    },
    body: new URLSearchParams({
      client_id: "0oa1abcd2EFGHIJKL3m4",
      client_secret: "the client/secret",
      code: "the-code-56789",
    }),
  });
  const echo =
    "00the-okta-api-token the-akto-key-1234 application/json 0oa1abcd2EFGHIJKL3m4 the%20client%2Fsecret the-code-56789";
  const cut = "…oken …1234 application/json 0oa1abcd2EFGHIJKL3m4 …cret …6789";
  expect(redaction.redact(echo)).toBe(cut);
  expect(shown(redaction, 400, echo)).toBe(cut);
  expect(shown(redaction, 200, echo)).toBe(echo);
});

test("an error stays JSON when the secret that it quotes has quotes and backslashes, in any of its texts and names", () => {
  const redaction = createRedaction();
  const secret = 'the "client" \\secret\\ "of it" 1234"';
  redaction.hide(secret);
  const body = { error: "invalid_client", error_description: `Sent: ${secret}`, causes: [{ [secret]: [secret, 7] }] };
  expect(JSON.parse(shown(redaction, 401, JSON.stringify(body)))).toEqual({
    error: "invalid_client",
    error_description: 'Sent: …234"',
    causes: [{ '…234"': ['…234"', 7] }],
  });
  const deep = `${"[".repeat(50_000)}${JSON.stringify(secret)}${"]".repeat(50_000)}`;
  expect(shown(redaction, 500, deep)).not.toContain("client");
});

test("what an answer brings is a secret from then on", () => {
  const redaction = createRedaction();
  const tokens =
    '{"access_token":"the-access-token-12","id_token" : "the-id-token-3456","token_type":"Bearer-or-other"}';
  expect(shown(redaction, 200, tokens)).toBe(tokens);
  expect(redaction.redact("the-access-token-12 the-id-token-3456 Bearer-or-other")).toBe("…n-12 …3456 Bearer-or-other");
});
