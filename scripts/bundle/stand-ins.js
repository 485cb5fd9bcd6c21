/** What stands in the bundle for packages that are never used there. */

/**
 * Okta's SDK signs service apps in with these, of which some have been without a maintainer for years. Here nothing is signed
 * by the SDK, see src/okta/signing.ts.
 */
const signing = ["njwt", "node-jose", "rasha", "eckles"];

/** A log that is off for good: whoever sets DEBUG would see addresses with what is secret in them. */
const silence = `
const off = Object.assign(() => {}, { enabled: false, extend: () => off });
module.exports = Object.assign(() => off, { default: () => off });
`;

/** A plugin of the bundler. */
export function standIns() {
  const contents = new Map([["debug", silence], ...signing.map((name) => [name, "module.exports = {};"])]);
  const prefix = "\0stand-in:";
  return {
    name: "stand-ins",
    resolveId: (id) => (contents.has(id) ? `${prefix}${id}` : null),
    load: (id) => (id.startsWith(prefix) ? { code: contents.get(id.slice(prefix.length)), moduleType: "js" } : null),
  };
}
