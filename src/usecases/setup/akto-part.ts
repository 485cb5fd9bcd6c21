/** The wizard's part about Akto: where it is, which account, and the key that lets this tool do the rest there. */
import type { AktoDashboard } from "../../akto/types.ts";
import { parseAccountId, selfHostedAccountId } from "../../core/address.ts";
import type { AktoSso, CustomRole } from "../../core/model/akto.ts";
import { defaultAktoUrl } from "../../settings/definitions.ts";
import { askForAktoUrl, type Setup, secretQuestion, settingQuestion } from "./questions.ts";
import { verifyAktoUrl } from "./verify.ts";

/** What is known of Akto. */
export interface AktoPart {
  readonly url: string;
  readonly accountId: number | undefined;
  readonly key: string | null;
  /** `null` without a key: nothing is sent to Akto. */
  readonly dashboard: AktoDashboard | null;
  /** What the account has; `null` for nothing, or where it can't be asked. */
  readonly sso: AktoSso | null;
  /** `null` where they can't be asked. */
  readonly customRoles: readonly CustomRole[] | null;
}

export async function askForAkto(setup: Setup): Promise<AktoPart & { readonly accountId: number }> {
  const { context, settings, profile, interview } = setup;
  const { offline = false } = context.globals;
  interview.section(1, "Akto");
  const url = await askForAktoUrl(setup, profile.aktoUrl ?? defaultAktoUrl);
  const urlQuestion = { id: "aktoUrl", title: "Akto URL" };
  // Akto's own cloud is there.
  if (url !== defaultAktoUrl && !offline) {
    const http = await context.http();
    await interview.look(
      "akto",
      [url],
      () => verifyAktoUrl(http, url),
      (found) => found,
      [urlQuestion],
    );
  }
  const accountId = await interview.ask(
    await settingQuestion(setup, "aktoAccountId", {
      question: "Akto account id (in Akto under Settings → About):",
      parse: parseAccountId,
      text: String,
      initial: profile.aktoAccountId ?? (url === defaultAktoUrl ? undefined : selfHostedAccountId),
    }),
  );
  const nobody = { url, accountId, key: null, dashboard: null, sso: null, customRoles: null };
  if (offline) return nobody;

  const keyQuestion = await secretQuestion(setup, "aktoKey", {
    question: "Akto API key",
    addresses: { aktoUrl: url, aktoAccountId: accountId },
    without: true,
  });
  if (keyQuestion.given === undefined) {
    interview.say(
      "  With an Admin's API key, this tool also does Akto's part: Settings → Integrations → Akto API in Akto. Without one, you are told what to type there.",
    );
  }
  const key = await interview.ask(keyQuestion);
  if (key === null) return nobody;
  const dashboard = await context.aktoWith(settings, url, key, { quiet: true });
  const found = await interview.look(
    "akto key",
    [url, accountId, key],
    () => readAkto(dashboard),
    ({ sso }) =>
      sso
        ? "Akto accepts the key; Okta SSO is already set up in the account."
        : "Akto accepts the key; the account has no SSO yet.",
    [keyQuestion, urlQuestion],
  );
  return { url, accountId, key, dashboard, sso: found?.sso ?? null, customRoles: found?.customRoles ?? null };
}

/** What the account has. Throws what the dashboard throws. */
export async function readAkto(dashboard: AktoDashboard): Promise<Pick<AktoPart, "sso" | "customRoles">> {
  const [sso, customRoles] = await Promise.all([dashboard.fetchSso(), dashboard.customRoles()]);
  return { sso, customRoles };
}
