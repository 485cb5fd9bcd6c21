/** Ways through the wizard that several tests go. */
import { down, enter, type Screen } from "./pty.ts";

/** Chooses to do Okta's part by hand. */
export async function byHand(screen: Screen): Promise<void> {
  await screen.answer("❯ Create it for me", down);
  await screen.answer("❯ Use an existing one", down);
  await screen.answer("❯ I'll do it by hand", enter);
}

/** Goes through the steps in Okta's console. */
export async function throughConsole(screen: Screen): Promise<void> {
  for (const step of ["the app", "the groups claim", "the access policy", "an API token"]) {
    await screen.shows(`In Okta's console: ${step}`);
    await screen.answer("? Press Enter when that is done.", enter);
  }
}

/** The environment without an app's client id and secret. */
export function withoutApp(env: Record<string, string>): Record<string, string> {
  const { AKTO_OKTA_CLIENT_ID: _, AKTO_OKTA_CLIENT_SECRET: __, ...others } = env;
  return others;
}
