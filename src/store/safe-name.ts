/**
 * A profile's name becomes a file's, and a disk may take two names for one (macOS and Windows don't tell case apart) or a name
 * for a device (Windows). So that a folder means the same wherever it is taken, such names are refused on every system.
 */
import { canGoOn, Failure } from "../core/failure.ts";
import { quoted } from "../core/text.ts";
import { profileNames, secretFileNames } from "./names.ts";

// Windows: "Naming Files, Paths, and Namespaces"; what comes after the first dot makes no difference there.
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Makes sure that a name is one that is kept here, or can't be taken for another. What was kept before under such a name can
 * still be reached by it.
 *
 * @throws Failure `store.profile_case`, `store.profile_name`
 */
export function refuseUnsafeName(env: NodeJS.ProcessEnv, name: string): void {
  const kept = keptNames(env);
  if (kept.includes(name)) return;
  const twin = kept.find((each) => each.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) {
    throw new Failure(
      "usage",
      "store.profile_case",
      `There is a profile ${quoted(twin)}, and ${quoted(name)} differs from it only in capitalization.`,
      { hint: `Name it as it is: --profile ${twin}. A new profile needs another name.` },
    );
  }
  if (device.test(name)) {
    throw new Failure("usage", "store.profile_name", `${quoted(name)} can't be a profile's name.`, {
      hint: "Windows has a device of that name.",
    });
  }
}

/** The names that are kept; none where that can't be told, which whoever needs the profile will say. */
function keptNames(env: NodeJS.ProcessEnv): string[] {
  try {
    return [...profileNames(env), ...secretFileNames(env)];
  } catch (error) {
    if (canGoOn(error)) return [];
    throw error;
  }
}
