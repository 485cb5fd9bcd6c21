/** The library: Akto's role resolution, pure. */

export type { CustomRole } from "./core/model/akto.ts";
export { type Resolution, type ResolveInput, resolveRole } from "./core/roles/resolve.ts";
