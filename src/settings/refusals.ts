/** Why a secret is not sent. */
import { Failure } from "../core/failure.ts";
import { describeOwner, type SecretName, type SecretOwner } from "../core/model/secret.ts";
import { settingDefinitions } from "./definitions.ts";

/** The failure of a stored secret of another org, app or account. */
export function otherOwner(name: SecretName, owner: SecretOwner, target: SecretOwner): Failure {
  const { title, flag, argument, env } = settingDefinitions[name];
  const [whose, wanted] = [describeOwner(name, owner), describeOwner(name, target)];
  return new Failure(
    "usage",
    "secret.other_owner",
    `The stored ${title} is for ${whose}, so it is not sent to ${wanted}.`,
    {
      hint: `Give the one for ${wanted}: ${flag} ${argument} or ${env}.\nOr use the profile that is for it (--profile).`,
    },
  );
}

/** The failure of a secret for an org that only a file names, which the secret isn't from. */
export function otherPlace(title: string, host: string, file: string): Failure {
  return new Failure(
    "usage",
    "secret.other_place",
    `The ${title} is not sent to ${host}: only ${file} names that org, and the ${title} is from elsewhere.`,
    { hint: `If it is for that org, say so: --domain ${host} or OKTA_CLIENT_ORGURL.` },
  );
}
