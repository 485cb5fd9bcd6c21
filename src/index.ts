/** The library: Akto's role resolution, pure. */
export { type Resolution, type ResolveInput, resolveRole } from "./core/resolve.ts";
export type { CustomRole } from "./core/roles.ts";
