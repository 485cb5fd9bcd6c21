/** Sign-ins at navikt's mock-oauth2-server: its login page takes the claims that the tokens are to hold. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, it } from "vitest";
import { freePort } from "../program.ts";
import { type Expected, expectEnding, withPeer } from "./peer.ts";
import { signIn } from "./sign-in.ts";
import { atLeast, kept, type Server, serve, tool } from "./tools.ts";

const version = "3.0.1";

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>interop</groupId>
  <artifactId>interop</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>no.nav.security</groupId>
      <artifactId>mock-oauth2-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

async function start(port: number): Promise<Server> {
  atLeast(17, "Java", await tool("java", ["-version"]), /version "(\d+)/);
  const folder = await kept(`mock-oauth2-server-${version}`, async (empty) => {
    await writeFile(join(empty, "pom.xml"), pom);
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
    await tool("mvn", ["-q", "-B", goal, "-DoutputDirectory=lib", "-DincludeScope=runtime"], { cwd: empty });
  });
  const main = "no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt";
  return serve("java", ["-Xmx256m", "-cp", "lib/*", main], {
    cwd: folder,
    ready: `http://127.0.0.1:${port}/isalive`,
    env: {
      SERVER_HOSTNAME: "127.0.0.1",
      SERVER_PORT: String(port),
      JSON_CONFIG: JSON.stringify({ interactiveLogin: true, httpServer: "NettyWrapper" }),
    },
  });
}

const claims = {
  email: "priya.raman@brightwell.example",
  preferred_username: "priya.raman@brightwell.example",
  groups: ["Akto Admins"],
};

interface Case {
  readonly title: string;
  /** What is typed into the login page, to stand in both tokens and in userinfo. */
  readonly claims: object;
  readonly expected: Expected;
}

const cases: readonly Case[] = [
  {
    title: "signs in although the server answers `prompt=none` with its login page",
    claims,
    expected: { ends: "ADMIN", exits: 0, groups: "access_token: Akto Admins", says: [/^! .*answers HTTP 200/m] },
  },
  {
    title: "takes a groups claim that is a text for no groups, as Akto does",
    claims: { ...claims, groups: "Akto Admins" },
    expected: { ends: "MEMBER", exits: 0, groups: "none", says: [/claim “groups”/] },
  },
  {
    title: "says that Akto needs an email address",
    claims: { ...claims, email: undefined },
    expected: { ends: "login.turned_away", exits: 6, says: [/email/] },
  },
  {
    title: "turns down an ID token that is meant for another client",
    claims: { ...claims, aud: "another-client" },
    expected: { ends: "oidc.id_token_aud", exits: 6, says: [/meant for another client/] },
  },
  {
    title: "turns down an ID token of another issuer",
    claims: { ...claims, iss: "https://another.example.com" },
    expected: { ends: "oidc.id_token_iss", exits: 6, says: [/issued by another server/] },
  },
  {
    title: "turns down an ID token of another sign-in",
    claims: { ...claims, nonce: "another-nonce" },
    expected: { ends: "oidc.id_token_nonce", exits: 6, says: [/does not belong to this sign-in/] },
  },
  {
    title: "says that the ID token was issued in the past, and by how much",
    claims: { ...claims, iat: Math.floor(Date.now() / 1000) - 7_200 },
    expected: { ends: "oidc.id_token_iat", exits: 6, says: [/issued 2 hours ago/] },
  },
  {
    title: "says that the ID token was issued in the future, and by how much",
    claims: { ...claims, iat: Math.floor(Date.now() / 1000) + 7_200 },
    expected: { ends: "oidc.id_token_iat", exits: 6, says: [/issued 2 hours from now/] },
  },
];

describe("mock-oauth2-server", () => {
  let port: number;
  beforeAll(async () => {
    port = await freePort();
  });
  withPeer({ name: "mock-oauth2-server", version, start: () => start(port) });

  it.for(cases.map((each) => [each.title, each] as const))("%s", async ([, { claims: typed, expected }], context) => {
    const ending = await signIn({
      issuer: `http://127.0.0.1:${port}/default`,
      clientId: "akto",
      clientSecret: "any-secret-will-do",
      person: { fields: { username: "priya", claims: JSON.stringify(typed) } },
    });
    expectEnding(context, ending, expected);
  });
});
