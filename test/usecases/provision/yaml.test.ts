import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Mapping } from "../../../src/core/model/akto.ts";
import { mappingToYaml, readMappingFile } from "../../../src/usecases/mapping/file.ts";
import { parseSpecTree, writeSpec } from "../../../src/usecases/provision/file.ts";
import { hostile, hostileText } from "../../hostile.ts";
import { temporaryFolder } from "../../program.ts";

const roles = ["ADMIN", "MEMBER", "DEVELOPER", "GUEST", "THREAT_ENGINEER", "THREAT_VIEWER"];
/** Up to six groups, each with a role; names as Akto has them, without white space at their ends. */
const anyMapping = fc
  .uniqueArray(
    hostileText.map((text) => text.trim()).filter((text) => text !== ""),
    { maxLength: roles.length },
  )
  .map((names): Mapping => new Map(names.map((name, index) => [name, roles[index] ?? ""])));

test("a mapping's YAML and JSON are harmless, and read back exactly", async () => {
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(anyMapping, async (mapping) => {
      const yaml = await mappingToYaml(mapping);
      expect(yaml.replaceAll("\n", "")).not.toMatch(hostile);
      const path = join(folder, "mapping.yaml");
      writeFileSync(path, yaml);
      expect(await readMappingFile(path, { customRoles: [], trustUnknown: false })).toEqual(mapping);
    }),
  );
});

test("so are the SSO file's group names, app label and assignments", async () => {
  await fc.assert(
    fc.asyncProperty(anyMapping, hostileText, async (mapping, label) => {
      const assignments = [...mapping.keys()];
      const yaml = await writeSpec({
        akto: { url: "https://app.akto.io", accountId: 1, syncGroupsToUserTags: false },
        okta: {
          domain: { host: "acme.okta.com", origin: "https://acme.okta.com" },
          authorizationServerId: "default",
          createGroups: false,
          app: { label, clientId: "0oa1", assignments, initiateLogin: true },
          groupsClaim: { filter: "EQUALS", value: label },
        },
        mapping,
      });
      expect(yaml.replaceAll("\n", "")).not.toMatch(hostile);
      const root = plain(await parseSpecTree(yaml, "file"));
      expect(root).toMatchObject({
        okta: { app: { label, assignments }, groupsClaim: { value: label } },
        mapping: Object.fromEntries(mapping),
      });
    }),
  );
});

/** The tree's texts, as plain data. */
function plain(node: Awaited<ReturnType<typeof parseSpecTree>>): unknown {
  switch (node.kind) {
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    case "list":
      return node.items.map(plain);
    case "scalar":
      return node.text;
  }
}
