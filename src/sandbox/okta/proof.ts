/** The proof that comes with a token that is bound to a key (DPoP, RFC 9449). */
import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";

/** The parts of a request that a proof is about. */
export interface ProvenRequest {
  readonly method: string;
  /** Without its query. */
  readonly url: string;
  /** The token that it bears. */
  readonly token: string;
  /** Its `DPoP` header. */
  readonly proof: string;
}

/**
 * Whether the proof is one for this request, made moments ago with the key that the token is bound to (RFC 9449 section
 * 4.3). A proof that is sent twice is accepted twice here.
 *
 * @param thumbprint of that key, the token's `jkt`
 */
export async function isProof({ method, url, token, proof }: ProvenRequest, thumbprint: string): Promise<boolean> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: "dpop+jwt", maxTokenAge: 300 });
    const ath = createHash("sha256").update(token).digest("base64url");
    return (
      payload.htm === method &&
      payload.htu === url &&
      payload.ath === ath &&
      protectedHeader.jwk !== undefined &&
      (await calculateJwkThumbprint(protectedHeader.jwk)) === thumbprint
    );
  } catch {
    return false;
  }
}
