import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { Failure } from "../../core/failure.ts";
import { ssoOf } from "../../core/model/place.ts";
import type { Profile } from "../../core/model/profile.ts";
import { clean, quoted } from "../../core/text.ts";
import { defaultProfile } from "../../store/folder.ts";
import { readKept, unknownProfile } from "../../store/kept-profiles.ts";
import { profileNames } from "../../store/names.ts";
import { chooseProfile } from "../../store/profile-in-use.ts";
import { describePlace } from "../../usecases/provision/remove.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.argument("[profile]", "the profile to use where neither --profile nor AKTO_OKTA_PROFILE names one");
  declareDryRun(command, "show which one it would be, without choosing it");
  examples(command, "profile use staging", "profile use default");
}

export async function run(context: Context, { dryRun = false }: Options, given: string | undefined): Promise<void> {
  const { terminal, env } = context;
  const names = profileNames(env);
  const name = given ?? (await choose(context, names));
  // The usual one needs no choice, so it may be one that is not set up yet.
  const kept = names.includes(name) ? await readKept(env, name) : undefined;
  if (!kept && name !== defaultProfile) throw unknownProfile(name, names);
  if (kept?.kind === "refused") throw kept.failure;
  if (kept?.kind === "corrupt") {
    throw new Failure("usage", "profile.corrupt", `The profile ${quoted(name)} is corrupt: ${clean(kept.path)}.`, {
      hint: `Fix that file, or delete the profile with \`akto-okta profile delete ${name}\`.`,
    });
  }
  if (!dryRun) await chooseProfile(env, name);
  terminal.result(
    `${dryRun ? "To be used" : "In use"}: ${clean(name)}${kept?.kind === "profile" ? described(kept.profile) : ""}.`,
    {
      inUse: { name, from: name === defaultProfile ? "default" : "choice" },
      chosen: !dryRun,
    },
  );
  if (!kept) terminal.note(`Nothing is set up under that name yet: \`akto-okta sso setup\` does that.`);
  const { AKTO_OKTA_PROFILE: named } = env;
  if (named && named !== name) {
    terminal.warn(
      `AKTO_OKTA_PROFILE names ${quoted(named)} in this shell, which takes precedence: unset it to use ${quoted(name)}.`,
    );
  }
}

async function choose({ terminal, globals }: Context, names: readonly string[]): Promise<string> {
  const prompts = await terminal.prompts("Which profile to use");
  return prompts.choose(
    "Use which profile?",
    names.map((name) => ({ value: name, name })),
    globals.profile,
  );
}

function described(profile: Profile): string {
  const place = describePlace(ssoOf(profile));
  return place === "" ? "" : ` (${place})`;
}
