/** A seed from a YAML or JSON file, with errors that name the line. */
import { Failure, unreadable } from "../core/failure.ts";
import { isRecord } from "../core/json.ts";
import { clean, count, quoted } from "../core/text.ts";
import { parseYaml } from "../core/yaml.ts";
import { firstLineNotUtf8, readFileUpTo } from "../files/read.ts";
import type { GroupSeed, PastSeed, UserSeed } from "./okta/types.ts";
import {
  dictionary,
  flag,
  integer,
  json,
  list,
  object,
  oneOf,
  orNull,
  type Path,
  type Reader,
  ShapeError,
  text,
} from "./shape.ts";
import type { SandboxSeed } from "./types.ts";

/** The most users, and the most groups, that a seed may have. */
const seedLimit = 100_000;

/** The largest file, in bytes. */
const sizeLimit = 64 * 1_048_576;

const lifecycle = oneOf("ACTIVE", "INACTIVE");
const adminRole = oneOf(
  "SUPER_ADMIN",
  "ORG_ADMIN",
  "APP_ADMIN",
  "USER_ADMIN",
  "HELP_DESK_ADMIN",
  "READ_ONLY_ADMIN",
  "REPORT_ADMIN",
  "API_ACCESS_MANAGEMENT_ADMIN",
  "GROUP_MEMBERSHIP_ADMIN",
);
const howMany = integer(1, seedLimit);

const user = object(
  { login: text },
  {
    id: text,
    email: text,
    firstName: text,
    lastName: text,
    status: oneOf("ACTIVE", "DEPROVISIONED", "LOCKED_OUT", "PASSWORD_EXPIRED", "PROVISIONED", "STAGED", "SUSPENDED"),
    roles: list(adminRole),
    groupTargets: list(text),
    count: howMany,
  },
);

const group = object(
  { name: text },
  {
    id: text,
    type: oneOf("OKTA_GROUP", "APP_GROUP"),
    source: text,
    description: text,
    members: list(text),
    count: howMany,
  },
);

/** A public key: its members are all text. */
const jwk: Reader<Record<string, string>> = (value, path) => Object.fromEntries(dictionary(text)(value, path));

const app = object(
  { label: text },
  {
    id: text,
    clientId: text,
    clientSecret: text,
    status: lifecycle,
    applicationType: oneOf("web", "native", "browser", "service"),
    redirectUris: list(text),
    initiateLoginUri: text,
    idpInitiatedLogin: oneOf("DISABLED", "SPEC", "OKTA"),
    grantTypes: list(text),
    responseTypes: list(text),
    clientAuthMethod: oneOf(
      "client_secret_basic",
      "client_secret_post",
      "client_secret_jwt",
      "private_key_jwt",
      "none",
    ),
    pkceRequired: flag,
    dpopBoundAccessTokens: flag,
    wildcardRedirect: oneOf("DISABLED", "SUBDOMAIN"),
    implicitAssignment: flag,
    onDashboard: flag,
    jwks: object({ keys: list(jwk) }, {}),
    oktaScopes: list(text),
    roles: list(adminRole),
    groups: list(text),
    users: list(text),
    signOnPolicy: text,
  },
);

const allowOrDeny = oneOf("ALLOW", "DENY");
const signOnPolicy = object(
  { name: text },
  {
    rules: list(
      object(
        { name: text },
        {
          status: lifecycle,
          access: allowOrDeny,
          groups: list(text),
          exceptGroups: list(text),
          users: list(text),
          exceptUsers: list(text),
          conditions: json,
        },
      ),
    ),
    otherwise: allowOrDeny,
  },
);

const pastSignIn = object(
  { kind: oneOf("sign-in"), user: text, minutesAgo: integer(0, 129_600) },
  { unassigned: flag },
);
const pastMembership = object(
  {
    kind: oneOf("membership", "sign-in"),
    change: oneOf("add", "remove"),
    user: text,
    group: text,
    by: text,
    minutesAgo: integer(0, 129_600),
  },
  {},
);
const past: Reader<PastSeed> = (value, path) =>
  isRecord(value) && value.kind === "sign-in"
    ? pastSignIn(value, path)
    : { ...pastMembership(value, path), kind: "membership" };

const claim = object(
  { name: text, value: text },
  {
    claimType: oneOf("RESOURCE", "IDENTITY"),
    valueType: oneOf("GROUPS", "EXPRESSION"),
    groupFilterType: oneOf("STARTS_WITH", "EQUALS", "CONTAINS", "REGEX"),
    scopes: list(text),
    status: lifecycle,
    alwaysIncludeInToken: flag,
  },
);

const rule = object(
  {},
  {
    name: text,
    status: lifecycle,
    grantTypes: list(text),
    scopes: list(text),
    groups: list(text),
    users: list(text),
    exceptGroups: list(text),
    exceptUsers: list(text),
    inlineHook: text,
    accessTokenLifetimeMinutes: integer(5, 1440),
  },
);

const authorizationServer = object(
  { name: text },
  {
    id: text,
    description: text,
    audiences: list(text),
    issuerMode: oneOf("ORG_URL", "CUSTOM_URL", "DYNAMIC"),
    status: lifecycle,
    claims: list(claim),
    scopes: list(object({ name: text }, { description: text })),
    policies: list(object({}, { name: text, status: lifecycle, clients: list(text), rules: list(rule) })),
  },
);

const akto = object(
  {},
  {
    accountId: integer(1, Number.MAX_SAFE_INTEGER),
    deployment: oneOf("saas", "self-hosted"),
    keyOwner: text,
    keyOwnerRole: text,
    planHasSso: flag,
    otherSsoActive: flag,
    customRoles: list(object({ name: text, baseRole: text }, { defaultInviteRole: flag })),
    members: list(object({ login: text }, { name: text, role: text, products: dictionary(text) })),
    invitations: list(object({ login: text, role: text }, { products: dictionary(text) })),
    elsewhere: list(text),
    caches: flag,
    sso: object(
      {},
      {
        clientId: text,
        clientSecret: text,
        authorisationServerId: text,
        oktaDomain: text,
        redirectUri: text,
        managementApiToken: orNull(text),
        organizationDomain: text,
        syncGroupsToUserTags: flag,
      },
    ),
  },
);

const seedFile = object(
  {},
  {
    company: text,
    apiAccessManagement: flag,
    customServersSignIn: flag,
    overHundredGroups: oneOf("carried", "cut", "refused"),
    rateLimit: integer(1, 1_000_000),
    users: list(user),
    groups: list(group),
    apps: list(app),
    authorizationServers: list(authorizationServer),
    signOnPolicies: list(signOnPolicy),
    policySimulation: flag,
    past: list(past),
    apiTokens: list(object({ token: text }, { name: text, owner: text, zones: list(text) })),
    mapping: dictionary(text),
    akto,
  },
);

/**
 * Reads a seed from plain data.
 *
 * @throws ShapeError what is wrong at which path
 */
function readSeed(document: unknown): SandboxSeed {
  const { company, users, groups, mapping, akto: account, ...okta } = seedFile(document ?? {}, []);
  const seedUsers = users && repeated(users, "users", "login", (entry, login): UserSeed => ({ ...entry, login }));
  const seedGroups = groups && repeated(groups, "groups", "name", (entry, name): GroupSeed => ({ ...entry, name }));
  checkMembers(seedUsers ?? [], groups ?? []);
  return {
    okta: {
      ...okta,
      ...(company && { companyName: company }),
      ...(seedUsers && { users: seedUsers }),
      ...(seedGroups && { groups: seedGroups }),
    },
    akto: {
      ...account,
      ...(account?.members && { members: account.members.map(withProducts) }),
      ...(account?.invitations && { invitations: account.invitations.map(withProducts) }),
      ...(mapping && { mapping }),
    },
  };
}

/** A member or an invitation, with `products` as what Akto calls `scopeRoleMapping`. */
function withProducts<Entry extends { readonly products?: ReadonlyMap<string, string> }>({ products, ...rest }: Entry) {
  return { ...rest, ...(products && { scopeRoleMapping: Object.fromEntries(products) }) };
}

/** Repeats each entry as often as its `count` says, with its number for `{n}` in its name; names are unique. */
function repeated<Key extends string, Entry extends { count?: number } & Record<Key, string>, Made>(
  entries: readonly Entry[],
  where: string,
  key: Key,
  make: (entry: Omit<Entry, "count">, name: string) => Made,
): Made[] {
  const made: Made[] = [];
  const names = new Set<string>();
  for (const [index, { count: times, ...entry }] of entries.entries()) {
    const pattern = entries[index]?.[key] ?? "";
    if (times !== undefined && !pattern.includes("{n}")) {
      throw new ShapeError(
        [where, index, key],
        `With “count”, ${quoted(key)} must hold {n}, which becomes the number.`,
      );
    }
    for (let number = 1; number <= (times ?? 1); number++) {
      const name = times === undefined ? pattern : pattern.replaceAll("{n}", String(number));
      // Okta tells logins apart without regard to their case.
      if (where === "users" && names.has(name.toLowerCase())) {
        throw new ShapeError([where, index, key], `There are two users with the login ${quoted(name)}.`);
      }
      names.add(name.toLowerCase());
      made.push(make(entry, name));
    }
    if (made.length > seedLimit)
      throw new ShapeError([where, index], `At most ${count(seedLimit, "entry", "entries")}.`);
  }
  return made;
}

function checkMembers(users: readonly UserSeed[], groups: readonly { readonly members?: readonly string[] }[]): void {
  const logins = new Set(users.map(({ login }) => login));
  for (const [index, { members = [] }] of groups.entries()) {
    const stranger = members.findIndex((login) => !logins.has(login));
    if (stranger >= 0) {
      throw new ShapeError(
        ["groups", index, "members", stranger],
        `No user has the login ${quoted(members[stranger])}; “users” must name every member.`,
      );
    }
  }
}

/**
 * Reads a seed file.
 *
 * @throws Failure `sandbox.seed_unreadable`, `sandbox.seed_invalid`, with the line and column
 */
export async function loadSeedFile(path: string): Promise<SandboxSeed> {
  let content: Buffer | undefined;
  try {
    content = await readFileUpTo(path, sizeLimit);
  } catch (error) {
    throw new Failure(
      "usage",
      "sandbox.seed_unreadable",
      `The seed ${quoted(path)} can't be read: ${unreadable(error)}.`,
      {
        hint: "Check the path.",
        cause: error,
      },
    );
  }
  if (!content) {
    throw new Failure("usage", "sandbox.seed_unreadable", `The seed ${quoted(path)} is too large.`, {
      hint: "Give it `count` in place of every single user and group.",
    });
  }
  const garbled = firstLineNotUtf8(content);
  if (garbled !== undefined) throw seedFailure(path, { line: garbled, col: 1 }, "This line is not in UTF-8.");
  const source = content.toString("utf8");
  const document = await parse(path, source);
  try {
    return readSeed(document);
  } catch (error) {
    if (error instanceof ShapeError) throw seedFailure(path, await locate(source, error.path), error.message);
    throw error;
  }
}

interface Position {
  readonly line: number;
  readonly col: number;
}

async function parse(path: string, source: string): Promise<unknown> {
  try {
    // A hundred thousand groups take a second in JSON, and far longer in YAML.
    if (path.endsWith(".json")) return JSON.parse(source);
  } catch {
    // YAML takes all of JSON, and says where it is wrong.
  }
  const { document, lines, problem } = await parseYaml(source);
  if (problem) throw seedFailure(path, lines.linePos(problem.offset), problem.message);
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that would grow without end.
    throw seedFailure(path, { line: 1, col: 1 }, error instanceof Error ? error.message : String(error));
  }
}

/** Where in the text the value at this path stands, or the nearest one around it. */
async function locate(source: string, path: Path): Promise<Position> {
  const { isNode } = await import("yaml");
  const { document, lines } = await parseYaml(source);
  let found = path;
  let node: unknown = document.getIn(found, true);
  while (!isNode(node) && found.length > 0) {
    found = found.slice(0, -1);
    node = document.getIn(found, true);
  }
  return lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0);
}

function seedFailure(path: string, { line, col }: Position, message: string): Failure {
  return new Failure("usage", "sandbox.seed_invalid", `${clean(path)}:${line}:${col}: ${clean(message)}`, {
    hint: "docs/sandbox.md describes the file.",
  });
}
