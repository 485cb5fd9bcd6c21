/** Okta's Java SDK, unchanged, against the sandbox's Okta org. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { describeOktaSdk } from "./okta-sdk.ts";
import { atLeast, kept, tool } from "./tools.ts";

const version = "24.0.0";

describeOktaSdk({
  name: "Okta's Java SDK",
  version,
  steps: {
    lists_groups: expect.arrayContaining(["Everyone", "Akto Admins"]),
    creates_a_group: "OKTA_GROUP",
    creates_a_user: "STAGED",
    puts_a_user_into_a_group: ["java@brightwell.example"],
    reads_the_app: ["Akto", "client_secret_basic"],
    reads_the_authorization_servers: expect.arrayContaining(["default"]),
    reads_the_claims: expect.arrayContaining(["groups"]),
    reads_the_scopes: expect.arrayContaining(["openid", "profile", "email"]),
    reads_the_access_policies: "ACTIVE",
    reads_the_apps_access_policies: true,
    reads_the_api_tokens: true,
    deactivates_and_deletes_a_user: 404,
    deletes_a_group: 404,
  },
  program: async () => ({
    command: [
      "java",
      "-Dokta.testing.disableHttpsCheck=true",
      "-cp",
      join(await libraries(), "*"),
      new URL("OktaSdkJava.java", import.meta.url).pathname,
    ],
  }),
});

/** The SDK with what it needs. */
async function libraries(): Promise<string> {
  atLeast(17, "Java", await tool("java", ["-version"]), /version "(\d+)/);
  const dependency = (name: string) =>
    `<dependency><groupId>com.okta.sdk</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  return kept(`okta-sdk-java-${version}`, async (empty) => {
    await writeFile(
      join(empty, "pom.xml"),
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
      <groupId>interop</groupId><artifactId>interop</artifactId><version>1</version>
      <dependencies>${dependency("okta-sdk-api")}${dependency("okta-sdk-impl")}</dependencies></project>`,
    );
    await tool("mvn", ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${empty}`], { cwd: empty });
  });
}
