/** What Akto can do with a client secret. */
import { Failure } from "./failure.ts";
import { quoted } from "./text.ts";

/**
 * Refuses a client secret that Akto would not get through to Okta: it sends the form without encoding `+` and `%`, so
 * that Okta reads another secret (Akto behavior).
 *
 * @throws Failure `akto.secret_unsendable`
 */
export function refuseUnsendable(clientSecret: string): void {
  const [character] = /[+%]/.exec(clientSecret) ?? [];
  if (character === undefined) return;
  throw new Failure(
    "rule",
    "akto.secret_unsendable",
    `The client secret has a ${quoted(character)} in it, which Akto sends to Okta unencoded: Okta would refuse every sign-in, although the secret is right.`,
    { hint: "Generate a new client secret in Okta, on the app's General tab, and use that one." },
  );
}
