/** Ways in which one request of a run goes wrong. */
import { Failure } from "../../../src/core/failure.ts";
import type { HttpClient } from "../../../src/http/types.ts";
import type { ProfileStore, SecretStore } from "../../../src/store/types.ts";

/** What a process that is gone would throw, if it could: nothing of ours catches it as a failure. */
export class Killed extends Error {}

export const faults = ["lost on the way back", "refused", "the process is killed after it"] as const;
export type Fault = (typeof faults)[number];

/** Where a run finds everything. */
export interface Place {
  readonly network: HttpClient;
  readonly store: ProfileStore;
  readonly secrets: SecretStore;
}

/**
 * The place of a process in which the write with this number goes wrong, over the network or on this machine. A read
 * that fails ends a run where the write before it does.
 */
export function faulty(place: Place, at: number, fault: Fault): Place & { readonly writes: ("network" | "here")[] } {
  const writes: ("network" | "here")[] = [];
  let dead = false;
  const alive = () => {
    if (dead) throw new Killed();
  };
  const killAfter = (number: number) => {
    if (number !== at) return;
    dead = true;
    throw new Killed();
  };
  const here = async <Result>(write: Promise<Result>): Promise<Result> => {
    const result = await write;
    killAfter(writes.push("here"));
    return result;
  };
  const network: HttpClient = {
    async fetch(url, request) {
      alive();
      if (!isWrite(url, request?.method)) return place.network.fetch(url, request);
      const number = writes.push("network");
      if (number === at && fault === "refused") return refusal(url);
      const answer = await place.network.fetch(url, request);
      if (number === at && fault === "lost on the way back") throw lost();
      killAfter(number);
      return answer;
    },
  };
  const store: ProfileStore = {
    ...place.store,
    read: async () => {
      alive();
      return place.store.read();
    },
    update: async (change) => {
      alive();
      return here(place.store.update(change));
    },
  };
  const secrets: SecretStore = {
    ...place.secrets,
    set: async (name, value) => {
      alive();
      return here(place.secrets.set(name, value));
    },
    delete: async (name) => {
      alive();
      return here(place.secrets.delete(name));
    },
  };
  return { network, store, secrets, writes };
}

/** Whether a request changes something: Akto's reads are sent by POST, too. */
export function isWrite(url: string, method: string = "GET"): boolean {
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
