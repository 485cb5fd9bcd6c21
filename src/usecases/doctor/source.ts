/** Facts, each gathered once and only when a check asks for it. */

import type { FactName, FactState, Facts } from "../../core/doctor/facts.ts";
import { canGoOn } from "../../core/failure.ts";

/** Thrown by a gatherer whose means are missing, or whose answer another fact rules out. The message is a sentence. */
export class Unknown extends Error {}

/** How to get every fact. */
export type Gatherers = { readonly [Name in FactName]: () => Promise<Facts[Name]> };

/** The facts of one run. */
export interface FactSource {
  /** The fact, or why it isn't known. Throws only when the program was interrupted, or has a bug. */
  state<Name extends FactName>(name: Name): Promise<FactState<Facts[Name]>>;
}

/** A source of facts from these gatherers. */
export function factSource(gatherers: Gatherers): FactSource {
  const states = new Map<FactName, Promise<FactState<unknown>>>();
  return {
    state: <Name extends FactName>(name: Name) => {
      let state = states.get(name);
      if (!state) {
        state = toState(gatherers[name]);
        states.set(name, state);
      }
      // Kept under the name it was gathered for.
      return state as Promise<FactState<Facts[Name]>>;
    },
  };
}

async function toState<Value>(gather: () => Promise<Value>): Promise<FactState<Value>> {
  try {
    return { known: true, value: await gather() };
  } catch (error) {
    if (error instanceof Unknown || canGoOn(error)) return { known: false, why: error.message };
    throw error;
  }
}
