/**
 * Which profile is used where neither `--profile` nor `AKTO_OKTA_PROFILE` names one. It is looked up by every run, the help
 * included, so it is read without any library.
 */
import { existsSync, readFileSync } from "node:fs";
import { canGoOn, Failure, isFailure } from "../core/failure.ts";
import { isRecord, parseJson } from "../core/json.ts";
import type { ProfileOrigin } from "../core/model/profile.ts";
import { clean, quoted } from "../core/text.ts";
import { storeFailure } from "./failures.ts";
import { configFolder, defaultProfile, isProfileName, profilePath } from "./folder.ts";
import { JsonFile } from "./json-file.ts";
import { choiceIn } from "./place.ts";
import { isThere } from "./usable.ts";

/** The profile of a run that has no `--profile`. */
export interface ProfileInUse {
  readonly name: string;
  readonly from: Exclude<ProfileOrigin, "flag">;
  /** Why no command that needs a profile may run: another one might be changed than the one that was chosen. */
  readonly problem?: Failure;
}

interface Choice {
  readonly profile: string;
}

const choicePath = (env: NodeJS.ProcessEnv): string => choiceIn(configFolder(env));

const isChoice = (json: unknown): json is Record<string, unknown> & Choice =>
  isRecord(json) && typeof json.profile === "string" && isProfileName(json.profile);

/** The profile of a run that has no `--profile`. Never throws for what it finds. */
export function profileInUse(env: NodeJS.ProcessEnv): ProfileInUse {
  if (env.AKTO_OKTA_PROFILE) return { name: env.AKTO_OKTA_PROFILE, from: "environment" };
  const byDefault = { name: defaultProfile, from: "default" } as const;
  try {
    const name = chosenProfile(env);
    if (name === undefined) return byDefault;
    return existsSync(profilePath(env, name))
      ? { name, from: "choice" }
      : { name, from: "choice", problem: missing(name) };
  } catch (error) {
    if (!canGoOn(error)) throw error;
    // A user without a home folder has chosen nothing, and is told when a profile is needed.
    return isFailure(error, "store.no_home") ? byDefault : { ...byDefault, problem: error };
  }
}

/**
 * The profile that was chosen by {@link chooseProfile}.
 *
 * @throws Failure `profile.choice_corrupt`, and why the file can't be used
 */
function chosenProfile(env: NodeJS.ProcessEnv): string | undefined {
  const path = choicePath(env);
  let text: string;
  try {
    if (!isThere({ path, secret: false })) return undefined;
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw storeFailure(error, path);
  }
  const choice = parseJson(text);
  if (isChoice(choice)) return choice.profile;
  throw new Failure(
    "usage",
    "profile.choice_corrupt",
    `${clean(path)} is corrupt: it doesn't say which profile to use.`,
    {
      hint: "Choose one with `akto-okta profile use NAME`, or name one with --profile.",
    },
  );
}

function missing(name: string): Failure {
  return new Failure("usage", "profile.choice_missing", `The profile in use, ${quoted(name)}, no longer exists.`, {
    hint: "`akto-okta profile list` lists them. Choose one with `akto-okta profile use NAME`, or name one with --profile.",
  });
}

/**
 * Writes down which profile to use where none is named. A corrupt file is replaced.
 *
 * @param name its name is checked
 * @throws Failure why the file can't be written
 */
export async function chooseProfile(env: NodeJS.ProcessEnv, name: string): Promise<void> {
  const file = new JsonFile<Choice>({
    path: choicePath(env),
    noun: "choice of a profile",
    isValue: isChoice,
    empty: { profile: defaultProfile },
    secret: false,
  });
  if (name === defaultProfile) return file.remove();
  const choose = () => file.update((choice) => ({ ...choice, profile: name }));
  try {
    await choose();
  } catch (error) {
    // It was set aside.
    if (!isFailure(error, "store.corrupt")) throw error;
    await choose();
  }
}

/** Has another profile used where this one is, by the choice or by default. */
export async function chooseInstead(env: NodeJS.ProcessEnv, name: string, other: string): Promise<void> {
  const { name: used, from } = profileInUse({ ...env, AKTO_OKTA_PROFILE: undefined });
  if (used === name && (from === "choice" || other !== name)) await chooseProfile(env, other);
}

/** Whether the choice names this profile. */
export function isChosen(env: NodeJS.ProcessEnv, name: string): boolean {
  const used = profileInUse({ ...env, AKTO_OKTA_PROFILE: undefined });
  return used.from === "choice" && used.name === name;
}
