/** Commands that a message suggests, for the profile that the run was given. */

// Of the program's commands those that go by a profile; the other ones are the same for each.
const suggested = /\bakto-okta (?:(?:sso|groups|mapping|login|secrets) [a-z]+|doctor)\b(?![^`\n]*--profile)/g;

/**
 * A text of this program's, with `--profile` in each command that it suggests: as it stands it would do the same to another
 * profile.
 *
 * @param profile what `--profile` named; `undefined` where nothing did, and the command alone goes by the same one
 */
export function forProfile(text: string, profile: string | undefined): string {
  return profile === undefined ? text : text.replace(suggested, (command) => `${command} --profile ${profile}`);
}
