import { type Change, changesOf, countChanges, type Plan } from "../../core/plan.ts";

/** The JSON of `sso plan`. */
export interface PlanDocument {
  readonly changed: boolean;
  readonly summary: { readonly add: number; readonly change: number; readonly remove: number };
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** A plan as data. */
export function planDocument(plan: Plan): PlanDocument {
  const changes = changesOf(plan);
  const { add, change, remove } = countChanges(changes);
  return { changed: changes.length > 0, summary: { add, change, remove }, changes, warnings: plan.warnings };
}
