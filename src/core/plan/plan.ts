/** The plan: every difference between the SSO as it should be and as it is, in the order in which it is mended. */

/** A value of a field, as it is shown. */
export type PlanValue = string | number | boolean | null | readonly string[];

/** One field that differs. */
export interface FieldChange {
  readonly field: string;
  readonly from: PlanValue;
  readonly to: PlanValue;
}

/** One of the two systems that a plan changes. */
export type System = "okta" | "akto";

/** One difference. The JSON of `sso plan` holds them as they are. */
export interface Change {
  readonly system: System;
  readonly kind: "add" | "change" | "remove";
  /** What differs: `okta.app`, `mapping["Akto Admins"]`. Stable, for scripts. */
  readonly address: string;
  readonly fields: readonly FieldChange[];
}

/** What a step does. It looks at what is live before it writes, so a step that was done already does nothing. */
export type Action =
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "app" }
  | { readonly kind: "assignment"; readonly group: string }
  | { readonly kind: "unassignment"; readonly group: string }
  | { readonly kind: "claim" }
  | { readonly kind: "policy" }
  | { readonly kind: "rule" }
  | { readonly kind: "activate" }
  | { readonly kind: "replace" }
  | { readonly kind: "mapping" };

/** One write, and the differences it mends. */
export interface Step {
  readonly action: Action;
  /** In words: `create the app “Akto” in Okta`. */
  readonly title: string;
  readonly changes: readonly Change[];
}

export interface Plan {
  /** What was compared: a system for which there is no credential is left out. */
  readonly compared: readonly System[];
  readonly steps: readonly Step[];
  /** What no step can mend, or what a step brings with it. */
  readonly warnings: readonly string[];
}

/** All differences of a plan. */
export function changesOf(plan: Plan): Change[] {
  return plan.steps.flatMap((step) => step.changes);
}

/** How many differences of each kind there are. */
export function countChanges(changes: readonly Change[]): { add: number; change: number; remove: number } {
  const counted = { add: 0, change: 0, remove: 0 };
  for (const { kind } of changes) counted[kind] += 1;
  return counted;
}

/** The address of something with a name, which is quoted as in JSON. */
export function addressOf(path: string, name: string): string {
  return `${path}[${JSON.stringify(name)}]`;
}

/** The fields of `to` that differ from `from`'s, in the order of `to`. Lists are compared in their order. */
export function compareFields(from: object | null, to: object): FieldChange[] {
  const before = new Map<string, PlanValue>(Object.entries(from ?? {}));
  const changes: FieldChange[] = [];
  for (const [field, value] of Object.entries(to) as [string, PlanValue][]) {
    const was = before.get(field) ?? null;
    if (JSON.stringify(was) !== JSON.stringify(value)) changes.push({ field, from: was, to: value });
  }
  return changes;
}
