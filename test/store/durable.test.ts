import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const steps: string[] = [];

// The order in which things reach the disk can't be seen from outside without pulling the plug.
vi.mock("node:fs/promises", async (load) => {
  const real = await load<typeof import("node:fs/promises")>();
  return {
    ...real,
    open: async (path: string, flags: string, mode?: number) => {
      const file = await real.open(path, flags, mode);
      const name = path.split("/").at(-1);
      const { sync, writeFile } = file;
      file.sync = () => {
        steps.push(`sync ${name}`);
        return sync.call(file);
      };
      file.writeFile = (data) => {
        steps.push(`write ${name}`);
        return writeFile.call(file, data);
      };
      return file;
    },
    rename: (from: string, to: string) => {
      steps.push(`${from.split("/").at(-1)} becomes ${to.split("/").at(-1)}`);
      return real.rename(from, to);
    },
  };
});

const { openProfileStore } = await import("../../src/store/profiles.ts");
const { openSecretStore } = await import("../../src/store/secrets.ts");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "akto-okta-durable-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a profile and a secret are on the disk before they take the old one's place, and their folder after", async () => {
  const env = { AKTO_OKTA_CONFIG_DIR: join(folder, "kept") };
  const expected = (file: string, directory: string) => [
    `write .${file}.new`,
    `sync .${file}.new`,
    `.${file}.new becomes ${file}`,
    `sync ${directory}`,
  ];
  await openProfileStore({ env, name: "mine" }).update(() => ({ clientId: "0oa" }));
  expect(steps.splice(0)).toEqual(expected("mine.json", "kept"));
  await openSecretStore({ env, profile: "mine", kind: "file" }).set("aktoKey", { value: "key" });
  expect(steps.splice(0)).toEqual(expected("mine.json", "secrets"));
});
