/** Ways in which one request of a run goes wrong. */
import { Failure } from "../../src/core/failure.ts";
import type { HttpClient } from "../../src/http/types.ts";
import type { ProfileStore } from "../../src/store/types.ts";

/** What a process that is gone would throw, if it could: nothing of ours catches it as a failure. */
export class Killed extends Error {}

export const faults = ["lost on the way back", "refused", "the process is killed after it"] as const;
export type Fault = (typeof faults)[number];

/** A network, and a profile store, of a process in which the request with this number goes wrong. */
export function faulty(http: HttpClient, profiles: ProfileStore, at: number, fault: Fault) {
  let sent = 0;
  const writes: number[] = [];
  let dead = false;
  const alive = () => {
    if (dead) throw new Killed();
  };
  const network: HttpClient = {
    async fetch(url, request) {
      alive();
      sent += 1;
      if (isWrite(url, request?.method)) writes.push(sent);
      if (sent !== at) return http.fetch(url, request);
      if (fault === "refused") return refusal(url);
      await http.fetch(url, request);
      if (fault === "lost on the way back") throw lost();
      dead = true;
      throw new Killed();
    },
  };
  const store: ProfileStore = {
    ...profiles,
    read: async () => {
      alive();
      return profiles.read();
    },
    update: async (change) => {
      alive();
      return profiles.update(change);
    },
  };
  return { network, store, sent: () => sent, writes };
}

function isWrite(url: string, method: string = "GET"): boolean {
  return method.toUpperCase() !== "GET" && !/\/api\/(?:fetch|get)/.test(url);
}

function lost(): Failure {
  return new Failure("unavailable", "http.unreachable", "The connection was lost.");
}

function refusal(url: string): Response {
  const okta = { errorCode: "E0000006", errorSummary: "You do not have permission to perform the requested action" };
  const body = url.includes("/api/v1/") ? okta : { actionErrors: ["You do not have access"] };
  return new Response(JSON.stringify(body), { status: 403, headers: { "content-type": "application/json" } });
}
