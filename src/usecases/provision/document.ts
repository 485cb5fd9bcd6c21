import { type Change, changesOf, countChanges, type Plan, type System } from "../../core/plan/plan.ts";

/** The JSON of `sso plan`. */
export interface PlanDocument {
  readonly changed: boolean;
  /** The systems that could be asked. */
  readonly compared: readonly System[];
  readonly summary: { readonly add: number; readonly change: number; readonly remove: number };
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** A plan as data. */
export function planDocument(plan: Plan): PlanDocument {
  const changes = changesOf(plan);
  const { add, change, remove } = countChanges(changes);
  const { compared, warnings } = plan;
  return { changed: changes.length > 0, compared, summary: { add, change, remove }, changes, warnings };
}
