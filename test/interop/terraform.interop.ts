/** Terraform with Okta's own provider, unchanged, against the sandbox's Okta org. */
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import type { Sandbox } from "../../src/sandbox/types.ts";
import { environment } from "../program.ts";
import { withPeer } from "./peer.ts";
import { attempt, kept, Missing, type Server, tool } from "./tools.ts";

const version = "4.20.0";
/** The commit of that version: its tags are no versions of a Go module, whose path would have to end in `/v4`. */
const commit = "01e0285d83bcb23f3773f14ba679b093f500fc2c";

const configuration = `
terraform {
  required_providers {
    okta = {
      source  = "okta/okta"
      version = "${version}"
    }
  }
}

resource "okta_group" "admins" {
  name        = "Akto Terraform"
  description = "made by Terraform"
}

resource "okta_app_oauth" "akto" {
  label                      = "Akto by Terraform"
  type                       = "web"
  grant_types                = ["authorization_code"]
  response_types             = ["code"]
  redirect_uris              = ["https://akto.example.com/authorization-code/callback"]
  token_endpoint_auth_method = "client_secret_post"
}

resource "okta_app_group_assignments" "akto" {
  app_id = okta_app_oauth.akto.id
  group {
    id = okta_group.admins.id
  }
}

resource "okta_auth_server_claim" "groups" {
  auth_server_id    = "default"
  name              = "terraform"
  claim_type        = "RESOURCE"
  value_type        = "GROUPS"
  group_filter_type = "STARTS_WITH"
  value             = "Akto"
}
`;

/** Terraform in a folder of its own, which has the configuration and the provider. */
interface Terraform {
  readonly folder: string;
  run(...args: readonly string[]): Promise<string>;
}

async function terraform(sandbox: Sandbox): Promise<Terraform> {
  const { HOME: _, ...env } = environment("", sandbox);
  const prepared = await kept(`terraform-provider-okta-${version}`, provide);
  const folder = await mkdtemp(join(tmpdir(), "akto-okta-terraform-"));
  await cp(prepared, folder, { recursive: true });
  const settings = join(folder, "terraform.tfrc");
  const own = `provider_installation {\n  dev_overrides {\n    "okta/okta" = "${folder}"\n  }\n  direct {}\n}\n`;
  await writeFile(settings, existsSync(join(folder, "terraform-provider-okta")) ? own : "");
  const connection = {
    OKTA_ORG_NAME: "sandbox",
    OKTA_BASE_URL: "okta.com",
    OKTA_API_TOKEN: sandbox.okta.token,
    // The provider's own way to another address, made for tests.
    OKTA_HTTP_PROXY: sandbox.okta.url,
    TF_CLI_CONFIG_FILE: settings,
  };
  return { folder, run: (...args) => attempt("terraform", args, { cwd: folder, env: { ...env, ...connection } }) };
}

/** Gets the provider from Terraform's registry, or else builds it from the Go module proxy. */
async function provide(folder: string): Promise<void> {
  await tool("terraform", ["version"]);
  await writeFile(join(folder, "main.tf"), configuration);
  const settings = join(folder, "terraform.tfrc");
  await writeFile(settings, "");
  try {
    await tool("terraform", ["init", "-no-color"], { cwd: folder, env: { TF_CLI_CONFIG_FILE: settings } });
  } catch (registry) {
    if (!(registry instanceof Missing)) throw registry;
    try {
      const module = `github.com/okta/terraform-provider-okta@${commit}`;
      await tool("go", ["install", module], { cwd: folder, env: { GOBIN: folder } });
    } catch (proxy) {
      if (!(proxy instanceof Missing)) throw proxy;
      throw new Missing(`${registry.message}, and ${proxy.message}`, `${registry.said} | ${proxy.said}`);
    }
  }
}

describe("Terraform's Okta provider", () => {
  let provider: Terraform;
  withPeer({
    name: "Terraform's Okta provider",
    version,
    start: async (): Promise<Server> => {
      const sandbox = await startSandbox();
      try {
        provider = await terraform(sandbox);
      } catch (error) {
        await sandbox.close();
        throw error;
      }
      return {
        stop: async () => {
          await sandbox.close();
          await rm(provider.folder, { recursive: true, force: true });
        },
      };
    },
  });

  it("makes a group, an app, its assignment and a claim, finds nothing to change then, and takes all away", async ({
    task,
  }) => {
    const applied = await provider.run("apply", "-no-color", "-auto-approve");
    expect(applied).toContain("4 added, 0 changed, 0 destroyed");
    // Exits with 2 where something is left to change.
    expect(await provider.run("plan", "-no-color", "-detailed-exitcode")).toContain("No changes");
    expect(await provider.run("destroy", "-no-color", "-auto-approve")).toContain("4 destroyed");
    task.meta.saw = "4 added, no changes, 4 destroyed";
  });
});
