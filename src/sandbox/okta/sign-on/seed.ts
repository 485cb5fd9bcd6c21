/** The authentication policies that an org starts with, and the apps under them. */
import type { Finder, Making } from "../state.ts";
import type { OktaSeed, OktaState } from "../types.ts";
import { newSignOnPolicy } from "./records.ts";

/** The org's own policy, for every app that is not put under another one. */
const own = "Any two factors";

/** @throws Error when the seed names a policy, a group or a user that it does not define */
export function seedSignOnPolicies(state: OktaState, seed: OktaSeed, making: Making): void {
  const find: Finder = {
    groupId: (name) => known(state.groups.values(), (group) => group.name === name, "group", name),
    userId: (login) => known(state.users.values(), ({ profile }) => profile.login === login, "user", login),
  };
  for (const policy of [{ name: own, system: true }, ...(seed.signOnPolicies ?? [])]) {
    state.signOnPolicies.put(newSignOnPolicy(policy, making, find));
  }
  const apps = [...state.apps.values()];
  for (const [index, { signOnPolicy = own }] of (seed.apps ?? []).entries()) {
    const policies = state.signOnPolicies.values();
    const id = known(policies, ({ name }) => name === signOnPolicy, "authentication policy", signOnPolicy);
    Object.assign(apps[index] ?? {}, { signOnPolicyId: id });
  }
}

function known<T extends { readonly id: string }>(
  records: Iterable<T>,
  test: (record: T) => boolean,
  kind: string,
  name: string,
): string {
  for (const record of records) if (test(record)) return record.id;
  throw new Error(`The seed names a ${kind} that it does not define: ${name}`);
}
