/** The package's version, put in by the build. */
declare const __VERSION__: string;

/** Okta's SDK has no types for where it reads its own settings. */
declare module "@okta/okta-sdk-nodejs/src/config-loader.js" {
  export class ConfigLoader {
    applyDefaults(): void;
  }
}
