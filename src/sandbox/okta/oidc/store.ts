/** Where `oidc-provider` keeps sessions, codes and tokens, and finds the org's apps as its clients. */
import { randomBytes } from "node:crypto";
import type { Adapter, AdapterPayload, AllClientMetadata } from "oidc-provider";
import { appOfClient } from "../state.ts";
import type { AppRecord, OktaState } from "../types.ts";

/** The most things that are kept of each kind; the oldest go first. */
const most = 10_000;

/** One store for all of the org's authorization servers: a session at one of them is a session at all. */
export function adapterFactory(state: OktaState): (model: string) => Adapter {
  const stores = new Map<string, Map<string, AdapterPayload>>();
  return (model) => {
    if (model === "Client") return clients(state);
    const store = stores.get(model) ?? new Map<string, AdapterPayload>();
    stores.set(model, store);
    const find = (test: (payload: AdapterPayload) => boolean) => [...store.values()].find(test);
    return {
      async upsert(id, given) {
        // The library left `offline_access` out of the request, and would refuse it at the token's use.
        const { scope = "" } = given;
        const widened = model === "RefreshToken" && !scope.includes("offline_access");
        const payload = widened ? { ...given, scope: `${scope} offline_access` } : given;
        store.delete(id);
        store.set(id, payload);
        const [oldest] = store.keys();
        if (store.size > most && oldest !== undefined) store.delete(oldest);
      },
      find: async (id) => store.get(id),
      findByUid: async (uid) => find((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => find((payload) => payload.userCode === userCode),
      async consume(id) {
        const payload = store.get(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        store.delete(id);
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of store) if (payload.grantId === grantId) store.delete(id);
      },
    };
  };
}

function clients(state: OktaState): Adapter {
  const nothing = async () => undefined;
  return {
    async find(clientId) {
      const app = appOfClient(state, clientId);
      return app?.status === "ACTIVE" ? metadata(app) : undefined;
    },
    upsert: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}

/** Stands in for a value that the library asks for and the app doesn't have; nothing that is sent can equal it. */
const missing = { secret: randomBytes(32).toString("hex"), redirectUri: "https://missing.invalid/" };

/** An app as `oidc-provider` takes a client. A half-configured app, which Okta allows, must not make the client unreadable. */
function metadata(app: AppRecord): AdapterPayload & AllClientMetadata {
  const { client, clientAuthMethod } = app;
  const secret = app.secrets.find((candidate) => candidate.status === "ACTIVE")?.secret;
  const redirectUris = client.redirect_uris.filter((uri) => /^https?:/i.test(uri));
  const grants = client.grant_types.filter((grant) =>
    /^(authorization_code|client_credentials|refresh_token)$/.test(grant),
  );
  const code = grants.includes("authorization_code") && client.response_types.includes("code");
  return {
    client_id: app.clientId,
    client_name: app.label,
    // Okta matches redirect URIs exactly, loopback ports of native apps included; a web client is held to that here.
    application_type: "web",
    redirect_uris: redirectUris.length > 0 ? redirectUris : [missing.redirectUri],
    grant_types: grants,
    response_types: code ? ["code"] : [],
    token_endpoint_auth_method: clientAuthMethod,
    dpop_bound_access_tokens: client.dpop_bound_access_tokens,
    ...(clientAuthMethod.startsWith("client_secret_") ? { client_secret: secret ?? missing.secret } : {}),
    ...(clientAuthMethod === "private_key_jwt" ? { jwks: client.jwks ?? { keys: [] } } : {}),
  };
}
