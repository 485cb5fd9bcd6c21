// The inner modules that `library.ts` loads; they export what the package's entry does.
declare module "oidc-provider/lib/provider.js" {
  export { Provider } from "oidc-provider";
}
declare module "oidc-provider/lib/helpers/errors.js" {
  import { errors } from "oidc-provider";
  export const AccessDenied: typeof errors.AccessDenied;
  export const InvalidRequest: typeof errors.InvalidRequest;
  export const InvalidClientAuth: typeof errors.InvalidClientAuth;
  export const InvalidScope: typeof errors.InvalidScope;
}
declare module "oidc-provider/lib/helpers/interaction_policy/index.js" {
  import { interactionPolicy } from "oidc-provider";
  export const base: typeof interactionPolicy.base;
  export const Check: typeof interactionPolicy.Check;
}
