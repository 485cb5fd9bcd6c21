/** Facts about how a sign-in starts: at Akto's page by the email address, and from Okta's dashboard. No key is needed. */
import type { Context } from "../../context.ts";
import { initiateLoginUri, parseAuthServerId, ssoLoginUrl, startByEmailUrl } from "../../core/address.ts";
import type { InitiateLoginFact, StartByEmailFact } from "../../core/picture.ts";
import type { Settings } from "../../settings/settings.ts";
import { type AktoFacts, needed } from "./akto.ts";
import { fact, need, type Picture, Unseen } from "./read.ts";

/** The two ways in, for the setup as Akto or the profile has it. */
export type StartFacts = Pick<Picture, "initiateLogin" | "initiateLoginUri" | "startByEmail">;

/** The facts, each read when it is first asked for. */
export function startFacts(context: Context, settings: Settings, akto: AktoFacts): StartFacts {
  const startUri = fact(async () => {
    const { aktoAccountId } = settings;
    if (aktoAccountId === undefined) throw new Unseen(`There is no ${needed("aktoAccountId")}.`);
    return initiateLoginUri(settings.aktoUrl, aktoAccountId);
  });
  /** Where a sign-in has to lead. */
  const destination = async () => {
    const { authServerId, domain, clientId } = await need(akto.setup);
    const parsed = await need(akto.domain);
    // What it should lead to can't be told from a field that is wrong.
    if (parsed.host !== domain) throw new Unseen("The Okta domain is not a bare host.");
    return { domain: parsed, clientId, path: `/oauth2/${parseAuthServerId(authServerId)}/v1/authorize` };
  };
  const leadsTo = async (email: string): Promise<StartByEmailFact["leads"]> => {
    const { domain, clientId } = await destination();
    const end = await followWithinAkto(context, startByEmailUrl(settings.aktoUrl, email));
    // Akto sends who is not known to its login page, and says nothing there (Akto behavior).
    if (end.kind === "akto") {
      if (end.hops === 0)
        throw new Unseen(`Akto answers the start with an email address with a page (HTTP ${end.status}).`);
      return { kind: "nowhere", spelled: null };
    }
    const { origin, pathname, searchParams } = end.url;
    return origin === domain.origin && searchParams.get("client_id") === clientId
      ? { kind: "okta" }
      : { kind: "elsewhere", to: `${origin}${pathname}` };
  };

  return {
    initiateLoginUri: startUri,
    initiateLogin: fact(async (): Promise<InitiateLoginFact> => {
      const { domain, path } = await destination();
      // Okta adds its issuer (OpenID Connect Core section 4: `iss`).
      const start = `${await need(startUri)}&iss=${encodeURIComponent(domain.origin)}`;
      const end = await followWithinAkto(context, start);
      if (end.kind === "away") return readRequest(end.url, { origin: domain.origin, path });
      return end.hops === 0 ? { kind: "page", status: end.status } : { kind: "elsewhere", url: end.url };
    }, "seen"),
    startByEmail: fact(async (): Promise<StartByEmailFact> => {
      const sso = await akto.sso();
      if (sso.known && sso.value.kind !== "okta") throw new Unseen("Okta SSO is not set up in Akto.");
      const domain = (await need(akto.organizationDomain)).toLowerCase();
      const page = ssoLoginUrl(settings.aktoUrl);
      const leads = await leadsTo(`${anybody}@${domain}`);
      if (leads.kind !== "nowhere") return { page, domain, leads };
      for (const spelled of await spellings(akto, domain)) {
        if ((await leadsTo(`${anybody}@${spelled}`)).kind === "okta")
          return { page, domain, leads: { ...leads, spelled } };
      }
      return { page, domain, leads };
    }, "seen"),
  };
}

// Akto goes by what follows the @ alone.
const anybody = "someone";

/** How the team's logins spell the domain where they don't in lower case: who set the SSO up is among them. */
async function spellings({ team }: AktoFacts, domain: string): Promise<Set<string>> {
  const members = await team();
  const found = (members.known ? members.value : []).map(({ login }) => login.split("@")[1] ?? "");
  return new Set(found.filter((each) => each !== domain && each.toLowerCase() === domain));
}

// A dashboard may send the browser on within itself before it sends it to Okta.
const mostHops = 5;

/** Where a start ends: where the browser leaves Akto, or the page of Akto's at which it stays. */
type End =
  | { readonly kind: "away"; readonly url: URL }
  | { readonly kind: "akto"; readonly url: string; readonly status: number; readonly hops: number };

/** Follows a start as a browser would, up to where it leaves Akto. */
async function followWithinAkto(context: Context, start: string): Promise<End> {
  const http = await context.http();
  const akto = new URL(start).origin;
  let url = start;
  for (let hops = 0; ; hops++) {
    const { status, headers } = await http.fetch(url, { headers: { accept: "text/html" } });
    const location = headers.get("location");
    const stays = status < 300 || status >= 400 || location === null || !URL.canParse(location, url);
    if (stays || hops === mostHops) return { kind: "akto", url, status, hops };
    const next = new URL(location, url);
    if (next.origin !== akto) return { kind: "away", url: next };
    url = next.href;
  }
}

function readRequest(url: URL, expected: { readonly origin: string; readonly path: string }): InitiateLoginFact {
  const { origin, pathname: path, searchParams } = url;
  if (!searchParams.has("client_id")) return { kind: "elsewhere", url: `${origin}${path}` };
  return {
    kind: "redirect",
    to: {
      origin,
      path,
      clientId: searchParams.get("client_id"),
      redirectUri: searchParams.get("redirect_uri"),
      responseType: searchParams.get("response_type"),
      scopes: (searchParams.get("scope") ?? "").split(" ").filter((scope) => scope !== ""),
      state: Boolean(searchParams.get("state")),
    },
    expected,
  };
}
