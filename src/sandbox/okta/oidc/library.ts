/// <reference path="./oidc-provider.d.ts" />
/**
 * `oidc-provider`, past its entry file: that one writes a warning to stderr under Node 20, on which the parts used here
 * work. The same modules, without the sentence.
 */
export { AccessDenied, InvalidClientAuth, InvalidRequest, InvalidScope } from "oidc-provider/lib/helpers/errors.js";
export { base as basePolicy, Check } from "oidc-provider/lib/helpers/interaction_policy/index.js";
export { Provider } from "oidc-provider/lib/provider.js";
