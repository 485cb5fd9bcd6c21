/** The library: Akto's role resolution, pure. */
export { type Resolution, type ResolveInput, resolveRole } from "./core/roles/resolve.ts";
export type { CustomRole } from "./core/roles/roles.ts";
