/** What is cut off in `interrupted.test.ts`: commands of the program, each with the world that it begins in. */
import type { SandboxSeed } from "../../../src/sandbox/types.ts";
import { makePlan } from "../../../src/usecases/provision/apply.ts";
import { planRemoval } from "../../../src/usecases/provision/remove.ts";
import type { Place } from "./faults.ts";
import { nothingYet, type World } from "./world.ts";

export interface Scenario {
  readonly name: string;
  readonly seed: SandboxSeed;
  /** The files that the commands read, in a folder of their own. */
  readonly files: (world: World) => Readonly<Record<string, string>>;
  /** What is run before, whole. */
  readonly before?: readonly string[];
  /** The command that is cut off; `@` stands for the folder of the files. */
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the account must never be without an SSO once the program gives up. */
  readonly keepsSso?: boolean;
  /** What is left to do afterwards: nothing. */
  readonly left: (world: World, place: Place) => Promise<unknown>;
}

const mapping = "  Akto Admins: ADMIN\n  Akto Security: MEMBER\n  Akto Guests: GUEST";
const document = (world: World, okta: string, mapped = mapping, akto = "") =>
  `akto:\n  url: ${world.sandbox.akto.url}\n  accountId: ${world.sandbox.akto.accountId}\n${akto}okta:\n  domain: "${new URL(world.sandbox.okta.url).host}"\n${okta}\nmapping:\n${mapped}\n`;
const apply = ["sso", "apply", "-f", "@/akto-okta.yaml"];

/** What the file still differs in. */
const planned =
  (okta: string, mapped = mapping) =>
  async (world: World, { store }: Place) =>
    (await makePlan(await world.spec(okta, mapped), world.clients(store))).plan.steps;

const ownGroups = { ...nothingYet.okta, groups: [{ name: "Akto Admins" }, { name: "Akto Security" }] };
const fromNothing = "  createGroups: true\n  app: { assignments: [Everyone], initiateLogin: true }";
const newApp = "  app: { label: New, clientId: 0oanewakto0000000001 }";
const oldSso: SandboxSeed = {
  okta: {
    apps: [
      { label: "Old", clientSecret: "the-old-secret-000" },
      { label: "New", clientId: "0oanewakto0000000001" },
    ],
  },
  akto: {
    sso: { clientSecret: "the-old-secret-000", managementApiToken: null },
    mapping: new Map([
      ["Akto Guests", "GUEST"],
      ["Akto Admins", "ADMIN"],
    ]),
  },
};
const withToken: SandboxSeed = {
  ...oldSso,
  okta: { apps: [{ label: "Akto", clientSecret: "the-old-secret-000" }] },
  akto: { ...oldSso.akto, sso: { clientSecret: "the-old-secret-000", managementApiToken: "00an-older-token" } },
};
const sameApp = "  app: { assignments: [] }";
const setup = ["sso", "setup", "--create-app", "--mapping", "@/mapping.yaml", "--initiate-login"];

const nothingToRemove = async (world: World, { store }: Place) => {
  const { sso, objects, unsettled } = await planRemoval(world.clients(store), { org: world.sandbox.okta.url });
  return [...(sso ? [sso] : []), ...objects, ...unsettled];
};

export const scenarios: readonly Scenario[] = [
  {
    name: "sso apply, from nothing",
    seed: { okta: ownGroups },
    files: (world) => ({ "akto-okta.yaml": document(world, fromNothing) }),
    command: apply,
    left: planned(fromNothing),
  },
  {
    name: "sso apply that replaces the SSO in Akto",
    seed: oldSso,
    files: (world) => ({ "akto-okta.yaml": document(world, newApp) }),
    command: apply,
    keepsSso: true,
    left: planned(newApp),
  },
  {
    name: "sso apply that replaces the Okta API token in Akto",
    seed: withToken,
    files: (world) => ({ "akto-okta.yaml": document(world, sameApp), token: world.sandbox.okta.token }),
    command: [...apply, "--management-token-file", "@/token"],
    keepsSso: true,
    left: planned(sameApp),
  },
  {
    name: "sso apply that removes the Okta API token from Akto",
    seed: withToken,
    files: (world) => ({ "akto-okta.yaml": document(world, sameApp) }),
    command: [...apply, "--remove-management-token"],
    keepsSso: true,
    left: planned(sameApp),
  },
  {
    name: "sso setup --create-app",
    seed: { okta: ownGroups },
    files: () => ({ "mapping.yaml": "mapping:\n  Akto Admins: ADMIN\n  Akto Guests: GUEST\n" }),
    command: [...setup, "--create-group", "Akto Guests"],
    left: planned(fromNothing, "  Akto Admins: ADMIN\n  Akto Guests: GUEST"),
  },
  {
    name: "sso setup that replaces the SSO in Akto",
    seed: oldSso,
    files: () => ({}),
    command: ["sso", "setup", "--create-app", "--replace-sso"],
    env: { AKTO_OKTA_CLIENT_ID: "0oanewakto0000000001" },
    keepsSso: true,
    left: planned(newApp, "  Akto Guests: GUEST\n  Akto Admins: ADMIN"),
  },
  {
    name: "sso remove",
    seed: { okta: ownGroups },
    files: (world) => ({ "akto-okta.yaml": document(world, fromNothing) }),
    before: apply,
    command: ["sso", "remove"],
    left: async ({ akto }) => ((await akto.fetchSso()) ? ["the SSO"] : []),
  },
  {
    name: "sso remove --okta",
    seed: { okta: ownGroups },
    files: (world) => ({ "akto-okta.yaml": document(world, fromNothing) }),
    before: apply,
    command: ["sso", "remove", "--okta"],
    left: nothingToRemove,
  },
];
