/** Okta's SDK, for writes: the calls and models are Okta's own, the transport and the signing are ours. */
import type { Client } from "@okta/okta-sdk-nodejs";
import { parseJson } from "../core/json.ts";
import type { HttpClient } from "../http/types.ts";
import { asked } from "./asked.ts";
import { answerFailure } from "./errors.ts";

/** What is used of the SDK's client. */
export type WritingApis = Pick<Client, "applicationApi" | "authorizationServerApi" | "groupApi">;

/**
 * Loads the SDK, and makes its calls for one change.
 *
 * @param http signs and sends every request
 * @param onAnswer is told of each answer that the SDK is given to read, as the request that it came for
 */
export async function connectSdk(
  origin: string,
  http: HttpClient,
  onAnswer: (request: string) => void,
): Promise<WritingApis> {
  const { default: sdk } = await import("@okta/okta-sdk-nodejs");
  // Its APIs without its client, which would read okta.yaml and the environment once more, make sense of HTTPS_PROXY, and
  // sign: all of that is done elsewhere here.
  const configuration = sdk.createConfiguration({
    baseServer: new sdk.ServerConfiguration(origin, {}),
    httpApi: sdk.wrapHttpLibrary({
      send: async (request) => {
        const [method, address, body] = [request.getHttpMethod(), request.getUrl(), request.getBody()];
        const sent = { method, headers: request.getHeaders(), body: typeof body === "string" ? body : null };
        const answer = await http.fetch(address, sent);
        const { status, headers } = answer;
        // The SDK's own error forgets the method and the challenge.
        if (!answer.ok) throw answerFailure({ method, address, status, headers, json: parseJson(await answer.text()) });
        onAnswer(asked(method, address));
        const text = () => answer.text();
        const binary = async () => Buffer.from(await text());
        return new sdk.ResponseContext(status, Object.fromEntries(headers), { text, binary });
      },
    }),
  });
  return {
    applicationApi: new sdk.ApplicationApi(configuration),
    authorizationServerApi: new sdk.AuthorizationServerApi(configuration),
    groupApi: new sdk.GroupApi(configuration),
  };
}
