/** A service app's private key, in each of the forms in which Okta's SDKs take one. */
import { Failure, unreadable } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import { readFileUpTo } from "../files/read.ts";

// A PEM of the longest RSA key in use has some 13,000 characters.
const keyFileLimit = 65_536;

/**
 * @param given a PEM, a JWK as JSON, or the path of a file that holds one of them (Okta's SDKs for Java, Python and Go). A
 *   PEM that came through a variable may have lost its line ends, or have each as `\n` in two characters
 * @param mayBePath whether a path is taken
 * @returns the PEM with its line ends, or the JWK as JSON; whether it is a key is not looked at
 * @throws Failure `okta.private_key_invalid`; what was given is never quoted
 */
export async function readPrivateKey(given: string, mayBePath: boolean = true): Promise<string> {
  const written = keyIn(given);
  if (written !== undefined) return written;
  if (!mayBePath) {
    throw privateKeyInvalid(
      "The private key in this folder's okta.yaml is neither a PEM nor a JWK, and a path in that file is not followed.",
    );
  }
  let content: Buffer | undefined;
  try {
    content = await readFileUpTo(given, keyFileLimit);
  } catch (error) {
    throw privateKeyInvalid(
      `The service app's private key is neither a PEM nor a JWK, and it can't be read as the path of a file: ${unreadable(error)}.`,
    );
  }
  if (!content) throw privateKeyInvalid("The file with the service app's private key is too large for one.");
  const held = keyIn(content.toString("utf8").replace(/^\uFEFF/, ""));
  if (held === undefined)
    throw privateKeyInvalid("The file with the service app's private key holds neither a PEM nor a JWK.");
  return held;
}

/** A private key that can't be used. */
export function privateKeyInvalid(message: string): Failure {
  return new Failure("usage", "okta.private_key_invalid", message, {
    hint: "OKTA_CLIENT_PRIVATEKEY accepts a whole PEM, a JWK as JSON, or the path of a file with one of them, without a passphrase.",
  });
}

function keyIn(text: string): string | undefined {
  if (isRecord(parseJson(text))) return text;
  if (!text.includes("-----BEGIN")) return undefined;
  const [, before = "", label = ""] = /^(.*?-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----)/s.exec(text) ?? [];
  const end = text.indexOf(`-----END ${label}-----`, before.length);
  const base64 = text.slice(before.length, Math.max(end, 0)).replaceAll(/\\[nr]|\s/g, "");
  // A PEM with headers is encrypted, and anything else isn't a key: both are left as they are, to be refused.
  if (label === "" || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return text;
  return `-----BEGIN ${label}-----\n${base64.replaceAll(/.{64}/g, "$&\n").trimEnd()}\n-----END ${label}-----\n`;
}
