/** What a setup leaves here: the settings in the profile, and the secrets in the store, bound to them. */
import type { Context } from "../../context.ts";
import type { AktoSso, CustomRole, Mapping } from "../../core/model/akto.ts";
import { profileOf } from "../../core/model/profile.ts";
import { ownersAt, secretNames } from "../../core/model/secret.ts";
import { keepSecrets, sayDropped } from "../provision/kept-secrets.ts";
import type { Answers } from "./answers.ts";

/**
 * Finds out whether the answers can be kept, before anything is written elsewhere: a secret of which there is none yet is
 * stored at once, which takes nothing from a profile that works.
 *
 * @throws Failure what the stores throw
 */
export async function prepareToKeep(
  context: Context,
  answers: Omit<Answers, "clientId" | "clientSecret"> & Partial<Pick<Answers, "clientId" | "clientSecret">>,
): Promise<void> {
  await (await context.profiles()).update((profile) => profile);
  const secrets = await context.secrets();
  const owners = ownersAt(answers);
  for (const name of secretNames) {
    const value = answers[name];
    if (value !== undefined && !(await secrets.get(name))) await secrets.set(name, { value, owner: owners[name] });
  }
}

/** What the profile keeps beside the answers. */
export type KeptCopy =
  | {
      readonly kind: "akto";
      readonly sso: AktoSso;
      readonly customRoles: readonly CustomRole[];
      /** The product that calls to Akto name, where it isn't Akto's own default. */
      readonly product: string | undefined;
    }
  /** Nothing was sent to Akto: what a run took out there is still to be put back. */
  | { readonly kind: "local"; readonly mapping: Mapping };

/** Keeps the answers, and what Akto has of the mapping. The draft of an interrupted setup is dropped. */
export async function keep(context: Context, answers: Answers, copy: KeptCopy): Promise<void> {
  const store = await context.profiles();
  sayDropped(context, await keepSecrets(await context.secrets(), await store.read(), answers, answers));
  await store.update(({ setup: _, issuer: __, origin: ___, aktoProduct, replacing, ...before }) => {
    const kept = { ...before, ...profileOf(answers) };
    if (copy.kind === "local") {
      // An empty copy would say that nothing is mapped in Akto, which wasn't asked.
      const mapped = copy.mapping.size > 0 || before.mapping !== undefined;
      return {
        ...kept,
        ...(replacing && { replacing }),
        ...(aktoProduct && { aktoProduct }),
        ...(mapped && { mapping: [...copy.mapping] }),
      };
    }
    const { sso, customRoles, product } = copy;
    return {
      ...kept,
      ...(product !== undefined && { aktoProduct: product }),
      mapping: [...sso.mapping],
      syncGroupsToUserTags: sso.syncGroupsToUserTags,
      customRoles,
    };
  });
}
