/** What becomes of requests to an authorization server, written into the log under Okta's names for it. */
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import { isRecord } from "../../../core/json.ts";
import type { Issuer } from "../oidc/issuers.ts";
import { policyRefusal, ruleFor } from "../oidc/policies.ts";
import { notAssigned, signOnDenied } from "../sign-on/enter.ts";
import { appOfClient } from "../state.ts";
import type { AuthorizationServerRecord, OktaState, UserRecord } from "../types.ts";
import { clientEntity, entity, unknownActor, userEntity } from "./entities.ts";
import { oidcRequest, sessionOf } from "./oidc.ts";
import type { LogDraft, LogEntity } from "./types.ts";

type Error = { readonly error?: string; readonly error_description?: string; readonly error_detail?: string };

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);

/** Okta's own word for a refusal; the error that goes to the app says far less. */
function reasonOf({ error, error_description: said = "", error_detail: detail = "" }: Error): string {
  if (said === policyRefusal) return "no_matching_policy";
  if (said === notAssigned || said === signOnDenied) return "access_denied";
  if (/user claim could not be evaluated/.test(said)) return "user_claim_evaluation_failure";
  if (error === "invalid_redirect_uri" || /redirect_uri/.test(said + detail)) return "mismatched_redirect_uri";
  if (error === "invalid_client" || /client_id/.test(said)) return "invalid_client_id";
  return error ?? "server_error";
}

/** Records what the provider does from now on. */
export function recordSignIns(provider: Provider, { server }: Issuer, state: OktaState): void {
  // Custom authorization servers have event types of their own.
  const events = server ? "app.oauth2.as" : "app.oauth2";

  function record(
    ctx: KoaContextWithOIDC,
    what: Pick<LogDraft, "eventType" | "displayMessage" | "result" | "reason">,
    targets: readonly LogEntity[] = [],
  ): void {
    const params: Record<string, unknown> = ctx.oidc.params ?? {};
    const clientId = ctx.oidc.client?.clientId ?? textOf(ctx.query?.client_id);
    const app = appOfClient(state, clientId);
    const user = userOf(ctx, state);
    const debugData = Object.entries({
      authorizationServer: server?.id,
      authorizationServerName: server?.name,
      grantType: textOf(params.grant_type) ?? "authorization_code",
      requestedScopes: textOf(params.scope),
      redirectUri: textOf(params.redirect_uri),
      clientAuthType: ctx.oidc.client?.clientAuthMethod,
    }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    state.log.record({
      ...what,
      actor: app ? clientEntity(app) : unknownActor,
      target: [...(user ? [userEntity(user)] : []), ...targets],
      debugData: Object.fromEntries(debugData),
      request: oidcRequest(ctx),
      session: ctx.oidc.session?.accountId === undefined ? undefined : sessionOf(ctx),
      clientId,
    });
  }

  provider.on("authorization.success", (ctx) => {
    const what = { displayMessage: "OAuth2 authorization code request", result: "SUCCESS" } as const;
    record(ctx, { eventType: `${events}.authorize.code`, ...what }, [
      entity("code", { id: "unknown", name: "Authorization Code" }),
    ]);
  });
  provider.on("authorization.error", (ctx, error: Error) => {
    const what = { displayMessage: "OAuth2 authorization request", result: "FAILURE" } as const;
    const reason = reasonOf(error);
    if (reason === "no_matching_policy" && server && coversButForScopes(ctx, server, state)) {
      for (const eventType of [`${events}.authorize.scope_denied`, `${events}.authorize`]) {
        record(ctx, { eventType, ...what, reason: "no_matching_scope" });
      }
      return;
    }
    record(ctx, { eventType: `${events}.authorize`, ...what, reason });
  });
  provider.on("grant.success", (ctx) => {
    for (const kind of ["id_token", "access_token"] as const) {
      if (!isRecord(ctx.body) || typeof ctx.body[kind] !== "string") continue;
      const name = kind === "id_token" ? "ID Token" : "Access Token";
      const scopes = textOf(isRecord(ctx.body) ? ctx.body.scope : undefined) ?? "";
      record(
        ctx,
        {
          eventType: `${events}.token.grant.${kind}`,
          displayMessage: `OAuth2 ${name.toLowerCase()} is granted`,
          result: "SUCCESS",
        },
        [{ ...entity(kind, { id: "unknown", name }), detailEntry: { scopes } }],
      );
    }
  });
  provider.on("grant.error", (ctx, error: Error) => {
    const reason = reasonOf(error);
    if (error.error === "invalid_client") {
      const eventType = "app.oauth2.invalid_client_credentials";
      record(ctx, {
        eventType,
        displayMessage: "OAuth2 client authentication",
        result: "FAILURE",
        reason: "invalid_client",
      });
      return;
    }
    if (reason === "user_claim_evaluation_failure") {
      record(ctx, {
        eventType: `${events}.evaluate.claim`,
        displayMessage: "OAuth2 claim evaluation",
        result: "FAILURE",
        reason,
      });
    }
    record(ctx, {
      eventType: `${events}.token.grant`,
      displayMessage: "OAuth2 token request",
      result: "FAILURE",
      reason,
    });
  });
}

/** Whether a rule would let the request through if it asked for no scope. */
function coversButForScopes(
  { oidc }: KoaContextWithOIDC,
  server: AuthorizationServerRecord,
  state: OktaState,
): boolean {
  const userId = oidc.session?.accountId;
  const request = { clientId: oidc.client?.clientId ?? "", grantType: "authorization_code", scopes: [], userId };
  return ruleFor(server, request, state) !== undefined;
}

function userOf({ oidc }: KoaContextWithOIDC, { users }: OktaState): UserRecord | undefined {
  const id = oidc.account?.accountId ?? oidc.entities.AuthorizationCode?.accountId ?? oidc.session?.accountId;
  return id === undefined ? undefined : users.get(id);
}
