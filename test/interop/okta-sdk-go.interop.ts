/** Okta's Go SDK, unchanged, against the sandbox's Okta org. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { describeOktaSdk } from "./okta-sdk.ts";
import { atLeast, attempt, kept, tool } from "./tools.ts";

const version = "5.0.2";
const source = new URL("okta-sdk-go.go", import.meta.url).pathname;

describeOktaSdk({
  name: "Okta's Go SDK",
  version,
  steps: {
    lists_groups_page_by_page: expect.arrayContaining(["Everyone", "Akto Admins"]),
    creates_a_group: "OKTA_GROUP",
    creates_a_user: "PROVISIONED",
    puts_a_user_into_a_group: ["go@brightwell.example"],
    reads_the_app: ["Akto", "client_secret_basic"],
    assigns_a_group_to_the_app: true,
    reads_the_authorization_servers: expect.arrayContaining(["default"]),
    adds_a_claim: expect.arrayContaining(["groups", "interop"]),
    reads_the_scopes: expect.arrayContaining(["openid", "profile", "email"]),
    reads_the_access_policies: expect.arrayContaining(["authorization_code"]),
    deactivates_and_deletes_a_user: 404,
    deletes_a_group: 404,
  },
  program: async () => ({ command: [await built()] }),
});

/** The program, built once for each text that it has. */
async function built(): Promise<string> {
  atLeast(1, "Go", await tool("go", ["version"]), /go(\d+)\./);
  const text = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 12);
  const folder = await kept(`okta-sdk-go-${version}-${text}`, async (empty) => {
    await copyFile(source, join(empty, "main.go"));
    await writeFile(
      join(empty, "go.mod"),
      `module interop\n\ngo 1.23\n\nrequire github.com/okta/okta-sdk-golang/v5 v${version}\n`,
    );
    await tool("go", ["mod", "tidy"], { cwd: empty });
    await attempt("go", ["build", "-o", "interop", "."], { cwd: empty });
  });
  return join(folder, "interop");
}
