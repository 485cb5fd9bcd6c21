/** Where `oidc-provider` keeps sessions, codes and tokens, and finds the org's apps as its clients. */
import type { Adapter, AdapterPayload, AllClientMetadata } from "oidc-provider";
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
      async upsert(id, payload) {
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
      const app = [...state.apps.values()].find((record) => record.clientId === clientId);
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

/** An app as `oidc-provider` takes a client. */
function metadata(app: AppRecord): AdapterPayload & AllClientMetadata {
  const secret = app.secrets.find((candidate) => candidate.status === "ACTIVE")?.secret;
  return {
    client_id: app.clientId,
    client_name: app.label,
    // Okta matches redirect URIs exactly, loopback ports of native apps included; a web client is held to that here.
    application_type: "web",
    redirect_uris: app.client.redirect_uris,
    grant_types: app.client.grant_types.filter((grant) => /^(authorization_code|client_credentials)$/.test(grant)),
    response_types: app.client.response_types.includes("code") ? ["code"] : [],
    token_endpoint_auth_method: app.clientAuthMethod,
    dpop_bound_access_tokens: app.client.dpop_bound_access_tokens,
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(app.client.jwks === undefined ? {} : { jwks: app.client.jwks }),
  };
}
