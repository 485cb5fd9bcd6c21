import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { ssoOf } from "../../core/model/place.ts";
import { clean, count, listed, quoted } from "../../core/text.ts";
import { deleteProfile } from "../../store/delete-profile.ts";
import { defaultProfile } from "../../store/folder.ts";
import { type KeptProfile, readKept, unknownProfile } from "../../store/kept-profiles.ts";
import { profileNames, secretFileNames } from "../../store/names.ts";
import { isChosen } from "../../store/profile-in-use.ts";
import { refuseUnsafeName } from "../../store/safe-name.ts";
import { type SecretsSeen, seeSecrets } from "../../store/secrets.ts";
import { confirmed, confirmedByTyping } from "../../usecases/confirm.ts";
import { missedWith, perhapsOverlooked, staysElsewhere } from "../../usecases/profile/missed.ts";
import { describePlace } from "../../usecases/provision/remove.ts";
import { declareDryRun, examples } from "../options.ts";

interface Options {
  readonly dryRun?: boolean;
}

export function declare(command: Command): void {
  command.argument("<profile>", "the profile to delete");
  declareDryRun(command, "show what would be deleted, without deleting it");
  examples(command, "profile delete staging", "profile delete staging --dry-run");
}

export async function run(context: Context, { dryRun = false }: Options, name: string): Promise<void> {
  const { terminal, env } = context;
  const { kept, secrets } = await find(context, name);
  const chosen = isChosen(env, name);
  const missed = kept ? missedWith(kept) : [];
  const created = kept?.kind === "profile" ? (kept.profile.created ?? []) : [];
  const document = {
    profile: name,
    secrets: secrets.places,
    stays: created.map(({ kind, name, id, org = null }) => ({ kind, name, id, org })),
    missed,
    deleted: !dryRun,
  };
  const lines = [
    ...(kept ? [`the profile ${quoted(name)}${described(kept)}`] : []),
    ...(secrets.places.length > 0 ? [`its secrets, in the ${listed(secrets.places)}`] : []),
  ];
  const inUse = chosen ? `\nIt is the profile in use. Then ${quoted(defaultProfile)} will be.` : "";
  const list = `To be deleted from this machine:\n${lines.map((line) => `  - ${line}`).join("\n")}${inUse}`;
  for (const { message } of secrets.failures) terminal.warn(message);
  const overlooked = perhapsOverlooked(kept, secrets);
  if (overlooked) terminal.warn(overlooked);
  if (dryRun) {
    terminal.result(list, document);
    terminal.note(stays(kept));
    for (const each of missed) terminal.warn(each);
    return;
  }
  terminal.note(list);
  terminal.note(stays(kept));
  const sure =
    missed.length > 0
      ? await confirmedByTyping(context, missed.join("\n  "), name, "the profile's")
      : await confirmed(context, `Delete the profile ${clean(name)}?`);
  if (!sure) return terminal.note("Nothing was deleted.");
  const deleted = await deleteProfile(env, name);
  const along = deleted.length === 0 ? "" : `, with ${count(deleted.length, "secret")}`;
  terminal.result(`Deleted ${clean(name)}${along}.`, { ...document, secretsDeleted: deleted });
  if (!chosen) return;
  const others = profileNames(env).filter((each) => each !== defaultProfile);
  terminal.note(`In use now: ${defaultProfile}.${others.length > 0 ? ` ${chooseAnother}` : ""}`);
}

const chooseAnother = "Choose another one with `akto-okta profile use NAME`.";

/** The profile, or what is left of one: its secrets. @throws Failure `profile.unknown` */
async function find({ env }: Context, name: string): Promise<{ kept: KeptProfile | undefined; secrets: SecretsSeen }> {
  refuseUnsafeName(env, name);
  const names = profileNames(env);
  const kept = names.includes(name) ? await readKept(env, name) : undefined;
  const secrets = await seeSecrets(env, name, true);
  if (kept?.kind === "refused") throw kept.failure;
  if (kept) return { kept, secrets };
  const left = secrets.places.length > 0 || secretFileNames(env).includes(name);
  // A file of somebody else's has a profile's name: it stays.
  if (!left || names.includes(name)) throw unknownProfile(name, names);
  return { kept, secrets };
}

function described(kept: KeptProfile): string {
  if (kept.kind !== "profile") return ", which can't be read";
  const place = describePlace(ssoOf(kept.profile));
  const mapped = kept.profile.mapping?.length ?? 0;
  return `${place === "" ? "" : ` for ${place}`}${mapped === 0 ? "" : `, with its copy of the mapping of ${count(mapped, "group")}`}`;
}

function stays(kept: KeptProfile | undefined): string {
  return kept?.kind === "profile" ? staysElsewhere(kept.name, kept.profile) : "Nothing is changed in Okta or Akto.";
}
